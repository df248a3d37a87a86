package api

import "context"

func (s *Server) inspections() {
	show := func(pack []byte, err error) (*file, error) {
		if err != nil {
			return nil, err
		}
		return &file{Type: "application/zip", Cache: "no-store", NoSniff: "nosniff", Body: pack}, nil
	}
	handle(s, op{
		id: "inspect-domain", method: "GET", path: "/domains/{name}/inspection-pack",
		summary: "One signed file of everything on record about a domain", tag: "Operation",
		about: "A ZIP file: identity, decisions, holds, mails, events and audit entries as JSON, its Ed25519 signature and the key. Numbers are masked, pictures are there by their digests. Each pack is noted in the audit record.",
	},
		func(ctx context.Context, in *byName) (*file, error) {
			return show(s.Packs.Domain(ctx, actorOf(ctx), in.Name))
		})
	type byID struct {
		ID string `path:"id"`
	}
	handle(s, op{
		id: "inspect-profile", method: "GET", path: "/profiles/{id}/inspection-pack",
		summary: "One signed file of everything on record about a profile", tag: "Operation",
	},
		func(ctx context.Context, in *byID) (*file, error) {
			return show(s.Packs.Profile(ctx, actorOf(ctx), in.ID))
		})
}
