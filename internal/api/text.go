package api

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/verinym/verinym/internal/form"
)

// jsonText is JSON whose text is text. Go reads bytes that are no UTF-8 and halves
// of surrogate pairs as U+FFFD: what a person is called must not change on the way.
var jsonText = huma.Format{
	Marshal: huma.DefaultJSONFormat.Marshal,
	Unmarshal: func(data []byte, v any) error {
		if err := form.NotText(string(data)); err != nil {
			return err
		}
		if err := badEscape(string(data)); err != nil {
			return err
		}
		return json.Unmarshal(data, v)
	},
}

var errSurrogate = errors.New("the text has half a surrogate pair")

// badEscape looks at the \u escapes of a JSON text.
func badEscape(s string) error {
	for i := strings.IndexByte(s, '\\'); i >= 0 && i+1 < len(s); {
		step := 2
		if s[i+1] == 'u' {
			r, n := escaped(s[i:])
			switch {
			case n == 0: // the parser says so
			case r == 0:
				return form.ErrNUL
			case utf16.IsSurrogate(r):
				low, m := escaped(s[i+n:])
				if m == 0 || utf16.DecodeRune(r, low) == utf8.RuneError {
					return errSurrogate
				}
				n += m
			}
			step = max(step, n)
		}
		next := strings.IndexByte(s[i+step:], '\\')
		if next < 0 {
			return nil
		}
		i += step + next
	}
	return nil
}

// escaped reads one \uXXXX at the beginning of s.
func escaped(s string) (r rune, n int) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, 0
	}
	v, err := strconv.ParseUint(s[2:6], 16, 16)
	if err != nil {
		return 0, 0
	}
	return rune(v), 6
}
