package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	ort "github.com/yalue/onnxruntime_go"
)

// models are the two networks of PP-OCRv4: the one finds lines, the other reads them.
type models struct {
	detect, read *network
	// characters are what the second network tells apart; 0 is "none", the last is the blank.
	characters []string
	// zone are the places among them of what a machine-readable zone may hold.
	zone []int
}

// library is onnxruntime's file name, as its npm package has it.
func library() string {
	if runtime.GOOS == "darwin" {
		return "libonnxruntime.1.dylib"
	}
	return "libonnxruntime.so.1"
}

func loadModels(dir string) (*models, error) {
	ort.SetSharedLibraryPath(filepath.Join(dir, library()))
	if err := ort.InitializeEnvironment(); err != nil {
		return nil, err
	}
	characters, err := readCharacters(filepath.Join(dir, "keys.txt"))
	if err != nil {
		return nil, err
	}
	m := newModels(characters)
	if m.detect, err = loadNetwork(filepath.Join(dir, "det.onnx")); err != nil {
		return nil, err
	}
	if m.read, err = loadNetwork(filepath.Join(dir, "rec.onnx")); err != nil {
		return nil, err
	}
	return m, nil
}

func newModels(characters []string) *models {
	m := &models{characters: characters}
	for i, c := range characters {
		if len(c) == 1 && strings.Contains(zoneAlphabet, c) {
			m.zone = append(m.zone, i)
		}
	}
	return m
}

// readCharacters reads the characters' list, one a line.
func readCharacters(path string) ([]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	out := []string{""}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		out = append(out, lines.Text())
	}
	return append(out, " "), lines.Err()
}

// network is one model with one input and one output.
type network struct{ session *ort.DynamicAdvancedSession }

func loadNetwork(path string) (n *network, err error) {
	in, out, err := ort.GetInputOutputInfo(path)
	if err != nil {
		return nil, err
	}
	if len(in) != 1 || len(out) != 1 {
		return nil, fmt.Errorf("%s has %d inputs and %d outputs, not one each", path, len(in), len(out))
	}
	options, err := ort.NewSessionOptions()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, options.Destroy()) }()
	// Two threads that sleep when they wait: reading is a job in the background, and shares the machine with people. The arena
	// would keep the largest picture's memory for good.
	err = errors.Join(options.SetIntraOpNumThreads(min(2, runtime.NumCPU())), options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0"), options.SetInterOpNumThreads(1),
		options.SetCpuMemArena(false), options.SetMemPattern(false))
	if err != nil {
		return nil, err
	}
	s, err := ort.NewDynamicAdvancedSession(path, []string{in[0].Name}, []string{out[0].Name}, options)
	return &network{s}, err
}

// run gives the network one picture of three planes and returns what comes out, with its shape.
func (n *network) run(planes []float32, h, w int) (out []float32, shape []int64, err error) {
	in, err := ort.NewTensor(ort.NewShape(1, 3, int64(h), int64(w)), planes)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, in.Destroy()) }()
	results := []ort.Value{nil}
	if err := n.session.Run([]ort.Value{in}, results); err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, results[0].Destroy()) }()
	t, ok := results[0].(*ort.Tensor[float32])
	if !ok {
		return nil, nil, errors.New("the network's answer is not made of numbers")
	}
	return append([]float32(nil), t.GetData()...), t.GetShape(), nil
}
