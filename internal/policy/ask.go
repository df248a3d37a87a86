package policy

import (
	"errors"
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
	Today         string // the day of the question, of creation, payment, submission; today when empty
	Format        string // of a picture
	Bytes         int64
	Reason        string
	Country       string
	Province      string
	// Of a review: the Answer of an Authority with its Reasons, the Findings of screening
	// and reading, the Flags of the case.
	Answer, Authority        string
	Findings, Flags, Reasons []string
}

// Fact is one thing that the policy says, and where it says so.
type Fact struct {
	// Value is a string, a bool, an int or a []string; nil for null.
	Value any        `json:"value"`
	At    []Position `json:"at,omitempty"`
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
//	decision, decision_rule                         what comes of a review, and by which rule
//
// The error says which part of the question cannot be understood.
func (p *Policies) Ask(q Question) (Facts, error) {
	f := Facts{}
	day, err := p.day(q)
	if err != nil {
		return nil, err
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
	if err := p.askDocument(f, q, day); err != nil {
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
	if q.Answer != "" {
		p.askDecision(f, q)
	}
	if q.Today != "" {
		p.askDay(f, day)
	}
	return f, nil
}

// day is the day of the question, the present one in China when it names none.
func (p *Policies) day(q Question) (time.Time, error) {
	if q.Today == "" {
		q.Today = time.Now().In(p.Calendar.Zone()).Format(time.DateOnly)
	}
	day, err := time.Parse(time.DateOnly, q.Today)
	if err != nil {
		return day, fmt.Errorf("policy: today: %q is no day such as 2026-03-02", q.Today)
	}
	return day, nil
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

func (p *Policies) askDocument(f Facts, q Question, day time.Time) error {
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
		f.add("accepted", day.Format(time.DateOnly) >= from, f.at("limits.documents.accepted_after_issue.duration")...)
	}
	if q.Number != "" {
		return p.askNumber(f, q, day)
	}
	return nil
}

func (p *Policies) askNumber(f Facts, q Question, day time.Time) error {
	kind, known := p.NumberKind(q.Document)
	if !known {
		return fmt.Errorf("policy: there is no document %q", q.Document)
	}
	n, err := identifier.ParseAt(kind, q.Number, day)
	var wrong *identifier.Error
	if !errors.As(err, &wrong) {
		f.add("number_finding", "")
		return nil
	}
	f.add("number_finding", wrong.Code)
	var from []Position
	for i, w := range p.Limits.Numbers.Warnings {
		if w.Code == wrong.Code {
			prefix := "limits.numbers.warnings." + strconv.Itoa(i)
			from = f.at(prefix+".code", prefix+".kinds", prefix+".reviewer_may_override")
		}
	}
	f.add("number_severity", p.NumberSeverity(n, wrong.Code), from...)
	return nil
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
