package workflows

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/procedure"
	"dossier/engine/text"
)

// Released checks the editions against the list of those that are released: a released version never changes, since
// cases pin it. The list has one line per version, `HASH ID VERSION`; empty lines and those that begin with # are
// skipped. The file is the list's name. The error is [text.Faults], of the list and by its lines.
func Released(file string, list []byte, editions []*Edition) error {
	type version struct {
		id procedure.WorkflowID
		n  int
	}
	present := map[version]*Edition{}
	for _, e := range editions {
		present[version{e.Definition.ID, e.Definition.Version}] = e
	}
	var faults text.Faults
	listed := map[version]int{}
	for i, line := range strings.Split(string(list), "\n") {
		fault := func(message, hint text.Words) {
			faults = append(faults, text.Fault{File: file, Line: i + 1, Col: 1, Message: message, Hint: hint})
		}
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		if len(words) != 3 || len(words[0]) != 64 {
			fault("no line of a released version", "write HASH ID VERSION")
			continue
		}
		n, err := strconv.Atoi(words[2])
		if err != nil {
			fault(text.Say("%q is no version", words[2]), "write a whole number")
			continue
		}
		v := version{procedure.WorkflowID(words[1]), n}
		if before := listed[v]; before > 0 {
			fault(text.Say("%s version %s is released twice", v.id, v.n), text.Say("it stands in line %s already", before))
			continue
		}
		listed[v] = i + 1
		if e := present[v]; e != nil && e.Hash != words[0] {
			fault(text.Say("released version %s of %s has other bytes", v.n, v.id),
				text.Say("restore workflows/%s.yaml and its forms, or give them version: %s", v.id, v.n+1))
		}
	}
	return faults.Err()
}

// Release writes the list with these editions in it: the remarks stay on top, a version that is none of the editions' stays
// as it is, and each edition's version has its present hash. The lines are in the order of ids and versions.
func Release(list []byte, editions []*Edition) []byte {
	type line struct {
		hash, id string
		n        int
	}
	var remarks []string
	var lines []line
	for _, text := range strings.Split(string(list), "\n") {
		words := strings.Fields(text)
		switch {
		case strings.HasPrefix(text, "#"):
			remarks = append(remarks, text+"\n")
		case len(words) == 3:
			n, _ := strconv.Atoi(words[2])
			lines = append(lines, line{words[0], words[1], n})
		}
	}
	for _, e := range editions {
		l := line{e.Hash, string(e.Definition.ID), e.Definition.Version}
		lines = append(slices.DeleteFunc(lines, func(o line) bool { return o.id == l.id && o.n == l.n }), l)
	}
	slices.SortFunc(lines, func(a, b line) int { return cmp.Or(strings.Compare(a.id, b.id), a.n-b.n) })
	out := strings.Join(remarks, "")
	for _, l := range lines {
		out += fmt.Sprintf("%s %s %d\n", l.hash, l.id, l.n)
	}
	return []byte(out)
}
