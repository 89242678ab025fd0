package paper

// Renderer makes paper. It is pure: the same sheet gives the same bytes.
type Renderer interface {
	// Render draws a sheet as PDF. A character that no font has is an *Error with code field-invalid.
	Render(Sheet) ([]byte, error)
	// Deadline draws the deadline sheet of a clock (期限计算表).
	Deadline(DeadlineSheet) ([]byte, error)
	// Inspect says what an uploaded file is; an *Error when it is not what it claims, encrypted, damaged or a bomb.
	Inspect(name string, data []byte) (mediaType string, err error)
	// Missing gives the characters of a text that no font has, for the moment a name is typed.
	Missing(text string) []rune
}
