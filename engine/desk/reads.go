package desk

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/decide"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/rules"
)

// KindRead is the record of a reading of what is confidential in a case: id: the case, the day, who and which way. It stands
// in the ledger.
const KindRead = "read"

// Way is how something was read.
type Way string

const (
	ByPage     Way = "page"
	ByForm     Way = "form"
	ByAPI      Way = "api"
	ByEvents   Way = "events"
	ByDocument Way = "document" // with its number behind a dash: "document-2"
	ByPaper    Way = "paper"
	ByFile     Way = "file"
	BySearch   Way = "search" // by the confidential name itself
)

// Read is that somebody who may know read what is confidential in a case, on a day, in one way: the first time of that day.
type Read struct {
	Case casefile.CaseID `json:"case"`
	Who  office.PersonID `json:"who"`
	Way  Way             `json:"way"`
	N    int             `json:"n,omitempty"` // of the document, the paper, the file
	Day  calendar.Date   `json:"day"`
	At   time.Time       `json:"at"`
}

func (r Read) id() string {
	way := string(r.Way)
	if r.N > 0 {
		way += "-" + strconv.Itoa(r.N)
	}
	return strings.Join([]string{listing.Padded(r.Case), r.Day.String(), string(r.Who), way}, "/")
}

// confidential tells whether something stands in the case that not everybody may know.
func confidential(ed *procedure.Edition, c *casefile.Case) bool {
	holds := func(f *procedure.Form, vs procedure.Values) bool {
		for id, v := range vs {
			if x := f.Field(id); x != nil && x.Secret && !v.Empty() {
				return true
			}
		}
		return false
	}
	for _, f := range ed.Forms {
		if holds(f, c.Shared) {
			return true
		}
	}
	for _, p := range c.Papers {
		f := ed.Forms[p.Form]
		for _, x := range p.Parts {
			if f != nil && holds(f, x.Values) {
				return true
			}
		}
	}
	return false
}

// NoteRead puts on record that the viewer reads what is confidential in the case, once a day for each way. Of who does not
// know it, or where there is nothing of the kind, it notes nothing.
func NoteRead(ctx context.Context, e *engine.Engine, who office.PersonID, v *CaseView, way Way) error {
	if v.Veil != casefile.Open {
		return nil
	}
	return noteRead(ctx, e, &decide.Docket{Edition: v.Edition, Case: v.Case}, who, way, 0)
}

func noteRead(ctx context.Context, e *engine.Engine, d *decide.Docket, who office.PersonID, way Way, n int) error {
	if who == office.System || who == "" || !confidential(d.Edition, d.Case) {
		return nil
	}
	r := Read{Case: d.Case.ID, Who: who, Way: way, N: n, Day: e.Today(), At: e.Now().UTC().Truncate(time.Second)}
	_, err := e.Store.Record(KindRead, r.id())
	if !errors.Is(err, ledger.ErrNotFound) {
		return err
	}
	return engine.IgnoreConflict(change.Write(ctx, e, KindRead, r.id(), 0, r, true))
}

// Reads are who read what is confidential in the case, the latest first, for the second of the procedure's line and those
// above; nil for anybody else.
func Reads(e *engine.Engine, who office.PersonID, id casefile.CaseID) ([]Read, error) {
	d, t, _, err := e.Look(who, id)
	if err != nil {
		return nil, err
	}
	s := rules.NewView(d.Edition, t.Office, d.Case, t.Today, t.Today)
	s.Actor = who
	if _, ok := t.Stands(s, decide.Second(s), ""); !ok {
		return nil, nil
	}
	var out []Read
	prefix := listing.Padded(id) + "/"
	for after := prefix; ; {
		rs, err := e.Store.Records(KindRead, after, 200)
		if err != nil {
			return nil, err
		}
		for _, x := range rs {
			if !strings.HasPrefix(x.ID, prefix) {
				return out, nil
			}
			var r Read
			if err := json.Unmarshal(x.Data, &r); err != nil {
				return nil, err
			}
			after, out = x.ID, append([]Read{r}, out...)
		}
		if len(rs) < 200 {
			return out, nil
		}
	}
}
