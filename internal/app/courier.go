package app

import (
	"context"

	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/notify"
)

// courier has the mails bring what domains ask registrants.
type courier struct{ post *notify.Post }

var _ domain.Courier = courier{}

// AskConsent implements domain.Courier.
func (c courier) AskConsent(ctx context.Context, l domain.ConsentLetter) error {
	return c.post.AskConsent(ctx, notify.ConsentLetter{
		Request: l.Request, Account: l.AccountID, Address: l.Address, Token: l.Token, Role: string(l.Role),
		Holder: l.Holder, AddressOnly: l.AddressOnly, Domains: l.Domains, All: l.All, Due: l.DueAt.Time,
	})
}
