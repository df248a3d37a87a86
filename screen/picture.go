package screen

// checkPicture decodes and judges. Everything it finds goes into the report.
func checkPicture(data []byte, o Options, rep *Report) {
	p := o.Policy
	f := rep.Image.Format
	unread := func(err error) {
		if err == errCorrupt {
			rep.add(Finding{Code: FileCorrupt, Severity: Error, Hard: true})
			return
		}
		rep.add(Finding{Code: PictureUnchecked, Severity: Warn, Params: map[string]string{"Format": string(f)}})
	}
	c := codecs[f]
	h, err := c.readHeader(data)
	if err != nil {
		unread(err)
		return
	}
	rep.Image.Width, rep.Image.Height, rep.Image.Orientation = h.width, h.height, h.orientation
	switch {
	case max(h.width, h.height) > p.MaxSide || h.width*h.height > p.MaxPixels:
		rep.add(Finding{Code: TooManyPixels, Severity: Error, Hard: true, Params: map[string]string{
			"Width": itoa(h.width), "Height": itoa(h.height), "MaxSide": itoa(p.MaxSide)}})
		return
	case min(h.width, h.height) < max(16, p.MinSide/2): // nothing else can be said about so small a picture
		rep.add(tooFewPixels(h.width, h.height, p.MinSide))
		return
	case h.width*h.height > c.maxPixels:
		unread(errUnsupported)
		return
	}
	fr, err := c.read(data, o.Decoded)
	if err != nil {
		unread(err)
		return
	}
	v := examine(fr, kinds[o.Kind])
	rep.Fingerprint = v.fingerprint
	judge(v, o, rep)
}

func tooFewPixels(w, h, least int) Finding {
	return Finding{Code: TooFewPixels, Severity: Error, Hard: true, Params: map[string]string{
		"Width": itoa(w), "Height": itoa(h), "MinSide": itoa(least)}}
}
