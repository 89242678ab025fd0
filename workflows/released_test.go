package workflows_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"dossier/workflows"
)

const releasedSum = "../testdata/released.sum"

var release = flag.Bool("release", false, "write testdata/released.sum: the present versions of the procedures are released")

// Each procedure stands in the list of released versions as it is; `go test ./workflows -run TestReleased -release` writes
// the list anew, before a version goes out.
func TestReleasedVersionsNeverChange(t *testing.T) {
	_, editions := theOffice(t)
	if *release {
		if err := os.WriteFile(releasedSum, workflows.Release(slurp(t, releasedSum), editions), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	list := slurp(t, releasedSum)
	if err := workflows.Released("testdata/released.sum", list, editions); err != nil {
		t.Fatal(err)
	}
	if again := workflows.Release(list, editions); string(again) != string(list) {
		t.Errorf("testdata/released.sum is not what `go test ./workflows -run TestReleased -release` writes:\n%s", again)
	}
}

// A release keeps the remarks and what is no longer there, puts present versions in the order of their ids, and is the same
// when it is done again.
func TestReleasedListIsWritten(t *testing.T) {
	e, gone, was := sound(t), strings.Repeat("1", 64), strings.Repeat("2", 64)
	list := "# first\n# second\n" + gone + " gone 1\n" + was + " sound 1\n"
	want := "# first\n# second\n" + gone + " gone 1\n" + e.Hash + " sound 1\n"
	got := string(workflows.Release([]byte(list), []*workflows.Edition{e}))
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if again := string(workflows.Release([]byte(got), []*workflows.Edition{e})); again != want {
		t.Errorf("again\n%s", again)
	}
	if got := string(workflows.Release(nil, []*workflows.Edition{e})); got != e.Hash+" sound 1\n" {
		t.Errorf("of nothing: %q", got)
	}
}

func TestReleasedListTellsEachFaultByItsLine(t *testing.T) {
	e := sound(t)
	other := strings.Repeat("0", 64)
	for _, tt := range []struct{ name, list, want string }{
		{"same bytes", e.Hash + " sound 1\n", ""},
		{"comment and empty line", "# none\n\n", ""},
		{"another version", other + " sound 2\n", ""},
		{"another procedure", other + " silent 1\n", ""},
		{"other bytes", "# list\n" + other + " sound 1\n",
			"sum:2:1: released version 1 of sound has other bytes (restore workflows/sound.yaml and its forms, or give them version: 2)"},
		{"too short", "sound 1\n", "sum:1:1: no line of a released version (write HASH ID VERSION)"},
		{"no number", other + " sound one\n", `sum:1:1: "one" is no version (write a whole number)`},
		{"twice", e.Hash + " sound 1\n" + e.Hash + " sound 1\n", "sum:2:1: sound version 1 is released twice (it stands in line 1 already)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			if err := workflows.Released("sum", []byte(tt.list), []*workflows.Edition{e}); err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}
