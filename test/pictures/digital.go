package pictures

import (
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"

	xdraw "golang.org/x/image/draw"
)

// Pictures that no camera took.

// Render is the document as its issuer's program writes it: w pixels wide, with a white page around it if margin is set.
func Render(sheet *Sheet, w int, margin float64) (*image.RGBA, Quad) {
	m := int(float64(w) * margin)
	b := sheet.Img.Rect
	iw := w - 2*m
	ih := iw * b.Dy() / b.Dx()
	out := image.NewRGBA(image.Rect(0, 0, w, ih+2*m))
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	r := image.Rect(m, m, m+iw, m+ih)
	src := halve(sheet.Img, float64(iw)/float64(b.Dx()))
	xdraw.CatmullRom.Scale(out, r, src, src.Rect, draw.Over, nil)
	f := func(x, y int) Pt { return Pt{float64(x), float64(y)} }
	return out, Quad{f(r.Min.X, r.Min.Y), f(r.Max.X, r.Min.Y), f(r.Max.X, r.Max.Y), f(r.Min.X, r.Max.Y)}
}

// PhoneScreenshot is a gallery on a phone that shows the picture.
func PhoneScreenshot(pic *image.RGBA, style Style, rng *rand.Rand) *image.RGBA {
	w, h := 1170, 2532
	bg, fg := color.RGBA{0, 0, 0, 255}, color.RGBA{240, 240, 240, 255}
	if style == StyleB {
		w, h = 1080, 2340
		bg, fg = color.RGBA{250, 250, 250, 255}, color.RGBA{30, 30, 30, 255}
	}
	s := &Sheet{Img: image.NewRGBA(image.Rect(0, 0, w, h)), MM: 1}
	draw.Draw(s.Img, s.Img.Rect, image.NewUniform(bg), image.Point{}, draw.Src)
	s.Write(70, 80, 46, 0, SansBold, fg, []string{"9:41", "14:07", "20:33"}[rng.IntN(3)])
	s.Write(float64(w)-260, 80, 42, 0, Sans, fg, "5G 87%")
	s.Centre(float64(w)/2, 180, 48, 0, SansBold, fg, "昨天 18:20")
	ih := w * pic.Rect.Dy() / pic.Rect.Dx()
	top := (h - ih) / 2
	xdraw.ApproxBiLinear.Scale(s.Img, image.Rect(0, top, w, top+ih), pic, pic.Rect, draw.Src, nil)
	for i, t := range []string{"分享", "编辑", "收藏", "删除"} {
		s.Centre(float64(w)*(float64(i)+.5)/4, float64(h)-120, 44, 0, Sans, fg, t)
	}
	return s.Img
}

// WebScreenshot is a browser window: a register's page, with the document in it or only a table about it.
func WebScreenshot(pic *image.RGBA, c Company, style Style, rng *rand.Rand) *image.RGBA {
	w, h := 1366, 768
	bar, head := color.RGBA{222, 225, 230, 255}, color.RGBA{31, 95, 176, 255}
	if style == StyleB {
		w, h = 1920, 1080
		bar, head = color.RGBA{240, 240, 244, 255}, color.RGBA{178, 34, 40, 255}
	}
	s := &Sheet{Img: image.NewRGBA(image.Rect(0, 0, w, h)), MM: 1}
	white, dark := color.RGBA{255, 255, 255, 255}, color.RGBA{50, 50, 54, 255}
	draw.Draw(s.Img, s.Img.Rect, image.NewUniform(color.RGBA{245, 246, 248, 255}), image.Point{}, draw.Src)
	W := float64(w)
	s.Box(bar, 0, 0, W, 42)
	s.Box(white, 14, 6, 250, 36)
	s.Write(26, 30, 15, 0, Sans, dark, "样本信用信息公示系统")
	s.Box(white, 0, 42, W, 42)
	s.Write(110, 69, 15, 0, Sans, dark, "https://www.example.cn/company/detail?id="+c.USCC)
	s.Box(head, 0, 84, W, 74)
	s.Write(80, 130, 26, 0, SansBold, white, "企业信息查询　　首页　查询　公告　登录")
	s.Box(white, 80, 180, W-160, float64(h)-210)
	if pic != nil {
		ih := h - 250
		iw := ih * pic.Rect.Dx() / pic.Rect.Dy()
		xdraw.ApproxBiLinear.Scale(s.Img, image.Rect(110, 200, 110+iw, 200+ih), pic, pic.Rect, draw.Src, nil)
		return s.Img
	}
	s.Write(110, 226, 26, 0, SansBold, dark, c.Name)
	y := 250.
	for _, r := range [][2]string{{"统一社会信用代码", c.USCC}, {"企业名称", c.Name}, {"法定代表人", c.Legal}, {"注册资本", c.Capital}, {"成立日期", c.Since},
		{"登记机关", "样本市市场监督管理局"}, {"登记状态", "存续（在营、开业、在册）"}, {"住所", c.Address}} {
		s.Frame(color.RGBA{214, 214, 218, 255}, 110, y, W-220, 46, 1)
		s.Box(color.RGBA{240, 245, 251, 255}, 111, y+1, 220, 44)
		s.Write(124, y+30, 17, 0, Sans, dark, r[0])
		s.Write(350, y+30, 17, 0, Sans, dark, r[1])
		y += 46
	}
	return s.Img
}

// OnDisplay is a sheet that shows a page with the document on a display with a black frame, to be photographed.
func OnDisplay(sheet *Sheet, style Style) *Sheet {
	mmw, mmh := sheet.Size()
	k := min(1.9, 380/mmw) // shown larger than life
	if mmw > 180 {
		k = .8
	}
	w, h := mmw*k, mmh*k
	px := float64(sheet.Img.Rect.Dx()) / w
	d := NewSheet(w+60, h+46, px)
	ground := color.RGBA{60, 62, 66, 255}
	if style == StyleB {
		ground = color.RGBA{232, 234, 238, 255}
	}
	draw.Draw(d.Img, d.Img.Rect, image.NewUniform(color.RGBA{14, 14, 15, 255}), image.Point{}, draw.Src)
	d.Box(ground, 7, 7, w+46, h+32)
	d.Box(color.RGBA{205, 208, 214, 255}, 7, 7, w+46, 8)
	d.Write(12, 13, 4, 0, Sans, color.RGBA{40, 40, 40, 255}, "scan.jpg - 图片查看器")
	r := sheet.Img.Rect.Add(image.Pt(int(30*px), int(20*px)))
	draw.Draw(d.Img, r, sheet.Img, image.Point{}, draw.Src)
	return d
}
