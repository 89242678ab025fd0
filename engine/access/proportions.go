package access

import (
	"dossier/engine"
	"dossier/engine/office"
	"dossier/engine/penalty"
)

// proportioned tells whether the office's proportions of discretion can be once a setting has this value; of any other
// setting it is so.
func proportioned(e *engine.Engine, name string, row office.SettingRow) bool {
	asked := false
	rules := penalty.Proportions(func(setting string) string {
		if setting == name {
			asked = true
			return row.Value
		}
		return e.Office().Text(setting, row.From)
	})
	return !asked || rules.Check() == nil
}
