package demo

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"dossier/engine/charges"
	"dossier/engine/procedure"
	"dossier/seeds"
)

// boilerplate are the texts of the forms' samples that every office prints alike: rights, remedies, accounts, usual opinions.
var boilerplate = []string{
	"JD01.method", "JD01.obligations", "JH02.basis", "JH02.contact-phone", "JH02.place", "JH03.basis", "JH03.contact-phone", "JH06.basis",
	"JH06.rights", "JH09.basis", "JH10.basis", "JH10.remedy", "LJ03S.basis", "LJ03S.contact-phone", "LJ03S.inspector-phone", "LJ05.basis", "LJ06.basis", "LJ06.consequence", "LJ06.inspector-contact", "LJ06.inspector-phone", "LJ11B.basis",
	"LJ14.legal-ground", "LJ15.inspector-contact", "LJ15.inspector-phone", "LJ19.inspector-contact", "LJ19.inspector-phone", "LJ19.statement-right",
	"LJ23.remedy", "LJ24.account", "LJ24.bank", "LJ24.late", "LJ24.perform-how", "LJ24.remedy", "LJ24A.remedy", "LJ24N.remedy", "LJ24P.bank", "LJ25.paper",
	"LJ27.perform-by", "LJ28.court", "LJ28R.authority", "LJ32.publication-period", "LJ32.published-on", "PX04.basis",
}

// told are the texts of a printed decision that must be each case's own.
var told = []string{
	"LJ04.facts", "LJ16.violation", "LJ16.evidence", "LJ16.statement", "LJ16.proposal", "LJ19.reason", "LJ20.content", "LJ20R.verified",
	"LJ22.course", "LJ24.discretion", "LJ24.order", "LJ24N.detail", "LJ23.content", "LJ15.correction", "LJ30.course", "JH09.facts", "JD04.problems",
}

// each calls f with every value that stands on a paper of a case.
func (f file) each(do func(form *procedure.Form, field *procedure.Field, v procedure.Value)) {
	for i := range f.view.Case.Papers {
		paper := &f.view.Case.Papers[i]
		form := f.view.Edition.Forms[paper.Form]
		for _, filled := range paper.Parts {
			part := form.Part(filled.Part)
			for j := range part.Fields {
				if v, ok := filled.Values[part.Fields[j].ID]; ok {
					do(form, &part.Fields[j], v)
				}
			}
		}
	}
}

// ownWords: no sample of a form shows through, and no two cases tell one story.
func (w *town) ownWords(t *testing.T) {
	stories := map[string]string{} // text → the case that tells it
	opinions := map[string]int{}
	for _, f := range w.files {
		f.each(func(form *procedure.Form, field *procedure.Field, v procedure.Value) {
			name := string(form.ID) + "." + string(field.ID)
			for _, o := range field.Sample.Values() {
				if len(o.Rows) > 0 && sameRows(o.Rows, v.Rows) {
					t.Errorf("%s: the rows of %s are the form's sample", f.name, name)
				}
				free := (field.Type == procedure.LongText || field.Type == procedure.IDNumber || field.Type == procedure.Phone) && field.ID != "opinion" && len(field.Provisions) == 0 // articles are the law's words
				if free && o.Text != "" && o.Text == v.Text && !slices.Contains(boilerplate, name) {
					t.Errorf("%s: %s is the form's sample: %s", f.name, name, o.Text)
				}
			}
			if field.ID == "opinion" {
				opinions[v.Text]++
			}
			if slices.Contains(told, name) {
				if other, ok := stories[name+v.Text]; ok && other != f.name {
					t.Errorf("%s and %s say the same in %s: %s", f.name, other, name, v.Text)
				}
				stories[name+v.Text] = f.name
			}
			for _, r := range []rune{'{', '}', '?', '<', '>'} {
				if strings.ContainsRune(v.Text, r) {
					t.Errorf("%s: %s has a %q: %s", f.name, name, r, v.Text)
				}
			}
		})
	}
	n, usual := 0, 0
	for text, count := range opinions {
		n += count
		if len([]rune(text)) <= 7 {
			usual += count
		}
	}
	if n < 150 || usual > n/2 {
		t.Errorf("%d of %d opinions are bare formulas", usual, n)
	}
}

func sameRows(sample []map[string]string, rows []procedure.Cells) bool {
	return slices.EqualFunc(sample, rows, func(s map[string]string, r procedure.Cells) bool {
		for k, v := range s {
			if r[procedure.FieldID(k)] != v {
				return false
			}
		}
		return true
	})
}

// sums: what a case says of money adds up, in the table, in the figures and in the words.
func (w *town) sums(t *testing.T) {
	proposals := 0
	for _, f := range w.files {
		var owing int64
		for _, r := range f.view.Case.Shared["workers"].Rows {
			owed, err1 := procedure.ParseMoney(r["owed"])
			paid, err2 := procedure.ParseMoney(r["paid"])
			if err1 != nil || err2 != nil {
				t.Errorf("%s: %v %v", f.name, err1, err2)
			}
			owing += owed - paid
		}
		values := map[string]string{}
		charged := charges.Table{Violations: &f.view.Edition.Def.Terms.Severity.Violations, Book: seeds.Standards()}
		f.each(func(form *procedure.Form, field *procedure.Field, v procedure.Value) {
			values[string(form.ID)+"."+string(field.ID)] = v.Text
			if form.ID == charged.Form && field.ID == charged.Table {
				charged.Rows = v.Rows
			}
		})
		if len(charged.Rows) > 0 { // what the paper shows of its rows
			values["LJ16.fine"] = charged.Tell(procedure.TellFine).Text
			values["LJ16.working"] = charged.Tell(procedure.TellWorking).Text + charged.Tell(procedure.TellReasons).Text
		}
		for _, sum := range []string{"LJ16.payable", "LJ16.fine"} {
			if values[sum] == "" {
				continue
			}
			proposals++
			fen, err := procedure.ParseMoney(values[sum])
			if err != nil {
				t.Errorf("%s: %s: %v", f.name, sum, err)
			}
			if sum == "LJ16.payable" && fen != owing {
				t.Errorf("%s: payable %s, but the table says %s", f.name, values[sum], procedure.FormatMoney(owing))
			}
			said := strings.TrimSuffix(values[sum], ".00") + "元"
			for _, text := range []string{"LJ16.proposal", "LJ22.proposal"} {
				if x := values[text]; x != "" && !strings.Contains(x, said) {
					t.Errorf("%s: %s is %s, but %s says %s", f.name, sum, said, text, x)
				}
			}
			if x := values["LJ16.working"]; sum == "LJ16.fine" && !strings.Contains(x, said) {
				t.Errorf("%s: the working doesn't come to %s: %s", f.name, said, x)
			}
		}
		if x := values["LJ32.content"]; x != "" && !strings.Contains(x, fmt.Sprintf("%s（%s元）", capitals(values["LJ16.fine"]), strings.TrimSuffix(values["LJ16.fine"], ".00"))) {
			t.Errorf("%s: published as %s, the fine is %s", f.name, x, values["LJ16.fine"])
		}
	}
	if proposals < 15 {
		t.Errorf("only %d sums were proposed", proposals)
	}
}

// capitals writes a whole sum of yuan below 100 000 as a bank does: 7400.00 is 柒仟肆佰元.
func capitals(yuan string) string {
	digits := strings.TrimSuffix(yuan, ".00")
	out := ""
	for i, r := range digits {
		n := int(r - '0')
		if n == 0 {
			if out != "" && !strings.HasSuffix(out, "零") {
				out += "零"
			}
			continue
		}
		out += string([]rune("零壹贰叁肆伍陆柒捌玖")[n]) + []string{"", "拾", "佰", "仟", "万"}[len(digits)-1-i]
	}
	return strings.TrimSuffix(out, "零") + "元"
}
