package diagram

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"dossier/engine/procedure"
)

// Measures of the picture, in user units (CSS pixels).
const (
	svgFont   = 13 // of a state's title; actions are one smaller
	svgHead   = 26 // height of a state's head
	svgRow    = 19 // of an action's row
	svgGap    = 16 // between states
	svgLane   = 12 // between the lines beside a walk
	svgMargin = 20
	svgBand   = 22 // of a stage's or a walk's title
)

// SVG draws the procedure as one picture without script or style sheet: each walk is a column of states in file order,
// each state a box that lists its actions, each action a line to the state that it leads to: onwards on the right,
// back on the left. The main walk stands first, grouped by stage; the side walks stand beside it. Actions that are lit are
// marked wherever they stand; the first of them has the id "lit".
func SVG(d *procedure.Definition, english bool, lit ...procedure.ActionID) []byte {
	say := func(l procedure.Label) string {
		if english && l.EN != "" {
			return l.EN
		}
		return l.ZH
	}
	var b strings.Builder
	x, y, height := float64(svgMargin), float64(svgMargin), 0.0
	light := &light{ids: lit}
	main := newColumn(d, &d.Main, say)
	main.light = light
	main.begin = d.Open.To.Values()
	main.place(x, y)
	main.draw(&b)
	x, height = main.right()+2*svgMargin, main.bottom()
	widest := 0.0
	for i := range d.Sides {
		c := newColumn(d, &d.Sides[i], say)
		c.light = light
		if c.place(x, y); c.bottom() > height && y > svgMargin {
			x, y, widest = x+widest+2*svgMargin, svgMargin, 0
			c.place(x, y)
		}
		c.draw(&b)
		y, widest, height = c.bottom()+2*svgMargin, max(widest, c.width()), max(height, c.bottom())
	}
	var out strings.Builder
	title := escape(say(d.Title))
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img" aria-label="%s" font-family="sans-serif" font-size="%d" fill="#1c1c1c">`,
		x+widest+svgMargin, height+svgMargin, x+widest+svgMargin, height+svgMargin, title, svgFont)
	fmt.Fprintf(&out, "\n<title>%s</title>\n", title)
	out.WriteString(`<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#4a5568"/></marker></defs>` + "\n")
	out.WriteString(b.String())
	out.WriteString("</svg>\n")
	return []byte(out.String())
}

// light is which actions are lit, and whether one has been drawn.
type light struct {
	ids  []procedure.ActionID
	seen bool
}

// column is a walk being drawn.
type column struct {
	light *light
	def   *procedure.Definition
	walk  *procedure.Walk
	begin []procedure.StateID // where a case begins
	say   func(procedure.Label) string
	boxes []box
	ties  []tie
	box   float64 // width of a box
	left  int     // lanes left of the boxes
	lanes int     // lanes right of them
	x, y  float64 // top left corner
}

// box is a state.
type box struct {
	state *procedure.State
	stage string // a title above the box: a new stage begins here
	y, h  float64
}

// tie is all actions of a walk that lead to one state on one side: a vertical line with a tap from each action's row.
type tie struct {
	to       int
	back     bool
	rows     []float64 // heights of the taps
	lane     int
	top, end float64
}

// newColumn measures a walk.
func newColumn(d *procedure.Definition, w *procedure.Walk, say func(procedure.Label) string) *column {
	c := &column{def: d, walk: w, say: say, box: 150}
	c.box = max(c.box, textWidth(c.title(), svgFont))
	for i := range w.States {
		s := &w.States[i]
		c.box = max(c.box, textWidth(say(s.Title)+" "+string(s.ID)+c.tag(s), svgFont)+24)
		for _, a := range s.Actions {
			c.box = max(c.box, textWidth(c.words(&a), svgFont-1)+28)
		}
	}
	c.place(0, 0)
	c.tie()
	return c
}

// title is what stands above a side walk.
func (c *column) title() string {
	if c.walk.ID == procedure.Main {
		return ""
	}
	return c.say(c.walk.Title) + " " + string(c.walk.ID)
}

// tag marks what is special about a state: ▶ a case begins here, ■ its business is over, ‖ the main walk halts, ○ the
// side walk is at rest.
func (c *column) tag(s *procedure.State) string {
	switch {
	case slices.Contains(c.begin, s.ID):
		return " ▶"
	case s.End:
		return " ■"
	case s.Halts:
		return " ‖"
	case s.Rest || c.walk.ID != procedure.Main && s == &c.walk.States[0]:
		return " ○"
	}
	return ""
}

// words is an action's row; the state that it moves the main walk to stands behind it.
func (c *column) words(a *procedure.Action) string {
	said := c.say(a.Title)
	for _, id := range a.Moves.Values() {
		if st := c.def.Main.State(id); st != nil {
			said += " ⇒ " + c.say(st.Title)
		}
	}
	return said
}

// place puts the boxes below each other, from a corner.
func (c *column) place(x, y float64) {
	dy := y - c.y
	c.x, c.y = x, y
	if c.boxes != nil {
		for i := range c.boxes {
			c.boxes[i].y += dy
		}
		for i := range c.ties {
			t := &c.ties[i]
			t.top, t.end = t.top+dy, t.end+dy
			for j := range t.rows {
				t.rows[j] += dy
			}
		}
		return
	}
	stage := ""
	if c.title() != "" {
		y += svgBand
	}
	for i := range c.walk.States {
		s := &c.walk.States[i]
		b := box{state: s, h: svgHead}
		if len(s.Actions) > 0 {
			b.h += float64(len(s.Actions)*svgRow + 4)
		}
		if name := c.say(s.Stage); name != stage {
			stage, b.stage = name, name
			y += svgBand
		}
		b.y = y
		y += b.h + svgGap
		c.boxes = append(c.boxes, b)
	}
}

// tie gathers the lines between the boxes and gives each a lane of its own, the short ones next to the boxes.
func (c *column) tie() {
	index := map[procedure.StateID]int{}
	for i := range c.walk.States {
		index[c.walk.States[i].ID] = i
	}
	for i := range c.walk.States {
		for j, a := range c.walk.States[i].Actions {
			for _, id := range a.To.Values() {
				if to, ok := index[id]; ok && to != i {
					c.tap(to, to < i, c.row(i, j))
				}
			}
		}
	}
	for i := range c.ties {
		t := &c.ties[i]
		head := c.boxes[t.to].y + svgHead/2
		t.top, t.end = min(slices.Min(t.rows), head), max(slices.Max(t.rows), head)
	}
	slices.SortStableFunc(c.ties, func(a, b tie) int { return int((a.end - a.top) - (b.end - b.top)) })
	for i := range c.ties {
		t := &c.ties[i]
		for slices.ContainsFunc(c.ties[:i], func(o tie) bool {
			return o.back == t.back && o.lane == t.lane && o.top <= t.end && t.top <= o.end
		}) {
			t.lane++
		}
		if t.back {
			c.left = max(c.left, t.lane+1)
		} else {
			c.lanes = max(c.lanes, t.lane+1)
		}
	}
}

// tap adds an action's row to the line that leads to a state.
func (c *column) tap(to int, back bool, y float64) {
	for i := range c.ties {
		if t := &c.ties[i]; t.to == to && t.back == back {
			if !slices.Contains(t.rows, y) {
				t.rows = append(t.rows, y)
			}
			return
		}
	}
	c.ties = append(c.ties, tie{to: to, back: back, rows: []float64{y}})
}

// row is the middle of an action's row.
func (c *column) row(state, action int) float64 {
	return c.boxes[state].y + svgHead + float64(action*svgRow) + svgRow/2
}

func (c *column) boxX() float64 { return c.x + float64(c.left+1)*svgLane }

func (c *column) width() float64 { return c.box + float64(c.left+c.lanes+2)*svgLane }

func (c *column) right() float64 { return c.x + c.width() }

func (c *column) bottom() float64 {
	if len(c.boxes) == 0 {
		return c.y + svgBand
	}
	last := c.boxes[len(c.boxes)-1]
	return last.y + last.h
}

// draw writes the lines first, so that the boxes stand on them.
func (c *column) draw(b *strings.Builder) {
	if title := c.title(); title != "" {
		fmt.Fprintf(b, `<text x="%.0f" y="%.0f" font-weight="bold">%s</text>`+"\n", c.boxX(), c.y+svgFont, escape(title))
	}
	for _, t := range c.ties {
		edge, lane, colour := c.boxX()+c.box, c.boxX()+c.box+float64(t.lane+1)*svgLane, "#4a5568"
		if t.back {
			edge, lane, colour = c.boxX(), c.boxX()-float64(t.lane+1)*svgLane, "#a0522d"
		}
		head := c.boxes[t.to].y + svgHead/2
		fmt.Fprintf(b, `<g fill="none" stroke="%s"><path d="M%.0f %.1fV%.1f"/>`, colour, lane, t.top, t.end)
		for _, y := range t.rows {
			fmt.Fprintf(b, `<path d="M%.0f %.1fH%.0f"/>`, edge, y, lane)
		}
		fmt.Fprintf(b, `<path d="M%.0f %.1fH%.0f" marker-end="url(#arrow)"/></g>`+"\n", lane, head, edge)
	}
	for _, s := range c.boxes {
		c.drawBox(b, s)
	}
}

// drawBox writes one state with its actions.
func (c *column) drawBox(b *strings.Builder, s box) {
	x := c.boxX()
	if s.stage != "" {
		fmt.Fprintf(b, `<text x="%.0f" y="%.0f" fill="#2c5282" font-weight="bold">%s</text>`+"\n", x, s.y-7, escape(s.stage))
	}
	border := "1"
	if s.state.End {
		border = "3"
	}
	fmt.Fprintf(b, `<g><rect x="%.0f" y="%.0f" width="%.0f" height="%.0f" rx="4" fill="#ffffff" stroke="#1c1c1c" stroke-width="%s"/>`, x, s.y, c.box, s.h, border)
	fmt.Fprintf(b, `<text x="%.0f" y="%.0f" font-weight="bold">%s <tspan fill="#5a6270" font-weight="normal">%s%s</tspan></text>`,
		x+8, s.y+18, escape(c.say(s.state.Title)), escape(string(s.state.ID)), c.tag(s.state))
	if len(s.state.Actions) > 0 {
		fmt.Fprintf(b, `<path d="M%.0f %.0fH%.0f" stroke="#cbd5e0"/>`, x, s.y+svgHead-2, x+c.box)
	}
	for j, a := range s.state.Actions {
		if c.light != nil && slices.Contains(c.light.ids, a.ID) {
			id := ""
			if !c.light.seen {
				c.light.seen, id = true, ` id="lit"`
			}
			fmt.Fprintf(b, `<rect%s x="%.0f" y="%.1f" width="%.0f" height="%d" fill="#fdf3da" stroke="#e0a30f" stroke-width="2"/>`, id, x+4, s.y+svgHead+float64(j*svgRow), c.box-8, svgRow-1)
		}
		fmt.Fprintf(b, `<text x="%.0f" y="%.1f" font-size="%d">%s</text>`, x+14, s.y+svgHead+float64(j*svgRow)+14, svgFont-1, escape(c.words(&a)))
	}
	b.WriteString("</g>\n")
}

// textWidth estimates how wide a text is set: a Han character is as wide as it is high, another a little more than half.
func textWidth(s string, size float64) float64 {
	w := 0.0
	for _, r := range s {
		if unicode.Is(unicode.Han, r) || r >= 0x3000 {
			w += size
		} else {
			w += size * 0.62
		}
	}
	return w
}

// escape writes a text into the picture.
func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}
