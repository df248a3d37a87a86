package pictures

import (
	"fmt"
	"image/color"
	"math/rand/v2"
	"strings"
)

var sealRed = color.NRGBA{206, 30, 38, 225}

// Licence draws a business licence: 297 × 210 mm, or upright in some places.
func Licence(c Company, style Style, pxPerMM float64, rng *rand.Rand) *Sheet {
	w, h := 297., 210.
	if style == StyleB && rng.IntN(2) == 0 {
		w, h = 210, 297
	}
	s := NewSheet(w, h, pxPerMM)
	paper := rgb(253, 251, 242)
	s.Gradient(paper, rgb(252, 250, 246), rgb(250, 247, 236))
	gold := rgba(184, 138, 46, 255)
	s.Frame(gold, 6, 6, w-12, h-12, 2.2)
	s.Frame(rgba(217, 181, 100, 255), 10, 10, w-20, h-20, .5)
	s.Waves(rgba(232, 214, 160, 150), 12, 12, w-24, h-24, 44, rng.Float64()*3)
	s.Emblem(w/2, 28, 11)
	title := 58.
	if w < h { // there is no room beside the code
		title = 68
	}
	s.Centre(w/2, title, 16, 10, SerifBold, ink, "营业执照")
	s.Write(24, 40, 4, 0, Serif, ink, "统一社会信用代码")
	s.Write(24, 47, 5, .2, MonoBold, ink, c.USCC)
	s.Code(w-54, 26, 28, registerPage(c.USCC))
	left := [][2]string{{"名　　称", c.Name}, {"类　　型", "有限责任公司（样本）"}, {"法定代表人", c.Legal}, {"经营范围", "软件开发；技术咨询；样张设计；虚构商品销售；会议及展览服务。（依法须经批准的项目，经相关部门批准后方可开展经营活动）"}}
	right := [][2]string{{"注册资本", "人民币" + c.Capital}, {"成立日期", c.Since}, {"营业期限", c.Since + "至长期"}, {"住　　所", c.Address}}
	column := func(x, y, width float64, rows [][2]string) float64 {
		for _, r := range rows {
			s.Write(x, y, 4.6, 0, Serif, rgba(90, 70, 30, 255), r[0])
			y = s.Column(x+26, y, width-26, 4.8, 7, Serif, ink, r[1]) + 5
		}
		return y
	}
	if w > h {
		column(26, 80, 125, left)
		column(162, 80, 112, right)
	} else {
		column(26, column(26, 84, 160, left), 160, right)
	}
	s.Write(w-92, h-44, 5.6, .5, Serif, ink, "登记机关")
	s.Write(w-92, h-32, 5, .5, Serif, ink, fmt.Sprintf("%d 年 %02d 月 %02d 日", c.Year, c.Month, c.Day))
	s.Seal(w-62, h-42, 20, sealRed, "样本市市场监督管理局", "登记专用章")
	s.Centre(w/2, h-14, 3, 0, Serif, ink, "样本信用信息公示系统　http://www.example.cn")
	s.tell("business_licence", "front", c.Name, c.USCC)
	s.Text["qr"] = c.USCC
	s.valid(strings.NewReplacer("年", "-", "月", "-", "日", "").Replace(c.Since), "long_term", true)
	s.Text["issued_on"] = fmt.Sprintf("%d-%02d-%02d", c.Year, c.Month, c.Day)
	return s
}

// certificate is what the other organisations' documents have in common.
type certificate struct {
	kind, title, office string
	label               string // of the number
	number              func(c Company) string
}

var certificates = []certificate{
	{"uscc_certificate", "统一社会信用代码证书", "样本市编制委员会", "统一社会信用代码", func(c Company) string { return c.USCC }},
	{"organization_code_certificate", "组织机构代码证", "样本市质量技术监督局", "代码", func(c Company) string { return c.USCC[8:16] + "-" + c.USCC[16:17] }},
	{"public_institution_certificate", "事业单位法人证书", "样本市事业单位登记局", "统一社会信用代码", func(c Company) string { return c.USCC }},
	{"social_organization_certificate", "社会团体法人登记证书", "样本市民政局", "统一社会信用代码", func(c Company) string { return c.USCC }},
	{"private_non_enterprise_certificate", "民办非企业单位登记证书", "样本市民政局", "统一社会信用代码", func(c Company) string { return c.USCC }},
	{"law_firm_licence", "律师事务所执业许可证", "样本省司法厅", "统一社会信用代码", func(c Company) string { return c.USCC }},
	{"medical_institution_licence", "医疗机构执业许可证", "样本市卫生健康委员会", "登记号", func(c Company) string { return c.USCC }},
	{"trademark_certificate", "商标注册证", "样本商标局", "注册号", func(c Company) string { return "第 99000" + c.USCC[2:4] + " 号" }},
}

// Certificate draws one of them.
func Certificate(which int, c Company, style Style, pxPerMM float64, rng *rand.Rand) *Sheet {
	k := certificates[which%len(certificates)]
	w, h := 260., 185.
	if style == StyleB {
		w, h = 185, 260
	}
	s := NewSheet(w, h, pxPerMM)
	tints := []color.RGBA{rgb(250, 246, 232), rgb(240, 247, 240), rgb(246, 240, 246), rgb(238, 244, 250)}
	t := tints[(which+int(style))%len(tints)]
	s.Gradient(t, rgb(252, 251, 247), t)
	edge := []color.NRGBA{rgba(150, 40, 44, 255), rgba(40, 96, 70, 255), rgba(60, 70, 130, 255)}[(which+int(style))%3]
	s.Frame(edge, 7, 7, w-14, h-14, 1.4)
	s.Frame(edge, 9.4, 9.4, w-18.8, h-18.8, .4)
	if style == StyleA {
		s.Waves(rgba(edge.R, edge.G, edge.B, 34), 12, 12, w-24, h-24, 40, rng.Float64())
	} else {
		s.Rosette(rgba(edge.R, edge.G, edge.B, 60), w/2, h/2, w*.36, 30, rng.Float64())
	}
	s.Emblem(w/2, 24, 9)
	s.Centre(w/2, 50, 11, 3, SerifBold, ink, k.title)
	y := 72.
	for _, r := range [][2]string{{k.label, k.number(c)}, {"名　称", c.Name}, {"法定代表人", c.Legal}, {"住　所", c.Address},
		{"宗旨和业务范围", "样本研究、样张交流、虚构成果的推广与服务"}, {"有效期", fmt.Sprintf("自%d年%02d月%02d日至长期", c.Year, c.Month, c.Day)}} {
		s.Write(22, y, 4.6, 0, Serif, edge, r[0])
		y = s.Column(62, y, w-84, 5, 7.4, Serif, ink, r[1]) + 4
	}
	s.Write(w-84, h-36, 5, .4, Serif, ink, "发证机关")
	s.Write(w-84, h-26, 4.6, .4, Serif, ink, fmt.Sprintf("%d年%02d月%02d日", c.Year, c.Month, c.Day))
	s.Seal(w-56, h-36, 18, sealRed, k.office, "专用章")
	if k.kind == "uscc_certificate" {
		s.Code(20, h-50, 28, registerPage(c.USCC))
		s.Text["qr"] = c.USCC
	}
	s.tell(k.kind, "front", c.Name, k.number(c))
	s.Text["issued_on"] = fmt.Sprintf("%d-%02d-%02d", c.Year, c.Month, c.Day)
	s.valid(s.Text["issued_on"], "long_term", true)
	return s
}
