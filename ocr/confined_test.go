package main

import (
	"bytes"
	"errors"
	"image"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/verinym/verinym/internal/jail"
	"github.com/verinym/verinym/internal/ocr"
)

// asChild makes this program the confined child of the test below; its argument is a picture.
const asChild = "VERINYM_OCR_CONFINED"

func TestMain(m *testing.M) {
	if picture := os.Getenv(asChild); picture != "" {
		if err := confined(picture); err != nil {
			_, _ = os.Stderr.WriteString(err.Error())
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// confined loads the models, confines itself, tries what is forbidden and then reads a picture.
func confined(picture string) error {
	b, err := os.ReadFile(picture)
	if err != nil {
		return err
	}
	m, err := loadModels("../bin/ocr-models")
	if err != nil {
		return err
	}
	if err := jail.Confine(); err != nil {
		return err
	}
	if _, err := os.Open(picture); !errors.Is(err, fs.ErrPermission) {
		return errors.New("it opened a file")
	}
	if _, err := net.Dial("udp", "127.0.0.1:53"); !errors.Is(err, syscall.EPERM) {
		return errors.New("it opened a socket")
	}
	if err := exec.Command("/bin/true").Run(); err == nil {
		return errors.New("it started a program")
	}
	img, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return err
	}
	lines, err := m.recognize(ocr.FromImage(img), nil)
	for _, l := range lines {
		_, _ = os.Stdout.WriteString(l.Text + "\n")
	}
	return err
}

// onnxruntime reads as it did before, with no file, no socket and no program to be had.
func TestConfinedEngineReads(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("../bin/ocr-models/rec.onnx"); err != nil {
		t.Skip("make ocr fetches the models:", err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = []string{asChild + "=../test/pictures/samples/resident-id-li.jpg"}
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err, said.String())
	}
	if !strings.Contains(string(out), "990000199003071171") {
		t.Errorf("it read\n%s", out)
	}
}
