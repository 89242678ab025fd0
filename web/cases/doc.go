// Package cases is one case as people read it: the page of a case, its papers, clocks, story, and what proves it.
package cases
