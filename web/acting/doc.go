// Package acting is where people fill in a form that becomes one command: opening a case, an act in it, what begun on paper is taken over. What an action means it doesn't know.
package acting
