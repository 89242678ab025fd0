package engine

import (
	"hash/maphash"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/procedure"
)

// Open are the rows of the cases that are open, as they are on record now and as today sees them. Nobody may change one.
func (e *Engine) Open() (*OpenRows, error) {
	o := &e.open
	o.following.Lock()
	defer o.following.Unlock()
	if err := e.followOpen(o); err != nil {
		return o, err
	}
	o.on(e.Today())
	return o, nil
}

// Counted is what count makes of the rows of all open cases, by their numbers. It is kept under its name, and nobody's to change,
// until one of them moves, the office changes or the day is another.
func Counted[T any](e *Engine, name string, count func([]*listing.Row) T) (T, error) {
	o, err := e.Open()
	if err != nil {
		var none T
		return none, err
	}
	return counted(o, name, count), nil
}

// followOpen brings the rows up to date.
func (e *Engine) followOpen(o *OpenRows) error {
	if o.begun {
		news, err := e.Since(o.mark)
		if err != nil {
			return err
		}
		if !news.Lost && !news.Office { // a change of the office writes rows of cases that haven't moved
			for _, id := range news.Cases {
				if err := e.openAgain(o, id); err != nil {
					return err
				}
			}
			o.mark = news.To
			return nil
		}
	}
	mark, err := e.LastRow()
	if err != nil {
		return err
	}
	fresh := noRows(e.Today())
	for _, index := range []string{listing.IndexOpen, listing.IndexWait} {
		if err := e.scanOpen(o, index, &fresh); err != nil {
			return err
		}
	}
	o.anew(fresh)
	o.begun, o.mark = true, mark
	return nil
}

// scanOpen reads the rows of an index.
func (e *Engine) scanOpen(o *OpenRows, index string, into *rowLists) error {
	scan := ledger.Scan{Index: index, Limit: 1000}
	for {
		es, err := e.Store.Scan(scan)
		if err != nil {
			return err
		}
		for _, en := range es {
			scan.After = en.Cursor
			if id := casefile.CaseID(procedure.Int(en.ID)); into.by[id].Row == nil {
				r, err := e.decodeOpen(o, id, en.Value)
				if err != nil {
					return err
				}
				into.put(r)
			}
		}
		if len(es) < scan.Limit {
			return nil
		}
	}
}

// decodeOpen reads a row; it is the one that is there where that is of the same bytes.
func (e *Engine) decodeOpen(o *OpenRows, id casefile.CaseID, data []byte) (openRow, error) {
	sum := maphash.Bytes(rowSeed, data)
	if r := o.row(id, data); r != nil {
		return openRow{r, sum}, nil
	}
	r, err := e.rows.read(data)
	return openRow{&r, sum}, err
}

// openAgain reads the row of a case that moved.
func (e *Engine) openAgain(o *OpenRows, id casefile.CaseID) error {
	es, err := e.Store.Scan(ledger.Scan{Index: listing.IndexRow, Prefix: listing.Padded(id), Limit: 1})
	if err != nil || len(es) == 0 {
		return err
	}
	r, err := e.decodeOpen(o, id, es[0].Value)
	if err == nil {
		o.moved(r)
	}
	return err
}
