package procedure

// Post is a post of the office: data, as procedures are. People hold posts, an action's `by:` names them.
type Post struct {
	ID          Actor
	Title       Label
	Section     string  // where its holders usually sit
	Regime      string  // which kind of cases they work on
	Certificate bool    // they investigate, and need an enforcement certificate for it
	Leads       Rank    // whose work they look after
	LentBy      []Actor // the posts whose holders may lend it too, beside who holds it and the administrators
	Unlent      bool    // lent-by: none
	Reads       bool    // reads: ended: it is given the cases that were closed while it is held, to read and for nothing else
	Sample      []string
}

// Rank says whose work the holder of a post looks after.
type Rank string

const (
	LeadsNobody  Rank = ""
	LeadsSection Rank = "section"
	LeadsBureau  Rank = "bureau"
)

func FindPost(posts []Post, id Actor) *Post {
	for i := range posts {
		if posts[i].ID == id {
			return &posts[i]
		}
	}
	return nil
}
