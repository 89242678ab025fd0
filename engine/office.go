package engine

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"dossier/engine/calendar"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/penalty"
)

type Brought struct {
	Schedules []calendar.Schedule            `json:"schedules"`
	Settings  map[string][]office.SettingRow `json:"settings"`
	Regimes   []office.Regime                `json:"regimes,omitempty"` // by which visits are indexed
}

func BroughtOf(data []byte) (b Brought, err error) {
	err = json.Unmarshal(data, &b)
	return b, err
}

// Brings is what this program brings.
func (c *Config) Brings() Brought {
	return Brought{Schedules: c.Calendar.Schedules(), Settings: c.Settings, Regimes: c.Regimes}
}

// readOffice makes the view from the records of its kinds. Brought is what the program brings, where no record says what it
// brought; a schedule on record replaces the one of its year.
func readOffice(brought Brought, records []ledger.Record) (*office.Office, error) {
	for _, r := range records {
		if r.Kind != ledger.KindBrought {
			continue
		}
		b, err := BroughtOf(r.Data)
		if err != nil {
			return nil, fmt.Errorf("record %s %s: %w", r.Kind, r.ID, err)
		}
		brought = b
	}
	var people []office.Person
	var lent []office.Delegation
	settings := maps.Clone(brought.Settings)
	if settings == nil {
		settings = map[string][]office.SettingRow{}
	}
	cal := calendar.New(brought.Schedules...)
	sum, counted := uint64(0), uint64(0)
	for _, r := range records {
		sum += r.Seq
		if (ledger.RecordWrite{Kind: r.Kind}).Counts() {
			counted += r.Seq
		}
		var err error
		switch r.Kind {
		case ledger.KindPerson:
			var p office.Person
			err = json.Unmarshal(r.Data, &p)
			people = append(people, p)
		case ledger.KindDelegation:
			var d office.Delegation
			err = json.Unmarshal(r.Data, &d)
			lent = append(lent, d)
		case ledger.KindSetting:
			var rows []office.SettingRow
			err = json.Unmarshal(r.Data, &rows)
			settings[r.ID] = rows
		case ledger.KindSchedule:
			var s calendar.Schedule
			if err = json.Unmarshal(r.Data, &s); err == nil {
				cal = cal.With(s)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("record %s %s: %w", r.Kind, r.ID, err)
		}
	}
	o := office.NewOffice(strconv.Itoa(len(records))+"."+strconv.FormatUint(sum, 10), cal, people, lent, settings)
	o.Regimes, o.Counted = brought.Regimes, strconv.FormatUint(counted, 10)
	return o, nil
}

// Renewal is the write of that record together with a record of the office.
func Renewal(o *office.Office) ledger.RecordWrite {
	return ledger.RecordWrite{Kind: ledger.KindOffice, ID: ledger.OfficeID, Read: o.Seq, Data: json.RawMessage(`{}`)}
}

// Check is that the office is still the one that a change was decided by.
func Check(o *office.Office) ledger.Check {
	return ledger.Check{Kind: ledger.KindOffice, ID: ledger.OfficeID, Seq: o.Seq}
}

// Renew reads the office anew where another process has changed it, and tells whether one had.
func (e *Engine) Renew() (bool, error) {
	seq, err := e.Stored(ledger.KindOffice, ledger.OfficeID, &struct{}{})
	if err != nil || seq == e.Office().Seq {
		return false, err
	}
	return true, e.ReloadOffice()
}

// Exclusive lets f change what cases rest on while nobody decides and nobody renews the office. The office that it gives
// takes the place of the present one.
func (e *Engine) Exclusive(f func() (*office.Office, error)) error {
	e.deciding.Lock()
	defer e.deciding.Unlock()
	e.renewing.Lock()
	defer e.renewing.Unlock()
	next, err := f()
	if err == nil {
		e.office.Store(next)
		e.Moved(0)
	}
	return err
}

// ReadOffice reads the office as it is on record, with these writes as if they were made.
func (e *Engine) ReadOffice(ws []ledger.RecordWrite) (*office.Office, error) {
	seq, err := e.Stored(ledger.KindOffice, ledger.OfficeID, &struct{}{}) // first: what is read after it is at least as new
	if err != nil {
		return nil, err
	}
	var records []ledger.Record
	for _, kind := range []string{ledger.KindBrought, ledger.KindPerson, ledger.KindDelegation, ledger.KindSetting, ledger.KindSchedule, ledger.KindStandards} {
		rs, err := e.Store.Records(kind, "", 0)
		if err != nil {
			return nil, err
		}
		records = append(records, rs...)
	}
	for _, w := range ws {
		records = slices.DeleteFunc(records, func(r ledger.Record) bool { return r.Kind == w.Kind && r.ID == w.ID })
		if w.Office() && !w.Delete {
			records = append(records, ledger.Record{Kind: w.Kind, ID: w.ID, Seq: w.Read + 1, Data: w.Data})
		}
	}
	o, err := readOffice(e.Brings(), records)
	if err != nil {
		return nil, err
	}
	o.Known, o.Clauses, o.Groups, o.Seq = e.Known, e.Clauses, e.Groups, seq
	o.Standards, err = e.standards(records)
	return o, err
}

// StandardsFile is the record of an act's standards of discretion: its file as it was loaded.
type StandardsFile struct {
	File string `json:"file"`
}

// standards are those that the program brings, with the acts on record in the place of its own.
func (e *Engine) standards(records []ledger.Record) (*penalty.Book, error) {
	files := map[string]string{}
	for _, r := range records {
		if r.Kind != ledger.KindStandards {
			continue
		}
		var f StandardsFile
		if err := json.Unmarshal(r.Data, &f); err != nil {
			return nil, fmt.Errorf("record %s %s: %w", r.Kind, r.ID, err)
		}
		files[r.ID] = f.File
	}
	if len(files) == 0 || e.Renewed == nil {
		return e.Book, nil
	}
	if last := e.renewed.Load(); last != nil && maps.Equal(last.files, files) {
		return last.book, nil
	}
	book, err := e.Renewed(files)
	if err == nil {
		e.renewed.Store(&renewed{files, book})
	}
	return book, err
}

// renewed is a book with the files that it was read from.
type renewed struct {
	files map[string]string
	book  *penalty.Book
}

// ReloadOffice replaces the view of people, posts and settings by what is on record now.
func (e *Engine) ReloadOffice() error {
	e.renewing.Lock()
	defer e.renewing.Unlock()
	o, err := e.ReadOffice(nil)
	if err == nil {
		e.office.Store(o)
	}
	return err
}
