// Package vault keeps what must not leak: document pictures and document
// numbers.
//
// A field is sealed with AEAD and bound to its place (table, row, field): a
// ciphertext that is moved to another row does not open. A picture is sealed
// with streaming AEAD, bound to its key, and put into a folder of files; it never
// touches the disk in clear. Equal numbers can be found again through a keyed
// hash.
//
// The keys live in a key-set file made at the first start, readable by its owner
// alone. Whoever loses that file has lost the documents; whoever copies database
// and folder without it has nothing. The vault never logs and never decides who
// may look: callers record the reveal first and open afterwards.
package vault
