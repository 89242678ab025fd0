// Command goworkflows takes transitions through go-workflows on SQLite: a case is a workflow instance, an act a signal to it.
// An act is done when the task that read the signal is committed. It is given a folder; each line "AT N" that it reads is a bout
// of N acts, AT at once, and is answered by how many nanoseconds it took. `make bench-peer` builds and runs it.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cschleiden/go-workflows/backend"
	"github.com/cschleiden/go-workflows/backend/history"
	"github.com/cschleiden/go-workflows/backend/sqlite"
	"github.com/cschleiden/go-workflows/client"
	"github.com/cschleiden/go-workflows/core"
	"github.com/cschleiden/go-workflows/worker"
	"github.com/cschleiden/go-workflows/workflow"
)

const cases = 192

// note is what an act says.
type note struct{ Text, By string }

// file reads acts for ever.
func file(ctx workflow.Context) error {
	for acts := workflow.NewSignalChannel[note](ctx, "act"); ; {
		if _, ok := acts.Receive(ctx); !ok {
			return nil
		}
	}
}

// told is a backend that tells of each signal that was committed with the task that read it.
type told struct {
	backend.Backend
	done map[string]chan struct{} // by instance
}

func (t *told) CompleteWorkflowTask(ctx context.Context, task *backend.WorkflowTask, state core.WorkflowInstanceState,
	executed, activities, timers []*history.Event, others []*history.WorkflowEvent) error {
	err := t.Backend.CompleteWorkflowTask(ctx, task, state, executed, activities, timers, others)
	for _, e := range executed {
		if err == nil && e.Type == history.EventType_SignalReceived {
			t.done[task.WorkflowInstance.InstanceID] <- struct{}{}
		}
	}
	return err
}

func main() {
	ctx := context.Background()
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	t := &told{Backend: sqlite.NewSqliteBackend(filepath.Join(os.Args[1], "peer.db"), sqlite.WithBackendOptions(backend.WithLogger(quiet))), done: map[string]chan struct{}{}}
	for i := range cases {
		t.done[strconv.Itoa(i)] = make(chan struct{}, 8)
	}
	options := worker.DefaultOptions
	options.WorkflowPollers, options.WorkflowPollingInterval, options.WorkflowExecutorCacheSize = 4, time.Millisecond, 2*cases
	w := worker.New(t, &options)
	if err := w.RegisterWorkflow(file); err != nil {
		log.Fatal(err)
	}
	if err := w.Start(ctx); err != nil {
		log.Fatal(err)
	}
	c := client.New(t)
	for i := range cases {
		if _, err := c.CreateWorkflowInstance(ctx, client.WorkflowInstanceOptions{InstanceID: strconv.Itoa(i)}, file); err != nil {
			log.Fatal(err)
		}
	}
	for at, n := 0, 0; ; {
		if _, err := fmt.Scan(&at, &n); err != nil {
			return
		}
		var next atomic.Int64
		var all sync.WaitGroup
		start := time.Now()
		for range at {
			all.Go(func() {
				for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
					id := strconv.Itoa(i % cases)
					if err := c.SignalWorkflow(ctx, id, "act", note{"电话联系投诉人，补充提供工资流水。", "officer"}); err != nil {
						log.Fatal(err)
					}
					<-t.done[id]
				}
			})
		}
		all.Wait()
		fmt.Println(time.Since(start).Nanoseconds())
	}
}
