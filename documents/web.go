package documents

import "dossier/documents/fonts"

// Glyphs are web fonts of the characters that a reader's own fonts may lack, for pages.
type Glyphs struct{}

// Blocks are the first code points of the blocks that have a font of [Glyphs.Size] code points each.
func (Glyphs) Blocks() []rune { return fonts.WebBlocks() }

// Size is how many code points a block has.
func (Glyphs) Size() rune { return fonts.WebBlock }

// Font is the TrueType font of a block; nil when there is none.
func (Glyphs) Font(block rune) ([]byte, error) { return fonts.WebFont(block) }
