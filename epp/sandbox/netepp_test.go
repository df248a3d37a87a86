package sandbox_test

import (
	"net"
	"os/exec"
	"strings"
	"testing"

	"github.com/verinym/verinym/epp/sandbox"
)

// A client that is not ours gets along with the registry.
func TestNetEPPDrivesTheRegistry(t *testing.T) {
	t.Parallel()
	perl, err := exec.LookPath("perl")
	if err != nil {
		t.Skip("perl is not installed")
	}
	if exec.Command(perl, "-MNet::EPP::Client", "-MIO::Socket::SSL", "-e1").Run() != nil {
		t.Skip("the perl module Net::EPP is not installed (Debian: libnet-epp-perl)")
	}
	w := open(t, cn(func(z *sandbox.Zone) { z.NamingDelay = 0 }))
	host, port, err := net.SplitHostPort(w.server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), perl, "testdata/netepp.pl", host, port, w.server.CAFile(), "verinym", "verinym-pw").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want := `greeting EPP sandbox
login 1000
check 1000 1
contact-create 1000
create 1000 2028-03-02T01:00:00.000Z
hold 1000
release 1000
server-hold 2306
info 1000 perl-1
poll 1301 example.cn
ack 1000
poll-empty 1300
host-check 1000 1
host-create 1000
host-info 1000 192.0.2.1 2001:db8::1
transfer-query 2301
host-delete 1000
delete 1000
logout 1500`
	if got := strings.TrimSpace(string(out)); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
