package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
)

// strangerName and strangerNumber are of the person who holds the second domain
// that was there before. Nobody has verified them.
const (
	strangerName   = "赵未名"
	strangerNumber = "990000197001010018"
)

func randomLabel(prefix string) string { return prefix + strings.ToLower(rand.Text()[:8]) }

// yesterday registers, over EPP and as the same registrar, two domains that
// nobody has verified: their hold comes by itself.
func (t *tour) yesterday(ctx context.Context) (err error) {
	t.newCN, t.newCOM = randomLabel("new-")+".cn", randomLabel("new-")+".com"
	t.sameHolder, t.stranger = randomLabel("old-")+".cn", randomLabel("old-")+".cn"
	if t.witness, err = t.app.DialSandbox(ctx); err != nil {
		return err
	}
	for name, holder := range map[string][2]string{t.sameHolder: {liName, liNumber}, t.stranger: {strangerName, strangerNumber}} {
		if err := registerAtSandbox(ctx, t.witness, holder[0], holder[1], name); err != nil {
			return err
		}
	}
	return nil
}

// registerAtSandbox registers names over EPP, as our registrar did before there was a
// verinym, for somebody whom nobody has verified.
func registerAtSandbox(ctx context.Context, eyes *epp.Conn, holder, number string, names ...string) error {
	id := "old" + randomLabel("")[:8]
	addr := contact.Address{Street: []string{"虚构路1号"}, City: "杭州市", SP: "浙江", PC: "310000", CC: "CN"}
	create := contact.Create{
		ID: id, Postal: []contact.PostalInfo{{Type: contact.Loc, Name: holder, Addr: addr}},
		Voice: contact.Phone{Number: "+86.13800000000"}, Email: "old@registrant.example",
		AuthInfo: &epp.AuthInfo{PW: "yesterday1"},
	}
	identity := cnnic.ContactCreate{Type: cnnic.Individual, IDType: cnnic.SFZ, IDNumber: number, Purveyor: "verinym"}
	if _, err := eyes.Do(ctx, epp.Command{Body: create, Extensions: []epp.Extension{identity}}); err != nil {
		return err
	}
	for _, name := range names {
		register := domain.Create{Name: name, Period: domain.Years(1), Registrant: id, AuthInfo: &epp.AuthInfo{PW: "yesterday1"}}
		if _, err := eyes.Do(ctx, epp.Command{Body: register, Extensions: []epp.Extension{cnnic.DomainCreate{Type: cnnic.Individual, Purveyor: "verinym"}}}); err != nil {
			return err
		}
	}
	return nil
}

// seen reads a domain from the registry with our own eyes.
func (t *tour) seen(ctx context.Context, name string) (*domain.InfoData, error) {
	resp, err := t.witness.Do(ctx, epp.Command{Body: domain.Info{Name: name}})
	if err != nil {
		return nil, err
	}
	return domain.ParseInfoData(resp.Data)
}

func (t *tour) order(ctx context.Context) (string, error) {
	_, err := t.me.PlaceOrder(ctx, t.newCN, t.common.ID, 1)
	if err := mustRefuse("a .cn order with a common profile", "profile_kind_mismatch", err); err != nil {
		return "", err
	}
	choices, _, err := t.me.Choices(ctx, t.newCN, "", "")
	if err != nil {
		return "", err
	}
	fit := []string{}
	for _, c := range choices {
		if c.Fits {
			fit = append(fit, c.Profile)
		}
	}
	if !slices.Contains(fit, t.cnnic.ID) || slices.Contains(fit, t.common.ID) {
		return "", fmt.Errorf("for %s the profiles %v fit, want the CNNIC ones", t.newCN, fit)
	}
	lines := []string{"a common profile was refused for .cn: profile_kind_mismatch"}
	for _, x := range []struct {
		name    string
		profile client.Profile
	}{{t.newCN, t.cnnic}, {t.newCOM, t.common}} {
		o, err := t.me.PlaceOrder(ctx, x.name, x.profile.ID, 1)
		if err != nil {
			return "", err
		}
		if o.VerdictAt == nil || o.HoldAt == nil || !o.VerdictAt.Before(*o.HoldAt) && o.SafeBy != nil {
			return "", fmt.Errorf("the order of %s forecasts no verdict before the hold", x.name)
		}
		if _, err := t.office.ConfirmPayment(ctx, o.ID); err != nil {
			return "", err
		}
		line, err := t.becomesNormal(ctx, x.name)
		if err != nil {
			return "", err
		}
		if o, err = t.me.Order(ctx, o.ID); err != nil || o.State != "completed" {
			return "", fmt.Errorf("the order of %s is %s (%v)", x.name, o.State, err)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n"), nil
}

// becomesNormal waits until a domain is Normal, with us and at the registry.
func (t *tour) becomesNormal(ctx context.Context, name string) (string, error) {
	var d client.Domain
	err := t.until(ctx, name+" to be normal", func() (bool, string, error) {
		var err error
		d, err = t.me.Domain(ctx, name)
		return d.Status == "normal", fmt.Sprintf("%s (naming %s, real name %s, sync %s, %v)", d.Status, d.Naming, d.RealName, d.Sync, d.Statuses), err
	})
	if err != nil {
		return "", err
	}
	info, err := t.atRegistry(ctx, name)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s: %s; naming %s, real name %s; at the registry %v", name, d.StatusText.EN, d.Naming, d.RealName, info.Statuses), nil
}

// atRegistry asks the registry through the API, and for names of the .cn account
// with our own session too: both must agree, and show no hold.
func (t *tour) atRegistry(ctx context.Context, name string) (client.RegistryView, error) {
	info, err := t.me.AtRegistry(ctx, name)
	if err != nil {
		return info, err
	}
	if slices.Contains(info.Statuses, epp.ServerHold) {
		return info, fmt.Errorf("the registry shows %s on hold", name)
	}
	if !strings.HasSuffix(name, ".cn") {
		return info, nil
	}
	own, err := t.seen(ctx, name)
	if err != nil {
		return info, err
	}
	if own.Registrant != info.Registrant || own.Has(epp.ServerHold) {
		return info, fmt.Errorf("our own session sees another state of %s: registrant %s, %v", name, own.Registrant, own.Statuses)
	}
	return info, nil
}

// importHeld takes a domain that was there before into the account and waits
// until it shows as not verified and held.
func (t *tour) importHeld(ctx context.Context, name string) (client.Domain, error) {
	got, err := t.office.ImportDomains(ctx, t.account, "mainland", name)
	if err != nil {
		return client.Domain{}, err
	}
	if len(got) != 1 || got[0].Error != nil {
		return client.Domain{}, fmt.Errorf("importing %s: %+v", name, got)
	}
	var d client.Domain
	err = t.until(ctx, name+" to be imported and on hold", func() (bool, string, error) {
		d, err = t.me.Domain(ctx, name)
		return d.RealName == "not_completed" && slices.Contains(d.Statuses, epp.ServerHold), fmt.Sprintf("%s %v", d.Status, d.Statuses), err
	})
	if err != nil {
		return d, err
	}
	waiting, err := t.me.Domains(ctx, "not_completed")
	if err != nil {
		return d, err
	}
	if !slices.ContainsFunc(waiting, func(x client.Domain) bool { return x.Name == name }) {
		return d, fmt.Errorf("%s is not among the domains whose verification is not completed", name)
	}
	return d, nil
}

func (t *tour) submitExisting(ctx context.Context) (string, error) {
	before, err := t.importHeld(ctx, t.sameHolder)
	if err != nil {
		return "", err
	}
	if _, err := t.finishTask(ctx, func() (client.Task, error) { return t.me.SubmitVerification(ctx, t.cnnic.ID, t.sameHolder) }); err != nil {
		return "", err
	}
	line, err := t.becomesNormal(ctx, t.sameHolder)
	if err != nil {
		return "", err
	}
	after, err := t.seen(ctx, t.sameHolder)
	if err != nil {
		return "", err
	}
	if after.Registrant != before.Registrant {
		return "", fmt.Errorf("the registrant changed from %s to %s", before.Registrant, after.Registrant)
	}
	return fmt.Sprintf("before: %s %v\n%s\nthe registrant stayed %s", before.StatusText.EN, before.Statuses, line, after.Registrant), nil
}

// finishTask starts a task and waits for its end. A task is asked for again while
// the registry has not yet said who the holder is.
func (t *tour) finishTask(ctx context.Context, start func() (client.Task, error)) (task client.Task, err error) {
	err = t.until(ctx, "the task to finish", func() (bool, string, error) {
		if task.ID == "" || (task.State == "finished" && len(task.Items) == 1 && task.Items[0].Code == "holder_not_known_yet") {
			task, err = start()
			return false, "started", err
		}
		task, err = t.me.Task(ctx, task.ID, 0)
		return task.State == "finished", fmt.Sprintf("%s (%+v)", task.State, task.Items), err
	})
	if err != nil {
		return task, err
	}
	if task.Items[0].Code == "holder_not_known_yet" {
		return t.finishTask(ctx, start)
	}
	if task.Items[0].State != "succeeded" {
		return task, fmt.Errorf("%s: %s", task.Items[0].State, task.Items[0].Code)
	}
	return task, nil
}

func (t *tour) changeHolder(ctx context.Context) (string, error) {
	before, err := t.importHeld(ctx, t.stranger)
	if err != nil {
		return "", err
	}
	refused, err := t.finishTask(ctx, func() (client.Task, error) { return t.me.SubmitVerification(ctx, t.cnnic.ID, t.stranger) })
	if err == nil || len(refused.Items) != 1 || refused.Items[0].Code != "contact_not_match" {
		return "", fmt.Errorf("submitting with another holder gave %+v (%v), want contact_not_match", refused.Items, err)
	}
	if _, err := t.finishTask(ctx, func() (client.Task, error) { return t.me.ChangeHolder(ctx, t.wang.ID, t.stranger) }); err != nil {
		return "", err
	}
	line, err := t.becomesNormal(ctx, t.stranger)
	if err != nil {
		return "", err
	}
	after, err := t.seen(ctx, t.stranger)
	if err != nil {
		return "", err
	}
	holder, err := t.holderOf(ctx, after.Registrant)
	if err != nil {
		return "", err
	}
	if after.Registrant == before.Registrant || holder != wangName {
		return "", fmt.Errorf("the registrant is %s (%s), want %s", after.Registrant, holder, wangName)
	}
	return fmt.Sprintf("submitting was refused: contact_not_match — %q\n%s\nthe registry's holder is now %s", refused.Items[0].Reason.EN, line, holder), nil
}

func (t *tour) holderOf(ctx context.Context, id string) (string, error) {
	resp, err := t.witness.Do(ctx, epp.Command{Body: contact.Info{ID: id}})
	if err != nil {
		return "", err
	}
	d, err := contact.ParseInfoData(resp.Data)
	if err != nil {
		return "", err
	}
	if p := d.PostalOf(contact.Loc); p != nil {
		return p.Name, nil
	}
	return "", nil
}

func (t *tour) registrySynced(ctx context.Context) (string, error) {
	count := map[string]int{}
	for _, r := range t.app.Sandbox().Log() {
		if r.Client != "" {
			count[r.Channel+" "+r.Verb+" "+r.Object]++
		}
	}
	var missing []string
	for _, want := range []string{"epp login ", "epp create contact", "epp create domain", "epp update domain", "epp poll ", "audit evidence contact"} {
		found := false
		for k := range count {
			found = found || strings.HasPrefix(k, strings.TrimSpace(want))
		}
		if !found {
			missing = append(missing, want)
		}
	}
	if len(missing) > 0 {
		return "", fmt.Errorf("the registry's log shows no %v", missing)
	}
	if err := t.until(ctx, "the poll queue to be empty", func() (bool, string, error) {
		resp, err := t.witness.Do(ctx, epp.Command{Body: epp.Poll{}})
		if err != nil {
			return false, "", err
		}
		return resp.Code() == epp.CodeNoMessages, "not empty", nil
	}); err != nil {
		return "", err
	}
	var parts []string
	for k, n := range count {
		parts = append(parts, fmt.Sprintf("%s × %d", strings.TrimSpace(k), n))
	}
	slices.Sort(parts)
	return "the registry received: " + strings.Join(parts, ", ") + "\nits poll queue is empty: every message was acknowledged", nil
}

func (t *tour) allNormal(ctx context.Context) (string, error) {
	var lines []string
	for _, name := range []string{t.newCN, t.newCOM, t.sameHolder, t.stranger} {
		d, err := t.me.Diagnose(ctx, name)
		if err != nil {
			return "", err
		}
		if d.Status != "normal" {
			return "", fmt.Errorf("%s is %s", name, d.Status)
		}
		var good []string
		for _, s := range d.Steps {
			if s.State == "problem" && s.Name != "dns" { // nobody has set name servers
				return "", fmt.Errorf("%s: the diagnosis finds a problem with %s (%s)", name, s.Name, s.Evidence)
			}
			if s.State == "good" {
				good = append(good, s.Name)
			}
		}
		lines = append(lines, fmt.Sprintf("%s: %s / %s (%s)", name, d.StatusText.EN, d.StatusText.ZH, strings.Join(good, ", ")))
	}
	var report client.AuditReport
	err := t.until(ctx, "the audit record to be sealed", func() (bool, string, error) {
		var err error
		report, err = t.office.VerifyAudit(ctx)
		return report.Unsealed == 0, fmt.Sprintf("%d entries unsealed", report.Unsealed), err
	})
	if err != nil {
		return "", err
	}
	if !report.OK || report.Sealed == 0 {
		return "", errors.New("the audit chain is broken")
	}
	lines = append(lines, fmt.Sprintf("the audit chain of %d entries verifies", report.Sealed))
	return strings.Join(lines, "\n"), nil
}
