package pictures

import (
	"fmt"
	"image"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
)

// saver is a program that saves a picture in a format that nothing here writes.
type saver struct {
	name, ending string
	args         func(in, out string) []string
}

var (
	// Phones save HEIC at about this quality.
	heicSaver = saver{"heif-enc", ".heic", func(in, out string) []string { return []string{"-q", "55", "-o", out, in} }}
	webpSaver = saver{"cwebp", ".webp", func(in, out string) []string { return []string{"-quiet", "-q", "80", in, "-o", out} }}
)

// Missing names the programs (Debian: libheif-examples, webp) without which the set has no HEIC, or no WebP.
func Missing() (names []string) {
	for _, s := range []saver{heicSaver, webpSaver} {
		if !s.ready() {
			names = append(names, s.name)
		}
	}
	return names
}

func (s saver) ready() bool {
	_, err := exec.LookPath(s.name)
	return err == nil
}

func (s saver) save(im image.Image) []byte {
	b, err := s.run(im)
	if err != nil {
		panic(fmt.Sprintf("pictures: %s: %v", s.name, err))
	}
	return b
}

func (s saver) run(im image.Image) ([]byte, error) {
	dir, err := os.MkdirTemp("", "verinym-picture-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	in, out := filepath.Join(dir, "in.png"), filepath.Join(dir, "out"+s.ending)
	if err := os.WriteFile(in, pngBytes(im), 0o600); err != nil {
		return nil, err
	}
	if said, err := exec.Command(s.name, s.args(in, out)...).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, said)
	}
	return os.ReadFile(out)
}

// otherItems are good pictures in formats other than JPEG, and of holders whose names are in no ordinary font. They come
// last, so that they change no other picture of a seed.
func otherItems(style Style) (items []Item) {
	add := func(variant string, p paper, mk func(k *kitchen)) {
		items = append(items, Item{Style: style, Variant: variant, paper: p, make: mk})
	}
	for _, name := range []string{"resident_id", "passport", "business_licence", "taiwan_travel_permit"} {
		for _, s := range []saver{heicSaver, webpSaver} {
			if !s.ready() {
				continue
			}
			add("saved as "+s.ending[1:], named(name, "front"), func(k *kitchen) {
				k.set()
				k.take()
				k.encode()
				k.img = decodeRGBA(k.out)
				k.out, k.resaved = s.save(k.img), true
			})
		}
	}
	for i := range rareNames {
		p := named("resident_id", "front")
		add("rare name", p, func(k *kitchen) {
			h := RandomHolder(k.rng)
			r := rareNames[i]
			h.Name, h.Latin, h.Nation = r.name, r.latin, r.nation
			k.paper.draw = func(style Style, px float64, rng *rand.Rand) *Sheet { return ResidentFront(h, style, px, rng) }
			k.set()
			k.take()
		})
	}
	return items
}
