// Package bind makes the bound file of a case: cover, contents, documents in the order of order.yaml, evidence, deadline
// sheets and the note at the end, as one PDF with numbered pages. What is internal is a volume of its own.
//
// Pages are copied as they come, so that memory doesn't grow with the file: the body first, then the cover and contents
// that need its numbers; which page follows which is said at the end of a PDF. Files of others are read on copies by
// pdfcpu; photographs are taken over as they are, never packed anew.
package bind

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"dossier/documents/fonts"
	"dossier/documents/layout"
	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
)

// Volume is a part of the file that is whole by itself.
type Volume int

const (
	Both  Volume = iota
	Main         // 正卷
	Inner        // 副卷: papers of the office's own deliberation
)

// Options say what is bound.
type Options struct {
	Volume   Volume
	From, To calendar.Date // only what is dated in this time; 0 for no bound
}

// Bound tells what was bound.
type Bound struct {
	Pages, Documents, Files int
	Unbound                 []string // what could not be bound, and why: each has a page that says so
}

// File writes the bound file of a case as the person may see it.
func File(ctx context.Context, e *engine.Engine, who office.PersonID, id casefile.CaseID, opt Options, out io.Writer) (Bound, error) {
	o, err := readOrder()
	if err != nil {
		return Bound{}, err
	}
	v, err := desk.View(e, who, id)
	if err != nil {
		return Bound{}, err
	}
	b := &binder{ctx: ctx, engine: e, office: e.Office(), who: who, view: v, c: v.Case, order: o, opt: opt, w: newWriter(out), draft: v.Case.Ended == 0}
	for i, volume := range []Volume{Main, Inner} {
		if opt.Volume != Both && opt.Volume != volume {
			continue
		}
		if err := b.volume(o.volumes[i], volume); err != nil {
			return Bound{}, err
		}
	}
	if len(b.leaves) == 0 {
		return Bound{}, &refusal.Error{Code: refusal.NotFound, Args: refusal.Args{"what": "document", "id": "副卷"}}
	}
	b.bound.Pages = len(b.leaves)
	return b.bound, b.w.close(b.leaves, b.marks, facts{title: "案卷　" + b.number(), author: b.bureau(), subject: b.number(), made: midnight(v.Today)})
}

// binder binds one file.
type binder struct {
	ctx    context.Context
	engine *engine.Engine
	office *office.Office
	who    office.PersonID
	view   *desk.CaseView
	c      *casefile.Case
	order  *order
	opt    Options
	w      *writer
	draft  bool // the case goes on: every page says so
	leaves []leaf
	marks  []mark
	bound  Bound
}

// entry is one line of the contents, with how its pages are had.
type entry struct {
	number, author, title, note string
	day                         calendar.Date
	open                        func() ([]byte, error)
	file                        *casefile.Attachment // evidence, of any type
	from, pages                 int                  // its first page and how many, once it is bound
}

// volume binds one volume, if it has anything.
func (b *binder) volume(sections []section, volume Volume) error {
	name := map[Volume]string{Main: "正卷", Inner: "副卷"}[volume]
	top := mark{title: name}
	var body []leaf
	var all []*entry
	for _, s := range sections {
		under := mark{title: s.title}
		for _, x := range b.entries(s, volume) {
			pages, err := b.bind(x, len(body))
			if err != nil {
				return err
			}
			x.from, x.pages = len(body)+1, len(pages)
			for _, p := range pages {
				body = append(body, leaf{p, fmt.Sprintf("%s-%d", string([]rune(name)[:1]), len(body)+1)})
			}
			under.under = append(under.under, mark{title: x.title, page: pages[0]})
			all = append(all, x)
		}
		if len(under.under) > 0 {
			under.page = under.under[0].page
			top.under = append(top.under, under)
		}
	}
	if len(all) == 0 && volume == Inner {
		return nil
	}
	front, err := b.own(b.coverPage(name, len(body)), "封面")
	if err != nil {
		return err
	}
	contents, err := b.own(b.contentsPage(all), "目录")
	if err != nil {
		return err
	}
	note, err := b.own(b.notePage(name, all, len(body)), "备考表")
	if err != nil {
		return err
	}
	top.page = front[0].page
	top.under = slices.Concat([]mark{{title: "封面", page: front[0].page}, {title: "卷内文件目录", page: contents[0].page}}, top.under, []mark{{title: "卷内备考表", page: note[0].page}})
	b.leaves = slices.Concat(b.leaves, front, contents, body, note)
	b.marks = append(b.marks, top)
	return nil
}

// entries are what a section has, in the order of its days.
func (b *binder) entries(s section, volume Volume) []*entry {
	var all []*entry
	within := func(d calendar.Date) bool {
		return (b.opt.From == 0 || d >= b.opt.From) && (b.opt.To == 0 || d <= b.opt.To)
	}
	for i := range b.c.Issued {
		d := &b.c.Issued[i]
		if d.Void != 0 || !within(d.Day) || slices.Contains(b.order.computed, d.Form) || !slices.Contains(s.forms, d.Form) && !(s.files && volume == Main && !b.named(d.Form)) {
			continue
		}
		title := string(d.Form)
		if f := b.view.Edition.Forms[d.Form]; f != nil {
			title = rules.NewView(b.view.Edition, b.office, b.c, d.Day, b.view.Today).Title(f)
		}
		if who := b.c.Papers[d.P-1].For; who != "" {
			title += "（" + who + "）"
		}
		n := d.N
		all = append(all, &entry{number: d.Number, author: b.author(s), title: title, day: d.Day,
			open: func() ([]byte, error) { return desk.DocumentPDF(b.ctx, b.engine, b.who, b.c.ID, n) }})
		b.bound.Documents++
		for j := range b.c.Files {
			if f := &b.c.Files[j]; f.Doc == n && f.Superseded == 0 {
				x := b.attached(f)
				x.title, x.number, x.author, x.note, x.day = title+"（签字件）", d.Number, b.author(s), "", d.Day
				all = append(all, x)
			}
		}
	}
	for j := range b.c.Files {
		if f := &b.c.Files[j]; s.files && f.Doc == 0 && f.Superseded == 0 && within(f.Day) {
			all = append(all, b.attached(f))
		}
	}
	slices.SortStableFunc(all, func(x, y *entry) int { return int(x.day) - int(y.day) })
	for i := range b.view.Clocks {
		k := &b.view.Clocks[i]
		if !s.clocks || k.Def.Kind != procedure.Legal && k.Def.Kind != "" || k.Start == 0 || !within(k.Start) {
			continue
		}
		id := k.ID
		all = append(all, &entry{author: b.author(s), title: k.Def.Title.ZH + "期限计算表", day: b.view.Today,
			open: func() ([]byte, error) { return desk.DeadlinePDF(b.engine, b.who, b.c.ID, id) }})
	}
	return all
}

// named tells whether a section names the form.
func (b *binder) named(f procedure.FormID) bool {
	for _, volume := range b.order.volumes {
		for _, s := range volume {
			if slices.Contains(s.forms, f) {
				return true
			}
		}
	}
	return false
}

func (b *binder) attached(f *casefile.Attachment) *entry {
	b.bound.Files++
	return &entry{title: strings.TrimSuffix(f.Name, path.Ext(f.Name)), note: f.Proves, day: f.Day, file: f,
		open: func() ([]byte, error) {
			_, data, err := desk.File(b.ctx, b.engine, b.who, b.c.ID, f.N)
			return data, err
		}}
}

// author is who is answerable for a section's papers.
func (b *binder) author(s section) string {
	if s.author == "bureau" || !slices.Contains(b.order.brigade, b.c.Workflow) {
		return b.bureau()
	}
	return b.setting(s.author)
}

// bureau is in whose name the case's papers go out.
func (b *binder) bureau() string { return b.office.Seal(b.c.Workflow, b.view.Today) }

func (b *binder) setting(name string) string { return b.office.Text(name, b.view.Today) }

func (b *binder) number() string {
	if n := b.c.Number(); n != "" {
		return n
	}
	return fmt.Sprint(b.c.ID)
}

// bind copies an entry's pages into the body behind those that are there, and gives their objects.
func (b *binder) bind(x *entry, before int) ([]int, error) {
	if err := b.ctx.Err(); err != nil {
		return nil, err
	}
	data, err := x.open()
	if refused := refusal.As(err); refused != nil && refused.Code == refusal.Forbidden {
		return b.instead(x, before, "这份材料您无权查看")
	}
	if err != nil {
		return nil, err
	}
	switch {
	case x.file != nil && strings.HasPrefix(x.file.Type, "image/"):
		p, err := readPicture(data)
		if errors.Is(err, errLarge) {
			return b.instead(x, before, "图片过大，不能装订，原件另存")
		}
		if err != nil {
			return b.instead(x, before, "图片损坏，不能装订，原件另存")
		}
		return b.plate(x, before, p, "")
	case x.file != nil && x.file.Type != "application/pdf":
		return b.instead(x, before, "不能打印的材料（"+x.file.Type+"），原件另存")
	}
	s, err := open(data, x.file != nil)
	if errors.Is(err, errEncrypted) {
		return b.instead(x, before, "文件有密码，不能装订，原件另存")
	}
	var pages []int
	if err == nil {
		pages, err = b.w.add(s, func(i int, w, h float64) string { return b.stamp(before+i+1, w, h) })
	}
	if b.w.err != nil {
		return nil, b.w.err
	}
	if err != nil {
		if x.file == nil { // a document of ours is never damaged
			return nil, fmt.Errorf("bind: %s %s: %w", x.title, x.number, err)
		}
		return b.instead(x, before, "文件损坏，不能装订，原件另存")
	}
	return pages, nil
}

// instead is a page that says why what should stand there doesn't.
func (b *binder) instead(x *entry, before int, why string) ([]int, error) {
	b.bound.Unbound = append(b.bound.Unbound, x.title+"："+why)
	return b.plate(x, before, nil, why)
}

// plate is a page with a picture and what it proves under it.
func (b *binder) plate(x *entry, before int, p *picture, why string) ([]int, error) {
	plate := layout.Plate{Title: fmt.Sprintf("附件%d　%s", x.file.N, x.file.Name), Instead: why}
	if x.file.Proves != "" {
		plate.Lines = append(plate.Lines, "证明："+x.file.Proves)
	}
	plate.Lines = append(plate.Lines, fmt.Sprintf("%s　%s　收入案卷", x.day.Han(), b.office.Name(x.file.By)), "文件校验值　"+x.file.SHA256)
	pdf, err := layout.Render(layout.Document{Title: x.title, Made: midnight(b.view.Today), Page: plate})
	if err != nil {
		return nil, err
	}
	s, err := open(pdf, false)
	if err != nil {
		return nil, err
	}
	drawn := ""
	if p != nil {
		left, low, wide, high := layout.PlateRoom()
		object, draw := p.place(b.w, left, low, wide, high)
		s.pictures(object)
		drawn = draw + "\n"
	}
	return b.w.add(s, func(i int, w, h float64) string { return drawn + b.stamp(before+i+1, w, h) })
}

// stamp is the number of a page of the body, at its upper right corner, and that the case goes on while it does.
func (b *binder) stamp(n int, w, h float64) string {
	path, width := fonts.Standard().Path(fonts.Hei, 12, fmt.Sprint(n))
	s := fmt.Sprintf("q 0 g 1 0 0 1 %.2f %.2f cm\n%sf Q", w-34-width, h-30, path)
	if b.draft {
		path, _ := fonts.Standard().Path(fonts.Hei, 9, unfinished)
		s += fmt.Sprintf("\nq 0.35 g 1 0 0 1 34 %.2f cm\n%sf Q", h-29, path)
	}
	return s
}

const unfinished = "案件尚未办结，本卷为草稿"

// own sets pages of the file itself: cover, contents, note.
func (b *binder) own(doc layout.Document, label string) ([]leaf, error) {
	doc.Author, doc.Number, doc.Made = b.bureau(), b.number(), midnight(b.view.Today)
	if b.draft {
		doc.Behind = "草　稿"
	}
	pdf, err := layout.Render(doc)
	if err != nil {
		return nil, err
	}
	s, err := open(pdf, false)
	if err != nil {
		return nil, err
	}
	pages, err := b.w.add(s, func(int, float64, float64) string { return "" })
	if err != nil {
		return nil, err
	}
	var all []leaf
	for i, p := range pages {
		l := leaf{p, label}
		if len(pages) > 1 {
			l.label += fmt.Sprint(i + 1)
		}
		all = append(all, l)
	}
	return all, nil
}

var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

func midnight(d calendar.Date) time.Time {
	y, m, day := d.YMD()
	return time.Date(y, time.Month(m), day, 0, 0, 0, 0, shanghai)
}
