package seeds

import (
	_ "embed"
	"regexp"
	"slices"
	"sync"

	"dossier/engine/procedure"
	"dossier/engine/strictyaml"
	"dossier/engine/text"
)

//go:embed posts.yaml
var postsFile []byte

// Posts are the posts that the program brings along.
func Posts() []procedure.Post { return slices.Clone(brought()) }

var brought = sync.OnceValue(func() []procedure.Post {
	posts, err := ReadPosts("seeds/posts.yaml", postsFile)
	if err != nil {
		panic(err.Error()) // embedded: a test reads it
	}
	return posts
})

var postID = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// ReadPosts reads a file of posts; before are those that the office has already. The error is [text.Faults].
func ReadPosts(file string, data []byte, before ...procedure.Post) ([]procedure.Post, error) {
	root, err := strictyaml.Parse(file, data)
	if err != nil {
		return nil, err
	}
	r := strictyaml.NewReader(file)
	if !r.Keys(root, "posts") {
		return nil, r.Err()
	}
	r.Require(root, "posts")
	var posts []procedure.Post
	ids := map[procedure.Actor]bool{}
	for _, p := range before {
		ids[p.ID] = true
	}
	for _, n := range r.List(root.Get("posts")) {
		if !r.Keys(n, "post", "zh", "en", "section", "regime", "certificate", "leads", "reads", "lent-by", "sample") {
			continue
		}
		r.Require(n, "post", "zh", "en")
		p := procedure.Post{
			ID:          procedure.Actor(r.String(n.Get("post"))),
			Title:       procedure.Label{ZH: r.String(n.Get("zh")), EN: r.String(n.Get("en"))},
			Section:     r.String(n.Get("section")),
			Regime:      r.String(n.Get("regime")),
			Certificate: r.Bool(n.Get("certificate")),
			Leads:       procedure.Rank(r.String(n.Get("leads"))),
			Sample:      r.Strings(n.Get("sample")),
		}
		if at := n.Get("post"); at != nil && !postID.MatchString(string(p.ID)) {
			r.Fault(at, text.Say("%q is no post", p.ID), "write small letters, digits and hyphens, a letter first")
		} else if ids[p.ID] {
			r.Fault(at, text.Say("post %q stands twice", p.ID), "choose another id")
		}
		ids[p.ID] = true
		if ranks := []string{string(procedure.LeadsSection), string(procedure.LeadsBureau)}; p.Leads != "" && !slices.Contains(ranks, string(p.Leads)) {
			r.Fault(n.Get("leads"), text.Say("no rank %q", p.Leads), strictyaml.Offer(string(p.Leads), ranks))
		}
		if reads := r.String(n.Get("reads")); reads != "" && reads != "ended" {
			r.Fault(n.Get("reads"), text.Say("no cases are %q to be read", reads), "write ended, or leave it out")
		} else {
			p.Reads = reads != ""
		}
		if by := r.Strings(n.Get("lent-by")); slices.Equal(by, []string{"none"}) {
			p.Unlent = true
		} else {
			for _, a := range by {
				p.LentBy = append(p.LentBy, procedure.Actor(a))
			}
		}
		posts = append(posts, p)
	}
	for i, n := range r.List(root.Get("posts")) {
		for _, a := range r.Strings(n.Get("lent-by")) {
			if i < len(posts) && !posts[i].Unlent && !ids[procedure.Actor(a)] {
				r.Fault(n.Get("lent-by"), text.Say("no post %q", a), "name posts, or none")
			}
		}
	}
	return posts, r.Err()
}
