package layout

import (
	"strings"

	"dossier/documents/fonts"
)

// Arrange puts fields into rows as a clerk would: two side by side where both values are short, one over the whole
// width where not, a long text in a cell that may go on over pages. The order is kept.
func Arrange(items []Field) []Row {
	c := &composer{fonts: fonts.Standard()}
	var rows []Row
	for i := 0; i < len(items); {
		item := items[i]
		switch {
		case i+1 < len(items) && c.short(item) && c.short(items[i+1]):
			rows = append(rows, Fields{Items: items[i : i+2 : i+2]})
			i += 2
			continue
		case c.long(item):
			rows = append(rows, Long{Label: item.Label, Text: item.Value})
		default:
			rows = append(rows, Fields{Items: items[i : i+1 : i+1]})
		}
		i++
	}
	return rows
}

// short tells whether a field goes into half a row.
func (c *composer) short(f Field) bool {
	const room = 53*mm - 1.5*sidePad
	return !strings.Contains(f.Value, "\n") && len(labelLines(f.Label)) <= 2 &&
		c.single(f.Value, valueStyle).width <= room+slack
}

// long tells whether a value needs more than two lines of a whole row.
func (c *composer) long(f Field) bool {
	const room = 131*mm - 1.5*sidePad
	return !f.Sign && len(c.wrap(f.Value, valueStyle, room)) > 2
}
