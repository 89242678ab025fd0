package main

import (
	_ "embed"
	"errors"
	"io/fs"
	"net"
	"os"
	"strings"
	"syscall"

	"dossier/engine/refusal"
	"dossier/engine/strictyaml"
	"dossier/engine/text"
	"dossier/store"
)

// wordsFile is the one catalogue of what the command line says when something is wrong, each message as "what: where: what to do".
//
//go:embed words.txt
var wordsFile string

// catalogue holds its messages by key; a fault of the file fails the package's tests.
var catalogue, _ = text.Read(wordsFile)

// said is the message of a key; the arguments are pairs of a name and a value.
func said(key string, args ...any) string { return text.Fill(text.ZH, catalogue[key], args...) }

// usageError is what was wrong, for whoever typed it.
type usageError struct {
	Code    string       // unreadable: the command line or a file can't be read; field-invalid: a value can't be; failed: it could not be done
	Message string       // what was wrong: where: what to do
	Fields  []fieldError // the values at fault
	err     error        // what it comes from, nil for nothing
}

// fieldError is what is wrong with one value.
type fieldError struct {
	Path    string `json:"path"` // from, pause[1], or a file's line: 2027.json:4:12
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (e *usageError) Error() string { return e.Message }

func (e *usageError) Unwrap() error { return e.err }

// errNotRead is a value that can't be read as what it should be; whoever asked for it says so.
var errNotRead = errors.New("not read")

// unreadable is a command line or a file that can't be read.
func unreadable(key string, args ...any) error {
	return &usageError{Code: "unreadable", Message: said(key, args...)}
}

// invalid is a value at path that can't be.
func invalid(path, code, key string, args ...any) error {
	message := said(key, args...)
	return &usageError{Code: "field-invalid", Message: message, Fields: []fieldError{{path, code, message}}}
}

// invalidTold is a value at path, given where, that can't be; another catalogue's sentence says what is wrong and what to do.
func invalidTold(path, where, code, sentence string) error {
	what, do := sentence, ""
	for _, pause := range []string{"。请", "：请", "：", "。"} {
		if w, d, ok := strings.Cut(sentence, pause); ok && d != "" {
			what, do = w, strings.TrimLeft(pause, "。：")+strings.TrimSuffix(d, "。")
			break
		}
	}
	message := said("of-another", "what", what, "where", where, "do", do)
	return &usageError{Code: "field-invalid", Message: message, Fields: []fieldError{{path, code, sentence}}}
}

// failing is something that could not be done for the sake of err, which may be nil.
func failing(err error, key string, args ...any) error {
	return &usageError{Code: "failed", Message: said(key, args...), err: err}
}

// offer says what may stand in the place of a word.
func offer(word string, allowed []string) string {
	may := said("may", "known", allowed)
	if guess := strictyaml.Guess(word, allowed); guess != "" {
		return said("meant", "guess", guess, "may", may)
	}
	return may
}

// cause says why the system did not do what was asked of a file or an address.
func cause(err error) string {
	for _, c := range []struct {
		of  error
		key string
	}{{fs.ErrNotExist, "missing"}, {fs.ErrPermission, "permission"}, {syscall.EROFS, "permission"}, {syscall.ENOSPC, "no-space"}, {syscall.EDQUOT, "no-space"},
		{syscall.EISDIR, "folder"}, {syscall.ENOTDIR, "no-folder"}, {fs.ErrExist, "exists"}, {syscall.EADDRINUSE, "in-use"}, {syscall.EADDRNOTAVAIL, "not-here"}} {
		if errors.Is(err, c.of) {
			return said("cause." + c.key)
		}
	}
	return said("cause.other", "fault", bare(err))
}

// bare is what the system says, without the name of what it says it of.
func bare(err error) error {
	var path *os.PathError
	var link *os.LinkError
	var op *net.OpError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	case errors.As(err, &op):
		return op.Err
	}
	return err
}

// reason is an error in the words that its own catalogue has for it.
func reason(err error) string {
	if e := refusal.As(err); e != nil {
		return refusalTold(e)
	}
	return err.Error()
}

// unopened says why a store can't be opened.
func unopened(e store.OpenError) string {
	key := "store." + e.OpenCode()
	if _, ok := catalogue[key]; !ok {
		key = "store.cannot-open"
	}
	fault := errors.Unwrap(e)
	if fault == nil {
		fault = e
	}
	if path := (*fs.PathError)(nil); key == "store.cannot-open" && errors.As(fault, &path) {
		return said("file-write", "why", cause(fault), "where", e.OpenWhere())
	}
	if r := refusal.As(fault); r != nil { // with its figures
		return said(key, "where", e.OpenWhere(), "fault", refusalTold(r))
	}
	return said(key, "where", e.OpenWhere(), "fault", fault)
}
