package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
)

// Evidence is submitted as multipart/form-data. The first part is the field
// "holder", JSON: {"name","type":"I|E","id_type","id_number"}. Each further part
// is a file "document", whose part headers say what it is:
//
//	Document-Side: front
//	Document-Sha256: 64 hexadecimal digits of the file's digest
//
// The answer is 202 with {"submission","state"}. The same holder with the same
// digests is the same submission, and is not reviewed twice.

const (
	headerSide   = "Document-Side"
	headerDigest = "Document-Sha256"

	largestDocument = 20 << 20 // bytes
	mostDocuments   = 10
)

// evidence is what was submitted for a contact.
type evidence struct {
	Submission string         `json:"submission"`
	Holder     evidenceHolder `json:"holder"`
	Documents  []document     `json:"documents"`
}

// digestOf is what is kept of a document that is in memory.
func digestOf(side string, content []byte) document {
	digest := sha256.Sum256(content)
	return document{side, hex.EncodeToString(digest[:]), int64(len(content))}
}

// evidenceHolder is who the documents are said to be of.
type evidenceHolder struct {
	Name     string `json:"name"`
	Type     string `json:"type"`
	IDType   string `json:"id_type"`
	IDNumber string `json:"id_number"`
}

// document is what is kept of one: never its bytes.
type document struct {
	Side   string `json:"side"`
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
}

func (s *Server) putEvidence(call *auditCall) (int, any) {
	s.mu.Lock()
	_, f := s.auditContact(call)
	s.mu.Unlock()
	if f != nil {
		return failed(f)
	}
	submitted, f := readEvidence(call)
	if f != nil {
		return failed(f)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, f := s.auditContact(call) // again: it may have gone while the documents came
	if f != nil {
		return failed(f)
	}
	s.submit(c, submitted)
	return http.StatusAccepted, map[string]any{"submission": c.Evidence.Submission, "state": c.Verdict.State}
}

// submit puts evidence into review, unless it is known or not needed any more.
// s.mu is held.
func (s *Server) submit(c *contactRecord, e *evidence) {
	if c.Evidence != nil && (c.Evidence.Submission == e.Submission || c.Verdict.State == verdictVerified) {
		return
	}
	next, had := s.registry.next()
	now := s.config.Clock.Now()
	c.Evidence, c.Verdict = e, verdict{State: verdictInReview}
	c.Round++
	zone := s.registry.reviewer(c)
	delay := zone.ReviewDelay
	if c.slow() {
		delay = zone.SlowDelay
	}
	s.registry.revision++
	s.registry.plan(now.Add(delay), eventReview, c.Data.ROID, c.Round)
	s.registry.catchUp(now)
	s.reschedule(next, had)
}

// reviewer is the zone whose delays apply to a contact: the first by name among
// those of its domains, or among all that verify.
func (r *registry) reviewer(c *contactRecord) *Zone {
	var own, all []string
	for _, d := range c.registrant {
		if d.Zone.Verify {
			own = append(own, d.Zone.Suffix)
		}
	}
	for suffix, zone := range r.zones {
		if zone.Verify {
			all = append(all, suffix)
		}
	}
	switch {
	case len(own) > 0:
		return r.zones[slices.Min(own)]
	case len(all) > 0:
		return r.zones[slices.Min(all)]
	}
	return &Zone{}
}

// readEvidence reads a submission to its end and checks its digests.
func readEvidence(call *auditCall) (*evidence, *auditFailure) {
	parts, err := call.http.MultipartReader()
	if err != nil {
		return nil, unprocessable("not_multipart", "%v", err)
	}
	var e evidence
	if f := readHolder(parts, &e.Holder); f != nil {
		return nil, f
	}
	for {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, unprocessable("truncated", "the body ends early: %v", err)
		}
		if len(e.Documents) == mostDocuments {
			return nil, unprocessable("too_many_documents", "at most %d documents", mostDocuments)
		}
		d, f := readDocument(part)
		if f != nil {
			return nil, f
		}
		e.Documents = append(e.Documents, *d)
	}
	if len(e.Documents) == 0 {
		return nil, unprocessable("no_document", "no document was submitted")
	}
	e.Submission = e.identify(call.name)
	return &e, nil
}

func readHolder(parts *multipart.Reader, holder *evidenceHolder) *auditFailure {
	part, err := parts.NextRawPart()
	if err != nil {
		return unprocessable("truncated", "the body ends early: %v", err)
	}
	if part.FormName() != "holder" {
		return unprocessable("no_holder", "the first part is not the holder")
	}
	d := json.NewDecoder(io.LimitReader(part, 64<<10))
	d.DisallowUnknownFields()
	if err := d.Decode(holder); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return unprocessable("truncated", "the body ends early: %v", err)
		}
		return unprocessable("bad_holder", "%v", err)
	}
	if holder.Name == "" || holder.Type == "" || holder.IDType == "" || holder.IDNumber == "" {
		return unprocessable("bad_holder", "name, type, id_type and id_number are needed")
	}
	return nil
}

// readDocument reads a document, whole, and compares its digest with the
// declared one.
func readDocument(part *multipart.Part) (*document, *auditFailure) {
	if part.FormName() != "document" {
		return nil, unprocessable("unexpected_part", "part %q", part.FormName())
	}
	side, declared := partHeader(part.Header, headerSide), strings.ToLower(partHeader(part.Header, headerDigest))
	if side == "" || len(declared) != hex.EncodedLen(sha256.Size) {
		return nil, unprocessable("bad_document", "%s and %s are needed", headerSide, headerDigest)
	}
	digest := sha256.New()
	size, err := io.Copy(digest, io.LimitReader(part, largestDocument+1))
	switch {
	case err != nil:
		return nil, unprocessable("truncated", "document %s ends early: %v", side, err)
	case size > largestDocument:
		return nil, unprocessable("document_too_large", "document %s has more than %d bytes", side, largestDocument)
	case size == 0:
		return nil, unprocessable("empty_document", "document %s has no bytes", side)
	case hex.EncodeToString(digest.Sum(nil)) != declared:
		return nil, unprocessable("digest_mismatch", "document %s is not what was declared", side)
	}
	return &document{Side: side, SHA256: declared, Size: size}, nil
}

func partHeader(h textproto.MIMEHeader, name string) string { return strings.TrimSpace(h.Get(name)) }

func unprocessable(code, format string, args ...any) *auditFailure {
	return &auditFailure{http.StatusUnprocessableEntity, code, fmt.Sprintf(format, args...)}
}

// identify derives the submission's identifier from its content, so that the
// same content is the same submission. The order of documents does not count.
func (e *evidence) identify(contact string) string {
	documents := make([]string, len(e.Documents))
	for i, d := range e.Documents {
		documents[i] = d.Side + "=" + d.SHA256
	}
	slices.Sort(documents)
	content, _ := json.Marshal([]any{contact, e.Holder, documents}) // strings only: cannot fail
	digest := sha256.Sum256(content)
	return "ev-" + hex.EncodeToString(digest[:10])
}
