package fonts

import _ "embed"

// The face files are made by documents/fonts/pack; README.md tells from what, LICENSE-*.txt under which terms.
var (
	//go:embed song.face
	songFile string
	//go:embed song-bold.face
	songBoldFile string
	//go:embed hei.face
	heiFile string
	//go:embed hei-bold.face
	heiBoldFile string
	//go:embed kai.face
	kaiFile string
	//go:embed rare.face
	rareFile string
)
