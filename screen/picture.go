package screen

// checkPicture decodes and judges. Everything it finds goes into the report.
func checkPicture(data []byte, o Options, rep *Report) {
	p := o.Policy
	f := rep.Image.Format
	unreadable := func(err error) {
		if err == errUnsupported {
			rep.add(Finding{Code: PictureUnchecked, Severity: Warn, Params: map[string]string{"Format": string(f)}})
			return
		}
		rep.add(Finding{Code: FileCorrupt, Severity: Error, Hard: true})
	}
	w, h, err := dimensions(f, data)
	if err != nil {
		unreadable(err)
		return
	}
	rep.Image.Width, rep.Image.Height = w, h
	if max(w, h) > p.MaxSide || w*h > p.MaxPixels {
		rep.add(Finding{Code: TooManyPixels, Severity: Error, Hard: true, Params: map[string]string{
			"Width": itoa(w), "Height": itoa(h), "MaxSide": itoa(p.MaxSide)}})
		return
	}
	if min(w, h) < 16 {
		rep.add(tooFewPixels(w, h, p.MinSide))
		return
	}
	fr, err := decode(f, data)
	if err != nil {
		unreadable(err)
		return
	}
	judge(examine(fr, kinds[o.Kind]), o, rep)
}

func tooFewPixels(w, h, least int) Finding {
	return Finding{Code: TooFewPixels, Severity: Error, Hard: true, Params: map[string]string{
		"Width": itoa(w), "Height": itoa(h), "MinSide": itoa(least)}}
}
