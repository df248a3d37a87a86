package screen

import "slices"

// Policy is what the registry or the accreditation takes. A zero field takes General's value.
type Policy struct {
	Formats            []Format
	MinBytes, MaxBytes int64
	// MinSide is how many pixels the shorter side of the document must have (of the picture, where no outline was found).
	MinSide int
	// MaxSide and MaxPixels bound what is decoded at all; they also guard the server's memory.
	MaxSide, MaxPixels int
	// BornDigital marks kinds that exist as electronic certificates, often black and white and without a margin: findings
	// about colour, margins, corners and screenshots become warnings.
	BornDigital bool
}

// General is the rule where no registry says otherwise.
var General = Policy{
	Formats:  []Format{JPEG, PNG, BMP, HEIC, WebP},
	MaxBytes: 5 << 20,
	MinSide:  480, MaxSide: 16384, MaxPixels: 50_000_000,
}

// CNNIC is the rule of the .cn registry.
var CNNIC = Policy{
	Formats:  []Format{JPEG, BMP},
	MinBytes: 55 << 10, MaxBytes: 1 << 20,
	MinSide: 480, MaxSide: 16384, MaxPixels: 50_000_000,
}

func (p Policy) withDefaults() Policy {
	if len(p.Formats) == 0 {
		p.Formats = General.Formats
	}
	if p.MaxBytes == 0 {
		p.MaxBytes = General.MaxBytes
	}
	if p.MinSide == 0 {
		p.MinSide = General.MinSide
	}
	if p.MaxSide == 0 {
		p.MaxSide = General.MaxSide
	}
	if p.MaxPixels == 0 {
		p.MaxPixels = General.MaxPixels
	}
	return p
}

func (p Policy) takes(f Format) bool { return slices.Contains(p.Formats, f) }
