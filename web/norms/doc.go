// Package norms is what the work rests on, to read: the responsibility list with what carries it, statutes, standards of penalty and their use.
package norms
