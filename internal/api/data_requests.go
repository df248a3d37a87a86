package api

import (
	"context"
	"encoding/hex"
	"io"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/datarequest"
)

// DataRequest is what somebody asked about the data that are kept of them.
type DataRequest struct {
	ID        string           `json:"id"`
	Account   string           `json:"account"`
	Profile   string           `json:"profile,omitempty" doc:"Absent where the whole account is meant."`
	Kind      datarequest.Kind `json:"kind" enum:"export,erasure"`
	State     string           `json:"state" enum:"open,endorsed,under_way,deferred,ready,completed,refused,withdrawn,expired" doc:"Endorsed: one admin has accepted it and another one has to. Deferred: what no ground covers is erased, the rest waits. Ready: the file can be fetched."`
	Origin    string           `json:"origin" enum:"self,staff" doc:"Staff: an admin entered it, who has it in writing."`
	AskedAt   time.Time        `json:"asked_at"`
	DueAt     time.Time        `json:"due_at" doc:"Until when it is answered; the later time once that is extended."`
	Extension *DataExtension   `json:"extension,omitempty" doc:"That the time to answer was extended, and why."`
	BeginAt   *time.Time       `json:"begins_at,omitempty" doc:"When an erasure begins by itself that is not withdrawn until then."`
	LookAt    *time.Time       `json:"looked_at_again,omitempty" doc:"When the grounds of what waits are looked at again."`
	EndedAt   *time.Time       `json:"ended_at,omitempty"`
	Refusal   *DataGround      `json:"refusal,omitempty"`
	Note      string           `json:"note,omitempty" doc:"What the admin wrote beside a refusal."`
	Parts     []DataPart       `json:"parts" doc:"Of an erasure that has begun."`
	File      *DataFile        `json:"file,omitempty" doc:"Of an export that is ready."`
	// The rest is for staff.
	Evidence    string `json:"evidence,omitempty" doc:"How it came; for staff."`
	RequestedBy string `json:"requested_by,omitempty" doc:"For staff."`
	FirstBy     string `json:"endorsed_by,omitempty" doc:"For staff."`
	AcceptedBy  string `json:"accepted_by,omitempty" doc:"For staff."`
	ExtendedBy  string `json:"extended_by,omitempty" doc:"For staff."`
}

// DataExtension is why the time to answer was extended.
type DataExtension struct {
	Code string    `json:"code" enum:"complexity,number_of_requests"`
	Text Words     `json:"text"`
	Note string    `json:"note,omitempty" doc:"What the admin wrote beside it."`
	At   time.Time `json:"at"`
}

// DataPart is a profile in an erasure, or the account itself.
type DataPart struct {
	Profile  string       `json:"profile,omitempty" doc:"Absent for the account itself."`
	Holder   string       `json:"holder,omitempty"`
	ErasedAt *time.Time   `json:"erased_at,omitempty"`
	Grounds  []DataGround `json:"grounds" doc:"Why it stays for now."`
}

// DataGround is a coded ground in both languages.
type DataGround struct {
	Code  string     `json:"code"`
	Text  Words      `json:"text"`
	Until *time.Time `json:"until,omitempty" doc:"When it ends, where that is known."`
}

// DataFile is the file of an export.
type DataFile struct {
	Bytes  int64     `json:"bytes"`
	SHA256 string    `json:"sha256"`
	Until  time.Time `json:"until"`
}

// DataPreview is what an erasure would take now, and what would stay.
type DataPreview struct {
	Parts  []DataPart   `json:"parts" doc:"Those without grounds would be erased."`
	Erases DataCounts   `json:"erases"`
	Stays  []DataGround `json:"stays" doc:"What an erasure never takes."`
}

// DataCounts are how many things an erasure would take.
type DataCounts struct {
	Profiles  int `json:"profiles"`
	Versions  int `json:"versions"`
	Documents int `json:"documents"`
	Addresses int `json:"addresses"`
	Messages  int `json:"messages"`
	Mails     int `json:"mails"`
}

func (s *Server) dataRequestOf(staff bool) func(datarequest.View) DataRequest {
	return func(v datarequest.View) DataRequest {
		out := DataRequest{
			ID: v.PublicID, Account: v.Account, Profile: v.Profile, Kind: v.Kind, State: string(v.State),
			Origin: string(v.Origin), AskedAt: v.AskedAt.Time, DueAt: v.DueAt.Time,
			EndedAt: when(v.EndedAt.Time), Note: v.Note, Parts: listOf(v.Parts, s.dataPartOf).Items,
		}
		switch v.State {
		case datarequest.Open:
			out.BeginAt = when(v.ActAt.Time)
		case datarequest.Deferred:
			out.LookAt = when(v.ActAt.Time)
		case datarequest.Ready:
			out.File = &DataFile{Bytes: v.Bytes, SHA256: hex.EncodeToString(v.SHA256), Until: v.OpenUntil.Time}
		}
		if v.Refusal != "" {
			out.Refusal = &DataGround{Code: v.Refusal, Text: s.texts.Both("data.refusal."+v.Refusal, nil)}
		}
		if v.Extension != "" {
			out.Extension = &DataExtension{Code: v.Extension, Text: s.texts.Both("data.extension."+v.Extension, nil), Note: v.ExtensionNote, At: v.ExtendedAt.Time}
		}
		if staff {
			out.Evidence, out.RequestedBy, out.FirstBy, out.AcceptedBy, out.ExtendedBy = v.Evidence, v.RequestedBy, v.FirstBy, v.AcceptedBy, v.ExtendedBy
		}
		return out
	}
}

func (s *Server) dataPartOf(p datarequest.Part) DataPart {
	return DataPart{Profile: p.Profile, Holder: p.Holder, ErasedAt: when(p.ErasedAt), Grounds: listOf(p.Grounds, func(g datarequest.Ground) DataGround {
		return DataGround{Code: g.Code, Text: s.texts.Both("data.kept."+g.Code, g.Params), Until: when(g.Until)}
	}).Items}
}

func (s *Server) dataRequests() {
	const tag = "Data requests"
	show := func(ctx context.Context, v datarequest.View, err error) (*body[DataRequest], error) {
		if err != nil {
			return nil, err
		}
		return answer(s.dataRequestOf(actorOf(ctx).May(actor.DataManage))(v), nil)
	}
	type asking struct {
		Body struct {
			Kind     string `json:"kind" enum:"export,erasure"`
			Profile  string `json:"profile,omitempty" maxLength:"64" doc:"The whole account when left out."`
			Account  string `json:"account,omitempty" maxLength:"64" doc:"For admins: whose data, of a request that came in writing."`
			Evidence string `json:"evidence,omitempty" maxLength:"2000" doc:"For admins: how it came and where it is kept."`
		}
	}
	handle(s, op{
		id: "ask-data", method: "POST", path: "/data-requests", summary: "Ask for an export of one's data, or to have them erased", tag: tag, status: 201,
		about: "A person asks in a session in which they have proved lately who they are. The file of an export is made at once; an erasure begins when there was time to think better of it. An admin enters what came in writing.",
	},
		func(ctx context.Context, in *asking) (*body[DataRequest], error) {
			v, err := s.DataRequests.Ask(ctx, actorOf(ctx), datarequest.Asking{
				Kind: datarequest.Kind(in.Body.Kind), Profile: in.Body.Profile, Account: in.Body.Account,
				Evidence: in.Body.Evidence,
			})
			return show(ctx, v, err)
		})
	type page struct {
		Open    bool   `query:"open" doc:"Those alone that are not answered."`
		Account string `query:"account" maxLength:"64" doc:"Of one account; for admins."`
		After   string `query:"after" maxLength:"64"`
		Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	handle(s, op{
		id: "list-data-requests", method: "GET", path: "/data-requests", summary: "List data requests, the newest first",
		tag: tag, about: "One's own account's, or all for admins.",
	},
		func(ctx context.Context, in *page) (*body[list[DataRequest]], error) {
			found, next, err := s.DataRequests.List(ctx, actorOf(ctx), datarequest.Filter{Open: in.Open, Account: in.Account}, in.After, in.Limit)
			out := listOf(found, s.dataRequestOf(actorOf(ctx).May(actor.DataManage)))
			out.Next = next
			return answer(out, err)
		})
	type wanted struct {
		Profile string `query:"profile" maxLength:"64" doc:"The whole account when left out."`
		Account string `query:"account" maxLength:"64" doc:"For admins."`
	}
	handle(s, op{
		id: "preview-erasure", method: "GET", path: "/data-requests/preview",
		summary: "What an erasure would take now, and what would stay and why", tag: tag,
	},
		func(ctx context.Context, in *wanted) (*body[DataPreview], error) {
			p, err := s.DataRequests.Preview(ctx, actorOf(ctx), in.Account, in.Profile)
			out := DataPreview{Parts: listOf(p.Parts, s.dataPartOf).Items, Erases: DataCounts(p.Erases)}
			for _, code := range datarequest.Stays() {
				out.Stays = append(out.Stays, DataGround{Code: code, Text: s.texts.Both("data.stays."+code, nil)})
			}
			return answer(out, err)
		})
	handle(s, op{id: "get-data-request", method: "GET", path: "/data-requests/{id}", summary: "Read a data request: what is done, and what waits why", tag: tag},
		func(ctx context.Context, in *byID) (*body[DataRequest], error) {
			v, err := s.DataRequests.Get(ctx, actorOf(ctx), in.ID)
			return show(ctx, v, err)
		})
	handle(s, op{
		id: "withdraw-data-request", method: "DELETE", path: "/data-requests/{id}",
		summary: "Withdraw a data request; what is erased stays so", tag: tag,
	},
		func(ctx context.Context, in *byID) (*body[DataRequest], error) {
			v, err := s.DataRequests.Withdraw(ctx, actorOf(ctx), in.ID)
			return show(ctx, v, err)
		})
	handle(s, op{
		id: "accept-data-request", method: "POST", path: "/data-requests/{id}/acceptance",
		summary: "Have an erasure carried out; with a second admin where policy asks for one", tag: tag,
	},
		func(ctx context.Context, in *byID) (*body[DataRequest], error) {
			v, err := s.DataRequests.Accept(ctx, actorOf(ctx), in.ID)
			return show(ctx, v, err)
		})
	type refusing struct {
		ID   string `path:"id"`
		Body struct {
			Ground string `json:"ground" enum:"identity_doubtful,not_the_subject,unfounded,excessive,legal_claim,law_forbids"`
			Note   string `json:"note,omitempty" maxLength:"2000" doc:"For who asked."`
		}
	}
	handle(s, op{id: "refuse-data-request", method: "POST", path: "/data-requests/{id}/refusal", summary: "Refuse a data request on a coded ground", tag: tag},
		func(ctx context.Context, in *refusing) (*body[DataRequest], error) {
			v, err := s.DataRequests.Refuse(ctx, actorOf(ctx), in.ID, in.Body.Ground, in.Body.Note)
			return show(ctx, v, err)
		})
	type extending struct {
		ID   string `path:"id"`
		Body struct {
			Reason string `json:"reason" enum:"complexity,number_of_requests"`
			Note   string `json:"note,omitempty" maxLength:"2000" doc:"For who asked."`
		}
	}
	handle(s, op{
		id: "extend-data-request", method: "POST", path: "/data-requests/{id}/extension",
		summary: "Extend the time to answer a data request, once, for a reason that who asked is told", tag: tag,
		about: "To three months from its receipt, before its first time is over (GDPR Article 12(3)). Who asked is told the new day and the reason by message and mail.",
	},
		func(ctx context.Context, in *extending) (*body[DataRequest], error) {
			v, err := s.DataRequests.Extend(ctx, actorOf(ctx), in.ID, in.Body.Reason, in.Body.Note)
			return show(ctx, v, err)
		})
	handle(s, op{id: "fetch-data", method: "GET", path: "/data-requests/{id}/file", summary: "Fetch the file of an export", tag: tag,
		about: "A ZIP file, for who asked for it, in a session in which they have proved lately who they are. Each fetch is noted in the audit record."},
		func(ctx context.Context, in *byID) (*huma.StreamResponse, error) {
			f, err := s.DataRequests.Fetch(ctx, actorOf(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			return &huma.StreamResponse{Body: func(to huma.Context) {
				defer f.Close()
				for name, value := range map[string]string{"Content-Type": "application/zip", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
					"Content-Length": strconv.FormatInt(f.Bytes, 10), "Content-Disposition": `attachment; filename="` + f.Name + `"`} {
					to.SetHeader(name, value)
				}
				if _, err := io.Copy(to.BodyWriter(), f); err != nil { // the length tells the client
					s.log.Warn("an export was not fetched whole", "request", in.ID, "error", err)
				}
			}}, nil
		})
}
