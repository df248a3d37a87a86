package policy

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/verinym/verinym/internal/locale"
)

// Paragraph is one topic of an explanation: sentences in both languages, and
// where the rules behind them stand.
type Paragraph struct {
	Topic string     `json:"topic"`
	Title Words      `json:"title"`
	Text  []Words    `json:"text"`
	At    []Position `json:"at"`
}

// Places names where the rules stand, lines of one file together:
// suffixes.yaml:102,108 limits.yaml:16.
func (p Paragraph) Places() string {
	var b strings.Builder
	last := Position{}
	for _, at := range p.At {
		switch {
		case at.File == last.File && at.Line == last.Line:
			continue
		case at.File == last.File:
			b.WriteString("," + strconv.Itoa(at.Line))
		default:
			b.WriteString(" " + at.String())
		}
		last = at
	}
	return strings.TrimSpace(b.String())
}

// Explain says in plain words what a suffix demands: who may hold a name, with
// which documents, who reviews what and for how long, when it is held and when
// released. Holder and residence may be left out. The error is that of Ask.
func (p *Policies) Explain(texts *locale.Texts, q Question) ([]Paragraph, error) {
	f, err := p.Ask(q)
	if err != nil {
		return nil, err
	}
	name, err := asciiName(q.Domain)
	if err != nil {
		return nil, err
	}
	day, err := p.day(q)
	if err != nil {
		return nil, err
	}
	e := explanation{policies: p, texts: texts, facts: f, q: q, day: day.Format(time.DateOnly)}
	r, err := p.Rule(q.Accreditation, name)
	if err != nil {
		if _, known := p.suffixOf(name); !known {
			return nil, err
		}
		e.topic("offered", "offered")
		e.say("not_offered", nil)
		return e.out, nil
	}
	e.rule = r
	e.q.ProfileKind = r.ProfileKind()
	if e.facts, err = p.Ask(e.q); err != nil {
		return nil, err
	}
	for _, part := range []func(){
		e.holders, e.profile, e.documents, e.pictures, e.qualification, e.email, e.review, e.decision, e.naming, e.holder, e.hold, e.change, e.transfer,
		e.registry, e.icp, e.assumed,
	} {
		part()
	}
	return e.out, nil
}

// explanation grows paragraph by paragraph.
type explanation struct {
	policies *Policies
	texts    *locale.Texts
	facts    Facts
	q        Question
	rule     Rule
	day      string
	out      []Paragraph
}

// topic begins a paragraph that rests on facts.
func (e *explanation) topic(name string, facts ...string) {
	at := e.facts.at(facts...)
	slices.SortFunc(at, Position.compare)
	e.out = append(e.out, Paragraph{Topic: name, Title: e.both("topic."+name, nil), At: slices.Compact(at)})
}

// say adds a sentence to the paragraph. Parameters are already words.
func (e *explanation) say(id string, params map[string]Words) {
	last := &e.out[len(e.out)-1]
	last.Text = append(last.Text, e.words(id, params))
}

func (e *explanation) words(id string, params map[string]Words) Words {
	return e.both("explain."+id, params)
}

func (e *explanation) both(id string, params map[string]Words) Words {
	en, zh := map[string]string{}, map[string]string{}
	for k, w := range params {
		en[k], zh[k] = w.EN, w.ZH
	}
	return Words{e.texts.Text(locale.EN, id, en), e.texts.Text(locale.ZH, id, zh)}
}

func (e *explanation) holders() {
	e.topic("holders", "holders.individual", "holders.organization", "holders.only", "holders.refer_others_to", "holders.individual_address_in")
	h := e.rule.Holders
	if e.q.Holder != "" && e.q.Residence != "" {
		id := "may_not_hold"
		if e.rule.MayHold(e.q.Holder, e.q.Residence) {
			id = "may_hold"
		}
		e.say(id, map[string]Words{"Who": e.words("an_"+string(e.q.Holder), map[string]Words{"Place": e.place(e.q.Residence)})})
	}
	e.say("holders", map[string]Words{"Individual": e.places(h.Individual), "Organization": e.places(h.Organization)})
	if h.Only != "" {
		e.say("only_government", nil)
	}
	if to, _ := e.facts["holders.refer_others_to"].Value.(string); to != "" {
		e.say("refer", map[string]Words{"Accreditation": e.words(to, nil)})
	}
	if len(h.AddressIn) > 0 {
		e.say("address", map[string]Words{"Places": e.places(h.AddressIn)})
	}
}

func (e *explanation) profile() {
	e.topic("profile", "profile_kind", "profile.languages", "profile.verified")
	kind := e.policies.Limits.Kinds[e.q.ProfileKind][e.q.Accreditation]
	id := "profile_unverified"
	if kind.Verified {
		id = "profile_verified"
	}
	var languages []Words
	for _, l := range kind.Languages {
		languages = append(languages, e.words(l, nil))
	}
	e.say(id, map[string]Words{"ProfileKind": e.words(string(e.q.ProfileKind), nil), "Languages": joined(languages)})
}

func (e *explanation) documents() {
	e.topic("documents", "accepted_documents", "limits.documents.accepted_after_issue.duration")
	switch codes, _ := e.facts["accepted_documents"].Value.([]string); {
	case !e.policies.Limits.Kinds[e.q.ProfileKind][e.q.Accreditation].Verified:
		e.say("document_none", nil)
		return
	case e.q.Holder == "" || e.q.Residence == "":
		e.say("document_who", nil)
	case !e.rule.MayHold(e.q.Holder, e.q.Residence):
		e.dropIfEmpty()
		return
	default:
		for i, code := range codes {
			e.document(code, i == 0)
		}
	}
	e.say("document_age", map[string]Words{"Days": e.duration(time.Duration(e.policies.Limits.Documents.AcceptedAfterIssue.Duration))})
}

func (e *explanation) document(code string, first bool) {
	d, _ := e.policies.Document(code)
	var sides []Words
	for _, s := range d.Sides {
		if s.Need == "required" {
			sides = append(sides, Words{s.EN, s.ZH})
		}
	}
	id := "document"
	if first {
		id = "document_first"
	}
	e.say(id, map[string]Words{"Document": d.Name, "Sides": joined(sides)})
}

func (e *explanation) pictures() {
	if !e.policies.Limits.Kinds[e.q.ProfileKind][e.q.Accreditation].Verified {
		return
	}
	upload := "limits.uploads." + string(e.q.ProfileKind)
	e.topic("pictures", upload+".formats", upload+".min_bytes", upload+".max_bytes", upload+".registry_copy.format", upload+".registry_copy.max_bytes")
	u := e.policies.Limits.Uploads[e.q.ProfileKind]
	e.say("pictures", map[string]Words{"Formats": plainWords(strings.Join(u.Formats, ", ")), "Sizes": e.sizes(u.MinBytes, u.MaxBytes)})
	if c := u.RegistryCopy; c != nil {
		e.say("pictures_copy", map[string]Words{"Format": plainWords(c.Format), "Min": bytesWords(c.MinBytes), "Max": bytesWords(c.MaxBytes)})
	}
}

func (e *explanation) qualification() {
	q := e.rule.Qualification
	if q == nil {
		return
	}
	e.topic("qualification", "qualification", "qualification.who")
	e.out[len(e.out)-1].At = append(e.out[len(e.out)-1].At, e.policies.src.at(q.node))
	var all []Words
	for _, d := range q.Documents {
		all = append(all, e.paper(d.Kind, d.Must, d.When))
	}
	if len(all) > 0 {
		e.say("all_of", map[string]Words{"Papers": joined(all)})
	}
	var sets []Words
	for _, set := range q.AnyOf {
		var papers []Words
		for _, code := range set.Documents {
			papers = append(papers, e.paper(code, Words{}, Words{}))
		}
		one := papers[0]
		for _, next := range papers[1:] {
			one = Words{one.EN + " with " + next.EN, one.ZH + "和" + next.ZH}
		}
		if set.Role != "" {
			one = e.words("papers_of_role", map[string]Words{"Role": e.both("role."+set.Role, nil), "Papers": one})
		}
		sets = append(sets, one)
	}
	if len(sets) > 0 {
		e.say("one_of", map[string]Words{"Papers": {joinedBy(sets, "; ").EN, joinedBy(sets, "；").ZH}})
	}
	var patterns []Words
	for _, l := range q.LabelPatterns {
		patterns = append(patterns, Words{l.ID + " " + l.EN, l.ID + " " + l.ZH})
	}
	if len(patterns) > 0 {
		e.say("patterns", map[string]Words{"Patterns": joined(patterns)})
	}
	if q.HolderEquals != "" {
		e.say("trademark_holder", nil)
	}
	if q.RegistryCallsBack {
		e.say("calls_back", nil)
	}
	if !q.Takes.empty() {
		e.say("qualification_takes", map[string]Words{"Time": e.days(q.Takes)})
	}
	if q.OnFailure != "" {
		e.say("qualification_fails", map[string]Words{"Outcome": e.words("outcome_"+q.OnFailure, nil)})
	}
	for _, grace := range []struct {
		after Duration
		event string
	}{{q.Grace.AfterHolderChange, "event_change"}, {q.Grace.TransferIn, "event_transfer"}} {
		if grace.after > 0 {
			e.say("qualification_grace", map[string]Words{"Time": e.duration(time.Duration(grace.after)), "Event": e.words(grace.event, nil)})
		}
	}
	if q.Reminder > 0 {
		e.say("qualification_reminder", map[string]Words{"Time": e.duration(time.Duration(q.Reminder))})
	}
}

// paper names a document or supporting paper, what it must show and when it is
// asked for.
func (e *explanation) paper(code string, must, when Words) Words {
	name := Words{}
	if d, ok := e.policies.Document(code); ok {
		name = d.Name
	}
	if d, ok := e.policies.Paper(code); ok {
		name = d.Name
	}
	for _, more := range []Words{must, when} {
		if more.EN != "" {
			name = Words{name.EN + " (" + more.EN + ")", name.ZH + "（" + more.ZH + "）"}
		}
	}
	return name
}

func (e *explanation) email() {
	e.topic("email", "limits.email.verified_before.steps", "limits.email.link_valid.duration", "email_rule.icann_15_days", "icann.answer.within")
	e.say("email_before", map[string]Words{"Time": e.duration(e.policies.Limits.LinkValid())})
	if a, ok := e.policies.ICANN.Answer(e.day); ok && e.rule.Email.ICANN {
		e.say("email_icann", map[string]Words{"Time": e.duration(time.Duration(a.Within))})
	}
}

func (e *explanation) review() {
	if !e.policies.Limits.Kinds[e.q.ProfileKind][e.q.Accreditation].Verified {
		return
	}
	prefix := "limits.review." + string(e.q.ProfileKind)
	e.topic("review", prefix+".usual", prefix+".at_most")
	r := e.policies.Limits.Review[e.q.ProfileKind]
	e.say("review", map[string]Words{"Usual": e.count("business_day", r.Usual, r.Usual), "Most": e.count("business_day", r.AtMost, r.AtMost)})
}

func (e *explanation) naming() {
	e.topic("naming", "naming", "naming.review", "naming.takes.days", "naming.on_failure")
	n := e.rule.Naming
	if n == nil {
		e.say("naming_none", nil)
		return
	}
	e.say(map[string]string{"vsp_before_create": "naming_vsp", "registry_after_create": "naming_registry"}[n.Review], nil)
	if !n.Takes.empty() {
		e.say("takes", map[string]Words{"Time": e.days(n.Takes)})
	}
	if n.OnFailure != "" {
		e.say("fails", map[string]Words{"Outcome": e.words("outcome_"+n.OnFailure, nil)})
	}
}

func (e *explanation) holder() {
	e.topic("holder", "verification.duty", "verification.by", "verification.takes.business_days")
	v := e.rule.Verification
	e.say("duty_"+v.Duty, nil)
	if v.By != "" {
		e.say("by_"+v.By, nil)
	}
	if !v.Takes.empty() {
		e.say("takes", map[string]Words{"Time": e.days(v.Takes)})
	}
}

func (e *explanation) hold() {
	e.topic("hold", "hold.create", "hold.clock_starts", "hold.rule")
	switch h := e.rule.Hold; {
	case h.Create.AtOnce:
		e.say("hold_at_once", nil)
	case h.Create.After == 0:
		e.say("hold_never", nil)
		return
	default:
		event := "event_create"
		if h.ClockStarts == "payment" {
			event = "event_payment"
		}
		e.say("hold_after", map[string]Words{"Time": e.duration(h.Create.After), "Event": e.words(event, nil)})
		if e.facts["hold.rule"].Value == "missing_due" {
			e.say("hold_registry_date", nil)
		}
		date, _ := e.facts["hold_at"].Value.(string)
		e.say("hold_on", map[string]Words{"Today": plainWords(e.day), "Date": plainWords(date)})
	}
	if takes := e.rule.Hold.ReleaseTakes; !takes.empty() {
		e.topic("release", "hold.release_takes.business_days")
		e.say("release", map[string]Words{"Time": e.days(takes)})
	}
}

func (e *explanation) change() {
	e.topic("change", "hold.after_holder_change", "holder_change.channel", "holder_change.new_holder", "holder_change.review_takes.business_days", "icann.change.transfer_lock", "transfer_lock.on_request")
	c := e.rule.HolderChange
	if c.Channel != "" {
		e.say("change_"+c.Channel, nil)
	}
	if e.facts["holder_change.new_holder"].Value != nil {
		e.say("change_verified", nil)
	}
	if !c.ReviewTakes.empty() {
		e.say("change_review", map[string]Words{"Time": e.days(c.ReviewTakes)})
	}
	switch h := e.rule.Hold.AfterHolderChange; {
	case h.AtOnce:
		e.say("change_at_once", nil)
	case h.After > 0:
		e.say("hold_after", map[string]Words{"Time": e.duration(h.After), "Event": e.words("event_change", nil)})
	}
	if rule, ok := e.policies.ICANN.Change(e.day); ok && e.rule.Email.ICANN {
		e.say("change_lock", map[string]Words{"Time": e.duration(time.Duration(rule.TransferLock))})
	} else if lock := time.Duration(e.rule.TransferLock.OnRequest); lock > 0 {
		e.say("change_lock_on_request", map[string]Words{"Time": e.duration(lock)})
	}
	e.dropIfEmpty()
}

func (e *explanation) transfer() {
	e.topic("transfer", "hold.transfer_in", "transfer_lock.after_registration", "transfer_lock.after_transfer")
	if e.facts["hold.transfer_in"].Value == "verified_profile_first" {
		e.say("transfer_profile_first", nil)
	}
	if after := e.rule.Hold.TransferIn.After; after > 0 {
		e.say("hold_after", map[string]Words{"Time": e.duration(after), "Event": e.words("event_transfer", nil)})
	}
	if lock := time.Duration(e.rule.TransferLock.AfterRegistration); lock > 0 {
		e.say("lock_after", map[string]Words{"Time": e.duration(lock), "Event": e.words("event_create", nil)})
	}
	if lock := time.Duration(e.rule.TransferLock.AfterTransfer); lock > 0 {
		e.say("lock_after", map[string]Words{"Time": e.duration(lock), "Event": e.words("event_transfer", nil)})
	}
	e.dropIfEmpty()
}

// dropIfEmpty takes a paragraph back that found nothing to say.
func (e *explanation) dropIfEmpty() {
	if last := len(e.out) - 1; len(e.out[last].Text) == 0 {
		e.out = e.out[:last]
	}
}

func (e *explanation) registry() {
	e.topic("registry", "driver.kind", "driver.contacts")
	s := e.policies.suffixes[e.rule.Suffix]
	e.say("registry", map[string]Words{
		"Operator": plainWords(s.Registry.Operator), "Driver": plainWords(e.rule.Driver.Kind), "Contacts": e.words("contacts_"+e.rule.Driver.Contacts, nil),
	})
}

func (e *explanation) icp() {
	e.topic("icp", "icp.eligible")
	id := "icp_not_eligible"
	if e.rule.ICP.Eligible {
		id = "icp_eligible"
	}
	e.say(id, nil)
}

// assumed lists the facts of the rule that no source is named for.
func (e *explanation) assumed() {
	var facts []string
	var at []Position
	for _, section := range keys(e.rule.node) {
		n := value(e.rule.node, section)
		confidence := value(n, "confidence")
		for _, fact := range keys(n) {
			grade := confidence
			if confidence != nil && confidence.Kind == yaml.MappingNode {
				grade = value(confidence, fact)
			}
			if grade != nil && grade.Value == "assumed" && !slices.Contains(aside, fact) {
				facts = append(facts, section+"."+fact)
				at = append(at, e.policies.src.at(firstKey(n, fact)))
			}
		}
	}
	if len(facts) > 0 {
		e.topic("assumed")
		e.out[len(e.out)-1].At = at
		e.say("assumed", map[string]Words{"Facts": plainWords(strings.Join(facts, ", "))})
	}
}
