package epptest

import (
	"reflect"
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/wire"
)

// Parse reads an element.
type Parse[T any] func(*wire.Element) (T, error)

// Body writes a command as in testdata/command-NAME.xml and reads it back.
func Body[T epp.Body](t *testing.T, name string, want T, parse Parse[T]) {
	t.Helper()
	request := requestIn(t, name, epp.Command{Body: want, ClTRID: "ABC-12345"})
	if request.Verb != want.Verb() {
		t.Errorf("command %s reads as a %s", name, request.Verb)
	}
	same(t, name, request.Object, want, parse)
}

// CommandExtension writes an extension of a command as in
// testdata/command-NAME.xml and reads it back.
func CommandExtension[T epp.Extension](t *testing.T, name string, body epp.Body, want T, parse Parse[T]) {
	t.Helper()
	request := requestIn(t, name, epp.Command{Body: body, Extensions: []epp.Extension{want}, ClTRID: "ABC-12345"})
	same(t, name, request.Extension(want.Namespace()), want, parse)
}

func requestIn(t *testing.T, name string, cmd epp.Command) *epp.Request {
	t.Helper()
	request, err := epp.ParseRequest(Golden(t, "command-"+name, cmd.AppendXML(nil)), wire.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return request
}

// Data writes an answer's data as in testdata/answer-NAME.xml and reads it back.
func Data[T epp.Data](t *testing.T, name string, code int, want T, parse Parse[T]) {
	t.Helper()
	reply := epp.Reply{Code: code, Data: want, ClTRID: "ABC-12345", SvTRID: "54321-XYZ"}
	if code == epp.CodeMessage {
		reply.Queue = queue
	}
	same(t, name, responseIn(t, name, reply).Data, want, parse)
}

// AnswerExtension writes an answer's extension as in testdata/answer-NAME.xml and
// reads it back.
func AnswerExtension[T epp.Extension](t *testing.T, name string, data epp.Data, want T, parse Parse[T]) {
	t.Helper()
	reply := epp.Reply{Code: epp.CodeOK, Data: data, Extensions: []epp.Extension{want}, ClTRID: "ABC-12345", SvTRID: "54321-XYZ"}
	same(t, name, responseIn(t, name, reply).Extension(want.Namespace()), want, parse)
}

func responseIn(t *testing.T, name string, reply epp.Reply) *epp.Response {
	t.Helper()
	response, err := epp.ParseResponse(Golden(t, "answer-"+name, reply.AppendXML(nil)), wire.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func same[T any](t *testing.T, name string, e *wire.Element, want T, parse Parse[T]) {
	t.Helper()
	got, err := parse(e)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: read back\n%+v\nwant\n%+v", name, got, want)
	}
}

// Foreign reads the data, or the extension in a namespace, of
// testdata/foreign-NAME.xml: an answer in the form of other implementations.
func Foreign[T any](t *testing.T, name, space string, want T, parse Parse[T]) {
	t.Helper()
	response, err := epp.ParseResponse(Document(t, "foreign-"+name), wire.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	e := response.Data
	if e == nil || e.Space != space {
		e = response.Extension(space)
	}
	same(t, name, e, want, parse)
}

// Readers turns Parse functions into what [RoundTrip] takes.
type Readers map[string]func(*wire.Element) (Encode, error)

// BodyReader is a reader of commands.
func BodyReader[T epp.Body](parse Parse[T]) func(*wire.Element) (Encode, error) {
	return func(e *wire.Element) (Encode, error) {
		v, err := parse(e)
		return v.AppendBody, err
	}
}

// DataReader is a reader of answers.
func DataReader[T epp.Data](parse Parse[T]) func(*wire.Element) (Encode, error) {
	return func(e *wire.Element) (Encode, error) {
		v, err := parse(e)
		if err != nil {
			return nil, err // v may be a nil pointer
		}
		return v.AppendData, nil
	}
}

// ExtensionReader is a reader of extensions.
func ExtensionReader[T epp.Extension](parse Parse[T]) func(*wire.Element) (Encode, error) {
	return func(e *wire.Element) (Encode, error) {
		v, err := parse(e)
		return v.AppendExtension, err
	}
}
