package verify

import (
	"encoding/json"
	"errors"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/procedure"
)

// Flaw is one thing on record that is not as it was written.
type Flaw struct {
	Code  string          // stable: "chain", "ledger", "snapshot", "index", "record", "counter", "blob", …
	Place procedure.Label // the case and event, the record, the counter, the file
	What  procedure.Label // what is wrong with it
}

// Report is what [Run] found. The record is whole when it has no flaws and its head is the one that was printed.
type Report struct {
	Cases, Events, Records, Rows, Blobs int
	N                                   uint64        // the first ledger's last row, 0 for an empty record
	Hash                                string        // and its hash
	Heads                               []ledger.Mark // the last row of every ledger
	Flaws                               []Flaw
	More                                int      // faults beyond those that are listed
	Beyond                              int      // of the faults, those that [Rebuild] can't mend
	Strays                              []string // files that nothing on record names, by their SHA-256: left by what was cut off; no fault

	suspects []casefile.CaseID // whose snapshot or index is not what their events make of them
	apart    []apart           // index entries of records that are not as they should be
}

// mostFaults is how many faults a report lists.
const mostFaults = 200

func (r *Report) fault(code string, place, what procedure.Label) {
	r.Beyond++
	if len(r.Flaws) == mostFaults {
		r.More++
		return
	}
	r.Flaws = append(r.Flaws, Flaw{code, place, what})
}

// add puts what was found elsewhere behind what is here.
func (r *Report) add(x *Report) {
	r.Cases += x.Cases
	r.Events += x.Events
	r.Blobs += x.Blobs
	for _, f := range x.Flaws {
		r.fault(f.Code, f.Place, f.What)
	}
	r.More += x.More
	r.Beyond += x.More
}

// Whole tells whether nothing was found wrong.
func (r *Report) Whole() bool { return len(r.Flaws) == 0 }

// apart is a row that is not the same in the store and by the record: nil where one has none.
type apart struct{ have, want *ledger.DumpRow }

// damaged tells a reading that failed because of what was read; any other error stays one.
func (r *Report) damaged(err error, place procedure.Label) error {
	var syntax *json.SyntaxError
	if errors.Is(err, ledger.ErrDamaged) || errors.Is(err, ledger.ErrNotFound) || errors.As(err, &syntax) {
		r.fault("damaged", place, procedure.Label{ZH: "读不出来：" + err.Error(), EN: "can't be read: " + err.Error()})
		return nil
	}
	return err
}
