package seeds

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sync"

	"dossier/engine/calendar"
	"dossier/engine/procedure"
	"dossier/engine/register"
	"dossier/engine/strictyaml"
	"dossier/engine/text"
)

// registerFiles are the responsibility list, a file a part; what nothing carries, with the reason; how matters are routed;
// and the articles of the statutes that procedures cite.
//
//go:embed list/*.yaml statutes/*.yaml
var registerFiles embed.FS

// Register is the responsibility list with what belongs to it, read once.
var Register = sync.OnceValue(func() *register.Register {
	r, err := readRegister(registerFiles)
	if err != nil {
		panic("seeds: " + err.Error()) // embedded: a test reads it
	}
	return r
})

// readRegister reads the files; faults are told with file:line:column.
func readRegister(files fs.FS) (*register.Register, error) {
	var list register.List
	var silences []register.Silence
	var routing register.Routing
	var beside []register.Cited
	names, err := fs.Glob(files, "list/*.yaml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		err := readList(files, name, &list, &silences, &routing, &beside)
		if err != nil {
			return nil, err
		}
	}
	acts, err := readStatutes(files)
	if err != nil {
		return nil, err
	}
	return register.New(list, acts, silences, routing, beside...)
}

// carriers are what the program brings beside procedures and forms, each with the clauses that it carries: quotas, rules of
// the self-check and figures of the statistics by their own words.
func carriers() []register.Cited {
	var all []register.Cited
	add := func(kind register.Kind, of procedure.WorkflowID, id string, title procedure.Label, law procedure.Law) {
		all = append(all, register.Cited{Carrier: register.Carrier{Kind: kind, Workflow: of, ID: id, Title: title}, Law: law})
	}
	for _, q := range Quotas().All() {
		var law procedure.Law
		for _, cite := range q.Law {
			if c, err := procedure.ParseCitation(cite); err == nil { // plan.Read has read them once
				law.Cites = append(law.Cites, c)
			}
		}
		r := q.Regime()
		add(register.Quota, "", q.Name(), procedure.Label{ZH: r.Title.ZH + q.Title.ZH, EN: r.Title.EN + ": " + q.Title.EN}, law)
	}
	book := Reviews()
	for _, of := range slices.Sorted(maps.Keys(book.Rules)) {
		for _, r := range book.Rules[of] {
			add(register.Rule, of, r.ID, r.Title, r.Law)
		}
	}
	for _, m := range Measures() {
		add(register.Figure, "", m.ID, m.Title, m.Law)
	}
	return all
}

// readCarriers are the pages and settings that carry clauses.
func readCarriers(r *strictyaml.Reader, list *strictyaml.Node) (all []register.Cited) {
	for _, n := range r.List(list) {
		r.Keys(n, "page", "setting", "zh", "en", "law")
		r.Require(n, "zh", "en", "law")
		c := register.Cited{Carrier: register.Carrier{Kind: register.Page, ID: r.String(n.Get("page")), Title: procedure.Label{ZH: r.String(n.Get("zh")), EN: r.String(n.Get("en"))}}}
		if s := r.String(n.Get("setting")); s != "" {
			c.Kind, c.ID = register.Setting, s
		}
		for _, id := range r.Strings(n.Get("law")) {
			c.Law.Cites = append(c.Law.Cites, register.Cite(id))
		}
		all = append(all, c)
	}
	return all
}

func open(files fs.FS, name string) (*strictyaml.Node, *strictyaml.Reader, error) {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, nil, err
	}
	root, err := strictyaml.Parse(name, data)
	return root, strictyaml.NewReader(name), err
}

func readList(files fs.FS, name string, list *register.List, silences *[]register.Silence, routing *register.Routing, beside *[]register.Cited) error {
	root, r, err := open(files, name)
	if err != nil {
		return err
	}
	switch {
	case root.Get("silences") != nil:
		for _, n := range r.List(root.Get("silences")) {
			r.Keys(n, "at", "why", "pending")
			r.Require(n, "at", "why")
			for _, id := range r.Strings(n.Get("at")) {
				*silences = append(*silences, register.Silence{ID: id, Why: r.String(n.Get("why")), Pending: r.Bool(n.Get("pending"))})
			}
		}
	case root.Get("carriers") != nil:
		*beside = append(carriers(), readCarriers(r, root.Get("carriers"))...)
	case root.Get("routing") != nil:
		*routing = readRouting(r, root.Get("routing"))
	case root.Get("part") != nil:
		if title := r.String(root.Get("list")); title != "" {
			list.Title = title
		}
		list.Parts = append(list.Parts, readPart(r, root))
	default:
		r.Keys(root, "part", "silences", "routing", "carriers")
	}
	return r.Err()
}

func readRouting(r *strictyaml.Reader, n *strictyaml.Node) register.Routing {
	r.Keys(n, "ours", "look", "sections", "department", "section", "words")
	r.Require(n, "ours", "look", "sections", "department", "section", "words")
	out := register.Routing{Ours: r.String(n.Get("ours")), Look: r.Strings(n.Get("look")), Sections: map[string]string{},
		Department: readLetter(r, n.Get("department")), Section: readLetter(r, n.Get("section"))}
	if sections := n.Get("sections"); sections != nil {
		for _, k := range sections.Keys {
			out.Sections[k.Name] = r.String(k.Value)
		}
	}
	for _, x := range r.List(n.Get("words")) {
		r.Keys(x, "said", "list")
		r.Require(x, "said", "list")
		out.Words = append(out.Words, register.Words{Said: r.Strings(x.Get("said")), List: r.Strings(x.Get("list"))})
	}
	return out
}

func readLetter(r *strictyaml.Reader, n *strictyaml.Node) register.Letter {
	r.Keys(n, "workflow", "action", "to", "basis")
	r.Require(n, "workflow", "action", "to", "basis")
	return register.Letter{Workflow: procedure.WorkflowID(r.String(n.Get("workflow"))), Action: procedure.ActionID(r.String(n.Get("action"))),
		To: procedure.FieldID(r.String(n.Get("to"))), Basis: procedure.FieldID(r.String(n.Get("basis")))}
}

func readPart(r *strictyaml.Reader, root *strictyaml.Node) register.Part {
	r.Keys(root, "list", "part", "title", "columns", "duties", "matters", "services", "paragraphs")
	r.Require(root, "part", "title")
	p := register.Part{ID: r.String(root.Get("part")), Title: r.String(root.Get("title")), Columns: r.Strings(root.Get("columns"))}
	for _, n := range r.List(root.Get("duties")) {
		r.Keys(n, "duty", "text", "note", "items")
		r.Require(n, "duty", "text", "items")
		d := register.Duty{N: r.Int(n.Get("duty")), Text: r.String(n.Get("text")), Note: r.String(n.Get("note"))}
		d.ID = fmt.Sprint(p.ID, d.N)
		for i, x := range r.List(n.Get("items")) {
			r.Keys(x, "item", "sections", "note")
			r.Require(x, "item", "sections")
			d.Items = append(d.Items, register.Item{ID: fmt.Sprintf("%s(%d)", d.ID, i+1), Text: r.String(x.Get("item")),
				Sections: r.Strings(x.Get("sections")), Note: r.String(x.Get("note"))})
		}
		p.Duties = append(p.Duties, d)
	}
	for _, n := range r.List(root.Get("matters")) {
		r.Keys(n, "matter", "text", "parties", "bases", "note")
		r.Require(n, "matter", "text", "parties", "bases")
		m := register.Matter{N: r.Int(n.Get("matter")), Text: r.String(n.Get("text")), Bases: r.Strings(n.Get("bases")), Note: r.String(n.Get("note"))}
		m.ID = fmt.Sprint(p.ID, m.N)
		for _, x := range r.List(n.Get("parties")) {
			r.Keys(x, "party", "share")
			r.Require(x, "party", "share")
			m.Parties = append(m.Parties, register.Party{Name: r.String(x.Get("party")), Share: r.String(x.Get("share"))})
		}
		p.Matters = append(p.Matters, m)
	}
	for _, n := range r.List(root.Get("services")) {
		r.Keys(n, "service", "text", "contents", "period", "section", "note")
		r.Require(n, "service", "text", "contents", "period", "section")
		s := register.Service{N: r.Int(n.Get("service")), Text: r.String(n.Get("text")), Contents: r.Strings(n.Get("contents")),
			Period: r.String(n.Get("period")), Section: r.String(n.Get("section")), Note: r.String(n.Get("note"))}
		s.ID = fmt.Sprint(p.ID, s.N)
		p.Services = append(p.Services, s)
	}
	for _, n := range r.List(root.Get("paragraphs")) {
		var x register.Paragraph
		for _, k := range n.Keys {
			switch {
			case k.Name == "note":
				x.Note = r.String(k.Value)
			case x.ID != "":
				r.Fault(k.Value, "a paragraph has one id", "begin a new one with -")
			default:
				x.ID, x.Text = k.Name, r.String(k.Value)
			}
		}
		p.Paragraphs = append(p.Paragraphs, x)
	}
	return p
}

func readStatutes(files fs.FS) ([]register.Act, error) {
	names, err := fs.Glob(files, "statutes/*.yaml")
	if err != nil {
		return nil, err
	}
	var acts []register.Act
	for _, name := range names {
		act, err := readStatute(files, name)
		if err != nil {
			return nil, err
		}
		acts = append(acts, act)
	}
	return acts, nil
}

func readStatute(files fs.FS, name string) (register.Act, error) {
	var a register.Act
	root, r, err := open(files, name)
	if err != nil {
		return a, err
	}
	r.Keys(root, "act", "title", "ref", "version", "in-force", "articles")
	r.Require(root, "act", "title", "ref", "version", "in-force", "articles")
	a = register.Act{ID: r.String(root.Get("act")), Title: r.String(root.Get("title")), Ref: r.String(root.Get("ref")),
		Version: r.String(root.Get("version"))}
	if day := root.Get("in-force"); day != nil {
		if a.InForce, err = calendar.Parse(r.String(day)); err != nil {
			r.Fault(day, text.Say("%q is not a date", r.String(day)), "write the day as 2021-07-15")
		}
	}
	for _, n := range r.List(root.Get("articles")) {
		for _, k := range n.Keys {
			x := register.Article{N: k.Name}
			if k.Value.Kind == strictyaml.Map {
				r.Keys(k.Value, "gist", "basis")
				r.Require(k.Value, "gist", "basis")
				x.Gist, x.Basis = r.Strings(k.Value.Get("gist")), r.String(k.Value.Get("basis"))
			} else {
				x.Text = r.Strings(k.Value)
			}
			a.Articles = append(a.Articles, x)
		}
	}
	return a, r.Err()
}
