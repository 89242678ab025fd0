package page

import (
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"dossier/engine/calendar"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/register"
	"dossier/engine/text"
	reading "dossier/engine/typed"
)

//go:embed text/*.txt
var textFiles embed.FS

// catalogues are the pages' own words. Each file has one `key: words` a line; what begins with # is a remark. A language's
// words stand in zh.txt and in files of one matter, such as plans.zh.txt.
var catalogues = map[text.Lang]map[string]string{text.ZH: readCatalogue("zh"), text.EN: readCatalogue("en")}

func readCatalogue(lang string) map[string]string {
	names, err := fs.Glob(textFiles, "text/*"+lang+".txt")
	if err != nil {
		panic(err)
	}
	all := map[string]string{}
	for _, name := range names {
		data, err := textFiles.ReadFile(name)
		if err != nil {
			panic(err)
		}
		c, err := text.Read(string(data))
		if err != nil {
			panic(fmt.Sprintf("%s: %v", name, err))
		}
		for key, words := range c {
			if _, twice := all[key]; twice {
				panic(fmt.Sprintf("%s: %s stands in another file too", name, key))
			}
			all[key] = words
		}
	}
	return all
}

// Words says things in one language, as of one day, with the names that the office has.
type Words struct {
	Language text.Lang
	Today    calendar.Date
	Office   *office.Office
	def      *procedure.Definition // the procedure that is spoken of, nil when none is
	forms    map[procedure.FormID]*procedure.Form
	checks   bool               // files are checked by rules
	List     *register.Register // the responsibility list, whose clauses open; nil when there is none
}

// Of speaks of a procedure: its acts, clocks, states and forms are said by their titles.
func (w *Words) Of(ed *procedure.Edition) { w.def, w.forms = ed.Def, ed.Forms }

// EN tells whether the page is in English.
func (w Words) EN() bool { return w.Language == text.EN }

// Doubt is what looks wrong in a schedule.
func (w Words) Doubt(d calendar.Doubt) string {
	var pairs []any
	for k, v := range d.Args {
		pairs = append(pairs, k, v)
	}
	return w.T(d.Key, pairs...)
}

// Fault is why what was typed into a field is no value.
func (w Words) Fault(bad *reading.Fault, field string) string {
	pairs := []any{"field", field}
	for k, v := range bad.Args {
		pairs = append(pairs, k, v)
	}
	return w.T(bad.Why, pairs...)
}

// T is the words under a key, with pairs of name and value for its {places}. The pages' own catalogue is asked before the
// engine's; a key that neither has is shown as it is.
func (w Words) T(key string, pairs ...any) string {
	s, ok := catalogues[w.Language][key]
	if !ok {
		return text.T(w.Language, key, pairs...)
	}
	return text.Fill(w.Language, s, pairs...)
}

// Has tells whether the pages' own catalogue or the engine's has the key.
func (w Words) Has(key string) bool {
	_, ok := catalogues[w.Language][key]
	return ok || text.Has(key)
}

// L is a label in the page's language, Chinese where it has no other.
func (w Words) L(l procedure.Label) string { return l.In(w.Language) }

// Post is the name of a post or of a role of a case.
func (w Words) Post(p procedure.Actor) string {
	if key := "post." + string(p); w.Has(key) {
		return w.T(key)
	}
	if w.Office != nil && w.Office.Post(p) != nil {
		return w.L(w.Office.Post(p).Title)
	}
	if w.def == nil {
		return string(p)
	}
	return Or(w.L((&procedure.Edition{Def: w.def, Forms: w.forms}).RoleTitle(p)), string(p))
}

// FirstPost is the post by which the head calls a person.
func (w Words) FirstPost(p *office.Person) string {
	for _, h := range p.Posts {
		if p.Holds(h.Post, w.Today) {
			return w.Post(h.Post)
		}
	}
	return ""
}

// Name is a person's name.
func (w Words) Name(id office.PersonID) string {
	if id == "system" {
		return w.T("person.system")
	}
	return w.Office.Name(id)
}

// Names joins persons' names.
func (w Words) Names(ids []office.PersonID) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = w.Name(id)
	}
	return strings.Join(names, w.T("list.comma"))
}

// Day is a day as people say it: without its year when that is the present one.
func (w Words) Day(d calendar.Date) string {
	y, m, day := d.YMD()
	now, _, _ := w.Today.YMD()
	switch {
	case d == 0:
		return ""
	case w.Language == text.EN && y == now:
		return fmt.Sprintf("%d %s", day, time.Month(m).String()[:3])
	case w.Language == text.EN:
		return fmt.Sprintf("%d %s %d", day, time.Month(m).String()[:3], y)
	case y == now:
		return d.HanShort()
	}
	return d.Han()
}

// Date is a day with its year.
func (w Words) Date(d calendar.Date) string {
	if w.Language == text.EN && d != 0 {
		y, m, day := d.YMD()
		return fmt.Sprintf("%d %s %d", day, time.Month(m).String()[:3], y)
	}
	return d.Han()
}

// Weekday is the day of the week.
func (w Words) Weekday(d calendar.Date) string {
	if w.Language == text.EN {
		return d.Weekday().String()[:3]
	}
	return d.HanWeekday()
}

var Shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// Moment is an instant in the office's time: its day and its hour.
func (w Words) Moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	day := w.Day(calendar.In(t))
	if calendar.In(t) == w.Today {
		day = w.T("day.today")
	}
	return day + " " + t.In(Shanghai).Format("15:04")
}

// Money is a sum in yuan, grouped, as people read it; what is no sum stays as it is.
func (w Words) Money(yuan string) string {
	fen, err := procedure.ParseMoney(yuan)
	if err != nil {
		return yuan
	}
	return text.Yuan(fen)
}

// Units is a number of a clock's units: 9 工作日.
func (w Words) Units(n int, u calendar.Unit) string {
	return w.T("unit."+string(u), "n", strconv.Itoa(n))
}

// Cites are citations as people say them, joined; what is ours gives its reason.
func (w Words) Cites(law procedure.Law) string { return w.def.Cites(law, w.Language) }

// W is the words themselves, for a page's template to hand on to a shared block.
func (w Words) W() Words { return w }

// Lang is the page's language as HTML writes it.
func (w Words) Lang() string {
	if w.Language == text.EN {
		return "en"
	}
	return "zh-CN"
}
