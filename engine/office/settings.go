package office

import (
	"strings"

	"dossier/engine/procedure"
)

// A Kind is what the values of a setting are.
type Kind string

// The kinds of values.
const (
	TextKind   Kind = "text"
	URLKind    Kind = "url"
	HostKind   Kind = "host" // host:port
	MailKind   Kind = "mail"
	WholeKind  Kind = "whole"
	PeriodKind Kind = "period"
	MoneyKind  Kind = "money"
	PostsKind  Kind = "posts"   // ids of posts, parted by spaces
	SomeKind   Kind = "choices" // some of its choices, parted by spaces
	FolderKind Kind = "folder"  // a whole path on the server
	FontKind   Kind = "font"    // a file of the office's fonts
	NumberKind Kind = "number"  // how a number is put together
	PhoneKind  Kind = "phone"
	LotsKind   Kind = "lots" // tickets by grade
)

// Kinds are all of them.
var Kinds = []Kind{TextKind, URLKind, HostKind, MailKind, WholeKind, PeriodKind, MoneyKind, PostsKind, SomeKind, FolderKind, FontKind, NumberKind, PhoneKind, LotsKind}

// Shape is what the values of a setting are like, or of a family of settings, whose name ends with "/*".
type Shape struct {
	Name     string
	Kind     Kind
	Required bool // no value is none
	Begin    bool // a new office begins with it
	Min, Max int  // of a whole number

	Choices []procedure.Allowed // that some are chosen of
}

// Family is the beginning of the names of a family's settings, with its slash; "" of a single setting.
func (s Shape) Family() string {
	head, family := strings.CutSuffix(s.Name, "*")
	if !family {
		return ""
	}
	return head
}

// Of tells whether it is the setting's.
func (s Shape) Of(name string) bool {
	family := s.Family()
	return s.Name == name || family != "" && strings.HasPrefix(name, family)
}

// Group is settings that are set together, in the order in which a new office sets them.
type Group struct {
	ID     string
	Title  procedure.Label
	Shapes []Shape
}

// Shape is what the values of a setting are like: a text where no group has it.
func (o *Office) Shape(name string) Shape {
	for _, g := range o.Groups {
		for _, s := range g.Shapes {
			if s.Of(name) {
				return s
			}
		}
	}
	return Shape{Name: name, Kind: TextKind}
}
