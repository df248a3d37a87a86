package form

import (
	"bufio"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"

	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/fault"
)

// Picture reads a form up to its picture, and gives that to take as it comes: it is
// never spilled to disk. first is the part that says what the picture is, side or
// kind; of something that has sides, which u says by naming the first, side may stand
// beside kind, and ask_person and note may stand before the file too. Faults: body_invalid,
// field_required (file), file_not_chosen, upload_broken, field_unknown, field_wrong_type,
// field_too_long.
func Picture(r *http.Request, u document.Upload, first string, take func(document.Upload) error) error {
	parts, err := r.MultipartReader()
	if err != nil {
		return fault.New(fault.Invalid, "body_invalid").With("Words", "multipart/form-data with "+first+" and file")
	}
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return fault.At("file", "field_required").With("Field", "file")
		}
		if err != nil {
			return fault.At("file", "upload_broken").Because(err)
		}
		switch name := p.FormName(); {
		case name == "file":
			body := bufio.NewReader(p)
			if _, err := body.Peek(1); errors.Is(err, io.EOF) && p.FileName() == "" { // as a browser sends a field that was left empty
				return fault.At("file", "file_not_chosen")
			}
			u.FileName, u.DeclaredType, u.Body = p.FileName(), declared(p), body
			return take(u)
		case name == "kind" && first == "kind":
			u.Kind, err = text(p)
		case name == "side" && u.Side != "": // of something that has sides
			u.Side, err = text(p)
		case name == "note":
			u.Note, err = text(p)
		case name == "ask_person":
			u.AskPerson, err = yes(p)
		default:
			err = fault.At(name, "field_unknown").With("Unknown", name)
		}
		if err != nil {
			return err
		}
	}
}

func yes(p *multipart.Part) (bool, error) {
	s, err := text(p)
	if err != nil {
		return false, err
	}
	v, err := strconv.ParseBool(s)
	if err != nil {
		return false, fault.At(p.FormName(), "field_wrong_type").With("Field", p.FormName()).With("Words", "true or false")
	}
	return v, nil
}

func text(p *multipart.Part) (string, error) {
	b, err := io.ReadAll(io.LimitReader(p, 2001))
	if err != nil {
		return "", fault.At(p.FormName(), "upload_broken").Because(err)
	}
	if len(b) > 2000 {
		return "", fault.At(p.FormName(), "field_too_long").With("Field", p.FormName()).With("Max", "500")
	}
	if err := NotText(string(b)); err != nil {
		return "", fault.At(p.FormName(), "field_wrong_type").With("Field", p.FormName()).With("Words", err.Error())
	}
	return strings.TrimSpace(string(b)), nil
}

// declared is the type that the client gives; one that says nothing is not held
// against the picture.
func declared(p *multipart.Part) string {
	if t := p.Header.Get("Content-Type"); t != "application/octet-stream" {
		return t
	}
	return ""
}
