// Package demo is the county that `dossier serve --demo` shows: the people of a bureau and some forty cases, told as
// scenarios (county/*.yaml) with dates counted from today and played through the engine, so that nothing in them is impossible.
package demo

import (
	_ "embed"

	"dossier/engine/calendar"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/strictyaml"
)

//go:embed people.yaml
var peopleFile []byte

// People are the demo county's users, in the order in which they are shown. The caller sets their passwords.
func People() []office.Person {
	people, err := readPeople("seeds/demo/people.yaml", peopleFile)
	if err != nil {
		panic(err.Error()) // embedded: a test reads it
	}
	return people
}

// renewed is the day from which the officers' present certificates run.
var renewed = calendar.Of(2024, 1, 1)

func readPeople(file string, data []byte) ([]office.Person, error) {
	root, err := strictyaml.Parse(file, data)
	if err != nil {
		return nil, err
	}
	r := strictyaml.NewReader(file)
	r.Keys(root, "people")
	var people []office.Person
	for _, n := range r.List(root.Get("people")) {
		if !r.Keys(n, "id", "name", "section", "phone", "posts", "certificate") {
			continue
		}
		r.Require(n, "id", "name", "posts")
		p := office.Person{ID: office.PersonID(r.String(n.Get("id"))), Name: r.String(n.Get("name")),
			Section: r.String(n.Get("section")), Phone: r.String(n.Get("phone")), Lang: "zh"}
		for _, post := range r.Strings(n.Get("posts")) {
			p.Posts = append(p.Posts, office.Held{Post: procedure.Actor(post)})
		}
		if last := r.String(n.Get("certificate")); last != "" {
			p.Certificates = []office.Certificate{
				{Number: "1305260" + last, From: renewed.Add(-5 * 366), To: renewed.Add(-1)},
				{Number: "1305262" + last, From: renewed, To: calendar.Of(2036, 12, 31)},
			}
		}
		people = append(people, p)
	}
	return people, r.Err()
}
