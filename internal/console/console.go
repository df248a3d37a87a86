package console

import (
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/backlog"
	"github.com/verinym/verinym/internal/console/static"
	"github.com/verinym/verinym/internal/datarequest"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/enhanced"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/inspection"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/notify"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/provider"
	"github.com/verinym/verinym/internal/qualification"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/timeline"
	"github.com/verinym/verinym/internal/vault"
	"github.com/verinym/verinym/internal/webhook"
)

// Nouns are what the pages show and call.
type Nouns struct {
	Store    *store.Store
	Vault    *vault.Vault
	Policies *policy.Policies
	// PolicyVersions are the policies that were in force.
	PolicyVersions *policy.Versions
	// PolicyFiles are the policy files as they stand now, an operator's own over the shipped ones.
	PolicyFiles fs.FS
	Accounts    *account.Accounts
	Emails      *emailcheck.Checks
	Documents   *document.Documents
	Profiles    *profile.Profiles
	Domains     *domain.All
	Messages    *notify.Messages
	Webhooks    *webhook.Hooks
	Reviews     *review.Reviews
	// Qualifications are what some suffixes ask for beside an identity.
	Qualifications *qualification.Qualifications
	// Registries are our accounts there.
	Registries *registry.Registries
	Enhanced   *enhanced.Verifications
	Packs      *inspection.Inspections
	Backlog    *backlog.Backlog
	Post       *notify.Post
	Providers  *provider.Providers
	// Timelines are what has happened to domains and profiles.
	Timelines    *timeline.Timelines
	DataRequests *datarequest.Requests
}

// Console serves the pages.
type Console struct {
	Nouns
	texts  *locale.Texts
	log    *slog.Logger
	secure bool
}

// Register puts the pages onto mux; secure says that people reach them over TLS.
func Register(mux *http.ServeMux, n Nouns, texts *locale.Texts, secure bool, log *slog.Logger) {
	c := &Console{Nouns: n, texts: texts, log: log, secure: secure}
	static.Register(mux)
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.visit(w, r).fail(fault.New(fault.Forbidden, "form_of_another_site"))
	}))
	for _, p := range c.pages() {
		mux.Handle(p.pattern, guard.Handler(c.serve(p)))
	}
}

// page is one address of the console.
type page struct {
	// pattern is a method and a path, as http.ServeMux takes them.
	pattern string
	show    func(*visit) error
	// open pages are shown to people who are not signed in.
	open bool
	// upload pages read their form themselves, as it comes.
	upload bool
	// aside pages are parts that come by themselves while somebody types: who is not
	// signed in any more gets none, and finds out when they send what they have typed.
	aside bool
}

// pages are all there are; each part of the console has a list beside its handlers.
func (c *Console) pages() []page {
	var out []page
	for _, part := range [][]page{
		c.entrance(), c.forgottenPages(), c.outsidePages(), c.passkeyPages(), c.confirmation(), c.profilePages(),
		c.domainPages(), c.holderChange(), c.orderPages(), c.qualificationPages(), c.transferPages(), c.messagePages(),
		c.accountPages(), c.securityPages(), c.mailSettingsPages(), c.webhookPages(), c.deskPages(), c.casePages(),
		c.figurePages(), c.operatorPages(), c.policyPages(), c.jobPages(), c.mailPages(), c.authorityPages(),
		c.customerPages(), c.importPages(), c.enhancedPages(), c.inspectionPages(), c.dataPages(), c.lookupPages(),
	} {
		out = append(out, part...)
	}
	return out
}

// formTime is how long a form without a picture may take to arrive, formMax how
// large it may be. Of a picture that is too large, the rest up to restMax is read for
// restTime and thrown away: a browser reads no answer before it has sent all.
const (
	formTime = 30 * time.Second
	formMax  = 1 << 20
	restTime = 30 * time.Second
	restMax  = 256 << 20
)
