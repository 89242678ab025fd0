package scenario_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/verify"
	"dossier/seeds/scenario"
	"dossier/store/bolt"
	"dossier/store/postgres"
	"dossier/store/rows"
	"dossier/store/storetest/pgserver"
)

func TestMain(m *testing.M) { os.Exit(pgserver.Main(m)) }

// onPostgres are the scenarios that are played in a database too: every procedure, a long one, one with linked cases, timers,
// several parties.
var onPostgres = []string{"labour-handle-and-punish", "labour-two-respondents-sums", "labour-together-apart", "labour-suspension", "labour-taken-back",
	"audit-unpaid-referred", "fund-silence", "training-referred", "alerts-moved"}

func databaseStage(t *testing.T, url string) (*scenario.Stage, *postgres.Store) {
	t.Helper()
	st, err := postgres.Open(url, postgres.Options{Create: true, Owner: t.Name()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return stageOn(t, st), st
}

func playOn(t *testing.T, stage *scenario.Stage, name string) {
	t.Helper()
	data, err := os.ReadFile("../../testdata/" + name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := scenario.Read(name+".yaml", data, calendar.Of(2026, 3, 2), cal)
	if err != nil {
		t.Fatal(err)
	}
	var told bytes.Buffer
	if err := scenario.Play(t.Context(), s, stage, &told); err != nil {
		t.Fatalf("%v\n%s", err, told.String())
	}
}

// flaws proves a store as it is at this moment.
func flaws(t *testing.T, stage *scenario.Stage, st *postgres.Store) *verify.Report {
	t.Helper()
	still, err := st.Still("")
	if err != nil {
		t.Fatal(err)
	}
	defer still.Close()
	into, err := bolt.Open(t.TempDir(), bolt.Options{Create: true, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer into.Close()
	c := stage.Engine.Config
	c.Store = still
	e, err := engine.New(c)
	if err != nil {
		t.Fatal(err)
	}
	r, err := verify.Run(t.Context(), e, into, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A scenario does in a database what it does in a folder, and what it leaves there is proved.
func TestScenariosOnPostgres(t *testing.T) {
	for _, name := range onPostgres {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stage, st := databaseStage(t, pgserver.URL(t))
			playOn(t, stage, name)
			r := flaws(t, stage, st)
			for _, f := range r.Flaws {
				t.Errorf("%s: %s: %s", f.Code, f.Place.EN, f.What.EN)
			}
			if r.Cases == 0 || r.Events < 5 || r.Blobs == 0 || len(r.Heads) != 1 {
				t.Errorf("%+v", r)
			}
		})
	}
}

// What somebody changes in the database behind the program's back is found.
func TestTampered(t *testing.T) {
	url := pgserver.URL(t)
	stage, st := databaseStage(t, url)
	playOn(t, stage, "audit-unpaid-referred")
	for _, c := range []struct{ name, sql, code string }{
		{"an event", `update events set data = set_byte(data, 40, get_byte(data, 40) # 1) where id = 1 and seq = 2`, "chain"},
		{"an event that is gone", `delete from events where id = 1 and seq = 2`, "chain"},
		{"a snapshot", `update cases set snapshot = snapshot || ' ' where id = 1`, "cases"},
		{"a case whose snapshot is gone", `delete from cases where id = 1`, "cases"},
		{"an entry that is gone", `delete from entries where key = (select key from entries order by key limit 1)`, "index"},
		{"an entry", `insert into entries values ('state'::bytea || '\x00'::bytea || 'x'::bytea || '\x00'::bytea || '1'::bytea, '')`, "index"},
		{"a person", `update versions set data = data || ' ' where seq = 1 and key = (select key from versions where key like 'person%' order by key limit 1)`, "record"},
		{"a person let in", `insert into records values ('person'::bytea || '\x00'::bytea || 'thief'::bytea, 1, 1, '{}')`, "records"},
		{"a counter", `update counters set value = value + 1 where name = 'case'`, "case-missing"},
		{"a file", `update blobs set data = set_byte(data, 9, get_byte(data, 9) # 1) where sha = (select sha from blobs order by sha limit 1)`, "blob"},
		{"a file that is gone", `delete from blobs where sha = (select sha from blobs order by sha limit 1)`, "blob"},
		{"a row of the ledger", `update ledger set data = replace(convert_from(data, 'UTF8'), '"seq":2', '"seq":1')::bytea where n = (select n from ledger where convert_from(data, 'UTF8') like '%"seq":2%' order by n limit 1)`, "ledger"},
		{"the ledger's end", `delete from ledger where n = (select max(n) from ledger)`, "ledger"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var backup bytes.Buffer
			if err := st.Backup(&backup); err != nil {
				t.Fatal(err)
			}
			if n := sql(t, url, c.sql); n != 1 {
				t.Fatalf("%d rows were changed", n)
			}
			r := flaws(t, stage, st)
			found := false
			for _, f := range r.Flaws {
				found = found || f.Code == c.code
			}
			if !found {
				t.Errorf("not found: %+v", r.Flaws)
			}
			putBack(t, url, &backup)
		})
	}
	if r := flaws(t, stage, st); !r.Whole() {
		t.Errorf("put back, it isn't whole: %+v", r.Flaws)
	}
}

// sql runs a statement behind the program's back, and gives how many rows it changed.
func sql(t *testing.T, url, text string) int64 {
	t.Helper()
	base, schema, _ := strings.Cut(url, "&schema=")
	c, err := pgx.Connect(context.Background(), base)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	if _, err := c.Exec(context.Background(), "set search_path = "+schema); err != nil {
		t.Fatal(err)
	}
	tag, err := c.Exec(context.Background(), text)
	if err != nil {
		t.Fatal(err)
	}
	return tag.RowsAffected()
}

// putBack undoes what a test changed, from a backup of before.
func putBack(t *testing.T, url string, backup io.Reader) {
	t.Helper()
	sql(t, url, `insert into loading values ('a test')`) // as if its filling had not ended, so that it begins anew
	to, err := postgres.Fill(url, "another", t.Name())
	if err != nil {
		t.Fatal(err)
	}
	if err := rows.Restore(backup, to); err != nil {
		t.Fatal(err)
	}
}
