package pictures

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Region is a division code that no place has, so that no number made here can belong to anybody.
const Region = "990000"

// Holder is a fictitious person as a resident card shows one.
type Holder struct {
	Name, Latin, Sex, Nation string
	Year, Month, Day         int
	Seq                      int // three digits; odd for men
	Address                  string
}

// Number is the citizen number: region, birth date, sequence, and the check character of GB 11643 (ISO 7064 MOD 11-2).
func (h Holder) Number() string {
	s := fmt.Sprintf("%s%04d%02d%02d%03d", Region, h.Year, h.Month, h.Day, h.Seq)
	return s + string(mod112(s))
}

func mod112(s string) byte {
	p := 0
	for i := range len(s) {
		p = (p + int(s[i]-'0')) * 2 % 11
	}
	return "0123456789X"[(12-p)%11]
}

const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// USCC completes a social credit code of 17 characters with its check character (GB 32100).
func USCC(s string) string {
	w, sum := 1, 0
	for i := range len(s) {
		sum += strings.IndexByte(usccAlphabet, s[i]) * w
		w = w * 3 % 31
	}
	return s + string(usccAlphabet[(31-sum%31)%31])
}

// OrganizationCode completes an organization code of 8 characters (GB 11714).
func OrganizationCode(s string) string {
	sum := 0
	for i, w := range []int{3, 7, 9, 10, 5, 8, 4, 2} {
		v := int(s[i] - '0')
		if s[i] >= 'A' {
			v = int(s[i]-'A') + 10
		}
		sum += v * w
	}
	return s + string("0123456789X0"[11-sum%11])
}

// mrzCheck is ICAO 9303's check digit.
func mrzCheck(s string) string {
	sum := 0
	for i := range len(s) {
		v := 0
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			v = int(c - '0')
		case c >= 'A' && c <= 'Z':
			v = int(c-'A') + 10
		}
		sum += v * []int{7, 3, 1}[i%3]
	}
	return string(rune('0' + sum%10))
}

// TD3 is the zone of a passport of Utopia, the state of ICAO's own examples.
func (h Holder) TD3(number string) [2]string {
	fill := func(s string, n int) string { return (s + strings.Repeat("<", n))[:n] }
	birth := fmt.Sprintf("%02d%02d%02d", h.Year%100, h.Month, h.Day)
	number = fill(number, 9)
	sex := "M"
	if h.Sex == "女" {
		sex = "F"
	}
	l := number + mrzCheck(number) + "UTO" + birth + mrzCheck(birth) + sex + "310514" + mrzCheck("310514") + fill("", 14) + "<"
	l += mrzCheck(l[0:10] + l[13:20] + l[21:43])
	return [2]string{fill("P<UTO"+strings.ReplaceAll(strings.Replace(h.Latin, " ", "<<", 1), " ", "<"), 44), l}
}

// TD1 is the zone on the back of a card.
func (h Holder) TD1(number string) [3]string {
	fill := func(s string, n int) string { return (s + strings.Repeat("<", n))[:n] }
	birth := fmt.Sprintf("%02d%02d%02d", h.Year%100, h.Month, h.Day)
	a := fill("I<UTO"+fill(number, 9)+mrzCheck(fill(number, 9)), 30)
	sex := "M"
	if h.Sex == "女" {
		sex = "F"
	}
	b := birth + mrzCheck(birth) + sex + "310514" + mrzCheck("310514") + "UTO" + fill("", 11)
	b += mrzCheck(a[5:30] + b[0:7] + b[8:15] + b[18:29])
	return [3]string{a, b, fill(strings.ReplaceAll(strings.Replace(h.Latin, " ", "<<", 1), " ", "<"), 30)}
}

var (
	surnames = []string{"李", "王", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "欧阳", "司徒", "诸葛"}
	latinSur = []string{"LI", "WANG", "ZHANG", "LIU", "CHEN", "YANG", "ZHAO", "HUANG", "ZHOU", "WU", "XU", "SUN", "OUYANG", "SITU", "ZHUGE"}
	givens   = []string{"思远", "若溪", "明轩", "雨桐", "子涵", "建国", "秀英", "志强", "晓彤", "文博", "佳怡", "浩然"}
	latinGiv = []string{"SIYUAN", "RUOXI", "MINGXUAN", "YUTONG", "ZIHAN", "JIANGUO", "XIUYING", "ZHIQIANG", "XIAOTONG", "WENBO", "JIAYI", "HAORAN"}
	// Characters outside the basic plane, and the long names of some nationalities: forms and fonts break on these first.
	rareNames = []struct{ name, latin, nation string }{
		{"𠮷田䶮", "JI TIANYAN", "汉"}, {"㛃思𫖮", "JIE SIYI", "汉"}, {"赵㬎", "ZHAO XIAN", "汉"}, {"𠅤文", "LIAN WEN", "汉"},
		{"阿卜杜热合曼·买买提依明", "ABDURAHMAN MAMATIMIN", "维吾尔"}, {"吉克·阿依木·尔古", "JIKE AYIMU ERGU", "彝"},
	}
	nations = []string{"汉", "汉", "汉", "满", "回", "壮"}
	streets = []string{"虚构路", "样张街", "假想大道", "试样胡同", "乌有巷", "例子路"}
)

// RandomHolder invents a person.
func RandomHolder(rng *rand.Rand) Holder {
	i, j := rng.IntN(len(surnames)), rng.IntN(len(givens))
	h := Holder{Name: surnames[i] + givens[j], Latin: latinSur[i] + " " + latinGiv[j], Nation: nations[rng.IntN(len(nations))],
		Year: 1952 + rng.IntN(52), Month: 1 + rng.IntN(12), Day: 1 + rng.IntN(28), Seq: rng.IntN(1000)}
	if rng.IntN(5) == 0 {
		r := rareNames[rng.IntN(len(rareNames))]
		h.Name, h.Latin, h.Nation = r.name, r.latin, r.nation
	}
	h.Sex = "男"
	if h.Seq%2 == 0 {
		h.Sex = "女"
	}
	h.Address = fmt.Sprintf("样本省样本市样张区%s%d号%d栋%d单元%d室", streets[rng.IntN(len(streets))], 1+rng.IntN(200), 1+rng.IntN(20), 1+rng.IntN(6), 101+rng.IntN(1800))
	return h
}

// Company is a fictitious organisation.
type Company struct {
	Name, Latin, USCC, Legal, Address, Since, Capital string
	Year, Month, Day                                  int // of issue
}

var (
	trades   = []string{"云帆科技", "样张餐饮管理", "假想文化传播", "虚构网络", "乌有贸易", "例子医疗器械", "试样教育咨询"}
	latinTrd = []string{
		"CLOUDSAIL TECHNOLOGY", "SPECIMEN CATERING", "IMAGINARY CULTURE", "FICTION NETWORK", "NOWHERE TRADING",
		"EXAMPLE MEDICAL", "SAMPLE EDUCATION",
	}
)

// RandomCompany invents one.
func RandomCompany(rng *rand.Rand) Company {
	i := rng.IntN(len(trades))
	code := make([]byte, 8)
	for k := range code {
		code[k] = usccAlphabet[rng.IntN(len(usccAlphabet))]
	}
	h := RandomHolder(rng)
	return Company{Name: "样本市" + trades[i] + []string{"有限公司", "股份有限公司", "（样本）有限责任公司"}[rng.IntN(3)],
		Latin: "SPECIMEN " + latinTrd[i] + " LIMITED", USCC: USCC("91" + Region + OrganizationCode("MA"+string(code[:6]))),
		Legal: h.Name, Address: h.Address, Capital: []string{"壹佰万元整", "伍佰万元整", "贰仟万元整"}[rng.IntN(3)],
		Since: fmt.Sprintf("%d年%02d月%02d日", 2001+rng.IntN(22), 1+rng.IntN(12), 1+rng.IntN(28)),
		Year:  2019 + rng.IntN(6), Month: 1 + rng.IntN(12), Day: 1 + rng.IntN(28)}
}
