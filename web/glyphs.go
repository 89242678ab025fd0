package web

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
)

// A name is drawn alike tomorrow: browsers may keep its font for a month.
const keepGlyphs = "public, max-age=2592000"

// glyphSheet names the fonts, each with the characters that it is for: a browser fetches those that stand on the page or
// are typed into it, and only where no font of its own has them.
func (s *server) glyphSheet(c *gin.Context) {
	c.Header("Cache-Control", keepGlyphs)
	var b strings.Builder
	if g := s.Options.Glyphs; g != nil {
		for _, at := range g.Blocks() {
			fmt.Fprintf(&b, "@font-face{font-family:\"Dossier Rare\";font-display:swap;src:url(/glyphs/%x.ttf);unicode-range:U+%X-%X}\n", at, at, at+g.Size()-1)
		}
	}
	c.Data(http.StatusOK, "text/css; charset=utf-8", []byte(b.String()))
}

// glyphFont serves the font of one block.
func (s *server) glyphFont(c *gin.Context) {
	hex, named := strings.CutSuffix(c.Param("file"), ".ttf")
	at, err := strconv.ParseInt(hex, 16, 32)
	if s.Options.Glyphs == nil || err != nil || !named || at < 0 || at > 0x10ffff || at%int64(s.Options.Glyphs.Size()) != 0 {
		c.Status(http.StatusNotFound)
		return
	}
	font, err := s.Options.Glyphs.Font(rune(at))
	switch {
	case err != nil:
		s.Options.Log.Error("a font of rare characters can't be made", "block", hex, "error", err)
		c.Status(http.StatusInternalServerError)
	case font == nil:
		c.Status(http.StatusNotFound)
	default:
		c.Header("Cache-Control", keepGlyphs)
		c.Data(http.StatusOK, "font/ttf", font)
	}
}
