package draw

import "fmt"

// Code names why a sheet can't be drawn; it never changes.
type Code string

// The faults of a sheet. What is at fault stands beside them.
const (
	SeedInvalid    Code = "seed-invalid"         // what was given for the seed
	Unreadable     Code = "sheet-unreadable"     // the line, as "12"
	Empty          Code = "population-empty"     // no object
	Larger         Code = "population-too-small" // Need objects of Have that can be drawn; of the stratum Of
	Twice          Code = "population-twice"     // an object or an officer that stands there twice
	Nameless       Code = "population-nameless"  // an object or officer without an ID or a name
	BadText        Code = "population-text"      // a text with a tab, a line break or another control character
	BadCount       Code = "count-invalid"        // a number that can't be: of what
	NoStaff        Code = "staff-too-few"        // Need officers of Have; of the object Of
	NotThere       Code = "not-in-population"    // an ID that a recusal or what is kept names
	NoReason       Code = "redraw-no-reason"     // a redraw without its reason
	NothingChanges Code = "redraw-nothing"       // a redraw in which all stays
)

// Fault is why a sheet can't be frozen, or a text is no sheet.
type Fault struct {
	Code       Code
	Of         string
	Need, Have int
}

func fault(code Code, of string) *Fault { return &Fault{Code: code, Of: of} }

// Error is the fault in English, as "what is wrong: where: what to do".
func (f *Fault) Error() string {
	switch f.Code {
	case SeedInvalid:
		return fmt.Sprintf("the seed is not a day and a number: %s: write it as 2026-12-01/0417", f.Of)
	case Unreadable:
		return fmt.Sprintf("this is not a sheet of a draw: line %s: use the file as it was published", f.Of)
	case Empty:
		return "there is nobody to draw from: the population is empty: give the list of who may be checked"
	case Larger:
		if f.Of != "" {
			return fmt.Sprintf("the draw is larger than its population: %s: %d are asked of %d that can be drawn: ask for fewer, or say why the ceiling doesn't hold", f.Of, f.Need, f.Have)
		}
		return fmt.Sprintf("the draw is larger than its population: %d are asked of %d that can be drawn: ask for fewer, or say why the ceiling doesn't hold", f.Need, f.Have)
	case Twice:
		return fmt.Sprintf("it stands in the list twice: %s: strike one of them", f.Of)
	case Nameless:
		return fmt.Sprintf("it has no code or no name: %s: give both", f.Of)
	case BadText:
		return fmt.Sprintf("a text has a tab or a line break in it: %q: take it out", f.Of)
	case BadCount:
		return fmt.Sprintf("this number can't be: %s: correct it", f.Of)
	case NoStaff:
		if f.Of != "" {
			return fmt.Sprintf("too few officers: %s: %d are needed, %d are not recused: name more", f.Of, f.Need, f.Have)
		}
		return fmt.Sprintf("too few officers: %d are needed, there are %d: name more", f.Need, f.Have)
	case NotThere:
		return fmt.Sprintf("it is not in the list: %s: correct it", f.Of)
	case NoReason:
		return "a redraw has no reason: say why"
	case NothingChanges:
		return "nothing is to be drawn again: name what is out"
	}
	return string(f.Code) + " " + f.Of
}
