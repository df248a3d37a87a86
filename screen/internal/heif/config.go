package heif

import "errors"

// ErrCorrupt is the error of a file whose boxes do not describe a picture.
var ErrCorrupt = errors.New("heif: corrupt")

// Config is the primary picture as it is to be shown, after its rotation.
type Config struct{ Width, Height int }

// ReadConfig finds the primary item and its properties.
func ReadConfig(b []byte) (Config, error) {
	_, _, meta := full(child(b, "meta"))
	properties := child(meta, "iprp")
	var list []box
	each(child(properties, "ipco"), func(x box) bool {
		list = append(list, x)
		return true
	})
	var c Config
	quarters := 0
	for _, i := range associated(child(properties, "ipma"), primary(meta)) {
		if i < 1 || i > len(list) {
			continue
		}
		switch x := list[i-1]; x.kind {
		case "ispe":
			_, _, body := full(x.body)
			r := reader{b: body}
			c.Width, c.Height = int(r.take(4)), int(r.take(4))
		case "irot":
			if len(x.body) > 0 {
				quarters += int(x.body[0] & 3)
			}
		}
	}
	if c.Width <= 0 || c.Height <= 0 {
		return Config{}, ErrCorrupt
	}
	if quarters%2 == 1 {
		c.Width, c.Height = c.Height, c.Width
	}
	return c, nil
}

// primary is the number of the item that a viewer shows.
func primary(meta []byte) uint32 {
	version, _, body := full(child(meta, "pitm"))
	r := reader{b: body}
	if version == 0 {
		return r.take(2)
	}
	return r.take(4)
}

// associated are the indices, from 1, of an item's properties.
func associated(ipma []byte, item uint32) (indices []int) {
	version, flags, body := full(ipma)
	r := reader{b: body}
	wide := 2
	if version > 0 {
		wide = 4
	}
	for n := r.take(4); n > 0 && !r.over; n-- {
		id := r.take(wide)
		for k := r.take(1); k > 0 && !r.over; k-- {
			var i uint32
			if flags&1 != 0 {
				i = r.take(2) & 0x7fff
			} else {
				i = r.take(1) & 0x7f
			}
			if id == item && !r.over {
				indices = append(indices, int(i))
			}
		}
	}
	return indices
}
