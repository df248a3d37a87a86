package registry

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/nv"
	"github.com/verinym/verinym/epp/vcode"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// signedCodes are the documents that go with a command.
func (r *Registries) signedCodes(ctx context.Context, l *link, refs []CodeRef) (vcode.SignedCodes, error) {
	var out vcode.SignedCodes
	for _, ref := range refs {
		c, ok, err := CodeOf(ctx, r.store.R, l.VSP, ref)
		if err != nil {
			return nil, err
		}
		if !ok || c.Signed == "" {
			return nil, fmt.Errorf("registry: code %s is %s", ref.Ref, c.State)
		}
		out = append(out, c.Signed)
	}
	return out, nil
}

// verification writes what a provider is asked for. Documents are read now and kept
// nowhere.
func (r *Registries) verification(ctx context.Context, c Command) (nv.Create, error) {
	secret, err := r.vault.Reveal(secretPlace(c.Payload.Seal), c.Secret)
	if err != nil {
		return nv.Create{}, err
	}
	create := nv.Create{AuthInfo: &epp.AuthInfo{PW: string(secret)}}
	if c.Kind == NameCode {
		create.DNV = &nv.DNV{Name: labelOf(c.Payload.Domain)}
		return create, nil
	}
	h, err := r.directory.Holder(ctx, c.Payload.HolderRef)
	if err != nil {
		return create, err
	}
	pictures, err := r.directory.Evidence(ctx, c.Payload.HolderRef)
	if err != nil {
		return create, err
	}
	rnv := &nv.RNV{Role: nv.Person, Name: h.name(), Num: h.DocumentNumber, ProofType: proofOf(h)}
	if h.Type == "organization" {
		rnv.Role = nv.Organisation
	}
	for _, p := range pictures {
		rnv.Documents = append(rnv.Documents, nv.Document{FileType: "jpg", Content: p.Bytes})
	}
	create.RNV = rnv
	return create, nil
}

// proofOf is the kind of proof that a document is. The draft has two, for the usual
// documents of the mainland, and one for all others.
func proofOf(h Holder) string {
	switch h.DocumentCode {
	case "SFZ":
		return nv.ProofOfCitizen
	case "TYDM", "YYZZ", "ORG":
		return nv.ProofOfEntity
	}
	return nv.ProofOfOther
}

// issued is what a provider has said of a code.
type issued struct{ value, signed string }

// readCode makes a reply of the answer to a verification.
func (r *Registries) readCode(ctx context.Context, l *link, c Command, resp *epp.Response, err error) reply {
	if err != nil {
		rep := readError(err)
		if resp != nil && resp.Data != nil {
			if d, bad := nv.ParseCreateData(resp.Data); bad == nil && d.Message != "" {
				rep.reasons = append([]string{d.Message}, rep.reasons...)
			}
		}
		return rep
	}
	d, err := nv.ParseCreateData(resp.Data)
	if err != nil {
		return reply{again: true, outcome: OutcomeRefused, message: err.Error()}
	}
	rep := reply{outcome: OutcomePending, code: resp.Code(), svTRID: resp.SvTRID, issued: &issued{value: d.Code.Value}}
	if d.Status == nv.Compliant {
		return r.believe(ctx, l, *c.Payload.Code, d.Code.Value, d.EncodedSignedCode, rep)
	}
	return rep
}

// believe checks a signed code against the certificates that are pinned for the
// provider. One that does not verify is nobody's failure but our configuration's or
// the provider's: an operator is told, and the code is asked for again later.
func (r *Registries) believe(ctx context.Context, l *link, ref CodeRef, value, signed string, rep reply) reply {
	code, err := l.codes.Verify(signed)
	if err == nil && (code.Value != value || code.Type != ref.Type) {
		err = fmt.Errorf("it is the code %s of type %s", code.Value, code.Type)
	}
	rep.issued = &issued{value: value}
	if err != nil {
		f := fault.New(fault.Unavailable, "vsp_code_untrusted").With("Registry", l.Name).With("Code", value).With("Words", err.Error())
		r.find(ctx, l, value, f)
		rep.outcome, rep.code, rep.message = OutcomePending, epp.CodePending, err.Error()
		return rep
	}
	rep.outcome, rep.issued.signed = OutcomeDone, signed
	return rep
}

// codeEnded keeps how far a verification is.
func (r *Registries) codeEnded(ctx context.Context, tx *store.Tx, l *link, c *Command, rep reply) error {
	ref := *c.Payload.Code
	row, ok, err := CodeOf(ctx, tx, l.Name, ref)
	if err != nil || !ok {
		return err
	}
	event := map[Outcome]CodeEvent{OutcomePending: CodeReview, OutcomeDone: CodeIssue, OutcomeRefused: CodeRefuse}[rep.outcome]
	if row.State, err = Codes.Next(row.State, event); err != nil {
		return err
	}
	if rep.issued != nil {
		row.Code, row.Signed = rep.issued.value, rep.issued.signed
	}
	if event == CodeRefuse && len(rep.reasons) > 0 {
		row.Reason = rep.reasons[0]
	}
	row.UpdatedAt = store.At(tx.Now())
	if event == CodeReview {
		told, _, err := toldOf(ctx, tx, row)
		if err != nil {
			return err
		}
		if told != "" {
			if err := r.lookSoon(ctx, tx, l, ref); err != nil {
				return err
			}
		}
	}
	return store.One(tx.NewUpdate().Model(&row).Column("state", "code", "signed", "reason", "updated_at").WherePK().Exec(ctx))
}

// toldOf is what the provider's queue has said of a code, also before we knew it.
func toldOf(ctx context.Context, db bun.IDB, row VerificationCode) (told, reason string, err error) {
	if row.Told != "" || row.Code == "" {
		return row.Told, row.Reason, nil
	}
	early, _, err := CodeOf(ctx, db, row.Registry, CodeRef{row.Type, unclaimed + row.Code})
	return early.Told, early.Reason, err
}

// lookSoon has the verification of a code looked up at once.
func (r *Registries) lookSoon(ctx context.Context, tx *store.Tx, l *link, ref CodeRef) error {
	if err := tx.Flush(ctx, outbox{}); err != nil {
		return err
	}
	_, err := tx.NewRaw("UPDATE registry_command SET not_before = 0 WHERE registry = ? AND object = ? AND state = 'waiting'", l.Name, codeObject(ref)).Exec(ctx)
	tx.OnCommit(func() { poke(l.wakeUrgent) })
	return err
}

// verificationEnded takes a message about a verification that was pending: what it
// says is kept, and the command that waits for it is settled by looking.
func (r *Registries) verificationEnded(ctx context.Context, tx *store.Tx, l *link, resp *epp.Response) (known bool, err error) {
	p, err := nv.ParsePendingData(resp.Data)
	if err != nil {
		return false, nil
	}
	var row VerificationCode
	err = tx.NewSelect().Model(&row).Where("registry = ?", l.Name).Where("code = ?", p.Code.Value).Scan(ctx)
	if err != nil && !store.IsNotFound(err) {
		return false, err
	}
	row.Told, row.UpdatedAt = p.Status, store.At(tx.Now())
	if p.Status == nv.NonCompliant {
		row.Reason = p.Message
	}
	if row.ID == 0 {
		row.Registry, row.Type, row.Ref, row.Code, row.State = l.Name, p.Code.Type, unclaimed+p.Code.Value, p.Code.Value, CodeInReview
		_, err := tx.NewInsert().Model(&row).On("CONFLICT (registry, type, ref) DO NOTHING").Returning("NULL").Exec(ctx)
		return true, err
	}
	if _, err := tx.NewUpdate().Model(&row).Column("told", "reason", "updated_at").WherePK().Exec(ctx); err != nil {
		return false, err
	}
	return true, r.lookSoon(ctx, tx, l, CodeRef{row.Type, row.Ref})
}

// lookAtCode finds out how far a verification is. One whose answer was lost has a code
// that we do not know: it is asked for once more, which costs a provider's work and
// changes nothing.
func (r *Registries) lookAtCode(ctx context.Context, l *link, conn *epp.Conn, c Command) reply {
	ref := *c.Payload.Code
	row, ok, err := CodeOf(ctx, r.store.R, l.Name, ref)
	again := reply{outcome: OutcomeRefused, again: true, message: "not known at the provider; asked again"}
	switch {
	case err != nil:
		return unreadable(err)
	case !ok || row.Code == "":
		return again
	}
	told, reason, err := toldOf(ctx, r.store.R, row)
	switch {
	case err != nil:
		return unreadable(err)
	case told == nv.NonCompliant:
		return reply{outcome: OutcomeRefused, code: epp.CodeRange, message: "verification failed", reasons: []string{reason}}
	}
	pending := reply{outcome: OutcomePending, code: epp.CodePending, message: "in review at the provider", issued: &issued{value: row.Code}}
	resp, err := conn.Do(ctx, epp.Command{Body: nv.Info{Type: nv.InfoSignedCode, Code: row.Code}})
	switch epp.CodeOf(err) {
	case epp.CodeStatus:
		return pending
	case epp.CodeNotExists:
		return again
	}
	if err != nil {
		return unsettled(err)
	}
	d, err := nv.ParseInfoData(resp.Data)
	if err != nil {
		return unreadable(err)
	}
	pending.code = epp.CodeOK
	return r.believe(ctx, l, ref, row.Code, d.EncodedSignedCode, pending)
}

// lookAtCodes compares the codes that a name should have with those that it has.
func (r *Registries) lookAtCodes(ctx context.Context, l *link, conn *epp.Conn, c Command) reply {
	d, resp, verdict := inspect(ctx, conn, c, vcode.Info{})
	if verdict != nil {
		return *verdict
	}
	there := standing(resp)
	for _, ref := range c.Payload.Codes {
		want, ok, err := CodeOf(ctx, r.store.R, l.VSP, ref)
		switch {
		case err != nil:
			return unreadable(err)
		case !ok || there == nil || there.Codes[ref.Which()] != want.Code:
			return notYet(c)
		}
	}
	rep := carriedOut(d)
	rep.standing = there
	return rep
}

// codesRefused marks codes that came with a command which the registry has refused
// for what it carried: others have to be asked for.
func (r *Registries) codesRefused(ctx context.Context, tx *store.Tx, l *link, c *Command, rep reply) error {
	switch {
	case rep.outcome != OutcomeRefused:
		return nil
	case rep.code != epp.CodePolicy && rep.code != epp.CodeValueSyntax && rep.code != epp.CodeDataPolicy:
		return nil
	}
	for _, ref := range c.Payload.Codes {
		_, err := tx.NewRaw("UPDATE verification_code SET state = ?, updated_at = ? WHERE registry = ? AND type = ? AND ref = ? AND state = ?",
			CodeRejected, store.At(tx.Now()), l.VSP, ref.Type, ref.Ref, CodeIssued).Exec(ctx)
		if err != nil {
			return fmt.Errorf("registry: reject code %s: %w", ref.Ref, err)
		}
	}
	return nil
}
