package epp

import (
	"errors"
	"fmt"
	"time"

	"github.com/verinym/verinym/epp/wire"
)

// Response is a registry's answer to a command (RFC 5730 section 2.6).
type Response struct {
	Results    []Result // at least one; several only if all of them are failures
	Queue      *MessageQueue
	Data       *wire.Element   // the child of <resData>, nil if there is none
	Extensions []*wire.Element // the children of <extension>
	ClTRID     string
	SvTRID     string
	Raw        []byte // the document as received
}

// Code is the first result's code, 0 for a greeting that [Conn.DoFrame] returned.
func (r *Response) Code() int {
	if len(r.Results) == 0 {
		return 0
	}
	return r.Results[0].Code
}

// Extension returns the first extension element in a namespace, or nil.
func (r *Response) Extension(space string) *wire.Element {
	for _, e := range r.Extensions {
		if e.Space == space {
			return e
		}
	}
	return nil
}

// Unhandled are the elements of namespaces that the client did not declare at
// login, which the registry put into the result (RFC 9038 section 3). Failures
// have none: there a reason's value is the offending element.
func (r *Response) Unhandled() []*wire.Element {
	if r.Code() >= 2000 {
		return nil
	}
	var list []*wire.Element
	for _, result := range r.Results {
		for _, reason := range result.Reasons {
			if reason.Value != nil && reason.Value.Space != NS {
				list = append(list, reason.Value)
			}
		}
	}
	return list
}

// Find returns an element that the answer carries, wherever the registry put it:
// as data, as an extension, or as unhandled. It returns nil if there is none.
func (r *Response) Find(space, local string) *wire.Element {
	if r.Data.Is(space, local) {
		return r.Data
	}
	for _, list := range [][]*wire.Element{r.Extensions, r.Unhandled()} {
		for _, e := range list {
			if e.Is(space, local) {
				return e
			}
		}
	}
	return nil
}

// Result is one outcome of a command.
type Result struct {
	Code    int
	Message string
	Lang    string
	Reasons []Reason
}

// Reason is what a registry adds to a failure: the offending element, the
// explanation, or both. With unhandled namespaces (RFC 9038), Value is the
// element that the client did not declare.
type Reason struct {
	Value *wire.Element // nil if the registry named none
	Text  string
	Lang  string
}

// MessageQueue describes the registrar's poll queue and, in the answer to
// [Poll], its oldest message.
type MessageQueue struct {
	Count   int // messages waiting, this one included
	ID      string
	Date    time.Time // when the message was queued
	Message string
	Lang    string
}

var errNotResponse = errors.New("epp: frame is not a response")

// ParseResponse reads a response frame.
func ParseResponse(frame []byte, limits wire.Limits) (*Response, error) {
	root, err := wire.Parse(frame, limits)
	if err != nil {
		return nil, err
	}
	return responseOf(root, frame)
}

func responseOf(root *wire.Element, frame []byte) (*Response, error) {
	e := root.Child(NS, "response")
	if !root.Is(NS, "epp") || e == nil {
		return nil, errNotResponse
	}
	r := &Response{Raw: frame}
	for _, c := range e.Children {
		if c.Space != NS {
			continue
		}
		var err error
		switch c.Local {
		case "result":
			err = r.addResult(c)
		case "msgQ":
			r.Queue, err = parseQueue(c)
		case "resData":
			if len(c.Children) > 0 {
				r.Data = c.Children[0]
			}
		case "extension":
			r.Extensions = append(r.Extensions, c.Children...)
		case "trID":
			r.ClTRID = c.ChildText(NS, "clTRID")
			r.SvTRID = c.ChildText(NS, "svTRID")
		}
		if err != nil {
			return nil, err
		}
	}
	if len(r.Results) == 0 {
		return nil, fmt.Errorf("epp: response: %w", wire.Missing("result"))
	}
	return r, nil
}

func (r *Response) addResult(e *wire.Element) error {
	code, ok := wire.ParseInt(e.Attr("code"))
	if !ok || code < 1000 || code > 2999 {
		return fmt.Errorf("epp: result: %w", wire.Invalid("code", e.Attr("code")))
	}
	result := Result{Code: code}
	for _, c := range e.Children {
		if c.Space != NS {
			continue
		}
		switch c.Local {
		case "msg":
			result.Message, result.Lang = c.Value(), c.Attr("lang")
		case "value":
			result.Reasons = append(result.Reasons, Reason{Value: firstChild(c)})
		case "extValue":
			reason := c.Child(NS, "reason")
			result.Reasons = append(result.Reasons, Reason{
				Value: firstChild(c.Child(NS, "value")),
				Text:  reason.Value(),
				Lang:  reason.Attr("lang"),
			})
		}
	}
	r.Results = append(r.Results, result)
	return nil
}

func firstChild(e *wire.Element) *wire.Element {
	if e == nil || len(e.Children) == 0 {
		return nil
	}
	return e.Children[0]
}

func parseQueue(e *wire.Element) (*MessageQueue, error) {
	count, ok := wire.ParseInt(e.Attr("count"))
	if !ok {
		return nil, fmt.Errorf("epp: msgQ: %w", wire.Invalid("count", e.Attr("count")))
	}
	date, err := wire.ChildTime(e, NS, "qDate")
	if err != nil {
		return nil, fmt.Errorf("epp: msgQ: %w", err)
	}
	msg := e.Child(NS, "msg")
	return &MessageQueue{
		Count: count, ID: e.Attr("id"), Date: date,
		Message: msg.Value(), Lang: msg.Attr("lang"),
	}, nil
}
