package screen

import (
	"strconv"
	"strings"
)

// checkFile looks at what needs no decoding: format, name, size.
func checkFile(f Format, size int64, o Options) (fs []Finding) {
	hard := func(c Code, params map[string]string) {
		fs = append(fs, Finding{Code: c, Severity: Error, Hard: true, Params: params})
	}
	p := o.Policy
	switch {
	case size == 0:
		hard(FileCorrupt, nil)
	case !p.takes(f):
		if claimed := mismatch(f, o.Name, o.DeclaredType); f == Unknown && claimed != "" {
			// Called a picture, holds none: a damaged file, rather than one of an unknown format.
			hard(FileCorrupt, nil)
			break
		}
		hard(FormatUnsupported, map[string]string{"Format": string(f), "Formats": formats(p.Formats)})
	}
	if bad := mismatch(f, o.Name, o.DeclaredType); bad != "" && f != Unknown {
		hard(ExtensionMismatch, map[string]string{"Extension": bad, "Format": string(f)})
	}
	switch {
	case size > 0 && size < p.MinBytes:
		hard(FileTooSmall, map[string]string{"Size": itoa(size), "Min": itoa(p.MinBytes)})
	case size > p.MaxBytes:
		hard(FileTooLarge, map[string]string{"Size": itoa(size), "Max": itoa(p.MaxBytes)})
	}
	return fs
}

func formats(fs []Format) string {
	var s []string
	for _, f := range fs {
		s = append(s, string(f))
	}
	return strings.Join(s, ",")
}

func itoa[T int | int64](n T) string { return strconv.FormatInt(int64(n), 10) }
