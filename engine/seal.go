package engine

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"dossier/engine/calendar"
)

// seal draws the documents, chains the events and makes the commit.
func (e *Engine) seal(ds []*decided) (*Commit, error) {
	commit := &Commit{}
	for _, d := range ds {
		if len(d.events) == 0 {
			continue
		}
		for _, ev := range d.events {
			if err := e.draw(d, ev); err != nil {
				return nil, err
			}
		}
		w := CaseWrite{ID: d.c.ID, Read: d.read}
		head := ""
		if d.before != nil {
			head = d.before.Head
		}
		for _, ev := range d.events {
			ev.Prev = head
			data, err := canonical(ev)
			if err != nil {
				return nil, err
			}
			head = Chain(head, data)
			w.Events = append(w.Events, Sealed{Seq: ev.Seq, Data: data, Hash: head})
		}
		d.c.Head = head
		data, err := canonical(d.c)
		if err != nil {
			return nil, err
		}
		w.Snapshot = data
		w.Put, w.Drop = e.keys(d)
		commit.Cases = append(commit.Cases, w)
	}
	return commit, nil
}

// canonical is the one way in which events and snapshots are written: struct order, sorted keys, no escaping of HTML.
func canonical(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// draw renders what the event issues, keeps the bytes and writes their hash into the event and the case.
func (e *Engine) draw(d *decided, ev *Event) error {
	for i := range ev.Issued {
		doc := &ev.Issued[i]
		pdf, err := e.Renderer.Render(e.sheet(d.ed, d.c, doc.P, ev.Day))
		if err != nil {
			return err
		}
		sum := sha256.Sum256(pdf)
		doc.SHA256 = hex.EncodeToString(sum[:])
		if err := e.Store.PutBlob(doc.SHA256, pdf); err != nil {
			return err
		}
		d.c.Issued[doc.N-1].SHA256 = doc.SHA256
	}
	return nil
}

// keyed answers a command whose key was used before.
func (e *Engine) keyed(cmd Command) (*Outcome, RecordWrite, error) {
	w := RecordWrite{Kind: kindKey, ID: string(cmd.Actor) + "/" + cmd.Key}
	r, err := e.Store.Record(kindKey, w.ID)
	if errors.Is(err, ErrNotFound) {
		return nil, w, nil
	}
	if err != nil {
		return nil, w, err
	}
	var a answered
	if err := json.Unmarshal(r.Data, &a); err != nil {
		return nil, w, err
	}
	if a.At.Before(e.Now().Add(-7 * 24 * time.Hour)) {
		w.Read = r.Seq
		return nil, w, nil
	}
	if a.Body != bodyOf(cmd) {
		return nil, w, fail(KeyReused, nil)
	}
	d, err := e.read(a.Case)
	if err != nil {
		return nil, w, err
	}
	out := &Outcome{Case: d.c, Edition: d.ed, Replayed: true}
	for _, doc := range d.c.Issued {
		if doc.Seq == a.Seq {
			out.Issued = append(out.Issued, doc)
		}
	}
	return out, w, nil
}

// bodyOf is the hash of what a command asks, its key and its page's number aside.
func bodyOf(cmd Command) string {
	cmd.Key, cmd.Seq = "", 0
	files := make([]string, len(cmd.Files))
	for i, f := range cmd.Files {
		files[i] = f.Name + f.sha
	}
	cmd.Files = nil
	data, _ := json.Marshal(struct {
		Command
		Names []string
	}{cmd, files})
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// sheet is a paper of the case as the office stands now.
func (e *Engine) sheet(ed *Edition, c *Case, p int, on calendar.Date) Sheet {
	return sheet(ed, e.Office(), e.Today(), e.NumberOf, c, p, on)
}
