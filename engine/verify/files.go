package verify

import (
	"encoding/json"
	"errors"
	"fmt"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/procedure"
)

// files holds a case's documents and files against their SHA-256.
func (v *verifier) files(c *casefile.Case) error {
	for _, d := range c.Issued {
		if err := v.blob(d.SHA256, procedure.Label{ZH: fmt.Sprintf("案件%d文书%d（%s %s）", c.ID, d.N, d.Form, d.Number), EN: fmt.Sprintf("case %d, document %d (%s %s)", c.ID, d.N, d.Form, d.Number)}); err != nil {
			return err
		}
	}
	for _, f := range c.Files {
		if err := v.blob(f.SHA256, procedure.Label{ZH: fmt.Sprintf("案件%d附件%d（%s）", c.ID, f.N, f.Name), EN: fmt.Sprintf("case %d, file %d (%s)", c.ID, f.N, f.Name)}); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) blob(sha string, place procedure.Label) error {
	v.report.Blobs++
	v.names[sha] = true
	_, err := v.e.Store.Blob(sha)
	short := fmt.Sprintf("%.12s…", sha)
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		v.fault("blob", place, procedure.Label{ZH: "文件" + short + "不在", EN: "the file " + short + " is missing"})
		return nil
	case errors.Is(err, ledger.ErrDamaged):
		v.fault("blob", place, procedure.Label{ZH: "文件" + short + "与登记的SHA-256不符：被改动", EN: "the file " + short + " no longer matches its SHA-256: it was altered"})
		return nil
	}
	return err
}

// blobLister is a store that can tell what files it keeps.
type blobLister interface {
	Blobs(f func(sha string) error) error
}

// strays finds the files that nothing on record names. A case that could not be proved may name some: then none are told.
func (v *verifier) strays() error {
	s, ok := v.e.Store.(blobLister)
	if !ok || len(v.spoilt) > 0 {
		return nil
	}
	return s.Blobs(func(sha string) error {
		if !v.names[sha] {
			v.report.Strays = append(v.report.Strays, sha)
		}
		return v.ctx.Err()
	})
}

// kept holds the files of a kept edition against their SHA-256.
func (v *verifier) kept(data []byte, place procedure.Label) error {
	var k procedure.KeptEdition
	if err := json.Unmarshal(data, &k); err != nil {
		return v.damaged(err, place)
	}
	return v.blob(k.Files, place)
}
