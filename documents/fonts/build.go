package fonts

import "sort"

// builder puts a TrueType file together from simple glyphs; glyph 0 is blank.
type builder struct {
	widths   []int
	outlines [][]byte
}

// box is the smallest that holds every glyph: x min, y min, x max, y max.
func (b *builder) box() [4]int {
	var box [4]int
	for _, glyph := range b.outlines {
		if len(glyph) < 10 {
			continue
		}
		v := func(i int) int { return int(int16(be16(glyph[2+2*i:]))) }
		box = [4]int{min(box[0], v(0)), min(box[1], v(1)), max(box[2], v(2)), max(box[3], v(3))}
	}
	return box
}

// file writes the font: what a PDF needs of an embedded one, and no more.
func (b *builder) file() []byte { return assemble(b.tables()) }

// tables are those of [builder.file].
func (b *builder) tables() map[string][]byte {
	n := len(b.widths)
	tables := map[string][]byte{}
	var glyf, loca, hmtx []byte
	offsets := make([]int, 0, n+1)
	points, contours := 0, 0
	for i, glyph := range b.outlines {
		offsets = append(offsets, len(glyf))
		hmtx = app16(app16(hmtx, b.widths[i]), 0)
		if len(glyph) < 10 {
			continue
		}
		put16(hmtx[len(hmtx)-2:], be16(glyph[2:])) // left side bearing: x min
		k := int(be16(glyph))
		contours = max(contours, k)
		points = max(points, int(be16(glyph[8+2*k:]))+1)
		glyf = append(glyf, glyph...)
		if len(glyf)%2 != 0 {
			glyf = append(glyf, 0)
		}
	}
	offsets = append(offsets, len(glyf))
	long := 0
	if len(glyf) > 2*0xffff { // offsets don't fit into two bytes, halved
		long = 1
	}
	for _, at := range offsets {
		if long == 1 {
			loca = app32(loca, at)
		} else {
			loca = app16(loca, at/2)
		}
	}
	box := b.box()

	head := app32(app32(nil, 0x00010000), 0x00010000)
	head = app32(app32(head, 0), 0x5F0F3CF5)
	head = app16(app16(head, 3), unitsPerEm)
	head = append(head, make([]byte, 16)...) // dates: none, so that bytes are stable
	for _, v := range box {
		head = app16(head, v)
	}
	for _, v := range []int{0, 8, 2, long, 0} { // style, smallest size, direction, long loca, glyph format
		head = app16(head, v)
	}
	hhea := app32(nil, 0x00010000)
	for _, v := range []int{880, -120, 0, 1000, 0, 0, box[2], 1, 0, 0, 0, 0, 0, 0, 0, n} {
		hhea = app16(hhea, v)
	}
	maxp := app16(app32(nil, 0x00010000), n)
	for _, v := range []int{points, contours, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0} {
		maxp = app16(maxp, v)
	}
	tables["glyf"], tables["loca"], tables["hmtx"] = glyf, loca, hmtx
	tables["head"], tables["hhea"], tables["maxp"] = head, hhea, maxp
	return tables
}

// assemble lays the tables one after another behind their directory, with check sums.
func assemble(tables map[string][]byte) []byte {
	tags := make([]string, 0, len(tables))
	size := 12 + 16*len(tables)
	for tag, table := range tables {
		tags = append(tags, tag)
		size += (len(table) + 3) &^ 3
	}
	sort.Strings(tags)
	power, log := 1, 0
	for power*2 <= len(tags) {
		power, log = power*2, log+1
	}
	out := make([]byte, 0, size)
	out = app32(out, 0x00010000)
	for _, v := range []int{len(tags), power * 16, log, len(tags)*16 - power*16} {
		out = app16(out, v)
	}
	at, head := 12+16*len(tags), 0
	for _, tag := range tags {
		table := tables[tag]
		out = append(out, tag...)
		out = app32(app32(app32(out, int(checksum(table))), at), len(table))
		if tag == "head" {
			head = at
		}
		at += (len(table) + 3) &^ 3
	}
	for _, tag := range tags {
		out = append(out, tables[tag]...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	put32(out[head+8:], 0xB1B0AFBA-checksum(out))
	return out
}

func checksum(table []byte) uint32 {
	var sum uint32
	for len(table) >= 4 {
		sum += be32(table)
		table = table[4:]
	}
	if len(table) > 0 {
		var last [4]byte
		copy(last[:], table)
		sum += be32(last[:])
	}
	return sum
}
