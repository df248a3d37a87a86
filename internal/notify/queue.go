package notify

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/store"
)

// mailsAtOnce is how many mails one look sends.
const mailsAtOnce = 50

// Content is what a mail is made of when it goes out.
type Content struct {
	// News are what has happened, All how much of each type.
	News []News             `json:"news,omitempty"`
	All  map[event.Type]int `json:"all,omitempty"`
	// Version is whose registration data are shown, "" in news.
	Version string `json:"version,omitempty"`
}

// News is one thing that has happened.
type News struct {
	Type    event.Type        `json:"type"`
	Subject string            `json:"subject"`
	Data    map[string]string `json:"data"`
}

// SendDue sends the mails that wait, and returns how many were tried. A mail that a
// server refuses waits for longer each time; links among them are asked for again.
func (p *Post) SendDue(ctx context.Context) (tried int, err error) {
	if tried, err = p.askForLinks(ctx, mailsAtOnce); err != nil {
		return tried, wrap("send", err)
	}
	for tried < mailsAtOnce && ctx.Err() == nil {
		m, ok, err := p.next(ctx)
		if err != nil || !ok {
			return tried, wrap("send", err)
		}
		tried++
		l, err := p.compose(ctx, m)
		if err != nil {
			return tried, wrap("send", err)
		}
		if err := p.handOver(ctx, &m, l); err != nil {
			p.log.Warn("mail was not sent", "mail", m.PublicID, "state", m.State, "error", err)
		}
	}
	return tried, nil
}

// next takes the mail that has waited longest. Links are sent by those who made them.
func (p *Post) next(ctx context.Context) (m Mail, ok bool, err error) {
	err = p.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := tx.NewSelect().Model(&m).Where("state = 'waiting'").Where("kind NOT IN (?)", bun.List(secret)).Where("next_at <= ?", store.At(tx.Now())).OrderExpr("next_at, id").Limit(1)
		if p.store.Engine() == "postgres" { // SQLite has one writer
			q = q.For("UPDATE SKIP LOCKED")
		}
		err := q.Scan(ctx)
		if store.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		ok, err = p.begin(ctx, tx, &m)
		return err
	})
	return m, ok, err
}

// compose makes the letter of a mail that waited.
func (p *Post) compose(ctx context.Context, m Mail) (letter, error) {
	switch m.Kind {
	case KindReminder:
		return p.reminder(ctx, m)
	case KindHolderChanged:
		return p.mailer.holderChanged(m), nil
	case KindPasswordChanged:
		return p.mailer.passwordChanged(m), nil
	case KindTest:
		return p.mailer.test(m), nil
	}
	var err error
	m.Content.News, err = Named(ctx, p.profiles, p.store.R, m.AccountID, m.Content.News)
	return p.mailer.news(m), err
}

// news is a mail that tells a member what has happened.
func (m *Mailer) news(of Mail) letter {
	l := letter{tag: of.PublicID, to: of.Address}
	var subjects []string
	for _, lang := range langsOf(of) {
		subject, p := m.newsIn(lang, of.Content)
		subjects, l.parts = append(subjects, subject), append(l.parts, p)
	}
	l.subject = strings.Join(subjects, " / ")
	return l
}

// newsIn says what has happened in one language: the gravest first, then what is at risk,
// and which rule or choice the mail rests on.
func (m *Mailer) newsIn(lang locale.Lang, c Content) (subject string, out part) {
	worst, chosen, required := allWell, []string(nil), []string(nil)
	var paragraphs []string
	types := c.types()
	for _, t := range types {
		subject = m.Texts.Text(lang, "news."+string(t)+".head", nil)
		paragraphs = append(paragraphs, "# "+subject, m.lines(lang, c, t))
		if path := c.path(t); path != "" {
			paragraphs = append(paragraphs, m.PublicURL+path)
		}
		matter := c.matter(t)
		worst = worse(worst, matter.grave)
		of := &chosen
		if matter.topic.Required() {
			of = &required
		}
		if name := m.Texts.Text(lang, "topic."+string(matter.topic), nil); !slices.Contains(*of, name) {
			*of = append(*of, name)
		}
	}
	switch n := c.sum(); {
	case len(types) > 1:
		subject = m.Texts.Text(lang, "mail.news.many", map[string]string{"All": strconv.Itoa(n)})
	case n > 1:
		subject += " (" + strconv.Itoa(n) + ")"
	case c.News[0].Data["Domain"] != "":
		subject += ": " + c.News[0].Data["Domain"]
	}
	paragraphs = append(paragraphs, "! "+m.Texts.Text(lang, "mail.risk."+string(worst), nil), m.Texts.Text(lang, "mail.news.read", nil)+"\n"+m.PublicURL)
	paragraphs = append(paragraphs, m.why(lang, "mail.why.required", required)...)
	paragraphs = append(paragraphs, m.why(lang, "mail.why.on", chosen)...)
	return subject, part{lang: lang, text: strings.Join(paragraphs, "\n\n"), button: m.Texts.Text(lang, "mail.news.button", nil), tone: string(worst)}
}

// why is the small print that says why a mail came.
func (m *Mailer) why(lang locale.Lang, id string, topics []string) []string {
	if len(topics) == 0 {
		return nil
	}
	between := map[locale.Lang]string{locale.EN: ", ", locale.ZH: "、"}[lang]
	return []string{"~ " + m.Texts.Text(lang, id, map[string]string{"Topics": strings.Join(topics, between)})}
}

// lines tells of the news of one type, and how many more there are.
func (m *Mailer) lines(lang locale.Lang, c Content, t event.Type) string {
	var out []string
	for _, n := range c.News {
		if n.Type == t {
			out = append(out, "- "+Sentence(m.Texts, lang, n))
		}
	}
	if more := c.All[t] - len(out); more > 0 {
		out = append(out, "- "+m.Texts.Text(lang, "mail.news.more", map[string]string{"All": strconv.Itoa(more)}))
	}
	return strings.Join(out, "\n")
}

// Sentence says what has happened, and what to do, in a language.
func Sentence(texts *locale.Texts, lang locale.Lang, n News) string {
	params := map[string]string{"Subject": n.Subject, "Profile": n.Subject, "Added": "–", "Removed": "–"}
	for k, v := range n.Data {
		if v != "" {
			params[k] = v
		}
	}
	if code := n.Data["Reason"]; texts.Has(code) {
		params["Reason"] = ended(texts.Text(lang, code, n.Data), lang)
	}
	return strings.Join(strings.Fields(texts.Text(lang, TextID(texts, n.Type, n.Data), params)), " ")
}

// TextID is the text that tells of an event: that of its type, or of its type and kind where
// what is to be done depends on the kind.
func TextID(texts *locale.Texts, t event.Type, data map[string]string) string {
	id := "news." + string(t)
	if kind := id + "." + data["Kind"]; texts.Has(kind) {
		return kind
	}
	return id
}

// ListPath leads to the names in the console that an event of an import counts, those first
// that something has to be done about; "" for any other event.
func ListPath(t event.Type, data map[string]string) string {
	switch {
	case t != "import.finished":
		return ""
	case data["Awaiting"] != "":
		return "/domains?verification=not_completed"
	case data["Held"] != "":
		return "/domains?held=true"
	}
	return "/domains"
}

// ended puts a full stop behind a text that has no end: the title of a reason, which stands
// for its text where that needs to know more.
func ended(text string, lang locale.Lang) string {
	switch {
	case strings.HasSuffix(text, ".") || strings.HasSuffix(text, "。"):
		return text
	case lang == locale.ZH:
		return text + "。"
	}
	return text + "."
}

// types are those of the news, the gravest first, then as they happened.
func (c Content) types() (out []event.Type) {
	for _, n := range c.News {
		if !slices.Contains(out, n.Type) {
			out = append(out, n.Type)
		}
	}
	slices.SortStableFunc(out, func(a, b event.Type) int {
		return slices.Index(gravities, c.matter(b).grave) - slices.Index(gravities, c.matter(a).grave)
	})
	return out
}

// matter is that of the gravest news of a type.
func (c Content) matter(t event.Type) (out matter) {
	for _, n := range c.News {
		if m, _ := matterOf(t, n.Data); n.Type == t && (out == matter{} || slices.Index(gravities, m.grave) > slices.Index(gravities, out.grave)) {
			out = m
		}
	}
	return out
}

// path leads to the list that the news of a type tell of, "" where there is none.
func (c Content) path(t event.Type) (path string) {
	for _, n := range c.News {
		if n.Type == t {
			path = ListPath(t, n.Data)
		}
	}
	return path
}

func (c Content) sum() (n int) {
	for _, of := range c.All {
		n += of
	}
	return n
}

// reminder is the yearly mail that shows a registrant their data, in both languages.
func (p *Post) reminder(ctx context.Context, m Mail) (letter, error) {
	_, v, err := p.profiles.ByRef(ctx, p.store.R, m.Content.Version)
	if err != nil {
		return letter{}, err
	}
	data := m.Content.News[0].Data
	all, _ := strconv.Atoi(data["All"])
	f := v.Fields
	// Rows that show the same in both languages need no name.
	rows := []string{f.NameZh, f.NameEn, f.OrganizationZh, f.OrganizationEn, f.AddressZh, strings.Join([]string{f.CityZh, f.ProvinceZh}, " "), f.AddressEn,
		strings.Join([]string{f.CityEn, f.ProvinceEn, f.PostalCode, f.Country}, " "), f.Phone, f.Email}
	params := map[string]string{"Domains": listed(strings.Fields(data["Domains"]), all), "Data": listed(rows, 0), "Link": p.mailer.PublicURL}
	return p.mailer.write(m, "mail.data_reminder", "ok", "mail.news.button", params), nil
}

// listed makes a list of what is not empty, and says how many there are in all if that is
// more.
func listed(lines []string, all int) string {
	var out []string
	for _, line := range lines {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			out = append(out, "- "+line)
		}
	}
	if more := all - len(out); more > 0 && len(out) > 0 {
		out = append(out, "- + "+strconv.Itoa(more))
	}
	return strings.Join(out, "\n")
}
