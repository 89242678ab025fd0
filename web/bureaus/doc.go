// Package bureaus lets one process serve several bureaus: it reads the file that names them, and gives each request to the
// bureau whose host name it was sent to. What a bureau is it doesn't know: each is an http.Handler with a house of its own
// behind it, and nothing is passed from one to another.
package bureaus
