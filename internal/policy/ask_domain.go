package policy

import (
	"fmt"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"
)

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
