package screen

// What decoding may cost. A picture of more pixels than its format's cap is not decoded, whatever the policy allows; it
// gets the warning picture_not_checked, and a person looks at it. The figures are those of the package's documentation and
// are held by TestNoFormatTakesMoreThanItsCaps.
const (
	maxPixelsJPEG = 50_000_000
	maxPixelsRGB  = 50_000_000 // PNG, BMP, WebP: up to 8 bytes a pixel
	maxPixelsHEIC = 13_000_000 // libheif in WebAssembly: up to 50 bytes a pixel
)
