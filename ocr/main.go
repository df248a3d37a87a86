// Command verinym-ocr recognises the writing on pictures of documents: PP-OCRv4 on onnxruntime.
//
// It is a module of its own because onnxruntime needs cgo and the main program does without. The main program finds it beside
// itself, starts it with an empty environment and speaks the protocol of internal/ocr with it: pixels in, lines of text out.
// Before the first pixel it has loaded its models, needs no file any more and forbids itself, and the threads of onnxruntime, to
// open files and sockets and to start programs (internal/jail).
//
//	verinym-ocr [-models DIR]
//
// DIR, the folder ocr-models beside the program by default, holds det.onnx, rec.onnx, keys.txt and the onnxruntime library;
// `make ocr` puts them there.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/verinym/verinym/internal/jail"
	"github.com/verinym/verinym/internal/ocr"
)

func main() {
	dir := flag.String("models", "", "folder of the models and of onnxruntime")
	flag.Parse()
	if err := run(*dir, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "verinym-ocr:", err)
		os.Exit(1)
	}
}

func run(dir string, in io.Reader, out io.Writer) error {
	if dir == "" {
		self, err := os.Executable()
		if err != nil {
			return err
		}
		dir = filepath.Join(filepath.Dir(self), "ocr-models")
	}
	m, err := loadModels(dir)
	if err != nil {
		return ocr.Refuse(out, err)
	}
	if err := jail.Confine(); err != nil {
		return ocr.Refuse(out, err)
	}
	return ocr.Serve(in, out, "pp-ocrv4", m.recognize)
}
