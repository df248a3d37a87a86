// Package forwarded says where a request came from when it passed reverse proxies.
//
// What a proxy writes down of the hop before it is believed of the networks that an
// operator trusts, and of nobody else: the right-most hop that is not one of them made the
// request. What stands to the left of it anybody may have written.
package forwarded
