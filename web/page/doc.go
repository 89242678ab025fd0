// Package page is what every page and every answer is made from: who asks and when ([Ask]), in which words ([Words]), the frame
// ([Base]), forms and their fields, rows of cases, what is wrong ([Faults]), and what a browser sent ([Decode]). It draws no page of
// its own and decides nothing: the rooms beside it are one subject each, and web routes to them.
//
// A page is one file with its data, its handler and its template of the same name in templates; its data embed [Base]. A
// [Handler] returns an error, which [Site.Fail] alone turns into an answer.
package page
