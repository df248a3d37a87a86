package sandbox

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/nv"
	"github.com/verinym/verinym/epp/signedcode"
)

// VSP is a verification service provider that the sandbox runs beside the
// registry, for the same clients: it speaks nv-1.0, verifies names and holders by
// the magic values of the package comment, and issues signed codes that the
// registry believes.
type VSP struct {
	Listen string // where it speaks EPP; "" is off
	ID     string // its number in codes; default "1"

	// MaxFrame is the largest command in bytes, which has documents in it; default
	// 16 MiB.
	MaxFrame int

	// ReviewDelay is how long a verification takes, SlowDelay one of a holder
	// called SLOW. Zero is decided with the answer to the create.
	ReviewDelay, SlowDelay time.Duration
}

// vsp is the provider's side of the registry. The server's mutex guards it.
type vsp struct {
	VSP
	signer  *signedcode.Signer
	records map[string]*verification // by code
	serial  uint64
}

// verification is one that the provider was asked for. Of documents it keeps the
// digests only.
type verification struct {
	Code      nv.Code       `json:"code"`
	Client    string        `json:"client"`
	Status    string        `json:"status"`
	Message   string        `json:"message,omitempty"`
	CrDate    time.Time     `json:"cr_date"`
	Input     nv.Input      `json:"input"`
	Documents []document    `json:"documents,omitempty"`
	AuthInfo  *epp.AuthInfo `json:"auth_info,omitempty"`
	Encoded   string        `json:"encoded,omitempty"`
}

func newVSP(c Config) *vsp {
	return &vsp{VSP: c.VSP, records: map[string]*verification{}}
}

// issuedFor refuses a code of our provider that it has not issued, or has issued
// for another name. Codes of other providers cannot be checked so: a code names
// nothing (draft-ietf-regext-verificationcode-06 section 2).
func (r *registry) issuedFor(code signedcode.Code, name string) *refusal {
	if code.Provider() != r.vsp.ID || r.vsp.signer == nil {
		return nil
	}
	v := r.vsp.records[code.Value]
	if v == nil || v.Status != nv.Compliant {
		return refuse(epp.CodePolicy, "code %s was not issued", code.Value)
	}
	label, _, _ := strings.Cut(name, ".")
	if d := v.Input.DNV; d != nil && d.Name != name && d.Name != label {
		return refuse(epp.CodePolicy, "code %s was issued for another name", code.Value)
	}
	return nil
}

// verificationCommand carries out a command of the nv mapping.
func (x *exchange) verificationCommand() *refusal {
	switch x.request.Verb {
	case epp.VerbCheck:
		return x.checkLabels()
	case epp.VerbCreate:
		return x.createVerification()
	case epp.VerbInfo:
		return x.infoVerification()
	case epp.VerbUpdate:
		return x.updateVerification()
	}
	return refuse(epp.CodeUnimplemented, "verifications cannot be told to %s", x.request.Verb)
}

func (x *exchange) checkLabels() *refusal {
	check, err := nv.ParseCheck(x.request.Object)
	if err != nil {
		return malformed(err)
	}
	var data nv.CheckData
	for _, name := range check.Names {
		a := nv.Availability{Name: name, Available: true}
		if v, _ := namingVerdict(strings.ToLower(name), x.now); v.State == verdictFailed {
			a.Available, a.Reason = false, "In Prohibited Lists."
		}
		data = append(data, a)
	}
	x.reply.Data = data
	return nil
}

func (x *exchange) createVerification() *refusal {
	create, err := nv.ParseCreate(x.request.Object)
	if err != nil {
		return malformed(err)
	}
	if f := x.acceptableInput(create.Input); f != nil {
		return f
	}
	p := x.registry.vsp
	p.serial++
	password := cloneAuthInfo(create.AuthInfo)
	v := &verification{Client: x.client, Status: nv.PendingCompliant, CrDate: x.now, AuthInfo: &password}
	v.Input, v.Documents = keepInput(create.Input)
	v.Code = nv.Code{Type: nv.TypeDomain, Value: p.ID + "-n" + strconv.FormatUint(p.serial, 36)}
	if create.RNV != nil {
		v.Code = nv.Code{Type: nv.TypeRealName, Value: p.ID + "-r" + strconv.FormatUint(p.serial, 36)}
	}
	p.records[v.Code.Value] = v
	x.registry.revision++
	if delay := p.delay(v); delay > 0 {
		x.registry.plan(x.now.Add(delay), eventVerification, v.Code.Value, 0)
	} else {
		p.settle(v)
	}
	return x.answerCreate(v)
}

// acceptableInput checks what is wrong before anybody reviews it.
func (x *exchange) acceptableInput(i nv.Input) *refusal {
	if i.DNV == nil {
		return acceptableProof(i.RNV)
	}
	for _, label := range strings.Split(strings.ToLower(i.DNV.Name), ".") {
		if !validLabel(label) {
			return refuse(epp.CodeValueSyntax, "%q is not a label", i.DNV.Name)
		}
	}
	if i.DNV.RNVCode == "" {
		return nil
	}
	holder := x.registry.vsp.records[i.DNV.RNVCode]
	if holder == nil || holder.Client != x.client || holder.Input.RNV == nil || holder.Status != nv.Compliant {
		return refuse(epp.CodeNotExists, "%s is not the code of a verified holder of yours", i.DNV.RNVCode)
	}
	return nil
}

// acceptableProof checks that a holder has such a proof: a person none of an entity,
// an organisation none of a citizen.
func acceptableProof(r *nv.RNV) *refusal {
	switch {
	case r.ProofType == nv.ProofOfOther,
		r.ProofType == nv.ProofOfCitizen && r.Role == nv.Person,
		r.ProofType == nv.ProofOfEntity && r.Role == nv.Organisation:
		return nil
	case r.ProofType == nv.ProofOfCitizen, r.ProofType == nv.ProofOfEntity:
		return refuse(epp.CodePolicy, "a holder of role %s has no proof of type %s", r.Role, r.ProofType)
	}
	return refuse(epp.CodeValueSyntax, "%q is not a kind of proof", r.ProofType)
}

// keepInput is what is kept of an input: in memory of its own, and without the
// documents' content.
func keepInput(i nv.Input) (nv.Input, []document) {
	if i.DNV != nil {
		return nv.Input{DNV: &nv.DNV{Name: strings.Clone(strings.ToLower(i.DNV.Name)), RNVCode: strings.Clone(i.DNV.RNVCode)}}, nil
	}
	r := i.RNV
	kept := nv.RNV{Role: strings.Clone(r.Role), Name: strings.Clone(r.Name), Num: strings.Clone(r.Num), ProofType: strings.Clone(r.ProofType)}
	var documents []document
	for _, d := range r.Documents {
		documents = append(documents, digestOf(strings.Clone(d.FileType), d.Content))
	}
	return nv.Input{RNV: &kept}, documents
}

// delay is how long a verification takes.
func (p *vsp) delay(v *verification) time.Duration {
	if v.Input.RNV != nil && strings.Contains(v.Input.RNV.Name, "SLOW") {
		return p.SlowDelay
	}
	return p.ReviewDelay
}

// settle decides about a verification; one that stays in review is left.
func (p *vsp) settle(v *verification) {
	reason, decided := v.verdict()
	switch {
	case !decided:
	case reason != "":
		v.Status, v.Message = nv.NonCompliant, reason
	default:
		encoded, err := p.signer.Sign(signedcode.Code{Type: v.Code.Type, Value: v.Code.Value})
		if err != nil {
			v.Status, v.Message = nv.NonCompliant, err.Error()
			return
		}
		v.Status, v.Message, v.Encoded = nv.Compliant, "The object has passed verification.", encoded
	}
}

// verdict is the reason why a verification fails, "" if it does not; decided is
// false for one that stays in review.
func (v *verification) verdict() (reason string, decided bool) {
	if v.Input.DNV != nil {
		naming, decided := namingVerdict(v.Input.DNV.Name, time.Time{})
		return naming.Reason, decided
	}
	r := v.Input.RNV
	if reason, forced := magicReason(r.Name); forced {
		return reason, true
	}
	if strings.Contains(r.Name, "PENDING") {
		return "", false
	}
	if len(v.Documents) == 0 {
		return "document_missing", true
	}
	for _, d := range v.Documents {
		if d.Size == 0 {
			return "document_missing", true
		}
	}
	kinds := map[string]string{nv.ProofOfCitizen: cnnic.SFZ, nv.ProofOfEntity: cnnic.TYDM}
	return checkNumber(kinds[r.ProofType], r.Num), true
}

// answerCreate tells how a verification stands at once.
func (x *exchange) answerCreate(v *verification) *refusal {
	data := nv.CreateData{Status: v.Status, Code: v.Code, CrDate: v.CrDate, EncodedSignedCode: v.Encoded}
	switch v.Status {
	case nv.PendingCompliant:
		x.reply.Code = epp.CodePending
	case nv.NonCompliant:
		x.reply.Code = epp.CodeRange
		data = nv.CreateData{Status: v.Status, Message: v.Message}
	}
	x.reply.Data = data
	return nil
}

// decide is [vsp.settle] at its time, with the message about it.
func (p *vsp) decide(r *registry, e event) {
	v := p.records[e.Object]
	if v == nil || v.Status != nv.PendingCompliant {
		return
	}
	p.settle(v)
	client := r.registrars[v.Client]
	if v.Status == nv.PendingCompliant || client == nil {
		return
	}
	m := &message{
		Date: e.At, Text: fmt.Sprintf("The verification %s has ended: %s.", v.Code.Value, v.Status),
		Verification: &nv.PendingData{Code: v.Code, Status: v.Status, Message: v.Message, Date: e.At},
	}
	r.number(m)
	client.vspQueue = append(client.vspQueue, m)
}

// ownVerification finds a code for its client, or for who knows its password.
func (x *exchange) ownVerification(code string, given *epp.AuthInfo) (*verification, *refusal) {
	v := x.registry.vsp.records[code]
	if v == nil {
		return nil, refuse(epp.CodeNotExists, "code %s does not exist", code)
	}
	switch {
	case v.Client == x.client && given == nil, proves(given, v.AuthInfo):
		return v, nil
	case given != nil:
		return nil, refuse(epp.CodeAuthInfo, "wrong authorisation information")
	}
	return nil, refuse(epp.CodeAuthorization, "code %s is another client's", code)
}

func (x *exchange) infoVerification() *refusal {
	info, err := nv.ParseInfo(x.request.Object)
	if err != nil {
		return malformed(err)
	}
	v, f := x.ownVerification(info.Code, info.AuthInfo)
	if f != nil {
		return f
	}
	if info.Type == nv.InfoInput {
		x.reply.Data = &nv.InfoData{Input: &v.Input, AuthInfo: v.AuthInfo}
		return nil
	}
	if v.Status != nv.Compliant {
		return refuse(epp.CodeStatus, "code %s is %s", info.Code, v.Status)
	}
	x.reply.Data = &nv.InfoData{Code: v.Code, Status: v.Status, AuthInfo: v.AuthInfo, EncodedSignedCode: v.Encoded}
	return nil
}

func (x *exchange) updateVerification() *refusal {
	update, err := nv.ParseUpdate(x.request.Object)
	if err != nil {
		return malformed(err)
	}
	v, f := x.ownVerification(update.Code, nil)
	if f != nil {
		return f
	}
	password := cloneAuthInfo(update.AuthInfo)
	v.AuthInfo = &password
	x.registry.revision++
	return nil
}
