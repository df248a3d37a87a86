// Package timeline tells the owner of a domain or profile everything that has happened to
// it, the newest first, and what is expected next.
//
// It owns no rows. It reads those of others on the reader pool: the events that nouns
// append, which are the account's own, the tasks, commands and mails that no event tells
// of, and the reasons of reviews as a registrant may see them. What staff note for themselves,
// why a case wants special care and what an authority said in its own words are not read
// at all. Whose things may be seen is asked of their nouns, and every row is read with
// the account that they belong to.
package timeline
