module github.com/verinym/verinym/ocr

go 1.26.8

require (
	github.com/verinym/verinym v0.0.0
	github.com/yalue/onnxruntime_go v1.27.0
)

require golang.org/x/sys v0.49.0 // indirect

replace github.com/verinym/verinym => ../
