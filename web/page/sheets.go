package page

// BadCell is one cell of a bad row, with what is wrong in it.
type BadCell struct {
	Title  string
	Text   string
	Faults []string
}

func Texts(fs Faults) []string {
	var out []string
	for _, f := range fs {
		out = append(out, f.Text)
	}
	return out
}

const Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
