package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"syscall"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/app"
)

// who returns the first sample account with a role.
func who(people []app.SampleAccount, role string) app.SampleAccount {
	for _, p := range people {
		if p.Role == role {
			return p
		}
	}
	return app.SampleAccount{}
}

// The two invented people whose documents the samples show.
const (
	liName     = "李思远"
	liNumber   = "990000199003071171"
	wangName   = "王若溪"
	wangNumber = "990000198711242467"
)

// chineseFields are a sample holder's fields, in Chinese only.
func chineseFields(name, number, email string) client.Fields {
	return client.Fields{
		"name_zh": name, "country": "CN", "province_zh": "浙江", "city_zh": "杭州市", "address_zh": "样张区虚构路18号院3号楼501室",
		"postal_code": "310000", "phone": "138 0000 0000", "email": email, "document_kind": "resident_id", "document_number": number,
	}
}

func startServer(ctx context.Context, c app.Config, log *slog.Logger) (*app.App, error) {
	a, err := app.Start(ctx, c, version, log)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use; choose another place with --addr HOST:PORT (make demo ADDR=HOST:PORT): %w", c.Addr, err)
	}
	if err != nil {
		return nil, fmt.Errorf("starting the server: %w", err)
	}
	return a, nil
}
