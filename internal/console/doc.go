// Package console is what people see in a browser.
//
// It holds no rules: a page shows what a noun says and posts back to one call of
// it. Every form works without JavaScript, nothing is loaded from elsewhere, and
// looking at a page never changes anything.
package console
