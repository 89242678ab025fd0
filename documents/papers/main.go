// Command papers prints each form empty, usual and with every field at its longest, as PDF files in a folder, and the usual
// ones as contact sheets. `make papers` runs it; look at each page before a form is done.
package main

import (
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"dossier/documents"
	"dossier/engine/paper"
	"dossier/engine/procedure"
	"dossier/engine/rules"
	"dossier/engine/specimen"
)

func main() {
	dir := flag.String("o", "papers", "the folder to write to")
	from := flag.String("forms", "", "a folder of forms to print instead of the embedded ones")
	contact := flag.String("sheets", "", "a folder for contact sheets of all forms (needs pdftoppm)")
	flag.Parse()
	forms := documents.Embedded()
	if *from != "" {
		forms = os.DirFS(*from)
	}
	if err := run(forms, *dir, *contact, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "papers:", err)
		os.Exit(1)
	}
}

// run prints the forms of these codes, all when none is named, and the contact sheets when there is a folder for them.
func run(forms fs.FS, dir, contact string, codes []string) error {
	blanks, err := documents.Blanks(forms)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(blanks)) {
		b := blanks[id]
		if len(codes) > 0 && !slices.Contains(codes, string(id)) {
			continue
		}
		for _, kind := range []specimen.Specimen{specimen.EmptySpecimen, specimen.UsualSpecimen, specimen.LongSpecimen} {
			pdf, err := draft(blanks, b, kind)
			if err != nil {
				return err
			}
			name := filepath.Join(dir, fmt.Sprintf("%s-%s.pdf", id, kind))
			if err := os.WriteFile(name, pdf, 0o644); err != nil {
				return err
			}
		}
	}
	if contact == "" {
		return nil
	}
	return sheets(blanks, contact)
}

// draft is a form's specimen as PDF.
func draft(blanks map[procedure.FormID]*documents.Blank, b *documents.Blank, kind specimen.Specimen) ([]byte, error) {
	return print(blanks, filled(b.Form, blanks, kind))
}

// filled is a form's specimen as an office with settings has it.
func filled(form *procedure.Form, blanks map[procedure.FormID]*documents.Blank, kind specimen.Specimen) paper.Sheet {
	sheet := specimen.SpecimenSheet(form, kind)
	sheet.Settings = func(name string) string { return settings[name] }
	if kind != specimen.EmptySpecimen {
		borrow(&sheet, blanks, kind)
	}
	return sheet
}

// print draws a sheet.
func print(blanks map[procedure.FormID]*documents.Blank, sheet paper.Sheet) ([]byte, error) {
	pdf, err := documents.NewRenderer(blanks).Render(sheet)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", sheet.Form.ID, err)
	}
	return pdf, nil
}

// borrow shows in a sheet what its form takes from others, as the specimens of those have it, and names what a case would.
func borrow(sheet *paper.Sheet, blanks map[procedure.FormID]*documents.Blank, kind specimen.Specimen) {
	for _, part := range sheet.Form.Parts {
		for _, f := range part.Fields {
			show := func(text, value string) {
				sheet.Values[f.ID] = rules.Shown{Text: text, Value: procedure.TextValue(value)}
			}
			switch {
			case f.Type == procedure.Document && len(f.Of) > 0 && blanks[f.Of[0]] != nil:
				show("《"+blanks[f.Of[0]].Form.Title.ZH+"》（任人社监罚字〔2026〕8号）", "8")
			case f.Type == procedure.CaseRef:
				show("任人社监立〔2026〕12号", "12")
			case f.Type == procedure.Respondent:
				show(sheet.Party, sheet.Party)
			case f.Type == procedure.PersonType:
				sheet.Values[f.ID] = rules.Shown{Text: "李察", Value: sheet.Values[f.ID].Value}
			case f.Shows == nil:
			case f.Shows.Setting != "":
				sheet.Values[f.ID] = rules.Shown{Text: settings[f.Shows.Setting]}
			case f.Shows.Value.Field != "" && blanks[f.Shows.Value.Form] != nil:
				other := blanks[f.Shows.Value.Form].Form
				v, asked := specimen.SpecimenSheet(other, kind).Values[f.Shows.Value.Field]
				if !asked { // its longest shows the place
					v = specimen.SpecimenSheet(other, specimen.LongSpecimen).Values[f.Shows.Value.Field]
				}
				sheet.Values[f.ID] = v
			}
		}
	}
	if own := sheet.Values["cause"].Text; own != "" {
		sheet.Cause = own
	}
}

// settings are an office's, which all its papers show, blank forms too.
var settings = map[string]string{
	"address": "任县任城镇人民路52号", "phone": "0319-7590068", "bank": "任县财政局非税收入专户", "court": "任县人民法院",
	"reconsideration-body": "任县人民政府", "bureau": "任县人力资源和社会保障局", "fund-phone": "7513585",
}
