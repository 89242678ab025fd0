package rules

import (
	"strings"
)

func JoinWords(ws []string) string { return strings.Join(ws, "、") }
