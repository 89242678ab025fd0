package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/secret"
)

// Verdict is what the record says of a paper that somebody holds.
type Verdict string

const (
	Genuine   Verdict = "genuine"   // issued, and it stands
	Withdrawn Verdict = "withdrawn" // issued, and void since
	Replaced  Verdict = "replaced"  // void, and another of its kind for the same party stands in its place
	NotOurs   Verdict = "unknown"   // no paper of this office
)

// Checked is what anybody may learn of a paper whose code they hold: what stands on it, and whether it holds. It names no
// party and no case: codes can be guessed.
type Checked struct {
	Verdict Verdict
	Code    string          // as printed
	Title   procedure.Label // of its form
	Number  string          // "" for none
	Bureau  string          // the office's name when it was issued
	Day     calendar.Date   // of issue
	Since   calendar.Date   // when it was withdrawn
	Instead string          // the number of the paper that replaces it
	Mended  calendar.Date   // when what it says of its party was mended in the case; the paper keeps what it said
	Altered bool            // a file that was checked is not the one that was issued
	Case    casefile.CaseID // for who may see it
	N       int
}

// CheckCode tells what the record says of a code, as people type it. An unknown one is no error.
func CheckCode(e *engine.Engine, code string) (Checked, error) {
	unknown := Checked{Verdict: NotOurs, Code: code}
	id, n, err := secret.Check(code)
	if err != nil {
		return unknown, nil
	}
	d, err := e.Read(casefile.CaseID(id))
	if fault := refusal.As(err); fault != nil && fault.Code == refusal.NotFound {
		return unknown, nil
	}
	if err != nil {
		return Checked{}, err
	}
	doc := d.Case.Document(int(n))
	if doc == nil {
		return unknown, nil
	}
	out := Checked{Verdict: Genuine, Code: doc.Code, Number: doc.Number, Bureau: e.Office().Seal(d.Edition.Def.ID, doc.Day), Day: doc.Day, Case: casefile.CaseID(id), N: doc.N}
	if f := d.Edition.Forms[doc.Form]; f != nil {
		out.Title = f.Title
	}
	if out.Mended, err = dayOf(e, d.Case.ID, doc.Mended); err != nil || doc.Void == 0 {
		return out, err
	}
	out.Verdict = Withdrawn
	if out.Since, err = dayOf(e, d.Case.ID, doc.Void); err != nil {
		return Checked{}, err
	}
	for _, x := range d.Case.Issued {
		if x.Form == doc.Form && x.N > doc.N && x.Void == 0 && d.Case.Papers[x.P-1].For == d.Case.Papers[doc.P-1].For {
			out.Verdict, out.Instead = Replaced, x.Number
		}
	}
	return out, nil
}

// dayOf is the day on which an event of a case was entered; none for none.
func dayOf(e *engine.Engine, id casefile.CaseID, seq uint64) (calendar.Date, error) {
	if seq == 0 {
		return 0, nil
	}
	sealed, err := e.Store.Events(id, seq-1, 1)
	if err != nil || len(sealed) == 0 {
		return 0, err
	}
	var ev casefile.Event
	err = ledger.Read(sealed[0].Data, &ev)
	return ev.Day, err
}

// CheckFile is [Engine.CheckCode] of the code that a file bears, and whether the file is the very one that was issued. A
// scan, and a paper printed again, is another.
func CheckFile(ctx context.Context, e *engine.Engine, code string, data []byte) (Checked, error) {
	out, err := CheckCode(e, code)
	if err != nil || out.Verdict == NotOurs {
		return out, err
	}
	d, err := e.Read(out.Case)
	if err != nil {
		return Checked{}, err
	}
	out.Altered = d.Case.Document(out.N).SHA256 != sum(data)
	return out, nil
}

// CodeOfFile looks through all cases for the paper whose file this is: papers of before files bore their code. "" for none.
func CodeOfFile(ctx context.Context, e *engine.Engine, data []byte) (string, error) {
	last, err := e.Store.Counter("case")
	if err != nil {
		return "", err
	}
	want := sum(data)
	for id := casefile.CaseID(1); id <= casefile.CaseID(last); id++ {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		snap, err := e.Store.Case(id)
		if errors.Is(err, ledger.ErrNotFound) {
			continue
		}
		if err != nil {
			return "", err
		}
		var c struct {
			Issued []casefile.Issued `json:"issued"`
		}
		if err := json.Unmarshal(snap.Data, &c); err != nil {
			return "", err
		}
		for _, doc := range c.Issued {
			if doc.SHA256 == want {
				return doc.Code, nil
			}
		}
	}
	return "", nil
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}
