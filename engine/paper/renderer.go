package paper

// Typefaces is a Renderer that prints with an office's own fonts where a setting font/… names their file.
type Typefaces interface {
	// Font reads a font file of the office. It tells why no paper can be printed with it, as a word of the catalogues, and
	// which of the usual characters it lacks: those are printed with the program's own.
	Font(name string) (lacks []rune, why string)
}

// FontSetting begins the names of the settings that name a font file.
const FontSetting = "font/"

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
