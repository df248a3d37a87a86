package house

import (
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"testing"
)

type version struct {
	Path, Version, GoMod string
}

func versions(t *testing.T, paths ...string) map[string]version {
	t.Helper()
	out := map[string]version{}
	for _, path := range paths {
		cmd := exec.Command("go", "list", "-m", "-json", path)
		cmd.Dir = "../.."
		b, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		var v version
		if err := json.Unmarshal(b, &v); err != nil {
			t.Fatal(err)
		}
		out[path] = v
	}
	return out
}

// TestSQLiteRunsOnTheLibraryItWasMadeWith: modernc.org/sqlite is generated against
// one version of modernc.org/libc, and another one breaks it at run time.
func TestSQLiteRunsOnTheLibraryItWasMadeWith(t *testing.T) {
	t.Parallel()
	v := versions(t, "modernc.org/sqlite", "modernc.org/libc")
	mod, err := os.ReadFile(v["modernc.org/sqlite"].GoMod)
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`modernc\.org/libc (v\S+)`).FindSubmatch(mod)
	if m == nil || string(m[1]) != v["modernc.org/libc"].Version {
		t.Errorf("modernc.org/sqlite %s wants libc %s, the build has %s", v["modernc.org/sqlite"].Version, m, v["modernc.org/libc"].Version)
	}
}

// TestRiverIsOfOnePiece: River's core and its drivers only fit when they are of
// one version.
func TestRiverIsOfOnePiece(t *testing.T) {
	t.Parallel()
	const core = "github.com/riverqueue/river"
	v := versions(t, core, core+"/riverdriver", core+"/riverdriver/riversqlite", core+"/riverdriver/riverpgxv5", core+"/rivertype", core+"/rivershared")
	for path, x := range v {
		if x.Version != v[core].Version {
			t.Errorf("%s is %s, River itself %s", path, x.Version, v[core].Version)
		}
	}
}
