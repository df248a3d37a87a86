package screen

// Code is a canonical reason code. A code never changes its meaning; [Finding.Advice] puts it into words.
type Code string

// What is found out about the file. These are hard: asking a person does not help.
const (
	FileTooSmall      Code = "file_too_small"
	FileTooLarge      Code = "file_too_large"
	FormatUnsupported Code = "format_unsupported"
	ExtensionMismatch Code = "extension_mismatch"
	FileCorrupt       Code = "file_corrupt"
	TooFewPixels      Code = "too_few_pixels"
	TooManyPixels     Code = "too_many_pixels"
)

// What is found out about the picture. These are judgements, which a person may overrule.
const (
	Blurred          Code = "blurred"
	Glare            Code = "glare"
	Dark             Code = "dark"
	Overexposed      Code = "overexposed"
	LowContrast      Code = "low_contrast"
	Grayscale        Code = "grayscale"
	CutOff           Code = "cut_off"
	NoMargin         Code = "no_margin"
	Obstructed       Code = "obstructed"
	Watermark        Code = "watermark"
	Mirrored         Code = "mirrored"
	Screenshot       Code = "screenshot"
	BornDigitalCopy  Code = "born_digital_copy"
	PhotoOfScreen    Code = "photo_of_screen"
	Edited           Code = "edited"
	NoDocument       Code = "no_document"
	TwoDocuments     Code = "two_documents"
	WrongSide        Code = "wrong_side"
	SealIllegible    Code = "seal_illegible"
	PictureUnchecked Code = "picture_not_checked" // the format is accepted, but its picture cannot be judged here
)

// Severity is how grave a [Finding] is.
type Severity string

const (
	Error Severity = "error" // a reviewer would surely refuse the picture
	Warn  Severity = "warn"  // a reviewer may refuse it; the registrant decides
)

// Verdict sums up the findings.
type Verdict string

const (
	Pass   Verdict = "pass"   // nothing was found
	Warned Verdict = "warn"   // nothing that is surely refused
	Reject Verdict = "reject" // at least one finding is an Error
)

// Finding is one reason, or one doubt.
type Finding struct {
	Code     Code
	Severity Severity
	Hard     bool              // about the file, not the picture: asking a person does not help
	Params   map[string]string // raw values for the text's placeholders: bytes, pixels, format names
	Region   *Rect             // where in the picture, if it is one place
}

// Rect is an area of the picture in pixels, as stored (before any EXIF rotation).
type Rect struct{ X, Y, W, H int }

// Point is a place in the picture in pixels, as stored.
type Point struct{ X, Y float64 }

func verdict(fs []Finding) Verdict {
	v := Pass
	for _, f := range fs {
		if f.Severity == Error {
			return Reject
		}
		v = Warned
	}
	return v
}
