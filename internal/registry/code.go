package registry

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/epp/vcode"
	"github.com/verinym/verinym/internal/state"
	"github.com/verinym/verinym/internal/store"
)

// CodeState is where a verification code stands.
type CodeState string

// The states of a code: wanted of its provider, in review there, issued, refused by
// the provider, or issued and then rejected by the registry.
const (
	CodeWanted   CodeState = "wanted"
	CodeInReview CodeState = "in_review"
	CodeIssued   CodeState = "issued"
	CodeRefused  CodeState = "refused"
	CodeRejected CodeState = "rejected"
)

// CodeEvent moves a code from state to state.
type CodeEvent string

// The events of a code.
const (
	CodeAsk    CodeEvent = "ask"
	CodeReview CodeEvent = "review"
	CodeIssue  CodeEvent = "issue"
	CodeRefuse CodeEvent = "refuse"
	CodeReject CodeEvent = "reject"
)

// Codes is the state table of a verification code.
var Codes = state.Table[CodeState, CodeEvent]{
	Noun: "verification_code",
	Moves: map[CodeState]map[CodeEvent]CodeState{
		CodeWanted:   {CodeReview: CodeInReview, CodeIssue: CodeIssued, CodeRefuse: CodeRefused},
		CodeInReview: {CodeReview: CodeInReview, CodeIssue: CodeIssued, CodeRefuse: CodeRefused},
		CodeIssued:   {CodeReject: CodeRejected},
		CodeRefused:  {CodeAsk: CodeWanted},
		CodeRejected: {CodeAsk: CodeWanted},
	},
}

// CodeRef names a code: its type, and what it was asked for.
type CodeRef struct {
	Type string `json:"type"`
	Ref  string `json:"ref"`
}

// Which is the verdict that the code proves.
func (c CodeRef) Which() Which { return verdictOf(c.Type) }

// NameRef is the code of a name with its holder: another holder's name is reviewed
// again.
func NameRef(name, holderRef string) CodeRef {
	return CodeRef{vcode.TypeDomain, name + "@" + holderRef}
}

// HolderRef is the code of a holder, which serves all of their names.
func HolderRef(holderRef string) CodeRef { return CodeRef{vcode.TypeRealName, holderRef} }

// VerificationCode is a code of a provider, as far as we know it.
type VerificationCode struct {
	bun.BaseModel `bun:"table:verification_code"`

	ID int64 `bun:",pk,autoincrement"`
	// Registry is our account at the provider.
	Registry string
	Type     string
	Ref      string
	State    CodeState
	// Code is the provider's, Signed the document with its signature in base64.
	Code   string
	Signed string
	// Told is what the provider's queue said of the code, Reason why it was refused.
	Told      string
	Reason    string
	UpdatedAt store.Time
}

// unclaimed starts the ref of a code that was told of before we knew it.
const unclaimed = "unclaimed:"

// VSPOf is the account at the provider whose codes an account brings, "" for none.
func (r *Registries) VSPOf(registry string) string {
	if l := r.accounts[registry]; l != nil {
		return l.VSP
	}
	return ""
}

// VerifyName asks the provider of an account to review a name for a holder, unless it
// has, and returns how the code stands.
func (r *Registries) VerifyName(ctx context.Context, tx *store.Tx, registry, name, holderRef, subject string) (VerificationCode, error) {
	ref := NameRef(name, holderRef)
	return r.wantCode(ctx, tx, r.VSPOf(registry), ref, order{kind: NameCode, subject: subject, payload: Payload{Domain: name, HolderRef: holderRef, Code: &ref}})
}

// VerifyHolder asks the provider of an account to verify a holder, unless it has, and
// returns how the code stands. The holder's documents go with the question.
func (r *Registries) VerifyHolder(ctx context.Context, tx *store.Tx, registry, holderRef, subject string) (VerificationCode, error) {
	return r.VerifyHolderAt(ctx, tx, r.VSPOf(registry), holderRef, subject)
}

// VerifyHolderAt is VerifyHolder by our account at the provider itself.
func (r *Registries) VerifyHolderAt(ctx context.Context, tx *store.Tx, vsp, holderRef, subject string) (VerificationCode, error) {
	ref := HolderRef(holderRef)
	return r.wantCode(ctx, tx, vsp, ref, order{kind: HolderCode, subject: subject, payload: Payload{HolderRef: holderRef, Code: &ref}})
}

func (r *Registries) wantCode(ctx context.Context, tx *store.Tx, vsp string, ref CodeRef, o order) (VerificationCode, error) {
	c := VerificationCode{Registry: vsp, Type: ref.Type, Ref: ref.Ref, State: CodeWanted, UpdatedAt: store.At(tx.Now())}
	var asked []VerificationCode
	// Two wishes may come together: one of them asks.
	err := tx.NewInsert().Model(&c).On("CONFLICT (registry, type, ref) DO UPDATE").Set("state = EXCLUDED.state").Set("code = ''").Set("signed = ''").
		Set("told = ''").Set("reason = ''").Set("updated_at = EXCLUDED.updated_at").
		Where("?TableAlias.state IN (?, ?)", CodeRefused, CodeRejected).Returning("*").Scan(ctx, &asked)
	if err != nil && !store.IsNotFound(err) {
		return c, fmt.Errorf("registry: code %s: %w", ref.Ref, err)
	}
	if len(asked) == 0 {
		c, _, err = CodeOf(ctx, tx, vsp, ref)
		return c, err
	}
	o.object, o.secret = codeObject(ref), NewAuthInfo()
	return c, r.enqueue(ctx, tx, vsp, o)
}

func codeObject(ref CodeRef) string { return "code:" + ref.Type + ":" + ref.Ref }

// CodeOf returns a code of the account at a provider; ok is false for none.
func CodeOf(ctx context.Context, db bun.IDB, vsp string, ref CodeRef) (c VerificationCode, ok bool, err error) {
	err = db.NewSelect().Model(&c).Where("registry = ?", vsp).Where("type = ?", ref.Type).Where("ref = ?", ref.Ref).Scan(ctx)
	if store.IsNotFound(err) {
		return c, false, nil
	}
	if err != nil {
		return c, false, fmt.Errorf("registry: code %s: %w", ref.Ref, err)
	}
	return c, true, nil
}

// CodesUnderWay are the codes that are on their way to the registry for a name, with its
// creation or after it.
func CodesUnderWay(ctx context.Context, tx *store.Tx, registry, name string) (out []CodeRef, err error) {
	if err := tx.Flush(ctx, outbox{}); err != nil {
		return nil, err
	}
	var open []Command
	err = tx.NewSelect().Model(&open).Column("payload").Where("registry = ?", registry).Where("object = ?", "domain:"+name).Where("kind IN (?, ?)", DomainCodes, DomainCreate).
		Where("state IN ('blocked', 'ready', 'inflight', 'doubt', 'waiting')").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("registry: codes under way: %w", err)
	}
	for _, c := range open {
		out = append(out, c.Payload.Codes...)
	}
	return out, nil
}

// SetCodes orders codes to be brought to the registry for a name that it has, with an
// update that says nothing else.
func (r *Registries) SetCodes(ctx context.Context, tx *store.Tx, registry, name string, codes []CodeRef, subject string, lane int) error {
	return r.enqueue(ctx, tx, registry, order{
		kind: DomainCodes, object: "domain:" + name, lane: lane, subject: subject, payload: Payload{Domain: name, Codes: codes},
	})
}
