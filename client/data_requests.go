package client

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// DataRequest is what somebody asked about the data that are kept of them.
type DataRequest struct {
	ID      string `json:"id"`
	Account string `json:"account"`
	// Profile is empty where the whole account is meant.
	Profile string `json:"profile"`
	// Kind is export or erasure; State open, endorsed, under_way, deferred, ready, completed,
	// refused, withdrawn or expired.
	Kind    string    `json:"kind"`
	State   string    `json:"state"`
	Origin  string    `json:"origin"`
	AskedAt time.Time `json:"asked_at"`
	// DueAt is the later time once that is extended, as Extension says.
	DueAt     time.Time      `json:"due_at"`
	Extension *DataExtension `json:"extension"`
	BeginAt   *time.Time     `json:"begins_at"`
	LookAt    *time.Time     `json:"looked_at_again"`
	EndedAt   *time.Time     `json:"ended_at"`
	Refusal   *DataGround    `json:"refusal"`
	Note      string         `json:"note"`
	Parts     []DataPart     `json:"parts"`
	File      *DataFile      `json:"file"`
	// The rest is for staff.
	Evidence    string `json:"evidence"`
	RequestedBy string `json:"requested_by"`
	FirstBy     string `json:"endorsed_by"`
	AcceptedBy  string `json:"accepted_by"`
	ExtendedBy  string `json:"extended_by"`
}

// DataExtension is why the time to answer was extended.
type DataExtension struct {
	Code string    `json:"code"`
	Text Words     `json:"text"`
	Note string    `json:"note"`
	At   time.Time `json:"at"`
}

// DataPart is a profile in an erasure, or the account itself; Grounds say why it stays.
type DataPart struct {
	Profile  string       `json:"profile"`
	Holder   string       `json:"holder"`
	ErasedAt *time.Time   `json:"erased_at"`
	Grounds  []DataGround `json:"grounds"`
}

// DataGround is a coded ground.
type DataGround struct {
	Code  string     `json:"code"`
	Text  Words      `json:"text"`
	Until *time.Time `json:"until"`
}

// DataFile is the file of an export.
type DataFile struct {
	Bytes  int64     `json:"bytes"`
	SHA256 string    `json:"sha256"`
	Until  time.Time `json:"until"`
}

// DataPreview is what an erasure would take now, and what would stay.
type DataPreview struct {
	Parts  []DataPart     `json:"parts"`
	Erases map[string]int `json:"erases"`
	Stays  []DataGround   `json:"stays"`
}

// DataWish is what is asked for: kind export or erasure, of a profile or, with none, of the
// whole account. Account and Evidence are for admins, who enter what came in writing.
type DataWish struct {
	Kind     string `json:"kind"`
	Profile  string `json:"profile,omitempty"`
	Account  string `json:"account,omitempty"`
	Evidence string `json:"evidence,omitempty"`
}

// AskData asks for an export or an erasure, in a session in which the person has proved
// lately who they are.
func (c *Client) AskData(ctx context.Context, w DataWish) (DataRequest, error) {
	return post[DataRequest](ctx, c, "/data-requests", w)
}

// DataRequests lists the newest data requests, of the account or, for admins, of all.
func (c *Client) DataRequests(ctx context.Context, open bool) ([]DataRequest, error) {
	p, err := get[page[DataRequest]](ctx, c, "/data-requests?"+url.Values{"open": {strconv.FormatBool(open)}}.Encode())
	return p.Items, err
}

// DataRequest reads one.
func (c *Client) DataRequest(ctx context.Context, id string) (DataRequest, error) {
	return get[DataRequest](ctx, c, "/data-requests/"+escape(id))
}

// PreviewErasure says what an erasure would take now: of a profile, or with none of the
// whole account. account is for admins.
func (c *Client) PreviewErasure(ctx context.Context, account, profile string) (DataPreview, error) {
	return get[DataPreview](ctx, c, "/data-requests/preview?"+url.Values{"account": {account}, "profile": {profile}}.Encode())
}

// WithdrawDataRequest withdraws one; what is erased stays so.
func (c *Client) WithdrawDataRequest(ctx context.Context, id string) (out DataRequest, err error) {
	return out, c.call(ctx, http.MethodDelete, "/data-requests/"+escape(id), nil, &out)
}

// AcceptDataRequest has an erasure carried out. For admins.
func (c *Client) AcceptDataRequest(ctx context.Context, id string) (DataRequest, error) {
	return post[DataRequest](ctx, c, "/data-requests/"+escape(id)+"/acceptance", nil)
}

// RefuseDataRequest refuses one on a coded ground, with a note for who asked. For admins.
func (c *Client) RefuseDataRequest(ctx context.Context, id, ground, note string) (DataRequest, error) {
	return post[DataRequest](ctx, c, "/data-requests/"+escape(id)+"/refusal", map[string]string{"ground": ground, "note": note})
}

// ExtendDataRequest extends the time to answer one, once, for a reason (complexity or
// number_of_requests) that who asked is told, with a note. For admins.
func (c *Client) ExtendDataRequest(ctx context.Context, id, reason, note string) (DataRequest, error) {
	return post[DataRequest](ctx, c, "/data-requests/"+escape(id)+"/extension", map[string]string{"reason": reason, "note": note})
}

// FetchData writes the file of an export to w as it comes.
func (c *Client) FetchData(ctx context.Context, id string, w io.Writer) error {
	return c.call(ctx, http.MethodGet, "/data-requests/"+escape(id)+"/file", nil, w)
}
