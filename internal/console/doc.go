// Package console is what people see in a browser.
//
// It holds no rules: a page shows what a noun says and posts back to one call of
// it, with the actor. Every form works without JavaScript, nothing is loaded from
// elsewhere, and looking at a page never changes anything.
//
// # Adding a page
//
//  1. Its handlers stand in a file of the noun (profiles.go), each a
//     func(*visit) error, and are listed beside them as page values; pages() in
//     console.go joins the lists. Addresses are plain nouns: GET /orders,
//     GET /orders/{id}, POST /orders/{id}/payment.
//  2. Its template stands beside it (profiles.templ), begins with @ui.Shell or
//     @ui.Bare and is made of the parts of package ui. A part that is missing is
//     added there, and to the gallery (GET /gallery).
//  3. Its words stand in internal/locale/texts/console-<noun>.yaml and are read with
//     ui.T(ctx, "id", "Name", value) in a template, v.T in a handler. A test finds
//     ids that have no text. A status is printed by ui.Chip and by nothing else.
//  4. Its link in the rail is a line of nav.go.
//  5. The table of pages in test/screenshots has a line for it; `make screenshots`
//     takes its pictures and runs axe-core on it.
//
// A noun that no page called before becomes a field of Nouns, set in package app.
// `make generate` turns templates into Go; `make assets` builds the stylesheet anew
// when a template uses a class that no other did, or an icon that is not there (its
// name is added to assets/build.mjs). Tests say when either was forgotten.
//
// # What a handler does
//
// It calls nouns with v.actor and ends with v.show(template), v.render(status,
// template) for a form with something to correct (422, with v.wrongs(err) at the
// fields and what was typed in them), v.redirect or, after a form that did something,
// v.done(path, "done.saved"), which announces the text on the next page. An error
// that it returns is shown in words; its cause goes to the log alone.
//
// A form that makes something new has the field ui.Once(token()) and is carried out
// by v.once("done.made", …): sending it twice leads to the same place and makes nothing twice.
//
// Lists are read from a place onward: v.pages says where the pages around one are, for
// ui.PagerOf. Links of the rail, of tabs, filters and pagers change the page in place;
// one that brings a script of its own is loaded instead (static/app.js).
//
// Another language or theme is put into the page that is there (static/app.js): fields are told from each other by name,
// and what was typed in them stays. A page that holds what was typed elsewhere begins with @ui.BareWith.
//
// Who is not signed in is asked to, and comes back to the same page afterwards with
// what was typed. Posts from other sites are refused before any handler sees them.
package console
