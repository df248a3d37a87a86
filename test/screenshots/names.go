package main

import (
	"context"
	"net/http"
	"regexp"

	"github.com/chromedp/chromedp"
)

// pagesOfNames are those of domain names, orders and the account. In a path {cnnic}
// stands for the first verified profile of that kind, {task} and {order} for the latest
// of these.
var pagesOfNames = []page{
	{name: "domains", as: "registrant", path: "/domains"},
	{name: "domains-filter", as: "registrant", path: "/domains?verification=not_completed"},
	{name: "associate", as: "registrant", path: "/associations/new?all=true&verification=not_completed"},
	{name: "associate-preview", as: "registrant", path: "/associations/new?all=true&profile={cnnic}#result"},
	{name: "associate-empty", as: "registrant", path: "/associations/new"},
	{name: "holder-change", as: "registrant", path: "/holder-changes/new?d=specimen-works.cn&profile={cnnic}"},
	{name: "domains-hold", as: "registrant", path: "/domains?sort=hold"},
	{name: "domains-none", as: "registrant", path: "/domains?verification=failed"},
	{name: "domains-chosen", as: "registrant", path: "/domains?verification=not_completed", then: what(".bulk:not([hidden])", chromedp.Click(chromedp.CSS(".rowsel")))},
	{name: "registration", as: "registrant", path: "/domains/hello-verinym.cn/registration"},
	{name: "tasks", as: "registrant", path: "/associations"},
	{name: "task", as: "registrant", path: "/associations/{task}"},
	{name: "task-holder-change", as: "registrant", path: "/associations/{change}"},
	{name: "task-cancel", as: "registrant", path: "/associations/{change}/cancel"},
	{name: "domain-changing", as: "registrant", path: "/domains/hello-verinym.com"},
	{name: "domain-not-completed", as: "registrant", path: "/domains/specimen-works.cn"},
	{name: "domain-normal", as: "registrant", path: "/domains/hello-verinym.cn"},
	{name: "domain-held", as: "registrant", path: "/domains/specimen-held.cn"},
	{name: "domain-timeline", as: "registrant", path: "/domains/hello-verinym.cn/timeline"},
	{name: "domain-in-review", as: "registrant", path: "/domains/hello-pending.cn"},
	{name: "orders", as: "registrant", path: "/orders"},
	{name: "order-new", as: "registrant", path: "/orders/new"},
	{name: "order-free", as: "registrant", path: "/orders/new?domain=specimen-shop.cn"},
	{name: "order-taken", as: "registrant", path: "/orders/new?domain=hello-verinym.cn"},
	{name: "order-unpaid", as: "registrant", path: "/orders/{order}"},
	{name: "transfers", as: "registrant", path: "/transfers"},
	{name: "transfer", as: "registrant", path: "/transfers/{transfer}"},
	{name: "papers", as: "registrant", path: "/qualifications/{papers}"},
	{name: "transfer-new", as: "registrant", path: "/transfers/new"},
	{name: "messages", as: "registrant", path: "/messages"},
	{name: "account", as: "registrant", path: "/account"},
	{name: "keys", as: "registrant", path: "/account/keys"},
	{name: "key-made", as: "registrant", path: "/account/keys", then: what(".note.ok", chromedp.SendKeys(chromedp.CSS("#name"), "Ticket system\n"))},
	{name: "webhooks", as: "registrant", path: "/webhooks"},
	{name: "webhook", as: "registrant", path: "/webhooks/{webhook}"},
	{name: "webhook-delivery", as: "registrant", path: "/webhooks/deliveries/{delivery}"},
}

// firstOn is the id of the first thing on a list: the latest.
func (d demo) firstOn(ctx context.Context, path string) (string, error) {
	_, b, err := d.visit(ctx, "registrant", http.MethodGet, path, "", nil)
	if m := regexp.MustCompile(path + "/([a-z]{3}_[0-9a-zA-Z]+)").FindSubmatch(b); m != nil {
		return string(m[1]), err
	}
	return "", err
}
