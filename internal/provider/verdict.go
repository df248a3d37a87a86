package provider

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/verinym/verinym/internal/review"
)

// Bounds of what a provider says.
const (
	maxReasons   = 20
	maxWords     = 2000
	maxReference = 200
)

// message is what a provider says about a case: the answer to a request, or the body of
// a callback.
type message struct {
	Case      string   `json:"case"`
	Verdict   string   `json:"verdict"`
	Reasons   []reason `json:"reasons"`
	More      *more    `json:"more"`
	Reference string   `json:"reference"`
}

type reason struct {
	Code   string `json:"code"`
	Words  string `json:"words"`
	Points string `json:"points_at"`
}

type more struct {
	Side     string `json:"side"`
	Document string `json:"document"`
	Words    string `json:"words"`
}

// asked is what the provider asks the registrant for, nothing where m is nil.
func (m *more) asked() review.More {
	if m == nil {
		return review.More{}
	}
	return review.More{Side: m.Side, Document: m.Document, Note: m.Words}
}

// The verdicts of a provider.
const (
	pending = "pending"
	approve = "approve"
	decline = "decline"
	askMore = "more"
)

// parse reads what a provider says. Members that are not known are let be: a provider
// may say more than we read.
func parse(b []byte) (m message, err error) {
	d := json.NewDecoder(bytes.NewReader(b))
	if err := d.Decode(&m); err != nil {
		return m, fmt.Errorf("not the JSON of a verdict: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return m, errors.New("more than one JSON value")
	}
	return m, m.check()
}

func (m message) check() error {
	long := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return len(w) > maxWords || !utf8.ValidString(w) || strings.ContainsRune(w, 0) })
	}
	if m.Verdict == askMore {
		if _, err := m.More.asked().Reasons(); err != nil {
			return errors.New("more of what? give a side, or documents on lines of their own, ten at most")
		}
	}
	switch {
	case m.Verdict == decline && len(m.Reasons) == 0:
		return errors.New("a decline without reasons")
	case !slices.Contains([]string{pending, approve, decline, askMore}, m.Verdict):
		return fmt.Errorf("the verdict %.40q is none of pending, approve, decline, more", m.Verdict)
	case len(m.Reasons) > maxReasons:
		return fmt.Errorf("more than %d reasons", maxReasons)
	case len(m.Reference) > maxReference, long(m.Reference, m.Case):
		return errors.New("a case or reference that is too long or no text")
	case m.More != nil && long(m.More.Side, m.More.Document, m.More.Words):
		return errors.New("words that are too long or no text")
	}
	for _, r := range m.Reasons {
		if long(r.Code, r.Words, r.Points) {
			return errors.New("words that are too long or no text")
		}
		if r.Code == "" && r.Words == "" {
			return errors.New("a reason without code and words")
		}
	}
	return nil
}

// answer puts what the provider says in our terms. What is still pending is asked for
// again later.
func (p *provider) answer(m message) review.Answer {
	switch m.Verdict {
	case approve:
		return review.Answer{Verdict: review.Pass}
	case decline:
		a := review.Answer{Verdict: review.Fail}
		for _, r := range m.Reasons {
			a.Said = append(a.Said, review.Said{Code: p.meant(r), Points: r.Points, Raw: cmp.Or(r.Words, r.Code)})
		}
		return a
	case askMore:
		return review.Answer{Verdict: review.AskMore, More: m.More.asked()}
	}
	return review.Answer{Wait: spread(p.PollEvery)}
}

// meant is the canonical code of a reason: its own where it is one, or what the
// provider's published codes and words stand for; "" where nobody knows.
func (p *provider) meant(r reason) string {
	if known, ok := p.Policies.Reason(r.Code); ok {
		return known.Code
	}
	for _, words := range []string{r.Code, r.Words} {
		if p.Phrases == "" || words == "" {
			continue
		}
		if found := p.Policies.Meant(p.Phrases, words); len(found) > 0 {
			return found[0].Code
		}
	}
	return ""
}
