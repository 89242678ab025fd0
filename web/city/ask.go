// Package city is a city's view of its counties, each read by an API token of its own as any program reads it: what each
// counts and the sum of it, and what is late, with the way to where it is supervised. It keeps nothing and shows no party.
package city

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/procedure"
	"dossier/engine/statistics"
	"dossier/web/page"
)

const (
	patience  = 5 * time.Second // how long a county is waited for
	atOnce    = 8               // how many are asked at once
	mostBytes = 8 << 20         // of one answer
	mostCases = 200             // that are late; the API gives no more at once
)

// read is what one county answered.
type read struct {
	figures map[string]int64 // by measure
	late    []lateCase       // the longest first
	more    bool             // there are more than those
	err     error            // it didn't answer
}

// lateCase is a case that is late: what of it the city's page shows, and nothing more is read.
type lateCase struct {
	ID       casefile.CaseID      `json:"id"`
	Number   string               `json:"number"`
	Intake   string               `json:"intake"`
	Workflow procedure.WorkflowID `json:"workflow"`
	State    procedure.StateID    `json:"state"`
	Clocks   []struct {
		Due    calendar.Date `json:"due"`
		Window bool          `json:"window"`
		Party  bool          `json:"party"`
	} `json:"clocks"`

	due calendar.Date
}

// readAll asks each county; one that doesn't answer holds the others up no longer than patience.
func readAll(ctx context.Context, counties []page.County, from, to, today calendar.Date) []read {
	all := make([]read, len(counties))
	free := make(chan struct{}, atOnce)
	var under sync.WaitGroup
	for i, c := range counties {
		under.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			ctx, cancel := context.WithTimeout(ctx, patience)
			defer cancel()
			all[i].err = all[i].from(ctx, c, from, to, today)
		})
	}
	under.Wait()
	return all
}

func (r *read) from(ctx context.Context, c page.County, from, to, today calendar.Date) error {
	var figures statistics.Told
	if err := ask(ctx, c, "/statistics", url.Values{"from": {from.String()}, "to": {to.String()}}, &figures); err != nil {
		return err
	}
	var found struct {
		Cases []lateCase `json:"cases"`
		Next  string     `json:"next"`
	}
	if err := ask(ctx, c, "/cases", url.Values{"overdue": {"1"}, "limit": {fmt.Sprint(mostCases)}}, &found); err != nil {
		return err
	}
	r.figures = map[string]int64{}
	for _, x := range figures.Total {
		r.figures[x.Measure] = x.N
	}
	for _, x := range found.Cases {
		for _, k := range x.Clocks {
			if !k.Window && !k.Party && k.Due != 0 && k.Due < today && (x.due == 0 || k.Due < x.due) {
				x.due = k.Due
			}
		}
		r.late = append(r.late, x)
	}
	slices.SortStableFunc(r.late, func(x, y lateCase) int { return cmp.Compare(x.due, y.due) })
	r.more = found.Next != ""
	return nil
}

// refused is an answer that is no 200: what it says of itself is not passed on.
type refused struct{ status int }

func (e refused) Error() string { return fmt.Sprintf("the county answered %d", e.status) }

// client follows no redirect: the token is for the address that was written down, and no other.
var client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

func ask(ctx context.Context, c page.County, path string, q url.Values, to any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Address+"/api/v1"+path+"?"+q.Encode(), nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+c.Token)
	res, err := client.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return refused{res.StatusCode}
	}
	return json.NewDecoder(io.LimitReader(res.Body, mostBytes)).Decode(to)
}
