package seeds

import (
	_ "embed"
	"encoding/json"

	"dossier/engine/office"
)

//go:embed settings.json
var settings []byte

// Settings are the office's settings with which a new office starts, each with its basis.
func Settings() map[string][]office.SettingRow {
	var m map[string][]office.SettingRow
	if err := json.Unmarshal(settings, &m); err != nil {
		panic("seeds/settings.json: " + err.Error()) // embedded: a test reads it
	}
	return m
}
