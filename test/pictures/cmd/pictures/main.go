// Command pictures makes photographs of documents that do not exist.
//
//	pictures samples DIR                           those that the repository carries
//	pictures set [-half tuning] [-seed 1] [-good] DIR   a labelled set, good ones and every defect, with truth.json
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"github.com/verinym/verinym/test/pictures"
)

func main() {
	half := flag.String("half", "both", "tuning, validation or both")
	good := flag.Bool("good", false, "only pictures without a defect")
	seed := flag.Uint64("seed", 1, "another seed gives other pictures of the same recipes")
	if len(os.Args) < 2 {
		usage()
	}
	if flag.CommandLine.Parse(os.Args[2:]) != nil || flag.NArg() != 1 {
		usage()
	}
	do := samples
	switch os.Args[1] {
	case "samples":
	case "set":
		do = func(dir string) error { return set(dir, *half, *seed, *good) }
	default:
		usage()
	}
	if err := do(flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func usage() {
	fmt.Fprintln(os.Stderr, "usage: pictures samples DIR | pictures set [-half tuning|validation|both] [-seed N] [-good] DIR")
	os.Exit(2)
}

func set(dir, half string, seed uint64, good bool) error {
	if err := pictures.FontsReady(); err != nil {
		return err
	}
	var items []pictures.Item
	for _, st := range []pictures.Style{pictures.StyleA, pictures.StyleB} {
		if plan := pictures.Plan(st, seed); half == "both" || half == plan[0].Half() {
			items = append(items, plan...)
		}
	}
	if good {
		items = slices.DeleteFunc(items, func(it pictures.Item) bool { return it.Defect != "" })
	}
	n := 0
	return pictures.Write(dir, items, func(pictures.Truth) {
		if n++; n%20 == 0 || n == len(items) {
			fmt.Printf("%d of %d\n", n, len(items))
		}
	})
}

type sample struct {
	File    string    `json:"file"`
	Kind    string    `json:"kind"`
	Side    string    `json:"side"`
	Name    string    `json:"name"`
	Number  string    `json:"number"`
	Address string    `json:"address"`
	Birth   string    `json:"birth_date"`
	Width   int       `json:"width"`
	Height  int       `json:"height"`
	Corners [4][2]int `json:"corners"`
}

func samples(dir string) error {
	if err := pictures.FontsReady(); err != nil {
		return err
	}
	li := pictures.Holder{Name: "李思远", Sex: "男", Nation: "汉", Year: 1990, Month: 3, Day: 7, Seq: 117, Address: "样本省样本市样张区虚构路18号院3号楼2单元501室"}
	wang := pictures.Holder{Name: "王若溪", Sex: "女", Nation: "汉", Year: 1987, Month: 11, Day: 24, Seq: 246, Address: "样本省样本市虚拟县试样镇假想街88弄6号1203室"}
	var truth []sample
	for i, h := range []pictures.Holder{li, wang} {
		rng := rand.New(rand.NewPCG(7, uint64(i)+41))
		sheet := pictures.ResidentFront(h, pictures.StyleA, 24, rng)
		shot := pictures.Shot{
			W: 1920, H: 1440,
			Light:  pictures.Light{Level: 1.02, Dir: .5, Fall: .16, Vignette: .10, Shadow: .62, ShadowSize: .017},
			Camera: pictures.Camera{Lens: .75, Noise: 2.4, Sharpen: .5, Gamma: 1.06},
		}
		name := "resident-id-li.jpg"
		if i == 0 {
			shot.Quad = pictures.Quad{{X: 268, Y: 302}, {X: 1646, Y: 246}, {X: 1702, Y: 1118}, {X: 212, Y: 1162}}
			shot.Desk = pictures.Wood(150, 108, 72, rng)
		} else {
			name = "resident-id-wang.jpg"
			shot.Quad = pictures.Quad{{X: 246, Y: 232}, {X: 1668, Y: 330}, {X: 1638, Y: 1204}, {X: 196, Y: 1148}}
			shot.Desk = pictures.Wood(104, 84, 70, rng)
			shot.Light.Dir, shot.Light.Level, shot.Light.Colour = 2.4, .94, [3]float64{1.03, 1, .95}
		}
		img := pictures.Take(sheet, shot, rng)
		var buf bytes.Buffer
		if err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: 89}); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), buf.Bytes(), 0o644); err != nil {
			return err
		}
		s := sample{File: name, Kind: "resident_id", Side: "front", Name: h.Name, Number: h.Number(), Address: h.Address,
			Birth: fmt.Sprintf("%04d-%02d-%02d", h.Year, h.Month, h.Day), Width: shot.W, Height: shot.H}
		for k, p := range shot.Quad {
			s.Corners[k] = [2]int{int(math.Round(p.X)), int(math.Round(p.Y))}
		}
		truth = append(truth, s)
		fmt.Printf("%s  %d KB  %s %s\n", filepath.Join(dir, name), buf.Len()/1024, h.Name, h.Number())
	}
	if err := otherSide(dir, wang); err != nil {
		return err
	}
	b, err := json.MarshalIndent(truth, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "truth.json"), append(b, '\n'), 0o644)
}

// otherSide makes the emblem side of the second card, smaller: it has less to read.
func otherSide(dir string, h pictures.Holder) error {
	rng := rand.New(rand.NewPCG(7, 43))
	img := pictures.Take(pictures.ResidentBack(h, pictures.StyleA, 24, rng), pictures.Shot{
		W: 1440, H: 1080, Quad: pictures.Quad{{X: 176, Y: 196}, {X: 1242, Y: 232}, {X: 1266, Y: 900}, {X: 148, Y: 884}}, Desk: pictures.Wood(104, 84, 70, rng),
		Light:  pictures.Light{Level: .96, Dir: 2.2, Fall: .16, Vignette: .10, Shadow: .62, ShadowSize: .017, Colour: [3]float64{1.03, 1, .95}},
		Camera: pictures.Camera{Lens: .75, Noise: 2.4, Sharpen: .5, Gamma: 1.06},
	}, rng)
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: 89}); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "resident-id-wang-back.jpg"), buf.Bytes(), 0o644)
}
