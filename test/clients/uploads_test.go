package clients

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	_ "image/jpeg" // the sample
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/draw"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/test/pictures/samples"
)

// Memory that fifty uploads at once may need beyond that of one: the pictures wait
// in the vault, not in memory.
const uploadsMayNeed = 64 << 20

func TestFiftyUploadsAtOnceNeedLittleMemory(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the peak of another process's memory is read from /proc")
	}
	d := startDemo(t)
	var facts struct {
		API      string `json:"api_url"`
		Accounts []struct{ Role, APIKey string }
	}
	b, err := os.ReadFile(d.ready)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(bytes.ReplaceAll(b, []byte(`"api_key"`), []byte(`"APIKey"`)), &facts); err != nil {
		t.Fatal(err)
	}
	key := facts.Accounts[0].APIKey
	profile := facts.API + "/profiles"
	upload := func(path string, body []byte, contentType string) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, path, bytes.NewReader(body))
		if err != nil {
			t.Error(err)
			return 0, ""
		}
		req.Header.Set("Content-Type", contentType)
		req.Header.Set("Authorization", "Bearer "+key)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Error(err)
			return 0, ""
		}
		defer resp.Body.Close()
		out, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, string(out)
	}
	status, created := upload(profile, []byte(`{"accreditation":"mainland","kind":"common","holder_type":"individual","name_zh":"李思远","country":"CN","province_zh":"浙江","city_zh":"杭州市",
		"address_zh":"虚构路18号","postal_code":"310000","phone":"13800000000","email":"li@registrant.example","document_kind":"resident_id","document_number":"990000199003071171"}`), "application/json")
	var p client.Profile
	if err := json.Unmarshal([]byte(created), &p); err != nil || status != http.StatusCreated {
		t.Fatalf("%d %s", status, created)
	}
	form, contentType := fiveMegabytes(t)
	path := profile + "/" + p.ID + "/documents"
	if status, out := upload(path, form, contentType); status != http.StatusCreated {
		t.Fatalf("one upload: %d %s", status, out)
	}
	before := peak(t, d.Process.Pid)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if status, out := upload(path, form, contentType); status != http.StatusCreated {
				t.Errorf("one of fifty: %d %s", status, out)
			}
		})
	}
	all.Wait()
	if after := peak(t, d.Process.Pid); after-before > uploadsMayNeed {
		t.Errorf("fifty uploads at once need %d MB more than one", (after-before)>>20)
	}
	d.stop(t)
}

// fiveMegabytes is the form of a BMP that is just within the limit.
func fiveMegabytes(t *testing.T) (body []byte, contentType string) {
	t.Helper()
	m, _, err := image.Decode(bytes.NewReader(samples.Li))
	if err != nil {
		t.Fatal(err)
	}
	small := image.NewRGBA(image.Rect(0, 0, 1520, 1140))
	draw.ApproxBiLinear.Scale(small, small.Rect, m, m.Bounds(), draw.Src, nil)
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	part, err := w.CreateFormFile("file", "card.bmp")
	if err != nil {
		t.Fatal(err)
	}
	if err := bmp.Encode(part, small); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if buf.Len() < 5_000_000 {
		t.Fatalf("the picture has %d bytes", buf.Len())
	}
	return buf.Bytes(), w.FormDataContentType()
}

var highWater = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// peak is the most memory that a process has had so far, in bytes.
func peak(t *testing.T, pid int) int64 {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	m := highWater.FindStringSubmatch(string(b))
	if m == nil {
		t.Fatalf("no peak in %s", strings.TrimSpace(string(b)))
	}
	kB, _ := strconv.ParseInt(m[1], 10, 64)
	return kB << 10
}
