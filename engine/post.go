package engine

import (
	"slices"

	"dossier/engine/procedure"
)

// Posts gives the posts of the office, in the order of their file: those by which its procedures were read.
func (e *Engine) Posts() []procedure.Post { return e.Known }

// known gathers the posts of the editions, each once.
func known(editions []*procedure.Edition) []procedure.Post {
	var posts []procedure.Post
	for _, ed := range editions {
		for _, p := range ed.Def.Posts {
			if !slices.ContainsFunc(posts, func(x procedure.Post) bool { return x.ID == p.ID }) {
				posts = append(posts, p)
			}
		}
	}
	return posts
}
