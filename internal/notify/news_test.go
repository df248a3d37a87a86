package notify_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/jail"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/mailsink"
	"github.com/verinym/verinym/internal/notify"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/internal/vault"
)

// joins makes somebody a member of an account.
func (d *desk) joins(t *testing.T, accountID int64, address string) actor.Actor {
	t.Helper()
	var acc string
	if err := d.store.R.NewRaw("SELECT public_id FROM account WHERE id = ?", accountID).Scan(t.Context(), &acc); err != nil {
		t.Fatal(err)
	}
	p, err := d.accounts.AddPerson(t.Context(), actor.Verinym, account.NewPerson{Account: acc, Email: address, Name: "Member", Password: "long enough for it", Roles: []actor.Role{actor.Registrant}})
	if err != nil {
		t.Fatal(err)
	}
	return actor.Actor{ID: p.PublicID, Account: accountID, Roles: []actor.Role{actor.Registrant}}
}

// tells lets something happen to an account.
func (d *desk) tells(t *testing.T, accountID int64, typ event.Type, data map[string]string) {
	t.Helper()
	err := d.store.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return event.Append(ctx, tx, accountID, typ, "dom_1", data)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// expands lets everything that has happened reach those who are told.
func (d *desk) expands(t *testing.T) {
	t.Helper()
	m := notify.NewMessages(d.store, d.Post)
	for {
		n, err := m.Expand(t.Context(), 100)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// mails does what the loops do and returns the mails that arrive, the oldest first.
func (d *desk) mails(t *testing.T) (out []mailsink.Message) {
	t.Helper()
	before := len(d.sink.Messages())
	d.expands(t)
	if _, err := d.Collect(t.Context(), 10); err != nil {
		t.Fatal(err)
	}
	if _, err := d.SendDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	all := d.sink.Messages()
	out = all[:len(all)-before]
	slices.Reverse(out)
	return out
}

func domainNamed(name string) map[string]string { return map[string]string{"Domain": name} }

func setting(lang locale.Lang, off ...notify.Topic) notify.SettingChange {
	return notify.SettingChange{Lang: &lang, Off: &off}
}

func (d *desk) sets(t *testing.T, a actor.Actor, c notify.SettingChange) {
	t.Helper()
	if _, err := d.ChangeSettings(t.Context(), a, c); err != nil {
		t.Fatal(err)
	}
}

func TestMembersAreMailedWhatHappensInTheirLanguage(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		d := newDesk(t, s, c)
		en, zh := d.joins(t, d.li.Account, "en@member.example"), d.joins(t, d.li.Account, "zh@member.example")
		d.joins(t, d.li.Account, "both@member.example")
		d.joins(t, d.chen.Account, "chen@member.example")
		d.sets(t, en, setting(locale.EN))
		d.sets(t, zh, setting(locale.ZH))
		d.tells(t, d.li.Account, "domain.registered", domainNamed("example.com"))
		if m := d.mails(t); len(m) != 0 {
			t.Errorf("mailed at once: %v", m)
		}
		c.Advance(5 * time.Minute)
		got := map[string]mailsink.Message{}
		for _, m := range d.mails(t) {
			got[m.To] = m
		}
		if len(got) != 3 || got["en@member.example"].Subject != "A domain is registered: example.com" || got["zh@member.example"].Subject != "域名注册成功: example.com" ||
			got["both@member.example"].Subject != "A domain is registered: example.com / 域名注册成功: example.com" {
			t.Errorf("mailed %+v", got)
		}
		text := got["en@member.example"].Text
		for _, want := range []string{"example.com is registered.", "No domain is at risk", "turned on (domains)", "https://registrar.example"} {
			if !strings.Contains(text, want) {
				t.Errorf("the mail does not say %q:\n%s", want, text)
			}
		}
		if regexp.MustCompile(`\p{Han}`).MatchString(text) || strings.ContainsAny(text, "#!~") {
			t.Errorf("the mail in English is\n%s", text)
		}
		if m := d.mails(t); len(m) != 0 {
			t.Errorf("mailed again: %v", m)
		}
	})
}

func TestNewsAreGatheredAndMailedOnceInAWhile(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		d := newDesk(t, s, c)
		d.sets(t, d.joins(t, d.li.Account, "li@member.example"), setting(locale.EN))
		for i := range 50 {
			d.tells(t, d.li.Account, "domain.registered", domainNamed(fmt.Sprintf("name%02d.com", i)))
		}
		d.tells(t, d.li.Account, "profile.verified", nil)
		d.expands(t)
		c.Advance(5 * time.Minute)
		m := d.mails(t)
		if len(m) != 1 || m[0].Subject != "51 updates about your domains" || !strings.Contains(m[0].Text, "name19.com") || strings.Contains(m[0].Text, "name20.com") || !strings.Contains(m[0].Text, "and 30 more") {
			t.Fatalf("mailed %+v", m)
		}
		// The next ones wait for an hour, a warning for ten minutes, and takes them along.
		d.tells(t, d.li.Account, "domain.registered", domainNamed("late.com"))
		d.expands(t)
		c.Advance(9 * time.Minute)
		if m := d.mails(t); len(m) != 0 {
			t.Errorf("mailed after nine minutes: %+v", m)
		}
		d.tells(t, d.li.Account, "domain.hold_placed", map[string]string{"Domain": "held.com", "Cause": "abuse"})
		d.expands(t)
		c.Advance(time.Minute)
		m = d.mails(t)
		if len(m) != 1 || !strings.Contains(m[0].Text, "late.com") || strings.Index(m[0].Text, "held.com was suspended by the registrar (clientHold): abuse") > strings.Index(m[0].Text, "late.com is registered") ||
			!strings.Contains(m[0].Text, "A domain is suspended or lost, or is about to be") || !strings.Contains(m[0].Text, "cannot be turned off") {
			t.Errorf("mailed %+v", m)
		}
		d.tells(t, d.li.Account, "domain.registered", domainNamed("last.com"))
		d.expands(t)
		c.Advance(59 * time.Minute)
		if m := d.mails(t); len(m) != 0 {
			t.Errorf("mailed within the hour: %+v", m)
		}
		c.Advance(time.Minute)
		if m := d.mails(t); len(m) != 1 {
			t.Errorf("%d mails after an hour", len(m))
		}
	})
}

// A task with many domains is one mail and one message, at its end; its failures are told
// all the same.
func TestTaskIsOneMail(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	d := newDesk(t, s, c)
	d.sets(t, d.joins(t, d.li.Account, "li@member.example"), setting(locale.EN))
	for i := range 120 {
		d.tells(t, d.li.Account, "domain.real_name_verified", map[string]string{"Domain": fmt.Sprintf("name%03d.com", i), "Task": "tsk_1"})
		if i%40 == 0 {
			d.expands(t)
			c.Advance(time.Hour)
			if m := d.mails(t); len(m) != 0 {
				t.Errorf("mailed in the middle: %+v", m)
			}
		}
	}
	d.tells(t, d.li.Account, "association.finished", map[string]string{"Total": "121", "Succeeded": "120", "Failed": "1"})
	d.expands(t)
	c.Advance(time.Hour)
	if m := d.mails(t); len(m) != 1 || !strings.Contains(m[0].Text, "120 of 121 domains succeeded, 1 failed") {
		t.Errorf("mailed %+v", m)
	}
	d.tells(t, d.li.Account, "domain.naming_failed", map[string]string{"Domain": "name120.com", "Task": "tsk_1"})
	d.expands(t)
	if n := d.count(t, "message"); n != 2 {
		t.Errorf("%d internal messages, want that of the end and that of the failure", n)
	}
}

// An import of many names is one mail and one message, whatever it has found of each. What
// happens to one of them afterwards is told by itself.
func TestImportIsOneMail(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	d := newDesk(t, s, c)
	d.sets(t, d.joins(t, d.li.Account, "li@member.example"), setting(locale.EN))
	for i := range 120 {
		name := fmt.Sprintf("name%03d.com", i)
		d.tells(t, d.li.Account, "domain.real_name_verified", map[string]string{"Domain": name, "Import": "imb_1"})
		d.tells(t, d.li.Account, "domain.hold_placed", map[string]string{"Domain": name, "Cause": "external", "Import": "imb_1"})
	}
	d.expands(t)
	c.Advance(time.Hour)
	if m, n := d.mails(t), d.count(t, "message"); len(m) != 0 || n != 0 {
		t.Errorf("told in the middle: %d messages, %+v", n, m)
	}
	d.tells(t, d.li.Account, "import.finished", map[string]string{"Total": "120", "Awaiting": "1", "Held": "120", "Due": "2026-06-06"})
	d.expands(t)
	c.Advance(time.Minute)
	m := d.mails(t)
	if len(m) != 1 || d.count(t, "message") != 1 {
		t.Fatalf("%d messages, mailed %+v", d.count(t, "message"), m)
	}
	for _, want := range []string{"120 names have come into your account. 120 of them are suspended at the registry", "1 of them is not verified yet (the first is due by 2026-06-06). Associate it", "/domains?verification=not_completed", "A domain is suspended"} {
		if !strings.Contains(m[0].Text, want) {
			t.Errorf("the mail does not say %q:\n%s", want, m[0].Text)
		}
	}
	d.tells(t, d.li.Account, "domain.hold_placed", map[string]string{"Domain": "name001.com", "Cause": "abuse"})
	d.tells(t, d.li.Account, "import.finished", map[string]string{"Total": "1", "Domain": "fine.com"})
	d.expands(t)
	c.Advance(time.Hour)
	if m = d.mails(t); len(m) != 1 || d.count(t, "message") != 3 || !strings.Contains(m[0].Text, "name001.com was suspended by the registrar") || !strings.Contains(m[0].Text, "- fine.com has come into your account.") || strings.Contains(m[0].Text, "It is") {
		t.Errorf("later: %d messages, mailed %+v", d.count(t, "message"), m)
	}
}

func TestTopicsMayBeSwitchedOffButForWhatRulesAsk(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		d := newDesk(t, s, c)
		li := d.joins(t, d.li.Account, "li@member.example")
		first, err := d.Settings(t.Context(), li)
		if err != nil || first.Lang != "" || len(first.Off) != 0 {
			t.Errorf("as shipped: %+v, %v", first, err)
		}
		for code, c := range map[string]notify.SettingChange{
			"mail_topic_required": setting(locale.EN, notify.Domains, notify.Deadlines),
			"value_unknown":       setting("fr"),
		} {
			if _, err := d.ChangeSettings(t.Context(), li, c); fault.Code(err) != code {
				t.Errorf("%v, want %s", err, code)
			}
		}
		if _, err := d.ChangeSettings(t.Context(), li, setting(locale.EN, "gossip")); fault.Code(err) != "value_unknown" {
			t.Errorf("a topic that is none: %v", err)
		}
		key := actor.Actor{ID: "key_1", Account: li.Account, Roles: li.Roles}
		if _, err := d.Settings(t.Context(), key); fault.Code(err) != "mail_settings_none" {
			t.Errorf("of a key: %v", err)
		}
		elsewhere := actor.Actor{ID: li.ID, Account: d.chen.Account, Roles: li.Roles}
		if _, err := d.ChangeSettings(t.Context(), elsewhere, setting(locale.EN)); fault.Code(err) != "mail_settings_none" {
			t.Errorf("of another account: %v", err)
		}
		d.sets(t, li, setting(locale.EN, notify.Domains, notify.Orders, notify.Domains))
		if got, err := d.Settings(t.Context(), li); err != nil || !slices.Equal(got.Off, []notify.Topic{notify.Domains, notify.Orders}) {
			t.Errorf("set: %+v, %v", got, err)
		}
		d.tells(t, li.Account, "domain.registered", domainNamed("quiet.com"))
		d.tells(t, li.Account, "domain.held_by_registry", map[string]string{"Domain": "loud.com"})
		d.expands(t)
		// Switched off while it waits.
		d.tells(t, li.Account, "profile.verified", nil)
		d.expands(t)
		d.sets(t, li, setting(locale.EN, notify.Domains, notify.Profiles))
		c.Advance(time.Hour)
		m := d.mails(t)
		if len(m) != 1 || strings.Contains(m[0].Text, "quiet.com") || strings.Contains(m[0].Text, "profile") || !strings.Contains(m[0].Text, "loud.com") {
			t.Errorf("mailed %+v", m)
		}
	})
}

// Mail that comes back, or is complained of, stops what no rule asks for, until the member
// wants it again.
func TestMemberWhoseMailComesBackIsMailedOnlyWhatRulesAsk(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"hard", "complaint"} {
		s, c := storetest.SQLite(t)
		d := newDesk(t, s, c)
		li := d.joins(t, d.li.Account, "li@member.example")
		news := func(typ event.Type) []mailsink.Message {
			d.tells(t, li.Account, typ, domainNamed("example.com"))
			d.expands(t)
			c.Advance(time.Hour)
			return d.mails(t)
		}
		m := news("domain.registered")
		tag, _, _ := strings.Cut(strings.TrimPrefix(m[0].From, "bounces+"), "@")
		if got := d.takes(t, report(t, "delayed", tag)); got != "soft 0" || len(news("domain.registered")) != 1 {
			t.Errorf("%s: a delay has stopped mails", how)
		}
		if got := d.takes(t, report(t, how, tag)); got != how+" 0" {
			t.Errorf("%s: %s", how, got)
		}
		if len(news("domain.registered")) != 0 || len(news("domain.hold_placed")) != 1 {
			t.Errorf("%s: mailed what no rule asks for, or not what one does", how)
		}
		if got, err := d.Settings(t.Context(), li); err != nil || got.ReturnedAt.IsZero() {
			t.Errorf("%s: %+v, %v", how, got, err)
		}
		d.sets(t, li, notify.SettingChange{Resume: true})
		if len(news("domain.registered")) != 1 {
			t.Errorf("%s: not mailed again", how)
		}
	}
}

// Everything may be done twice after a crash; no mail is.
func TestNewsAreMailedOnceThroughCrashes(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		d := newDesk(t, s, c)
		d.joins(t, d.li.Account, "li@member.example")
		d.tells(t, d.li.Account, "domain.registered", domainNamed("example.com"))
		d.expands(t)
		d.exec(t, "UPDATE event SET state = 'new'") // the process died before it marked the event
		d.expands(t)
		c.Advance(time.Hour)
		// The mail server refuses for now; then the process dies while it hands the mail over.
		there := d.Addr
		d.Addr = "127.0.0.1:1"
		if m := d.mails(t); len(m) != 0 {
			t.Fatal("mailed to nobody")
		}
		if n := d.count(t, "mail WHERE state = 'waiting' AND tries = 1"); n != 1 {
			t.Fatalf("%d mails wait to be tried again", n)
		}
		d.Addr = there
		if m := d.mails(t); len(m) != 0 {
			t.Error("tried again without a pause")
		}
		c.Advance(time.Minute)
		if m := d.mails(t); len(m) != 1 {
			t.Fatalf("%d mails when the server was back", len(m))
		}
		c.Advance(24 * time.Hour)
		if m := d.mails(t); len(m) != 0 {
			t.Errorf("mailed again: %+v", m)
		}
		d.tells(t, d.li.Account, "domain.registered", domainNamed("second.com"))
		d.expands(t)
		c.Advance(time.Hour)
		if _, err := d.Collect(t.Context(), 10); err != nil {
			t.Fatal(err)
		}
		d.exec(t, "UPDATE mail SET state = 'sending', lease_until = 1 WHERE state = 'waiting'")
		if _, err := d.Sweep(t.Context(), 10); err != nil {
			t.Fatal(err)
		}
		if m := d.mails(t); len(m) != 0 || d.count(t, "mail WHERE state = 'in_doubt'") != 1 {
			t.Errorf("sent what was in doubt: %+v", m)
		}
	})
}

// TestEveryEventHasItsWords reads the catalogue: what a registrant may be told has words,
// and nothing in it needs what the event does not carry.
func TestEveryEventHasItsWords(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	p := newDesk(t, s, c)
	p.joins(t, p.li.Account, "li@member.example")
	silent := []event.Type{"profile.created", "profile.edited", "profile.default", "profile.deleted", "profile.data_reminder", "domain.created", "registry.paused", "registry.resumed", "webhook.test"}
	placeholder := regexp.MustCompile(`\{\{\.(\w+)\}\}`)
	for _, k := range event.Catalogue {
		id := "news." + string(k.Type)
		if slices.Contains(silent, k.Type) {
			continue
		}
		p.tells(t, p.li.Account, k.Type, nil)
		if !p.Texts.Has(id) || !p.Texts.Has(id+".head") {
			t.Errorf("%s has no words", k.Type)
		}
		for _, m := range placeholder.FindAllStringSubmatch(p.Texts.Source(locale.EN, id), -1) {
			named := m[1] == "Subject" || m[1] == "Profile" && k.Subject == "profile" // by its holder, or else its id
			if !named && !slices.Contains(k.Fields, m[1]) {
				t.Errorf("%s does not carry %s", k.Type, m[1])
			}
		}
	}
	p.expands(t)
	if n, want := p.count(t, "mail_news"), len(event.Catalogue)-len(silent); n != want {
		t.Errorf("%d types of news are mailed, want %d", n, want)
	}
}

// TestLateReviewIsToldInWords: what is late, by what people call it, and what to do, which only a
// profile leaves to its registrant.
func TestLateReviewIsToldInWords(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	p := newDesk(t, s, c)
	kinds := 0
	for _, id := range p.Texts.IDs() {
		kind, ok := strings.CutPrefix(id, "queue.kind_")
		if !ok {
			continue
		}
		kinds++
		late := notify.News{Type: "review.overdue", Subject: "rev_1", Data: map[string]string{"Kind": kind, "Title": "example.cn", "Expected": "2026-02-14"}}
		if notify.TextID(p.Texts, late.Type, late.Data) == "news.review.overdue" {
			t.Errorf("a late case of %s has no words", kind)
		}
		en, zh := notify.Sentence(p.Texts, locale.EN, late), notify.Sentence(p.Texts, locale.ZH, late)
		for _, told := range []string{en, zh} {
			if !strings.Contains(told, "example.cn") || !strings.Contains(told, "2026-02-14") || strings.Contains(told, "rev_1") {
				t.Errorf("%s: %s", kind, told)
			}
		}
		if withdraw := strings.Contains(en, "withdraw") && strings.Contains(zh, "撤回"); withdraw != (kind == "profile_version") {
			t.Errorf("%s: advice to withdraw: %v", kind, withdraw)
		}
	}
	if kinds != 5 {
		t.Errorf("%d kinds of cases are known", kinds)
	}
}

// annas is a profile of Anna Schmidt in li's account, and the profiles that it is among.
func (d *desk) annas(t *testing.T) (*profile.Profiles, profile.View) {
	t.Helper()
	v, err := vault.OpenData(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	p := policytest.Shipped()
	profiles := profile.New(d.store, v, p, document.New(d.store, v, p, jail.Here(document.Inside())), review.New(d.store, p), profile.Authorities{Default: review.Desk})
	d.SetNouns(d.emails, d.accounts, profiles)
	fields := map[string]*string{}
	for k, v := range map[string]string{"name_en": "Anna Schmidt", "country": "DE", "city_en": "Berlin", "address_en": "Musterstr. 1", "postal_code": "10115", "phone": "030 901820", "email": "anna@registrant.example"} {
		fields[k] = &v
	}
	made, err := profiles.Create(t.Context(), d.li, policy.Overseas, policy.Common, policy.Individual, profile.Draft{Fields: fields})
	if err != nil {
		t.Fatal(err)
	}
	return profiles, made
}

// The yearly reminder shows the registrant, not the members, the data as they stand.
func TestRegistrantIsShownTheRegistrationData(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	d := newDesk(t, s, c)
	d.joins(t, d.li.Account, "member@member.example")
	_, made := d.annas(t)
	d.tells(t, d.li.Account, "profile.data_reminder", map[string]string{"Address": "anna@registrant.example", "Version": made.Current.PublicID, "All": "12", "Domains": "one.com two.com"})
	m := d.mails(t)
	if len(m) != 1 || m[0].To != "anna@registrant.example" || m[0].Subject != "Please check the registration data of your domains / 请核对您域名的注册信息" {
		t.Fatalf("mailed %+v", m)
	}
	for _, want := range []string{"- one.com\n- two.com\n- + 10", "- Anna Schmidt", "- Musterstr. 1\n- Berlin 10115 DE\n- +4930901820\n- anna@registrant.example", "No domain is at risk because of this mail.", "WHOIS Data Reminder Policy", "本邮件无法关闭"} {
		if text := strings.ReplaceAll(m[0].Text, "\r\n", "\n"); !strings.Contains(text, want) {
			t.Errorf("it does not say %q:\n%s", want, text)
		}
	}
	c.Advance(time.Hour)
	if m := d.mails(t); len(m) != 0 {
		t.Errorf("the members were mailed it: %+v", m)
	}
}

// A mail calls a profile by its holder, as it says when the mail goes out; what is kept of the
// event names nobody, and somebody else's profile is not read.
func TestProfilesAreCalledByTheirHolders(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		d := newDesk(t, s, c)
		d.sets(t, d.joins(t, d.li.Account, "li@member.example"), setting(locale.EN))
		profiles, made := d.annas(t)
		happen(t, s, d.li.Account, "profile.withdrawn", made.Profile.PublicID)
		happen(t, s, d.li.Account, "profile.withdrawn", "prf_gone")
		d.expands(t)
		c.Advance(time.Hour)
		m := d.mails(t)
		if len(m) != 1 || !strings.Contains(m[0].Text, "The profile Anna Schmidt was withdrawn") || strings.Contains(m[0].Text, made.Profile.PublicID) || !strings.Contains(m[0].Text, "The profile prf_gone was withdrawn") {
			t.Errorf("mailed %+v", m)
		}
		for table, column := range map[string]string{"event": "data", "message": "data", "mail": "content"} {
			if n := d.count(t, table+" WHERE "+column+" LIKE '%Schmidt%'"); n != 0 {
				t.Errorf("%d rows of %s name the holder", n, table)
			}
		}
		all := []notify.News{{Type: "profile.withdrawn", Subject: made.Profile.PublicID}}
		if got, err := notify.Named(t.Context(), profiles, s.R, d.chen.Account, all); err != nil || got[0].Data["Profile"] != "" {
			t.Errorf("in another account it is %+v, %v", got, err)
		}
		if got, err := notify.Named(t.Context(), profiles, s.R, d.li.Account, all); err != nil || got[0].Data["Profile"] != "Anna Schmidt" || all[0].Data != nil {
			t.Errorf("it is %+v, %v", got, err)
		}
	})
}
