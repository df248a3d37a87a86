package pictures

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
)

// Typeface names a face the way a layout thinks of it.
type Typeface int

const (
	Sans Typeface = iota
	SansBold
	Serif
	SerifBold
	Mono
	MonoBold
	SansTC // traditional Chinese shapes
	SerifTC
	Latin // a typewriter-like face for machine-readable zones
)

// fontSource says in which file of the Noto CJK and DejaVu families (Debian: fonts-noto-cjk, fonts-dejavu) a face lives.
type fontSource struct{ file, name string }

var fontSources = map[Typeface]fontSource{
	Sans:      {"opentype/noto/NotoSansCJK-Regular.ttc", "Noto Sans CJK SC"},
	SansBold:  {"opentype/noto/NotoSansCJK-Bold.ttc", "Noto Sans CJK SC"},
	Serif:     {"opentype/noto/NotoSerifCJK-Regular.ttc", "Noto Serif CJK SC"},
	SerifBold: {"opentype/noto/NotoSerifCJK-Bold.ttc", "Noto Serif CJK SC"},
	Mono:      {"opentype/noto/NotoSansCJK-Regular.ttc", "Noto Sans Mono CJK SC"},
	MonoBold:  {"opentype/noto/NotoSansCJK-Bold.ttc", "Noto Sans Mono CJK SC"},
	SansTC:    {"opentype/noto/NotoSansCJK-Regular.ttc", "Noto Sans CJK TC"},
	SerifTC:   {"opentype/noto/NotoSerifCJK-Regular.ttc", "Noto Serif CJK TC"},
	Latin:     {"truetype/dejavu/DejaVuSansMono.ttf", ""},
}

// FontDir is where the fonts are looked for.
var FontDir = "/usr/share/fonts"

var fontCache = struct {
	sync.Mutex
	files map[string]*sfnt.Collection
	fonts map[Typeface]*sfnt.Font
}{files: map[string]*sfnt.Collection{}, fonts: map[Typeface]*sfnt.Font{}}

func loadFont(t Typeface) (*sfnt.Font, error) {
	fontCache.Lock()
	defer fontCache.Unlock()
	if f := fontCache.fonts[t]; f != nil {
		return f, nil
	}
	src := fontSources[t]
	coll := fontCache.files[src.file]
	if coll == nil {
		b, err := os.ReadFile(filepath.Join(FontDir, src.file))
		if err != nil {
			return nil, fmt.Errorf("pictures: fonts-noto-cjk and fonts-dejavu are needed: %w", err)
		}
		if coll, err = opentype.ParseCollection(b); err != nil {
			return nil, fmt.Errorf("pictures: %s: %w", src.file, err)
		}
		fontCache.files[src.file] = coll
	}
	var buf sfnt.Buffer
	for i := range coll.NumFonts() {
		f, err := coll.Font(i)
		if err != nil {
			return nil, fmt.Errorf("pictures: %s: %w", src.file, err)
		}
		name, _ := f.Name(&buf, sfnt.NameIDFamily)
		if src.name == "" || name == src.name {
			fontCache.fonts[t] = f
			return f, nil
		}
	}
	return nil, fmt.Errorf("pictures: %s holds no %q", src.file, src.name)
}

// FontsReady reports why the generator cannot run on this machine, or nil.
func FontsReady() error {
	for t := range fontSources {
		if _, err := loadFont(t); err != nil {
			return err
		}
	}
	return nil
}

// face returns a face of the given size. A layout cannot be drawn without its fonts, so a missing one panics; callers
// ask FontsReady first.
func face(t Typeface, size float64) font.Face {
	f, err := loadFont(t)
	if err != nil {
		panic(err)
	}
	fc, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		panic(fmt.Sprintf("pictures: face %d at %g: %v", t, size, err))
	}
	return fc
}
