package house

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/verinym/verinym/"

// floors, the lowest first. An arrow points down only; within a floor nobody
// imports anybody. ARCHITECTURE.md draws the same picture.
var floors = [][]string{
	{"internal/fault", "internal/bug", "internal/clock", "internal/fold", "internal/forwarded", "internal/status", "internal/netguard", "internal/signature", "internal/spreadsheet", "policies", "identifier", "screen", "epp", "internal/ocr", "test/pictures/samples"},
	{"internal/delegation", "internal/rdap", "internal/outbound", "internal/openid", "internal/state", "internal/calendar", "internal/actor", "internal/erasure", "internal/locale", "internal/jail", "internal/mailsink", "internal/dsn", "client", "epp/sandbox"},
	{"internal/store", "internal/reading"},
	{"internal/vault", "internal/audit", "internal/event", "internal/idempotency"},
	{"internal/policy"},
	{"internal/account", "internal/registry", "internal/webhook", "internal/portfolio", "internal/backlog"},
	{"internal/document", "internal/emailcheck", "internal/review"},
	{"internal/profile", "internal/provider", "internal/qualification"},
	{"internal/domain", "internal/notify", "internal/accountcheck", "internal/form"},
	{"internal/inspection", "internal/timeline", "internal/enhanced"},
	{"internal/datarequest"},
	{"internal/api", "internal/console", "internal/job"},
	{"internal/app"},
	{"cmd/verinym"},
}

// alone may be imported by the packages named and by nobody else.
var alone = map[string][]string{
	"github.com/riverqueue/river":         {"internal/store", "internal/job"},
	"modernc.org/sqlite":                  {"internal/store", "test/bench", "test/exactlyonce"},
	"github.com/jackc/pgx/v5":             {"internal/store", "test/cluster"},
	"gocloud.dev":                         {"internal/vault"},
	"github.com/russellhaering/goxmldsig": {"epp/signedcode"},
	"github.com/beevik/etree":             {"epp/signedcode"},
	"github.com/tink-crypto":              {"internal/vault"},
	"github.com/makiuchi-d":               {"internal/reading", "test/pictures"},
	"github.com/miekg/dns":                {"internal/delegation"},
	"github.com/openrdap/rdap":            {"internal/rdap"},
	"github.com/coreos/go-oidc":           {"internal/openid"},
	"golang.org/x/oauth2":                 {"internal/openid"},
	"github.com/go-webauthn":              {"internal/account"},
}

// public packages promise to stand on their own: nothing of internal/ is in them.
var public = []string{"identifier", "screen", "epp", "client"}

// cmdMay is what the program itself may use beside internal/app.
var cmdMay = []string{"epp", "epp/sandbox", "screen", "identifier", "client", "internal/app", "internal/spreadsheet", "test/pictures/samples"}

type pkg struct {
	ImportPath string
	Name       string
	Imports    []string
	Doc        string
	GoFiles    []string
}

func load(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-tags", "nodynamic", "-json=ImportPath,Name,Imports,Doc,GoFiles", module+"...")
	cmd.Dir = "../.."
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var all []pkg
	for dec := json.NewDecoder(out); ; {
		var p pkg
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if len(all) < 30 {
		t.Fatalf("only %d packages were listed", len(all))
	}
	return all
}

// floorOf returns the floor of a package; sub-packages live on their parent's,
// unless they have one of their own.
func floorOf(path string) (floor int, room string, ok bool) {
	best := ""
	for i, rooms := range floors {
		for _, r := range rooms {
			if (path == r || strings.HasPrefix(path, r+"/")) && len(r) > len(best) {
				floor, best, ok = i, r, true
			}
		}
	}
	return floor, best, ok
}

func TestArrowsPointDown(t *testing.T) {
	t.Parallel()
	for _, p := range load(t) {
		from := strings.TrimPrefix(p.ImportPath, module)
		floor, room, ok := floorOf(from)
		if !ok {
			if !strings.HasPrefix(from, "test/") {
				t.Errorf("%s stands on no floor: give it one, here and in ARCHITECTURE.md", from)
			}
			continue
		}
		for _, imp := range p.Imports {
			to, ours := strings.CutPrefix(imp, module)
			if !ours {
				continue
			}
			below, other, ok := floorOf(to)
			switch {
			case other == room:
			case !ok && strings.HasPrefix(from, "internal/store/storetest"):
			case !ok && p.Name == "main" && strings.HasPrefix(to, "test/"): // a tool for those who work on the room
			case !ok:
				t.Errorf("%s imports %s, which stands on no floor", from, to)
			case below >= floor:
				t.Errorf("%s (floor %d) imports %s (floor %d): arrows only point down", from, floor, to, below)
			}
		}
	}
}

func TestPublicPackagesStandOnTheirOwn(t *testing.T) {
	t.Parallel()
	for _, p := range load(t) {
		from := strings.TrimPrefix(p.ImportPath, module)
		_, room, _ := floorOf(from)
		if !slices.ContainsFunc(public, func(r string) bool { return room == r || strings.HasPrefix(room, r+"/") }) {
			continue
		}
		for _, imp := range p.Imports {
			if to, ours := strings.CutPrefix(imp, module); ours && strings.HasPrefix(to, "internal/") {
				t.Errorf("the public package %s imports %s", from, to)
			}
		}
	}
}

func TestLibrariesHaveOneHome(t *testing.T) {
	t.Parallel()
	for _, p := range load(t) {
		from := strings.TrimPrefix(p.ImportPath, module)
		for _, imp := range p.Imports {
			for lib, homes := range alone {
				if imp != lib && !strings.HasPrefix(imp, lib+"/") {
					continue
				}
				if !slices.ContainsFunc(homes, func(h string) bool { return from == h || strings.HasPrefix(from, h+"/") }) {
					t.Errorf("%s imports %s, which belongs behind %v", from, imp, homes)
				}
			}
		}
		if strings.HasPrefix(from, "cmd/") {
			for _, imp := range p.Imports {
				if to, ours := strings.CutPrefix(imp, module); ours && !slices.ContainsFunc(cmdMay, func(m string) bool { return to == m || strings.HasPrefix(to, m+"/") }) {
					t.Errorf("%s imports %s; it may use %v", from, to, cmdMay)
				}
			}
		}
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	t.Parallel()
	for _, p := range load(t) {
		if strings.TrimSpace(p.Doc) == "" {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
		if p.Name != "main" && len(p.GoFiles) > 1 && !slices.Contains(p.GoFiles, "doc.go") {
			t.Errorf("%s has several files and no doc.go to begin with", p.ImportPath)
		}
	}
}
