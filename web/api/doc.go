// Package api is what programs reach: the JSON API, which asks the engine what the pages ask, by the same rooms.
package api
