package policy_test

import (
	"slices"
	"testing"

	"github.com/verinym/verinym/internal/policy/policytest"
)

func TestPublishedTextsMeanCanonicalReasons(t *testing.T) {
	t.Parallel()
	p := policytest.Shipped()
	if got, want := p.Registrars(), []string{"aliyun", "huawei", "tencent"}; !slices.Equal(got, want) {
		t.Errorf("registrars are %v, want %v", got, want)
	}
	for words, want := range map[string]string{
		"FileSizeLessThanMinLimit": "file_too_small", // an error code
		"支持55K~1M的JPG、BMP图片":       "file_too_large", // of several, the primary one
		" 审核失败：上传的文件格式不支持，请重新上传。":  "format_unsupported",
		"多次尝试上传资料到审核机构均失败":         "submission_failed", // without its comma
		"支持 55k~1m 的 jpg､bmp 图片":   "file_too_large",    // other signs, and small letters
	} {
		if got := p.Meant("aliyun", words); len(got) == 0 || got[0].Code != want {
			t.Errorf("%q means %v, want %s", words, got, want)
		}
	}
	if got := p.Meant("aliyun", "天气不好"); len(got) != 0 {
		t.Errorf("weather means %v", got)
	}
	if got := p.Meant("huawei", "FileSizeLessThanMinLimit"); len(got) != 0 {
		t.Errorf("another registrar's code means %v", got)
	}
	// Both ways: every primary text leads back to its reason.
	for _, r := range p.Reasons() {
		for _, ph := range r.Phrases {
			words := ph.Code + ph.Phrase
			if got := p.Meant(ph.Registrar, words); ph.Primary && (len(got) == 0 || got[0].Code != r.Code) {
				t.Errorf("%s %q of %s leads to %v", ph.Registrar, words, r.Code, got)
			}
		}
	}
}
