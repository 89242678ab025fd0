package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"dossier/engine/casefile"
	"dossier/store"
)

// acts are what servers have acknowledged.
type acts struct {
	opened map[int]string      // case → the key that opened it
	noted  map[string]int      // text → case
	kept   map[string][32]byte // name of a file → the hash of its content
}

// work is people at their work through the servers, whichever answers, with a memory of what was acknowledged.
type work struct {
	token, opening string
	mu             sync.Mutex
	all            []*server
	acts           acts
}

func newWork(token, opening string) *work {
	return &work{token: token, opening: opening, acts: acts{map[int]string{}, map[string]int{}, map[string][32]byte{}}}
}

// acknowledged is what was acknowledged up to now.
func (w *work) acknowledged() acts {
	w.mu.Lock()
	defer w.mu.Unlock()
	return acts{maps.Clone(w.acts.opened), maps.Clone(w.acts.noted), maps.Clone(w.acts.kept)}
}

func (a acts) count() int { return len(a.opened) + len(a.noted) + len(a.kept) }

// wait lets the people do that many acts more.
func (w *work) wait(t *testing.T, more int) {
	t.Helper()
	for until := w.acknowledged().count() + more; w.acknowledged().count() < until && !t.Failed(); {
		time.Sleep(5 * time.Millisecond)
	}
}

// put has a server stand in the place of another.
func (w *work) put(i int, s *server) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all[i] = s
}

// kill ends all servers.
func (w *work) kill() {
	for _, s := range w.all {
		s.kill()
	}
}

func (w *work) any(r *rand.Rand) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.all[r.IntN(len(w.all))].address
}

// send sends one act to whichever server, and again with the same key to whichever until one acknowledges it.
func (w *work) send(r *rand.Rand, key, path, kind, body string) (map[string]any, error) {
	client := &http.Client{Timeout: 30 * time.Second}
	var last error
	for began := time.Now(); time.Since(began) < 2*time.Minute; time.Sleep(20 * time.Millisecond) {
		req, err := http.NewRequest("POST", w.any(r)+"/api/v1"+path, strings.NewReader(body))
		if err != nil {
			return nil, err
		}
		req.Header.Set("Authorization", "Bearer "+w.token)
		req.Header.Set("Idempotency-Key", key)
		req.Header.Set("Content-Type", kind)
		res, err := client.Do(req)
		if err == nil {
			var data []byte
			data, err = io.ReadAll(res.Body)
			res.Body.Close()
			switch {
			case err != nil: // broke off
			case res.StatusCode < 300:
				var answer map[string]any
				return answer, json.Unmarshal(data, &answer)
			case res.StatusCode < 500:
				return nil, fmt.Errorf("%s: %d %s", path, res.StatusCode, data)
			default:
				err = fmt.Errorf("%s: %d %s", path, res.StatusCode, data)
			}
		}
		last = err
	}
	return nil, last
}

// begin has people open cases, write notes and keep files, each on cases of their own, until they are told to stop.
func (w *work) begin(t *testing.T, people int) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for n := range people {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(n), 5))
			var mine []int
			for i := 0; ctx.Err() == nil; i++ {
				id, err := w.one(r, mine, fmt.Sprintf("w%d-%d", n, i))
				if err != nil {
					t.Error(err)
					return
				}
				if id != 0 {
					mine = append(mine, id)
				}
			}
		})
	}
	return func() { cancel(); wg.Wait() }
}

// one is one act, under its key; it gives the case that it opened.
func (w *work) one(r *rand.Rand, mine []int, key string) (id int, err error) {
	if len(mine) == 0 || r.IntN(3) == 0 {
		answer, err := w.send(r, key, "/cases", "application/json", w.opening)
		if err != nil {
			return 0, fmt.Errorf("open: %w", err)
		}
		id := int(answer["id"].(float64))
		w.mu.Lock()
		defer w.mu.Unlock()
		if was := w.acts.opened[id]; was != "" {
			return 0, fmt.Errorf("case %d was opened by %s and by %s", id, was, key)
		}
		w.acts.opened[id] = key
		return id, nil
	}
	on := mine[r.IntN(len(mine))]
	path := "/cases/" + strconv.Itoa(on)
	if r.IntN(4) > 0 {
		if _, err := w.send(r, key, path+"/actions/note", "application/json", `{"values":{"text":"`+key+`"}}`); err != nil {
			return 0, fmt.Errorf("note: %w", err)
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		w.acts.noted[key] = on
		return 0, nil
	}
	content := []byte(strings.Repeat(key+"\n", 200+r.IntN(20_000)))
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	file, err := parts.CreateFormFile("file", key+".txt")
	if err == nil {
		_, err = file.Write(content)
	}
	if err == nil {
		err = parts.WriteField("proves", "工资")
	}
	if err == nil {
		err = parts.Close()
	}
	if err == nil {
		_, err = w.send(r, key, path+"/attachments", parts.FormDataContentType(), body.String())
	}
	if err != nil {
		return 0, fmt.Errorf("attach: %w", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.acts.kept[key+".txt"] = sha256.Sum256(content)
	return 0, nil
}

// onRecord holds a store to what was acknowledged: each act once, where it was done, files byte by byte, every number given
// once. With all, nothing may be there that nobody sent; a backup may hold what was acknowledged after it began.
func (a acts) onRecord(t *testing.T, url string, all bool) {
	t.Helper()
	s, err := store.Open(url, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	cases, err := s.Counter("case")
	if err != nil || int(cases) < len(a.opened) || all && int(cases) > len(a.opened) {
		t.Errorf("%d cases (%v), and %d were acknowledged", cases, err, len(a.opened))
	}
	texts, files, numbers := map[string]int{}, map[string]int{}, map[string]int{}
	for id := 1; id <= int(cases); id++ {
		events, err := s.Events(casefile.CaseID(id), 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			var ev struct {
				Action  string
				Values  map[string]any
				Counted []struct {
					Counter string
					N       int
				}
				Files []struct{ Name, SHA256 string }
			}
			if err := json.Unmarshal(e.Data, &ev); err != nil {
				t.Fatal(err)
			}
			if ev.Action == "note" {
				text, _ := ev.Values["text"].(string)
				texts[text]++
				if in, was := a.noted[text]; was && in != id {
					t.Errorf("note %s is in case %d, not %d", text, id, in)
				}
			}
			for _, f := range ev.Files {
				files[f.Name]++
				data, err := s.Blob(f.SHA256)
				if want, was := a.kept[f.Name]; err != nil || was && sha256.Sum256(data) != want {
					t.Errorf("file %s holds something else: %v", f.Name, err)
				}
			}
			for _, c := range ev.Counted {
				numbers[fmt.Sprint(c.Counter, " ", c.N)]++
			}
		}
	}
	for what, found := range map[string]map[string]int{"note": texts, "file": files, "number": numbers} {
		for name, times := range found {
			if times != 1 {
				t.Errorf("%s %s is on record %d times", what, name, times)
			}
		}
	}
	for text := range a.noted {
		if texts[text] == 0 {
			t.Errorf("note %s was acknowledged and is not on record", text)
		}
	}
	for name := range a.kept {
		if files[name] == 0 {
			t.Errorf("file %s was acknowledged and is not on record", name)
		}
	}
	if all && (len(texts) != len(a.noted) || len(files) != len(a.kept)) {
		t.Errorf("%d notes and %d files are on record, %d and %d were acknowledged", len(texts), len(files), len(a.noted), len(a.kept))
	}
	if len(numbers) < len(a.opened) {
		t.Errorf("%d numbers for %d cases", len(numbers), len(a.opened))
	}
}

// crashRounds, in the environment, is how often a server is killed; make crash says 1000, and 100 of two on one database.
const crashRounds = "CRASH_ROUNDS"

// roundsOr is what the environment says, else what the tests do every time.
func roundsOr(t *testing.T, usual int) int {
	t.Helper()
	text := os.Getenv(crashRounds)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestKilledUnderLoad kills dossier serve on a folder while people work through it and a backup is being made, starts it again
// on what is left, and so on. Nothing that was acknowledged is lost or there twice. A backup that is there holds what was
// acknowledged before it began, restored and verified; one that was cut off leaves nothing under its name.
func TestKilledUnderLoad(t *testing.T) {
	const folder = 10 // kills on one folder
	rounds := roundsOr(t, folder)
	began, done, backups, cut := time.Now(), 0, 0, 0
	for round := 0; round < rounds; round += folder {
		t.Run("", func(t *testing.T) {
			dir, r := t.TempDir(), rand.New(rand.NewPCG(uint64(round), 11))
			url := "bolt:" + filepath.Join(dir, "data")
			token := staffed(t, url, "clerk")
			w := newWork(token, opening(t, url))
			w.all = []*server{startServer(t, url)}
			t.Cleanup(w.kill)
			stop := w.begin(t, 4)
			for i := range min(folder, rounds-round) {
				w.wait(t, 3+r.IntN(20))
				before, file := w.acknowledged(), filepath.Join(dir, fmt.Sprint(i, ".tar"))
				ended := make(chan int)
				go func() {
					code, _, _ := realTime(t, "backup", file, "--store", url)
					ended <- code
				}()
				time.Sleep(time.Duration(r.IntN(400)) * time.Millisecond)
				w.all[0].kill()
				code := <-ended
				if _, err := os.Stat(file); err != nil {
					if code == 0 {
						t.Errorf("%s: %v", file, err)
					}
					cut++
				} else { // done, whether or not the server lived to say so
					again := "bolt:" + filepath.Join(dir, fmt.Sprint("again", i))
					mustReal(t, "restore", file, "--store", again)
					before.onRecord(t, again, false)
					verifyReal(t, again)
					backups++
				}
				if t.Failed() {
					t.Fatalf("round %d", round+i+1)
				}
				w.put(0, startServer(t, url))
			}
			stop()
			w.kill()
			a := w.acknowledged()
			a.onRecord(t, url, true)
			verifyReal(t, url)
			done += a.count()
		})
		if t.Failed() {
			return
		}
	}
	t.Logf("%d kills, %d acknowledged acts, all on record once; %d backups restored whole, %d cut off without a trace; %v", rounds, done, backups, cut,
		time.Since(began).Round(time.Second))
}
