package decide

import (
	"dossier/engine/procedure"
)

// StateNamed is the id of a state that is named by its id or its title.
func StateNamed(ed *procedure.Edition, name string) string {
	for _, st := range ed.PaperForm().States {
		if name == st.Value || name == st.Label.ZH {
			return st.Value
		}
	}
	return name
}
