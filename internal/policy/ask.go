package policy

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/verinym/verinym/identifier"
)

// Question is what somebody wants to know of the policy. What is left empty is
// not asked.
type Question struct {
	Accreditation Accreditation
	Domain        string // a name or, with a leading dot, a suffix; in A-label or in its own script
	Holder        HolderType
	Residence     string // ISO 3166
	ProfileKind   ProfileKind
	Document      string
	Paper         string
	Number        string // of Document
	IssuedOn      string // 2006-01-02
	Today         string // the day of the question; of creation, payment, submission
	Format        string // of a picture
	Bytes         int64
	Reason        string
	Country       string
	Province      string
}

// Fact is one thing that the policy says, and where it says so.
type Fact struct {
	// Value is a string, a bool, an int or a []string; nil for null.
	Value any
	At    []Position
}

// Facts are the answers to a question. Facts of a file have the name of their
// place in it (hold.create); what follows from several has a name of its own.
type Facts map[string]Fact

// Ask answers a question. Facts that stand in a file come as they stand there;
// these are worked out:
//
//	offered, may_hold, may_live                     who may hold a name
//	documents, accepted_documents                   what a holder has to show, and what of it the suffix accepts
//	hold_at, hold_after_change_at, hold_after_transfer_at   from when a name without verdicts is held
//	review_expected, review_certain                 the day of a verdict, in business days
//	answer_by, transfer_lock_until                  ICANN's dates
//	accepted_from, accepted                         whether a document is old enough
//	upload_finding, number_finding, number_severity codes, "" when nothing is wrong
//	business_day                                    of Today, in China
//
// The error says which part of the question cannot be understood.
func (p *Policies) Ask(q Question) (Facts, error) {
	f := Facts{}
	day, err := time.Parse(time.DateOnly, q.Today)
	if q.Today != "" && err != nil {
		return nil, fmt.Errorf("policy: today: %q is no day such as 2026-03-02", q.Today)
	}
	f.leaves(p.src, "limits.", p.roots["limits"])
	if q.Domain != "" {
		if err := p.askDomain(f, q, day); err != nil {
			return nil, err
		}
	}
	if q.Holder != "" && q.Residence != "" {
		p.askDocuments(f, q)
	}
	if q.ProfileKind != "" {
		p.askProfile(f, q, day)
	}
	if err := p.askDocument(f, q); err != nil {
		return nil, err
	}
	if err := p.askPlace(f, q); err != nil {
		return nil, err
	}
	if q.Reason != "" {
		r, known := p.Reason(q.Reason)
		if !known {
			return nil, fmt.Errorf("policy: there is no reason %q", q.Reason)
		}
		f.leaves(p.src, "", r.node)
	}
	if q.Today != "" {
		p.askDay(f, day)
	}
	return f, nil
}

// add sets a fact that follows from others; from are its places.
func (f Facts) add(name string, v any, from ...Position) {
	slices.SortFunc(from, Position.compare)
	from = slices.DeleteFunc(slices.Compact(from), Position.IsZero)
	f[name] = Fact{v, from}
}

// at are the places of facts that are there already.
func (f Facts) at(names ...string) (out []Position) {
	for _, n := range names {
		out = append(out, f[n].At...)
	}
	return out
}

// aside are the keys that hold no rules: where a fact comes from, words for
// people, and who runs a registry.
var aside = []string{
	"version", "as_of", "sources", "confidence", "note", "notes", "conflicts", "registry", "en", "zh", "zh_full", "en_name",
	"title", "text", "staff", "phrases", "params", "family", "found_by", "aliases",
}

// leaves adds every fact below a node, under its path. Elements of a list go by
// their name, if they have one, or by their number.
func (f Facts) leaves(s *sources, prefix string, n *yaml.Node) {
	for i := 0; n != nil && i+1 < len(n.Content); i += 2 {
		key, v := n.Content[i], n.Content[i+1]
		if slices.Contains(aside, key.Value) || key.Value == "name" && v.Kind == yaml.MappingNode {
			continue
		}
		name := prefix + key.Value
		switch {
		case v.Kind == yaml.MappingNode:
			f.leaves(s, name+".", v)
		case v.Kind == yaml.SequenceNode && len(v.Content) > 0 && v.Content[0].Kind == yaml.MappingNode:
			for i, c := range v.Content {
				f.leaves(s, name+"."+elementName(c, i)+".", c)
			}
		default:
			f.add(name, leaf(v), s.at(key))
		}
	}
}

func elementName(n *yaml.Node, i int) string {
	for _, key := range []string{"side", "id", "kind", "role", "from", "suffix"} {
		if v := value(n, key); v != nil {
			return v.Value
		}
	}
	return strconv.Itoa(i)
}

// leaf is the value of a scalar or of a list of scalars.
func leaf(n *yaml.Node) any {
	if n.Kind == yaml.SequenceNode {
		out := make([]string, len(n.Content))
		for i, c := range n.Content {
			out[i] = c.Value
		}
		return out
	}
	return plain(n)
}

func (p *Policies) askDomain(f Facts, q Question, day time.Time) error {
	if !q.Accreditation.Known() {
		return fmt.Errorf("policy: accreditation: %q is neither mainland nor overseas", q.Accreditation)
	}
	name, err := asciiName(q.Domain)
	if err != nil {
		return fmt.Errorf("policy: domain: %w", err)
	}
	s, known := p.suffixOf(name)
	if !known {
		f.add("offered", false)
		return nil
	}
	f.leaves(p.src, "", without(s.node, string(Mainland), string(Overseas)))
	f.add("matched", s.ALabel, p.labelAt(s))
	block, _ := field(s.node, string(q.Accreditation))
	r := s.rule(q.Accreditation)
	if r == nil {
		f.add("offered", false, p.src.at(firstKey(value(s.node, string(q.Accreditation)), "offered")), p.src.at(block))
		return nil
	}
	f.add("offered", true, p.src.at(block))
	f.leaves(p.src, "", r.node)
	p.askRegimes(f, value(s.node, string(q.Accreditation)))
	if k, v := field(value(s.node, string(q.Accreditation)), "qualification"); k != nil && v.Kind == yaml.ScalarNode {
		f.add("qualification", v.Value, p.src.at(k))
	}
	f.add("profile_kind", string(r.ProfileKind()), f.at("verification.profile_kind", "verification.duty")...)
	p.askHolds(f, *r, day)
	p.askICANN(f, *r, day)
	if q.Holder != "" && q.Residence != "" {
		list := "holders." + string(q.Holder)
		f.add("may_hold", r.MayHold(q.Holder, q.Residence), append(f.at(list, "holders.only"), p.groupsAt(f[list])...)...)
		f.add("may_live", r.MayLive(q.Holder, q.Residence), f.at("holders.individual_address_in")...)
	}
	return nil
}

// without is a mapping that leaves out some of its fields.
func without(n *yaml.Node, names ...string) *yaml.Node {
	out := *n
	out.Content = nil
	for i := 0; i+1 < len(n.Content); i += 2 {
		if !slices.Contains(names, n.Content[i].Value) {
			out.Content = append(out.Content, n.Content[i], n.Content[i+1])
		}
	}
	return &out
}

// askRegimes adds the chain of regimes that a block builds on.
func (p *Policies) askRegimes(f Facts, block *yaml.Node) {
	var names []string
	var from []Position
	for k, v := field(block, "regime"); k != nil; k, v = field(p.regimes[v.Value], "regime") {
		names = append(names, v.Value)
		from = append(from, p.src.at(k))
	}
	f.add("regimes", names, from...)
}

// labelAt is where a label stands: the entry's own, among those it covers, or
// among its variants.
func (p *Policies) labelAt(s Suffix) Position {
	for _, key := range []string{"covers", "variants"} {
		if k, v := field(s.node, key); k != nil {
			for _, n := range items(v) {
				if n.Value == s.ALabel {
					return p.src.at(k)
				}
				if l := value(n, "a_label"); l != nil && l.Value == s.ALabel {
					k, _ := field(n, "a_label")
					return p.src.at(k)
				}
			}
		}
	}
	k, _ := field(s.node, "a_label")
	return p.src.at(k)
}

func firstKey(n *yaml.Node, name string) *yaml.Node {
	k, _ := field(n, name)
	return k
}

// groupsAt are the places of the groups that a list of residences names.
func (p *Policies) groupsAt(list Fact) (out []Position) {
	names, _ := list.Value.([]string)
	for _, name := range names {
		if n := p.groups[name]; n != nil {
			out = append(out, p.src.at(n))
		}
	}
	return out
}

func (p *Policies) askHolds(f Facts, r Rule, day time.Time) {
	for _, h := range []struct {
		fact, from string
		hold       Hold
	}{
		{"hold_at", "hold.create", r.Hold.Create},
		{"hold_after_change_at", "hold.after_holder_change", r.Hold.AfterHolderChange},
		{"hold_after_transfer_at", "hold.transfer_in", r.Hold.TransferIn},
	} {
		v := "never"
		if at, held := h.hold.Until(day); held {
			v = at.Format(time.DateOnly)
		}
		f.add(h.fact, v, f.at(h.from, "hold.clock_starts")...)
	}
}

func (p *Policies) askICANN(f Facts, r Rule, day time.Time) {
	if !r.Email.ICANN {
		return
	}
	today := day.Format(time.DateOnly)
	for _, n := range items(value(p.ICANN.node, "answer")) {
		if a, ok := p.ICANN.Answer(today); ok && value(n, "from").Value == a.From {
			f.leaves(p.src, "icann.answer.", n)
			f.add("answer_by", day.Add(time.Duration(a.Within)).Format(time.DateOnly), f.at("icann.answer.within", "email_rule.icann_15_days")...)
		}
	}
	for _, n := range items(value(p.ICANN.node, "change_of_registrant")) {
		if c, ok := p.ICANN.Change(today); ok && value(n, "from").Value == c.From {
			f.leaves(p.src, "icann.change.", n)
			f.add("transfer_lock_until", day.Add(time.Duration(c.TransferLock)).Format(time.DateOnly), f.at("icann.change.transfer_lock")...)
		}
	}
}

func (p *Policies) askDocuments(f Facts, q Question) {
	var codes []string
	var from []Position
	for _, d := range p.DocumentsFor(q.Holder, q.Residence) {
		codes = append(codes, d.Code)
		for _, key := range []string{"holder", "residence", "not_in", "rank"} {
			from = append(from, p.src.at(firstKey(d.node, key)))
		}
	}
	f.add("documents", codes, from...)
	p.askAccepted(f, q)
}

// askAccepted narrows the documents to those that the suffix accepts.
func (p *Policies) askAccepted(f Facts, q Question) {
	name, err := asciiName(q.Domain)
	if err != nil || q.Domain == "" {
		return
	}
	r, err := p.Rule(q.Accreditation, name)
	if err != nil {
		return
	}
	accepted := []string{}
	for _, d := range p.DocumentsFor(q.Holder, q.Residence) {
		if r.Accepts(d) {
			accepted = append(accepted, d.Code)
		}
	}
	f.add("accepted_documents", accepted, f.at("documents", "holders."+string(q.Holder))...)
}

func (p *Policies) askProfile(f Facts, q Question, day time.Time) {
	kind := string(q.ProfileKind)
	f.leaves(p.src, "profile.", value(p.roots["limits"], "kinds", kind, string(q.Accreditation)))
	if q.Format != "" {
		upload := "limits.uploads." + kind
		f.add("upload_finding", p.Limits.Uploads[q.ProfileKind].Check(q.Format, q.Bytes), f.at(upload+".formats", upload+".min_bytes", upload+".max_bytes")...)
	}
	if q.Today != "" {
		usual := p.Limits.Review[q.ProfileKind].Usual
		e := p.Calendar.After(day.In(p.Calendar.Zone()), usual)
		f.add("review_expected", e.Day, append(f.at("limits.review."+kind+".usual"), p.holidaysBetween(q.Today, e.Day)...)...)
		f.add("review_certain", e.Certain)
	}
}

func (p *Policies) askDocument(f Facts, q Question) error {
	d, document := p.Document(q.Document)
	paper, isPaper := p.Paper(q.Paper)
	switch {
	case q.Document != "" && !document:
		return fmt.Errorf("policy: there is no document %q", q.Document)
	case q.Paper != "" && !isPaper:
		return fmt.Errorf("policy: there is no supporting paper %q", q.Paper)
	}
	f.leaves(p.src, "", d.node)
	f.leaves(p.src, "", paper.node)
	if from, ok := p.Limits.AcceptedFrom(q.IssuedOn); ok {
		f.add("accepted_from", from, f.at("limits.documents.accepted_after_issue.duration")...)
		f.add("accepted", q.Today >= from, f.at("limits.documents.accepted_after_issue.duration")...)
	}
	if q.Number != "" {
		p.askNumber(f, q)
	}
	return nil
}

func (p *Policies) askNumber(f Facts, q Question) {
	day, err := time.Parse(time.DateOnly, q.Today)
	if err != nil {
		day = time.Now()
	}
	code := ""
	if _, err := identifier.ParseAt(identifier.Kind(q.Document), q.Number, day); err != nil {
		code = err.(*identifier.Error).Code //nolint:errorlint // documented: always a *Error
	}
	f.add("number_finding", code)
	if code == "" {
		return
	}
	var from []Position
	for i, w := range p.Limits.Numbers.Warnings {
		if w.Code == code && slices.Contains(w.Kinds, q.Document) {
			prefix := "limits.numbers.warnings." + strconv.Itoa(i)
			from = f.at(prefix+".code", prefix+".kinds", prefix+".reviewer_may_override")
		}
	}
	f.add("number_severity", p.Limits.NumberSeverity(q.Document, code), from...)
}

func (p *Policies) askPlace(f Facts, q Question) error {
	for _, place := range []struct{ list, key, want string }{{"countries", "iso", q.Country}, {"divisions", "zh", q.Province}} {
		if place.want == "" {
			continue
		}
		found := false
		for _, n := range items(value(p.roots["places"], place.list)) {
			if value(n, place.key).Value == place.want {
				found = true
				f.leaves(p.src, "", n)
				if en := value(n, "en"); place.list == "divisions" {
					f.add("english", en.Value, p.src.at(firstKey(n, "en")))
				}
			}
		}
		if !found {
			return fmt.Errorf("policy: there is no place %q", place.want)
		}
	}
	return nil
}

func (p *Policies) askDay(f Facts, day time.Time) {
	noon := time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, p.Calendar.Zone())
	business, known := p.Calendar.BusinessDay(noon)
	today := day.Format(time.DateOnly)
	f.add("business_day", business, p.holidaysBetween(today, today)...)
	f.add("calendar_known", known)
}

// holidaysBetween are the places of the holidays and make-up days that touch the
// days from and to.
func (p *Policies) holidaysBetween(from, to string) (out []Position) {
	for _, root := range p.holidays {
		for _, h := range items(value(root, "holidays")) {
			if value(h, "from").Value <= to && value(h, "to").Value >= from {
				out = append(out, p.src.at(firstKey(h, "from")), p.src.at(firstKey(h, "to")))
			}
		}
		for _, m := range items(value(root, "make_up_days")) {
			if d := value(m, "date").Value; d >= from && d <= to {
				out = append(out, p.src.at(firstKey(m, "date")))
			}
		}
	}
	return out
}
