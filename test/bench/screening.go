package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	xdraw "golang.org/x/image/draw"

	"github.com/verinym/verinym/screen"
	"github.com/verinym/verinym/test/pictures/samples"
)

// screening compares looking at a photograph with decoding it: the whole of `verinym screen` with djpeg, and the library
// with what djpeg takes beyond starting.
func (b *bench) screening(ctx context.Context) error {
	if _, err := exec.LookPath("djpeg"); err != nil {
		fmt.Println("screening: skipped, djpeg (Debian libjpeg-turbo-progs) is not installed")
		return nil
	}
	large, err := photograph(4000, 3000, 4_400_000)
	if err != nil {
		return err
	}
	path, tiny := filepath.Join(b.dir, "12mp.jpg"), filepath.Join(b.dir, "tiny.jpg")
	if err := errors.Join(os.WriteFile(path, large, 0o600), os.WriteFile(tiny, encoded(image.NewGray(image.Rect(0, 0, 16, 16)), 90), 0o600)); err != nil {
		return err
	}
	var whole, start, turbo, process, library []float64
	for range 15 {
		for _, m := range []struct {
			into *[]float64
			do   func() error
		}{
			{&start, func() error { return command(ctx, "djpeg", tiny) }},
			{&turbo, func() error { return command(ctx, "djpeg", path) }},
			{&process, func() error {
				return command(ctx, b.binary, "screen", "--type", "resident_id", "--side", "front", path)
			}},
			{&library, func() error { return look(ctx, large) }},
		} {
			began := time.Now()
			if err := m.do(); err != nil {
				return err
			}
			*m.into = append(*m.into, float64(time.Since(began).Microseconds())/1000)
		}
		i := len(turbo) - 1
		whole = append(whole, turbo[i]-start[i])
	}
	b.reportTarget("screening 12 MP, process against djpeg", median(ratios(process, turbo)), "×", 1.25)
	b.reportTarget("screening 12 MP, library against libjpeg-turbo", median(ratios(library, whole)), "×", 1.25)
	small, err := photograph(1200, 900, 400_000)
	if err != nil {
		return err
	}
	var took []float64
	for range 25 {
		began := time.Now()
		if err := look(ctx, small); err != nil {
			return err
		}
		took = append(took, float64(time.Since(began).Microseconds())/1000)
	}
	b.reportTarget("screening 1 MP, library", median(took), "ms", 15)
	return nil
}

// command runs a program with its output thrown away. That a picture is refused is no failure.
func command(ctx context.Context, name string, args ...string) error {
	err := exec.CommandContext(ctx, name, args...).Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 1 {
		return nil
	}
	return err
}

func look(ctx context.Context, picture []byte) error {
	_, err := screen.Screen(ctx, bytes.NewReader(picture), int64(len(picture)), screen.Options{Kind: "resident_id", Side: "front"})
	return err
}

// photograph is the sample card as a camera of that size saves it: scaled, with a sensor's noise, at the quality that comes
// nearest to a number of bytes.
func photograph(w, h, size int) ([]byte, error) {
	sample, err := jpeg.Decode(bytes.NewReader(samples.Li))
	if err != nil {
		return nil, err
	}
	im := image.NewRGBA(image.Rect(0, 0, w, h))
	xdraw.BiLinear.Scale(im, im.Rect, sample, sample.Bounds(), xdraw.Src, nil)
	rng := rand.New(rand.NewPCG(4000, 3000))
	for i := 0; i < len(im.Pix); i += 4 {
		n := int(rng.NormFloat64() * 3)
		for c := range 3 {
			im.Pix[i+c] = uint8(min(max(int(im.Pix[i+c])+n, 0), 255))
		}
	}
	lo, hi := 30, 98
	for lo < hi {
		if mid := (lo + hi + 1) / 2; len(encoded(im, mid)) <= size {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return encoded(im, lo), nil
}

func encoded(im image.Image, quality int) []byte {
	var out bytes.Buffer
	_ = jpeg.Encode(&out, im, &jpeg.Options{Quality: quality}) // into memory, of a picture of sensible size: it cannot fail
	return out.Bytes()
}
