package profile_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

func TestEnglishFormIsSuggestedFromTheChineseOne(t *testing.T) {
	t.Parallel()
	for zh, want := range map[string]string{
		"李思远":           "li si yuan",
		"阿卜杜拉·买买提":      "a bu du la mai mai ti",
		"《诗经》文化有限公司":    "shi jing wen hua you xian gong si",
		"ＡＢＣ科技（北京）有限公司": "ABC ke ji (bei jing) you xian gong si",
		"重庆长安银行厦门分行":    "chong qing chang an yin hang xia men fen hang",
		"成都市佛山路3号":      "cheng du shi fo shan lu 3 hao",
		"陕西音乐学院（会计系）":   "shaan xi yin yue xue yuan (kuai ji xi)",
		"Anna·Maria":    "Anna Maria",
		"O’Brien":       "O'Brien",
		"Łukasz Møller": "Lukasz Moller",
		"Jürgen Strauß": "Jurgen Strauss",
		"Nguyễn Văn A":  "Nguyen Van A",
		"Иван":          "", // nor is a name without its letters
		"ソニー太郎":         "",
		"김철수":           "",
		"བོད་ཡིག":       "",
		"样本公司٣":         "",
		"Anna Maria":    "Anna Maria",
		"3号楼2单元501室":    "3 hao lou 2 dan yuan 501 shi",
		"解放路1号":         "jie fang lu 1 hao",
		"José García":   "Jose Garcia",
		"":              "",
		"   ":           "",
		"𠮷野":            "", // half a name is worse than none
	} {
		if got := profile.English(zh); got != want {
			t.Errorf("%q: %q, want %q", zh, got, want)
		}
	}
}

func TestEnglishFormIsFilledInUntilSomebodyEditsIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.create(mainland, person())
		f := v.Current.Fields
		if f.NameEn != "li si yuan" || f.ProvinceEn != "shaan xi" || f.CityEn != "xi an shi" || f.AddressEn != "yang zhang qu xu gou lu 18 hao yuan 3 hao lou" || len(f.EnglishTyped) != 0 {
			t.Errorf("suggested: %+v", f)
		}
		v = h.mustEdit(v, form{"name_zh": "王若溪"})
		if f := v.Current.Fields; f.NameEn != "wang ruo xi" {
			t.Errorf("the suggestion did not follow: %q", f.NameEn)
		}
		v = h.mustEdit(v, form{"name_en": "Rosie Wang"})
		v = h.mustEdit(v, form{"name_zh": "王若曦", "city_zh": "宝鸡市"})
		if f := v.Current.Fields; f.NameEn != "Rosie Wang" || f.CityEn != "bao ji shi" || !slices.Equal(f.EnglishTyped, []string{"name_en"}) {
			t.Errorf("what was typed was overwritten: %+v", f)
		}
		v = h.mustEdit(v, form{"name_en": ""})
		if f := v.Current.Fields; f.NameEn != "wang ruo xi" || len(f.EnglishTyped) != 0 {
			t.Errorf("clearing it does not bring the suggestion back: %q, typed %v", f.NameEn, f.EnglishTyped)
		}
	})
}

// A form in a browser sends every field back, also those that nobody touched.
func TestSuggestionSentBackUnchangedIsStillASuggestion(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.create(mainland, person())
		v = h.mustEdit(v, form{"name_zh": "李思远", "name_en": v.Current.Fields.NameEn, "city_en": "Xi'an"})
		if got := v.Current.Fields.EnglishTyped; !slices.Equal(got, []string{"city_en"}) {
			t.Errorf("typed: %v, want city_en alone", got)
		}
		v = h.mustEdit(v, form{"name_zh": "王若溪", "name_en": v.Current.Fields.NameEn, "city_zh": "咸阳市", "city_en": "Xi'an"})
		if f := v.Current.Fields; f.NameEn != "wang ruo xi" || f.CityEn != "Xi'an" {
			t.Errorf("%+v", f)
		}
	})
}

func TestSurnamesAreReadAsSurnamesAndPlacesAsPlaces(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t) // rules alone: the rows are the same on both engines
	h := newHouse(t, s, c)
	v := h.create(mainland, person())
	for _, tt := range []struct{ field, zh, want string }{
		{"name", "单思远", "shan si yuan"},
		{"name", "解思远", "xie si yuan"},
		{"name", "乐思远", "yue si yuan"},
		{"name", "尉迟思远", "yu chi si yuan"},
		{"name", "长孙思远", "zhang sun si yuan"},
		{"name", "都思远", "du si yuan"},
		{"name", "单", "shan"},
		{"name", "李单乐", "li dan le"},
		{"name", "张乐清", "zhang le qing"},
		{"name", "乐清", "yue qing"},
		{"name", "单柏林", "shan bai lin"},
		{"address", "乐清市柏林路", "yue qing shi bo lin lu"},
		{"city", "乐山市", "le shan shi"},
		{"city", "黑河市", "hei he shi"},
		{"address", "解放路1号", "jie fang lu 1 hao"},
		{"address", "区间路", "qu jian lu"},
		{"province", "山西省", "shan xi"},
		{"province", "陕西", "shaan xi"},
		{"province", "重庆市", "chong qing"},
		{"city", "重庆市", "chong qing"},
		{"city", "北京市", "bei jing"},
	} {
		v = h.mustEdit(v, form{tt.field + "_zh": tt.zh})
		f := v.Current.Fields
		if got := map[string]string{"name": f.NameEn, "city": f.CityEn, "address": f.AddressEn, "province": f.ProvinceEn}[tt.field]; got != tt.want {
			t.Errorf("%s %s: %q, want %q", tt.field, tt.zh, got, tt.want)
		}
	}
	// An organisation is no person, even if it begins with a surname.
	o := h.create(organization, company().with("organization_zh", "乐学解题科技有限公司", "name_zh", "乐思远"))
	if f := o.Current.Fields; f.OrganizationEn != "le xue jie ti ke ji you xian gong si" || f.NameEn != "yue si yuan" {
		t.Errorf("organisation %q, contact %q", f.OrganizationEn, f.NameEn)
	}
}

func TestNameWhoseReadingIsNotKnownIsTyped(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t) // rules alone: the rows are the same on both engines
	h := newHouse(t, s, c)
	_, err := h.try(mainland, person().with("name_zh", "李𠮷远"))
	check(t, "without its English form", err, "name_en field_required")
	v := h.create(mainland, person().with("name_zh", "李𠮷远", "name_en", "li ji yuan"))
	if f := v.Current.Fields; f.NameZh != "李𠮷远" || f.NameEn != "li ji yuan" {
		t.Errorf("%+v", f)
	}
}

func TestCharactersThatNobodySeesAreRefused(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := newHouse(t, s, c)
	for what, hidden := range map[string]string{"a zero-width space": "\u200b", "a turned direction": "\u202e", "a byte order mark": "\ufeff", "a private character": "\ue000"} {
		_, err := h.try(mainland, person().with("name_zh", "李"+hidden+"思远"))
		check(t, what, err, "name_zh field_characters")
	}
}

func TestSeparatorsOfNamesStayInChineseAndLeaveEnglish(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t) // rules alone: the rows are the same on both engines
	h := newHouse(t, s, c)
	for i, tt := range []struct{ zh, en string }{
		{"阿卜杜拉·买买提", "a bu du la mai mai ti"},
		{"阿卜杜拉•买买提", "a bu du la mai mai ti"},
		{"《阿卜杜拉》", "a bu du la"},
		{strings.Repeat("买", 25), strings.TrimSpace(strings.Repeat("mai ", 25))},
	} {
		v := h.create(mainland, person().with("name_zh", " "+tt.zh+" "))
		if f := v.Current.Fields; f.NameZh != tt.zh || f.NameEn != tt.en {
			t.Errorf("%d: kept %q, %q; want %q, %q", i, f.NameZh, f.NameEn, tt.zh, tt.en)
		}
	}
	if _, err := h.try(mainland, person().with("name_zh", "𠮷")); !slices.Equal(faults(err), []string{"name_en field_required"}) {
		t.Errorf("a character that nobody can read: %v", err)
	}
	v := h.create(mainland, person().with("name_zh", "𠮷", "name_en", "Ji"))
	if f := v.Current.Fields; f.NameZh != "𠮷" || f.NameEn != "Ji" {
		t.Errorf("with its English form typed: %+v", f)
	}
}

func TestPhonesOfTheWorld(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t) // rules alone: the rows are the same on both engines
	h := newHouse(t, s, c)
	v := h.create(overseas, foreigner().without("document_kind", "document_number"))
	for _, tt := range []struct{ country, postal, typed, e164, epp, extension string }{
		{"CN", "100000", "13800138000", "+8613800138000", "+86.13800138000", ""},
		{"CN", "100000", "138 0013 8000", "+8613800138000", "+86.13800138000", ""},
		{"CN", "100000", "１３８００１３８０００", "+8613800138000", "+86.13800138000", ""},
		{"CN", "100000", "010-62345678", "+861062345678", "+86.1062345678", ""},
		{"CN", "100000", "(021) 6234 5678", "+862162345678", "+86.2162345678", ""},
		{"CN", "100000", "0086 10 62345678", "+861062345678", "+86.1062345678", ""},
		{"CN", "100000", "010-62345678 ext. 123", "+861062345678", "+86.1062345678", "123"},
		{"HK", "", "2345 6789", "+85223456789", "+852.23456789", ""},
		{"MO", "", "6612 3456", "+85366123456", "+853.66123456", ""},
		{"TW", "100", "02 2345 6789", "+886223456789", "+886.223456789", ""},
		{"US", "94105", "(415) 555-2671", "+14155552671", "+1.4155552671", ""},
		{"GB", "SW1A 1AA", "020 7946 0018", "+442079460018", "+44.2079460018", ""},
		{"DE", "10115", "030 901820", "+4930901820", "+49.30901820", ""},
		{"DE", "10115", "+86 138 0013 8000", "+8613800138000", "+86.13800138000", ""},
		{"IT", "00100", "06 6982", "+39066982", "+39.066982", ""},
	} {
		v = h.mustEdit(v, form{"country": tt.country, "postal_code": tt.postal, "phone": tt.typed, "phone_extension": ""})
		f := v.Current.Fields
		if f.Phone != tt.e164 || f.EPPPhone() != tt.epp || f.PhoneExtension != tt.extension {
			t.Errorf("%s %s: %s, %s, x%s; want %s, %s, x%s", tt.country, tt.typed, f.Phone, f.EPPPhone(), f.PhoneExtension, tt.e164, tt.epp, tt.extension)
		}
	}
	for _, tt := range []struct{ country, typed, code string }{
		{"CN", "12345", "86"}, {"CN", "call me", "86"}, {"CN", "1380013800", "86"}, {"DE", "+86 1", "49"},
	} {
		_, err := h.edit(v, form{"country": tt.country, "postal_code": map[string]string{"CN": "100000", "DE": "10115"}[tt.country], "phone": tt.typed})
		f := fault.From(err)
		if f == nil || f.Code != "phone_invalid" || f.Field != "phone" || f.Params["CountryCode"] != tt.code {
			t.Errorf("%s %q: %+v, want phone_invalid with %s", tt.country, tt.typed, f, tt.code)
		}
	}
	// The country gives the code: the same digits are another number elsewhere, or none.
	if _, err := h.edit(h.mustEdit(v, form{"country": "CN", "postal_code": "100000", "phone": "13800138000"}), form{"country": "DE", "postal_code": "10115"}); !slices.Equal(faults(err), []string{"phone phone_invalid"}) {
		t.Errorf("a Chinese number that becomes a German one: %v", err)
	}
}

func TestExtensionIsThatOfTheNumberTypedLast(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t) // rules alone: the rows are the same on both engines
	h := newHouse(t, s, c)
	v := h.create(mainland, person())
	for _, tt := range []struct {
		typed form
		want  string
	}{
		{form{"phone": "010-62345678 ext. 12"}, "12"},
		{form{"name_zh": "王若溪"}, "12"},
		{form{"phone": "010-62345678 ext. 34"}, "34"},
		{form{"phone": "13800138000"}, ""},
		{form{"phone": "010-62345678", "phone_extension": "56"}, "56"},
		{form{"phone": "010-62345679"}, "56"}, // the field of its own stays what it is
		{form{"phone_extension": " ７８ "}, "78"},
		{form{"phone": "010-62345678 ext. 12", "phone_extension": "99"}, "99"},
		{form{"phone_extension": ""}, "12"},
	} {
		v = h.mustEdit(v, tt.typed)
		if got := v.Current.Fields.PhoneExtension; got != tt.want {
			t.Errorf("%v: extension %q, want %q", tt.typed, got, tt.want)
		}
	}
	for _, bad := range []string{"12a", "#12", "1 2", "123456789", "x"} {
		_, err := h.edit(v, form{"phone": "010-62345678", "phone_extension": bad})
		check(t, "extension "+bad, err, "phone_extension phone_extension_invalid")
	}
	_, err := h.edit(v, form{"phone": "010-62345678 ext. 1234567890", "phone_extension": ""})
	check(t, "an extension of ten digits behind the number", err, "phone_extension phone_extension_invalid")
}

func TestEveryRuleNamesItsField(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t) // rules alone: the rows are the same on both engines
	h := newHouse(t, s, c)
	long := func(n int) string { return strings.Repeat("长", n) }
	for name, tt := range map[string]struct {
		sort sort
		form form
		want []string
	}{
		"no name":                     {mainland, person().without("name_zh"), []string{"name_en field_required", "name_zh field_required"}},
		"blank name":                  {mainland, person().with("name_zh", " 　"), []string{"name_en field_required", "name_zh field_required"}},
		"no Chinese name":             {mainland, person().with("name_zh", "", "name_en", "Li Siyuan"), []string{"name_zh field_required"}},
		"no country":                  {mainland, person().without("country", "document_kind", "document_number"), []string{"country field_required"}},
		"country in words":            {mainland, person().with("country", "China").without("document_kind", "document_number"), []string{"country country_invalid"}},
		"no such country":             {overseas, foreigner().with("country", "ZZ", "phone", "+4930901820"), []string{"country country_invalid"}},
		"not the official code":       {overseas, foreigner().with("country", "UK", "phone", "020 7946 0018"), []string{"country country_invalid"}}, // whose numbers those are is not known
		"no province":                 {mainland, person().without("province_zh"), []string{"province_zh field_required"}},
		"no city":                     {mainland, person().without("city_zh"), []string{"city_en field_required", "city_zh field_required"}},
		"no address":                  {mainland, person().without("address_zh"), []string{"address_en field_required", "address_zh field_required"}},
		"no phone":                    {mainland, person().without("phone"), []string{"phone field_required"}},
		"no e-mail":                   {mainland, person().without("email"), []string{"email field_required"}},
		"no address of an e-mail":     {mainland, person().with("email", "li"), []string{"email email_invalid"}},
		"no postal code":              {mainland, person().without("postal_code"), []string{"postal_code field_required"}},
		"postal code of five digits":  {mainland, person().with("postal_code", "71000"), []string{"postal_code postal_code_invalid"}},
		"postal code of seven digits": {mainland, person().with("postal_code", "7100001"), []string{"postal_code postal_code_invalid"}},
		"postal code of another":      {overseas, foreigner().with("country", "GB", "phone", "020 7946 0018", "postal_code", "10115"), []string{"postal_code postal_code_invalid"}},
		"name too long":               {mainland, person().with("name_zh", long(65), "name_en", "Li"), []string{"name_zh field_too_long"}},
		"English name too long":       {mainland, person().with("name_en", strings.Repeat("l", 256)), []string{"name_en field_too_long"}},
		"address too long":            {mainland, person().with("address_zh", long(256), "address_en", "1 Road"), []string{"address_zh field_too_long"}},
		"organisation too long":       {organization, company().with("organization_zh", long(256), "organization_en", "Long Ltd"), []string{"organization_zh field_too_long"}},
		"a line break in a name":      {mainland, person().with("name_zh", "李\n思远"), []string{"name_zh contact_invalid"}},
		"Chinese in English":          {mainland, person().with("name_en", "Li 思远"), []string{"name_en english_form_not_ascii"}},
		"accents in English":          {overseas, foreigner().with("address_en", "Straße 1"), []string{"address_en english_form_not_ascii"}},
		"no organisation":             {organization, company().without("organization_zh"), []string{"organization_en field_required", "organization_zh field_required"}},
		"an organisation of a person": {cnnic, person().with("organization_zh", "李思远"), []string{"organization_zh organization_not_for_individual"}},
		"an English one":              {cnnic, person().with("organization_en", "Li Ltd"), []string{"organization_en organization_not_for_individual"}},
		"no such kind":                {mainland, person().with("document_kind", "library_card").without("document_number"), []string{"document_kind document_kind_unknown"}},
		"kind of an organisation":     {mainland, person().with("document_kind", "business_licence").without("document_number"), []string{"document_kind type_wrong_for_region"}},
		"number without a kind":       {mainland, person().without("document_kind"), []string{"document_kind field_required"}},
		"date in words":               {mainland, person().with("issued_on", "1 May 2020"), []string{"issued_on date_invalid"}},
		"no such day":                 {mainland, person().with("valid_to", "2030-02-30"), []string{"valid_to date_invalid"}},
		"three wrong dates":           {mainland, person().with("issued_on", "x", "valid_from", "2020-13-01", "valid_to", "y"), []string{"issued_on date_invalid", "valid_from date_invalid", "valid_to date_invalid"}},
		"dates the wrong way round":   {mainland, person().with("valid_from", "2030-01-01", "valid_to", "2020-01-01"), []string{"valid_to dates_inconsistent"}},
		"nothing at all":              {mainland, form{}, []string{"name_zh field_required", "name_en field_required", "country field_required", "city_en field_required", "address_en field_required", "phone field_required", "email field_required"}},
		"nothing at all, overseas":    {overseas, form{}, []string{"name_en field_required", "country field_required", "city_en field_required", "address_en field_required", "phone field_required", "email field_required"}},
		"several at once": {mainland, person().with("phone", "12", "email", "li@", "postal_code", "x", "document_number", "990000199003071172", "phone_extension", "a", "valid_to", "soon"),
			[]string{"phone phone_invalid", "email email_invalid", "postal_code postal_code_invalid", "document_number number_checksum", "phone_extension phone_extension_invalid", "valid_to date_invalid"}},
	} {
		_, err := h.try(tt.sort, tt.form)
		check(t, name, err, tt.want...)
		if err == nil {
			continue
		}
		for _, d := range append(fault.From(err).Details, fault.From(err)) {
			if d.Kind != fault.Invalid || (d.Code == "field_required" || d.Code == "field_too_long") && d.Params["Field"] != d.Field {
				t.Errorf("%s: the fault is %+v", name, d)
			}
		}
	}
	if n := h.count("profile") + h.count("profile_version"); n != 0 {
		t.Errorf("refusals left %d rows", n)
	}
	for name, tt := range map[string]struct {
		sort sort
		form form
	}{
		"a name of 64 characters":     {mainland, person().with("name_zh", long(64), "name_en", strings.Repeat("l", 255))},
		"an address of 255":           {mainland, person().with("address_zh", long(255), "address_en", strings.Repeat("l", 255))},
		"organisation repeats a name": {mainland, person().with("organization_zh", "李思远")},
		"no postal code in Hong Kong": {overseas, foreigner().with("country", "HK", "phone", "2345 6789").without("postal_code")},
		"lower-case postal code":      {overseas, foreigner().with("country", "GB", "phone", "020 7946 0018", "postal_code", "sw1a 1aa")},
		"lower-case country":          {overseas, foreigner().with("country", "de")},
		"no document yet":             {mainland, person().without("document_kind", "document_number")},
		"a Latin name in both":        {mainland, person().with("name_zh", "Anna Schmidt")},
		"one day of validity":         {mainland, person().with("valid_from", "2026-06-01", "valid_to", "2026-06-01")},
		"a country without a pattern": {overseas, foreigner().with("country", "IS", "phone", "410 4000", "postal_code", "IS-101")},
		"an organisation on .cn":      {cnnicOrg, company()},
	} {
		if _, err := h.try(tt.sort, tt.form); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatIsTypedIsFoldedNoFurtherThanNeeded(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.create(mainland, person().with("name_zh", " ＬＩ思远 ", "name_en", " Ｌi　Siyuan ", "country", " cn ", "postal_code", "７１００００", "email", " Li@Registrant.EXAMPLE ",
			"document_number", " ９９００００ 19900307 1171 ", "valid_to", " ２０３０-01-01 ", "phone", " 138-0013-8000 "))
		f := v.Current.Fields
		if f.NameZh != "ＬＩ思远" || f.NameEn != "Li Siyuan" || f.Country != "CN" || f.PostalCode != "710000" || f.Email != "Li@registrant.example" || f.ValidTo != "2030-01-01" || f.PhoneTyped != "138-0013-8000" {
			t.Errorf("kept %+v", f)
		}
		if v.Current.HolderFold != "li思远" || v.Current.NumberMask != "990***********1171" {
			t.Errorf("compared as %q, masked as %q", v.Current.HolderFold, v.Current.NumberMask)
		}
	})
}

// TestTelephoneThatIsClearedIsGone: in both of its forms.
func TestTelephoneThatIsClearedIsGone(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t) // rules alone: the rows are the same on both engines
	h := newHouse(t, s, c)
	v := h.create(mainland, person())
	d := form{"phone": ""}.draft()
	d.Incomplete = true
	v, err := h.Edit(t.Context(), h.li, v.PublicID, d)
	if err != nil || v.Current.Fields.PhoneTyped != "" || v.Current.Fields.Phone != "" {
		t.Errorf("kept %q as %q, %v", v.Current.Fields.PhoneTyped, v.Current.Fields.Phone, err)
	}
}

// TestPostalCodesAreKeptInCapitals as registries have them.
func TestPostalCodesAreKeptInCapitals(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t) // rules alone: the rows are the same on both engines
	h := newHouse(t, s, c)
	v := h.create(overseas, foreigner().with("country", "GB", "phone", "020 7946 0018", "postal_code", "sw1a 1aa"))
	if got := v.Current.Fields.PostalCode; got != "SW1A 1AA" {
		t.Errorf("kept %q", got)
	}
}

func TestFieldThatIsNotThereIsNamed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		_, err := h.try(mainland, person().with("shoe_size", "42"))
		check(t, "creating", err, "shoe_size field_unknown")
		v := h.create(mainland, person())
		_, err = h.edit(v, form{"number_sealed": "x"})
		check(t, "editing", err, "number_sealed field_unknown")
		_, err = h.edit(v, form{"english_typed": "x"})
		check(t, "editing", err, "english_typed field_unknown")
		_, err = h.try(sort{"lunar", "special", "club"}, person())
		check(t, "an unknown sort of profile", err, "accreditation value_unknown", "kind value_unknown", "holder_type value_unknown")
		if n := h.count("profile"); n != 1 {
			t.Errorf("%d profiles, want the good one alone", n)
		}
	})
}
