package app

import (
	"context"
	"time"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
)

// SampleAccount is somebody who can sign in to a demonstration.
type SampleAccount struct {
	Role     string `json:"role"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Password string `json:"password"`
	APIKey   string `json:"api_key"`
	// Account is the public id of the account.
	Account string `json:"account"`

	organisation string
}

// samplePassword is printed beside every sign-in: a demonstration has no secrets.
const samplePassword = "correct-horse-battery"

func samplePeople() []SampleAccount {
	return []SampleAccount{
		{Role: "registrant", Name: "李思远", Email: "li@registrant.example", organisation: "Li Siyuan"},
		{Role: "registrant", Name: "陈一帆", Email: "chen@other.example", organisation: "Other Organisation"},
		{Role: "reviewer", Name: "Rui Reviewer", Email: "reviewer@registrar.example", organisation: "Registrar"},
		{Role: "lead", Name: "Lena Lead", Email: "lead@registrar.example", organisation: "Registrar"},
		{Role: "operator", Name: "Ola Operator", Email: "operator@registrar.example", organisation: "Registrar"},
		{Role: "admin", Name: "Ada Admin", Email: "admin@registrar.example", organisation: "Registrar"},
	}
}

// MakeSampleAccounts creates the accounts of a demonstration in a fresh
// installation.
func (a *App) MakeSampleAccounts(ctx context.Context) ([]SampleAccount, error) {
	made := map[string]string{}
	people := samplePeople()
	for i := range people {
		p := &people[i]
		if made[p.organisation] == "" {
			acc, err := a.Accounts.Create(ctx, actor.Verinym, p.organisation)
			if err != nil {
				return nil, err
			}
			made[p.organisation] = acc.PublicID
		}
		p.Account, p.Password = made[p.organisation], samplePassword
		roles := []actor.Role{actor.Role(p.Role)}
		if p.Role == "lead" {
			roles = append(roles, actor.Reviewer) // who leads the desk works at it, too
		}
		_, err := a.Accounts.AddPerson(ctx, actor.Verinym, account.NewPerson{Account: p.Account, Email: p.Email, Name: p.Name, Password: p.Password, Roles: roles})
		if err != nil {
			return nil, err
		}
		if p.APIKey, err = a.Accounts.CreateKey(ctx, actor.Verinym, p.Account, "sample", roles); err != nil {
			return nil, err
		}
	}
	return people, nil
}

// AgeSampleCase makes a case of a demonstration older by so much.
func (a *App) AgeSampleCase(ctx context.Context, id string, by time.Duration) error {
	return a.Reviews.Age(ctx, id, by)
}
