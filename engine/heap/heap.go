// Package heap says how far memory may grow before the collector goes through it. The collector goes through all that lives
// each time as much has come to it, again and again in a small program that writes much; where there is room, it may wait.
package heap

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// Most is how far the heap of a server may grow while less than half of it lives, in bytes. With the stacks and what the
// runtime itself takes, a county's server keeps below 150 MB by it.
const Most = 96 << 20

// usual is how much may come to what lives, in percent of it, where nothing else is said: the runtime's own.
const usual = 100

// Grow lets the heap of this process grow to most bytes before each collection from the next one on, and as far as it would
// anyway where that is more.
func Grow(most uint64) { watch(&watched{most: most, percent: usual}) }

// watched is garbage from the beginning: the collector tells that it has run by coming to it.
type watched struct {
	most    uint64
	percent int
	_       *byte // what holds a pointer is not put together with others, and so found at once
}

func watch(w *watched) {
	runtime.SetFinalizer(w, func(was *watched) {
		lives := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(lives)
		p := percent(lives[0].Value.Uint64(), was.most)
		if p != was.percent {
			debug.SetGCPercent(p)
		}
		watch(&watched{most: was.most, percent: p})
	})
}

// percent is how much may come to so many bytes that live, four times as much at most, in steps of an eighth: each change
// halts the program for a moment.
func percent(lives, most uint64) int {
	eighths := uint64(32)
	if lives > 0 {
		eighths = min(eighths, most*8/lives-min(8, most*8/lives))
	}
	return max(usual, int(eighths)*100/8)
}
