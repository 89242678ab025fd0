package tick

import "context"

// behind is held by what goes on behind a start: what several starts left would go on against each other, and against whoever
// asks first.
var behind = make(chan struct{}, 1)

// Behind runs what a start leaves for later, one at a time of all that were left. end stops it and waits; failed is told of a
// fault that is no stop.
func Behind(run func(context.Context) error, failed func(error)) (end func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		select {
		case behind <- struct{}{}:
		case <-ctx.Done():
			return
		}
		defer func() { <-behind }()
		if err := run(ctx); err != nil && ctx.Err() == nil {
			failed(err)
		}
	}()
	return func() { cancel(); <-done }
}
