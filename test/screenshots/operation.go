package main

import "github.com/chromedp/chromedp"

// pagesOfOperation are those of operators and administrators, and the look-ups.
var pagesOfOperation = []page{
	{name: "health", as: "operator", path: "/health"},
	{name: "registries", as: "operator", path: "/registries"},
	{name: "registry", as: "operator", path: "/registries/sandbox-cnnic"},
	{name: "jobs", as: "operator", path: "/jobs"},
	{name: "jobs-done", as: "operator", path: "/jobs?show=done"},
	{name: "authorities", as: "operator", path: "/authorities"},
	{name: "authority", as: "operator", path: "/authorities/sandbox"},
	{name: "mails", as: "operator", path: "/mails"},
	{name: "mail", as: "operator", path: "/mails/{mail}"},
	{name: "mail-settings", as: "operator", path: "/mails/settings"},
	{name: "accounts", as: "admin", path: "/accounts"},
	{name: "account-of-customer", as: "admin", path: "/accounts/{account}"},
	{name: "policies", as: "operator", path: "/policies?suffix=cn"},
	{name: "policies-comparison", as: "operator", path: "/policies/comparison"},
	{name: "policies-cases", as: "operator", path: "/policies/cases"},
	{name: "enhanced", as: "operator", path: "/enhanced-verifications"},
	{name: "enhanced-asked", as: "operator", path: "/enhanced-verifications/{enhanced}"},
	{name: "enhanced-answer", as: "registrant", path: "/enhanced-verifications/{enhanced}"},
	{name: "your-data", as: "registrant", path: "/data-requests"},
	{name: "your-data-preview", as: "registrant", path: "/data-requests/preview"},
	{name: "data-requests", as: "admin", path: "/data-requests"},
	{name: "audit", as: "admin", path: "/audit?chain=check"},
	{name: "inspections", as: "operator", path: "/inspection-packs"},
	{name: "inspections-refused", as: "operator", path: "/inspection-packs", then: what(".errsum",
		chromedp.SendKeys(chromedp.CSS("#name"), "no-such-name.cn\n"))},
	{name: "imports", as: "operator", path: "/imports"},
	{name: "lookup", as: "registrant", path: "/lookup?name=hello-verinym.cn"},
	{name: "lookup-refused", as: "operator", path: "/lookup?name=not+a+name"},
	{name: "statuses", as: "registrant", path: "/statuses"},
	{name: "statuses-none", as: "reviewer", path: "/statuses?words=serverHeld"},
}
