package api

import (
	"context"
	"encoding/hex"
	"time"

	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/review"
)

// ProfileFields are what a registrant types. Leave a field out to leave it as it
// is; the English forms are filled in from the Chinese ones until you set them.
type ProfileFields struct {
	NameZh         *string `json:"name_zh,omitempty" doc:"Registrant name in Chinese. Individuals: the name on the document. Organisations: the domain name contact."`
	NameEn         *string `json:"name_en,omitempty"`
	OrganizationZh *string `json:"organization_zh,omitempty" doc:"Organisations: the name on the document."`
	OrganizationEn *string `json:"organization_en,omitempty"`
	Country        *string `json:"country,omitempty" doc:"ISO 3166 code, for example CN." example:"CN"`
	Residence      *string `json:"residence,omitempty" doc:"Individuals: where the holder is from (ISO 3166), when that is not the country of the address. It decides which documents may be shown."`
	ProvinceZh     *string `json:"province_zh,omitempty"`
	ProvinceEn     *string `json:"province_en,omitempty"`
	CityZh         *string `json:"city_zh,omitempty"`
	CityEn         *string `json:"city_en,omitempty"`
	AddressZh      *string `json:"address_zh,omitempty"`
	AddressEn      *string `json:"address_en,omitempty"`
	PostalCode     *string `json:"postal_code,omitempty"`
	Phone          *string `json:"phone,omitempty" doc:"Without country code: it is added from the country."`
	PhoneExtension *string `json:"phone_extension,omitempty" doc:"Digits only."`
	Email          *string `json:"email,omitempty"`
	DocumentKind   *string `json:"document_kind,omitempty" example:"resident_id"`
	DocumentNumber *string `json:"document_number,omitempty" doc:"Checked by the standard of its kind, sealed, shown masked."`
	IssuedOn       *string `json:"issued_on,omitempty" doc:"YYYY-MM-DD. Wanted before submission for the kinds whose asks name it: a document counts from the tenth day after."`
	ValidFrom      *string `json:"valid_from,omitempty" doc:"YYYY-MM-DD"`
	ValidTo        *string `json:"valid_to,omitempty" doc:"YYYY-MM-DD. Wanted before submission, or long_term, for the kinds whose asks name it."`
	LongTerm       *bool   `json:"long_term,omitempty" doc:"The document does not expire."`
	Default        *bool   `json:"default,omitempty" doc:"The default profile of its type."`
}

func (f ProfileFields) draft() profile.Draft {
	return profile.Draft{LongTerm: f.LongTerm, Default: f.Default, Fields: map[string]*string{
		"name_zh": f.NameZh, "name_en": f.NameEn, "organization_zh": f.OrganizationZh, "organization_en": f.OrganizationEn,
		"country": f.Country, "residence": f.Residence,
		"province_zh": f.ProvinceZh, "province_en": f.ProvinceEn, "city_zh": f.CityZh, "city_en": f.CityEn, "address_zh": f.AddressZh, "address_en": f.AddressEn,
		"postal_code": f.PostalCode, "phone": f.Phone, "phone_extension": f.PhoneExtension, "email": f.Email, "document_kind": f.DocumentKind,
		"document_number": f.DocumentNumber, "issued_on": f.IssuedOn, "valid_from": f.ValidFrom, "valid_to": f.ValidTo,
	}}
}

// RevealedNumber is a document number in clear.
type RevealedNumber struct {
	Number string `json:"number"`
}

// Profile is a registrant profile as its account sees it.
type Profile struct {
	ID            string               `json:"id"`
	Accreditation policy.Accreditation `json:"accreditation"`
	Kind          policy.ProfileKind   `json:"kind"`
	HolderType    policy.HolderType    `json:"holder_type"`
	Default       bool                 `json:"default"`
	State         profile.State        `json:"state" enum:"unverified,in_review,verified,failed"`
	Status        Words                `json:"status" doc:"The state in words."`
	// VerificationRequired is policy's, for the accreditation and kind.
	VerificationRequired bool        `json:"verification_required" doc:"Names are held with the profile only after a review has verified it. Where not, a complete profile whose address is verified may be used as it is."`
	Version              int         `json:"version" doc:"Counts up when a profile is edited after a verdict."`
	RowVersion           int64       `json:"row_version" doc:"Send it back with an edit to be told when somebody was faster."`
	EmailState           string      `json:"email_state" enum:"unverified,pending,verified,bounced"`
	ICP                  Filing      `json:"icp" doc:"Whether names held with it can be filed for a website in the Chinese mainland."`
	Fields               ProfileView `json:"fields"`
	Documents            []Document  `json:"documents"`
	Sides                []string    `json:"sides_wanted,omitempty" doc:"The sides that must be there before submission; a review may have asked for more than the kind demands."`
	Review               *Review     `json:"review,omitempty" doc:"The latest review."`
	CreatedAt            time.Time   `json:"created_at"`
	UpdatedAt            time.Time   `json:"updated_at"`
}

// Filing is what is known of ICP filings.
type Filing struct {
	State profile.Filing `json:"state" enum:"not_eligible,eligible_when_verified,eligible"`
	Text  Words          `json:"text"`
}

// ProfileView is the content of a profile.
type ProfileView struct {
	NameZh         string   `json:"name_zh"`
	NameEn         string   `json:"name_en"`
	OrganizationZh string   `json:"organization_zh,omitempty"`
	OrganizationEn string   `json:"organization_en,omitempty"`
	Country        string   `json:"country"`
	Residence      string   `json:"residence,omitempty"`
	ProvinceZh     string   `json:"province_zh,omitempty"`
	ProvinceEn     string   `json:"province_en,omitempty"`
	CityZh         string   `json:"city_zh,omitempty"`
	CityEn         string   `json:"city_en,omitempty"`
	AddressZh      string   `json:"address_zh,omitempty"`
	AddressEn      string   `json:"address_en,omitempty"`
	PostalCode     string   `json:"postal_code,omitempty"`
	Phone          string   `json:"phone" doc:"E.164"`
	PhoneTyped     string   `json:"phone_typed"`
	PhoneExtension string   `json:"phone_extension,omitempty"`
	Email          string   `json:"email"`
	DocumentKind   string   `json:"document_kind,omitempty"`
	DocumentNumber string   `json:"document_number,omitempty" doc:"Masked."`
	IssuedOn       string   `json:"issued_on,omitempty"`
	ValidFrom      string   `json:"valid_from,omitempty"`
	ValidTo        string   `json:"valid_to,omitempty"`
	LongTerm       bool     `json:"long_term,omitempty"`
	EnglishTyped   []string `json:"english_typed,omitempty" doc:"English fields that somebody typed; the others are suggestions."`
}

// Document is one side of the identity document.
type Document struct {
	ID        string     `json:"id"`
	Kind      string     `json:"kind"`
	Side      string     `json:"side"`
	Format    string     `json:"format"`
	Width     int        `json:"width"`
	Height    int        `json:"height"`
	Bytes     int64      `json:"bytes"`
	SHA256    string     `json:"sha256"`
	Verdict   string     `json:"verdict" enum:"pass,warn,reject" doc:"What screening said; a picture with reject is here because a person was asked to look."`
	Findings  []Finding  `json:"findings"`
	Contested bool       `json:"contested,omitempty" doc:"A person was asked to look."`
	Note      string     `json:"note,omitempty" doc:"What the registrant tells the reviewer."`
	At        time.Time  `json:"at"`
	ReadAt    *time.Time `json:"read_at,omitempty" doc:"Since when what stands on it has been read; what could not be confirmed is among the findings."`
	ErasedAt  *time.Time `json:"erased_at,omitempty" doc:"Since when the picture itself is gone."`
}

// Finding is what screening says about a picture.
type Finding struct {
	Code     string `json:"code"`
	Severity string `json:"severity" enum:"error,warn"`
	Text     Words  `json:"text"`
	Field    string `json:"field,omitempty" doc:"The field of the profile that it is about, when reading the picture could not confirm it."`
	Region   []int  `json:"region,omitempty" doc:"x, y, width, height in pixels of the picture."`
}

// Review is where the latest review of a profile stands.
type Review struct {
	ID          string    `json:"id"`
	State       string    `json:"state"`
	Authority   string    `json:"authority"`
	Attempt     int       `json:"attempt"`
	SubmittedAt time.Time `json:"submitted_at"`
	// ExpectedAt is the end of the expected business day.
	ExpectedAt      time.Time `json:"expected_at"`
	ExpectedDay     string    `json:"expected_day" doc:"The business day on which an answer is expected."`
	ExpectedCertain bool      `json:"expected_certain" doc:"False when the forecast reaches into a year without published holidays."`
	Reasons         []Reason  `json:"reasons"`
	PolicyVersion   string    `json:"policy_version" doc:"The version of the policy data under which it was submitted or, once it is, decided."`
}

// Reason is why a review failed.
type Reason struct {
	Code      string `json:"code"`
	Severity  string `json:"severity"`
	Retryable string `json:"retryable" enum:"retry,final,system"`
	PointsAt  string `json:"points_at" doc:"field, side, picture, domain or account"`
	Field     string `json:"field,omitempty" doc:"Which field or side."`
	Title     Words  `json:"title"`
	Text      Words  `json:"text"`
	Note      string `json:"note,omitempty" doc:"What the reviewer added."`
	StaffNote string `json:"staff_note,omitempty" doc:"For staff only."`
}

func (s *Server) findings(in []document.Finding) []Finding {
	out := make([]Finding, 0, len(in))
	for _, f := range in {
		out = append(out, Finding{Code: f.Code, Severity: f.Severity, Text: s.texts.Both(f.Code, f.Params), Region: f.Region})
	}
	return out
}

func (s *Server) documentOf(d document.Document) Document {
	return Document{ID: d.PublicID, Kind: d.Kind, Side: d.Side, Format: d.Format, Width: d.Width, Height: d.Height, Bytes: d.Bytes,
		SHA256: hex.EncodeToString(d.SHA256), Verdict: d.Verdict, Findings: s.findings(d.Findings), Contested: d.Contested, Note: d.Note,
		At: d.CreatedAt.Time, ReadAt: when(d.ReadAt.Time), ErasedAt: when(d.ErasedAt.Time)}
}

// doubts adds what reading could not confirm to the findings of the picture that it was read on. They are warnings.
func (s *Server) doubts(docs []Document, doubts []profile.Doubt) {
	for i := range docs {
		for _, x := range doubts {
			if x.Side != docs[i].Side {
				continue
			}
			read := Words{EN: x.Read, ZH: x.Read}
			if x.Read == "" {
				read = s.texts.Both("reading.nothing", nil)
			}
			words := func(lang locale.Lang, read string) string {
				return s.texts.Text(lang, x.Code, map[string]string{"Field": x.Field, "Typed": x.Typed, "Read": read})
			}
			docs[i].Findings = append(docs[i].Findings, Finding{
				Code: x.Code, Severity: "warn", Field: x.Field,
				Text: Words{EN: words(locale.EN, read.EN), ZH: words(locale.ZH, read.ZH)},
			})
		}
	}
}

func (s *Server) reviewOf(c *review.Case, reasons []review.Reason, staff bool) *Review {
	if c == nil {
		return nil
	}
	r := &Review{
		ID: c.PublicID, State: string(c.State), Authority: c.Authority, Attempt: c.Attempt,
		SubmittedAt: c.SubmittedAt.Time, ExpectedAt: c.ExpectedAt.Time,
		ExpectedDay: s.dayEnding(c.ExpectedAt.Time), ExpectedCertain: c.ExpectedCertain, Reasons: []Reason{}, PolicyVersion: c.PolicyVersion,
	}
	for _, x := range reasons {
		one := s.reasonOf(x)
		if staff {
			one.StaffNote = x.StaffNote
		}
		r.Reasons = append(r.Reasons, one)
	}
	return r
}

// reasonOf is a reason as a registrant may see it.
func (s *Server) reasonOf(x review.Reason) Reason {
	return Reason{Code: x.Code, Severity: x.Severity, Retryable: x.Retryable, PointsAt: x.PointsKind, Field: x.PointsName,
		Title: s.texts.Both(x.Code+".title", x.Params), Text: s.texts.Both(x.Code, x.Params), Note: x.Note}
}

func (s *Server) profileOf(v profile.View) Profile {
	f := v.Current.Fields
	out := Profile{
		ID: v.PublicID, Accreditation: v.Accreditation, Kind: v.Kind, HolderType: v.HolderType, Default: v.IsDefault, State: v.Current.State,
		Status: s.texts.Both("chip."+string(v.Current.State), nil), VerificationRequired: s.Profiles.NeedsVerification(v.Profile), Version: v.Current.Number, RowVersion: v.Profile.RowVersion, EmailState: string(v.Email),
		Documents: []Document{}, Sides: v.Sides, Review: s.reviewOf(v.Case, v.Reasons, false), CreatedAt: v.Profile.CreatedAt.Time, UpdatedAt: v.UpdatedAt.Time,
		Fields: ProfileView{
			NameZh: f.NameZh, NameEn: f.NameEn, OrganizationZh: f.OrganizationZh, OrganizationEn: f.OrganizationEn, Country: f.Country, Residence: f.Residence,
			ProvinceZh: f.ProvinceZh, ProvinceEn: f.ProvinceEn, CityZh: f.CityZh, CityEn: f.CityEn, AddressZh: f.AddressZh, AddressEn: f.AddressEn,
			PostalCode: f.PostalCode, Phone: f.Phone, PhoneTyped: f.PhoneTyped, PhoneExtension: f.PhoneExtension, Email: f.Email,
			DocumentKind: f.DocumentKind, DocumentNumber: v.Current.NumberMask, IssuedOn: f.IssuedOn, ValidFrom: f.ValidFrom, ValidTo: f.ValidTo,
			LongTerm: f.LongTerm, EnglishTyped: f.EnglishTyped,
		},
	}
	filing := s.Profiles.Filing(v.Profile, v.Current)
	out.ICP = Filing{filing, s.texts.Both("profile_icp."+string(filing), nil)}
	for _, d := range v.Documents {
		out.Documents = append(out.Documents, s.documentOf(d))
	}
	s.doubts(out.Documents, v.Doubts)
	return out
}

// Touched are the domains that an edit of a profile touches.
type Touched struct {
	HolderFields []string `json:"holder_fields" doc:"Fields of the edit that say who the holder is, the spelling of the name included. They are fixed in a registry's contact: the same holder in another spelling gets a new contact, another holder takes a change of holder."`
	DetailFields []string `json:"detail_fields" doc:"Fields of the edit that a registry may be told of: address, telephone, e-mail, and the domain name contact of an organisation."`
	NewVersion   bool     `json:"new_version" doc:"Saving makes a new version; domains keep the present one until then."`
	NeedsReview  bool     `json:"needs_review" doc:"The domains follow after the new version is verified; where not, when it is saved and its address verified."`
	Ways         []Follow `json:"ways"`
}

// Follow are domains that follow their profile in one way.
type Follow struct {
	Way     domain.Way `json:"way" enum:"contact_updated,contact_replaced,registrants_confirm,kept_here,holder_change" doc:"contact_updated: the registry's contact is updated. contact_replaced: another registrar has made it, or it has the holder's name in another spelling, which is fixed there; a new one takes its place. registrants_confirm: another e-mail address counts as another registrant; both confirm by mail first. kept_here: the registry has no contacts. holder_change: another holder, who is not given the domains by an edit."`
	Total   int        `json:"total"`
	Domains []string   `json:"domains" doc:"The first hundred, by name."`
}

func touchedOf(t domain.Touched) Touched {
	out := Touched{HolderFields: t.Holder, DetailFields: t.Details, NewVersion: t.NewVersion, NeedsReview: t.NeedsReview, Ways: make([]Follow, len(t.Groups))}
	for i, g := range t.Groups {
		out.Ways[i] = Follow{Way: g.Way, Total: g.Total, Domains: g.Names}
	}
	return out
}

// Preflight is what stands between a profile and its verification.
type Preflight struct {
	Ready    bool     `json:"ready" doc:"Nothing that is known of would be refused: it can be submitted."`
	Findings []Remark `json:"findings" doc:"Errors first."`
}

// Remark is one thing that a review would refuse (error) or ask about (warn).
type Remark struct {
	Code     string            `json:"code"`
	Severity string            `json:"severity" enum:"error,warn"`
	Field    string            `json:"field" doc:"The field, or the side of the document."`
	Side     string            `json:"side,omitempty" doc:"The side whose picture it is about."`
	Title    *Words            `json:"title,omitempty"`
	Text     Words             `json:"text" doc:"What to do."`
	Params   map[string]string `json:"params,omitempty"`
}

func (s *Server) preflightOf(remarks []profile.Remark) Preflight {
	out := Preflight{Ready: true, Findings: []Remark{}}
	for _, r := range remarks {
		out.Ready = out.Ready && r.Severity != "error"
		one := Remark{Code: r.Code, Severity: r.Severity, Field: r.Field, Side: r.Side, Text: s.texts.Both(r.Code, r.Params), Params: r.Params}
		if id := r.Code + ".title"; s.texts.Has(id) {
			title := s.texts.Both(id, r.Params)
			one.Title = &title
		}
		out.Findings = append(out.Findings, one)
	}
	return out
}

type byID struct {
	ID string `path:"id"`
}

func (s *Server) profiles() {
	s.profileRecords()
	s.profileEdits()
	s.profileReviews()
	s.uploads()
}

// showProfile answers with a profile.
func (s *Server) showProfile(v profile.View, err error) (*body[Profile], error) {
	if err != nil {
		return nil, err
	}
	return answer(s.profileOf(v), nil)
}

// profileRecords are made, listed and read.
func (s *Server) profileRecords() {
	type newProfile struct {
		Body struct {
			Accreditation string `json:"accreditation" enum:"mainland,overseas"`
			Kind          string `json:"kind" enum:"common,cnnic"`
			HolderType    string `json:"holder_type" enum:"individual,organization"`
			Incomplete    bool   `json:"incomplete,omitempty" doc:"Save what is there; submission asks for what is missing."`
			ProfileFields
		}
	}
	handle(s, op{id: "create-profile", method: "POST", path: "/profiles", summary: "Create a registrant profile", tag: "Registrant profiles", status: 201},
		func(ctx context.Context, in *newProfile) (*body[Profile], error) {
			b := in.Body
			d := b.draft()
			d.Incomplete = b.Incomplete
			return s.showProfile(s.Profiles.Create(ctx, actorOf(ctx),
				policy.Accreditation(b.Accreditation), policy.ProfileKind(b.Kind), policy.HolderType(b.HolderType), d))
		})
	type page struct {
		Query         string `query:"q" maxLength:"200" doc:"The beginning of a name's word in Chinese, pinyin or Latin letters, or of an e-mail address, or a whole document number."`
		State         string `query:"state" enum:"unverified,in_review,verified,failed"`
		Kind          string `query:"kind" enum:"common,cnnic"`
		HolderType    string `query:"holder_type" enum:"individual,organization"`
		Accreditation string `query:"accreditation" enum:"mainland,overseas"`
		Default       string `query:"default" enum:"true,false"`
		After         string `query:"after" doc:"The next of the page before."`
		Limit         int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
	}
	handle(s, op{id: "list-profiles", method: "GET", path: "/profiles", summary: "List or search the profiles of the account", tag: "Registrant profiles"},
		func(ctx context.Context, in *page) (*body[list[Profile]], error) {
			f := profile.Filter{
				Query: in.Query, State: profile.State(in.State), Kind: policy.ProfileKind(in.Kind),
				HolderType: policy.HolderType(in.HolderType), Accreditation: policy.Accreditation(in.Accreditation),
			}
			if in.Default != "" {
				wanted := in.Default == "true"
				f.Default = &wanted
			}
			found, next, err := s.Profiles.List(ctx, actorOf(ctx), f, in.After, in.Limit)
			if err != nil {
				return nil, err
			}
			out := listOf(found, s.profileOf)
			out.Next = next
			return answer(out, nil)
		})
	handle(s, op{id: "get-profile", method: "GET", path: "/profiles/{id}", summary: "Read a profile", tag: "Registrant profiles"},
		func(ctx context.Context, in *byID) (*body[Profile], error) {
			return s.showProfile(s.Profiles.Get(ctx, actorOf(ctx), in.ID))
		})
}

// profileEdits change a profile, take another one from it, or say what an edit would do.
func (s *Server) profileEdits() {
	type editProfile struct {
		ID   string `path:"id"`
		Body struct {
			ProfileFields
			Incomplete bool  `json:"incomplete,omitempty" doc:"Save what is there; submission asks for what is missing."`
			NewVersion bool  `json:"new_version,omitempty" doc:"Agree that editing a verified profile makes a new, unverified version."`
			RowVersion int64 `json:"row_version,omitempty" doc:"The row_version that you read; 0 or absent to edit whatever is there."`
		}
	}
	handle(s, op{id: "edit-profile", method: "PATCH", path: "/profiles/{id}", summary: "Edit a profile", tag: "Registrant profiles"},
		func(ctx context.Context, in *editProfile) (*body[Profile], error) {
			d := in.Body.draft()
			d.Incomplete, d.NewVersion, d.RowVersion = in.Body.Incomplete, in.Body.NewVersion, in.Body.RowVersion
			return s.showProfile(s.Profiles.Edit(ctx, actorOf(ctx), in.ID, d))
		})
	handle(s, op{
		id: "preview-edit", method: "POST", path: "/profiles/{id}/edit-preview",
		summary: "Ask which domains an edit would touch", tag: "Registrant profiles",
		about: "Takes what an edit takes, checks it, and lists the domains that rest on the profile with how each would get what it says. Nothing is changed.",
		time:  time.Minute,
	},
		func(ctx context.Context, in *editProfile) (*body[Touched], error) {
			d := in.Body.draft()
			d.Incomplete = in.Body.Incomplete
			found, err := s.Domains.Touches(ctx, actorOf(ctx), in.ID, d)
			return answer(touchedOf(found), err)
		})
	s.manyProfiles()
	handle(s, op{id: "delete-profile", method: "DELETE", path: "/profiles/{id}", summary: "Delete a profile", tag: "Registrant profiles", status: 204,
		about: "Domains keep what they were verified with. A profile in review cannot be deleted."},
		func(ctx context.Context, in *byID) (*struct{}, error) {
			return nil, s.Profiles.Delete(ctx, actorOf(ctx), in.ID)
		})
	handle(s, op{
		id: "reveal-number", method: "POST", path: "/profiles/{id}/document-number",
		summary: "Read the document number in clear; the reveal is recorded", tag: "Registrant profiles",
		about: "For somebody who has signed in, or given their password again, within ten minutes. An Idempotency-Key has no effect: the answer is kept nowhere.",
	},
		func(ctx context.Context, in *byID) (*body[RevealedNumber], error) {
			n, err := s.Profiles.RevealNumber(ctx, actorOf(ctx), in.ID)
			return answer(RevealedNumber{n}, err)
		})
	type copying struct {
		ID   string `path:"id"`
		Body struct {
			Accreditation string `json:"accreditation,omitempty" enum:"mainland,overseas" doc:"That of the original when left out."`
			Kind          string `json:"kind,omitempty" enum:"common,cnnic" doc:"That of the original when left out; the pictures go along only then."`
		} `required:"false"`
	}
	handle(s, op{id: "copy-profile", method: "POST", path: "/profiles/{id}/copy", summary: "Make a new profile from one", tag: "Registrant profiles", status: 201},
		func(ctx context.Context, in *copying) (*body[Profile], error) {
			return s.showProfile(s.Profiles.Copy(ctx, actorOf(ctx), in.ID, policy.Accreditation(in.Body.Accreditation), policy.ProfileKind(in.Body.Kind)))
		})
}

// profileReviews are what comes before a review, and its beginning.
func (s *Server) profileReviews() {
	type submission struct {
		ID   string `path:"id"`
		Body struct {
			Authority string `json:"authority,omitempty" doc:"Only where the operator allows a choice; leave it out otherwise."`
			Suffix    string `json:"suffix,omitempty" maxLength:"64" doc:"That of the names which the profile is meant for; the desk may look for it." example:"cn"`
		} `required:"false"`
	}
	handle(s, op{
		id: "submit-profile", method: "POST", path: "/profiles/{id}/submission", summary: "Submit a profile for review",
		tag: "Registrant profiles", status: 202,
	},
		func(ctx context.Context, in *submission) (*body[Profile], error) {
			return s.showProfile(s.Profiles.SubmitFor(ctx, actorOf(ctx), in.ID, in.Body.Authority, in.Body.Suffix))
		})
	handle(s, op{id: "withdraw-profile", method: "DELETE", path: "/profiles/{id}/submission", summary: "Take a submission back", tag: "Registrant profiles"},
		func(ctx context.Context, in *byID) (*body[Profile], error) {
			return s.showProfile(s.Profiles.Withdraw(ctx, actorOf(ctx), in.ID))
		})
	type preflight struct {
		ID   string `path:"id"`
		Body struct {
			Suffixes    []string `json:"suffixes,omitempty" maxItems:"100" doc:"Suffixes of the names that the profile is to hold." example:"[\"cn\",\"com\"]"`
			NoICPFiling bool     `json:"no_icp_filing,omitempty" doc:"No website in the mainland is planned: leave out what concerns its filing."`
		} `required:"false"`
	}
	handle(s, op{id: "preflight-profile", method: "POST", path: "/profiles/{id}/preflight", summary: "Ask what a review would refuse", tag: "Registrant profiles",
		about: "Everything at once that a review of the profile as it stands would send back (error) or look at twice (warn). Nothing is changed."},
		func(ctx context.Context, in *preflight) (*body[Preflight], error) {
			remarks, err := s.Profiles.Preflight(ctx, actorOf(ctx), in.ID, profile.Plan{Suffixes: in.Body.Suffixes, NoICPFiling: in.Body.NoICPFiling})
			if err != nil {
				return nil, err
			}
			return answer(s.preflightOf(remarks), nil)
		})
	type offer struct {
		Fields   map[string]string `json:"fields" doc:"By the names that a profile's fields have. The number is in clear: it is what the account's own picture shows."`
		LongTerm bool              `json:"long_term,omitempty"`
		Unread   []string          `json:"unread,omitempty" doc:"Sides whose picture has not been read yet; ask again in a few seconds."`
		Off      bool              `json:"off,omitempty" doc:"Pictures are not read here."`
	}
	handle(s, op{
		id: "prefill-profile", method: "POST", path: "/profiles/{id}/prefill",
		summary: "Offer what the pictures say for the form", tag: "Registrant profiles",
	},
		func(ctx context.Context, in *byID) (*body[offer], error) {
			o, err := s.Profiles.Prefill(ctx, actorOf(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			return answer(offer(o), nil)
		})
	type detach struct {
		ID         string `path:"id"`
		Side       string `path:"side"`
		NewVersion bool   `query:"new_version" doc:"Agree that changing a verified profile makes a new, unverified version."`
	}
	handle(s, op{
		id: "remove-document", method: "DELETE", path: "/profiles/{id}/documents/{side}",
		summary: "Take a picture away before submission", tag: "Registrant profiles",
	},
		func(ctx context.Context, in *detach) (*body[Profile], error) {
			return s.showProfile(s.Profiles.Detach(ctx, actorOf(ctx), in.ID, in.Side, in.NewVersion))
		})
}
