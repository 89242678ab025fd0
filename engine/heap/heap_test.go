package heap

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"
)

func TestPercent(t *testing.T) {
	const MB = 1 << 20
	for _, x := range []struct {
		lives uint64
		want  int
	}{{0, 400}, {1, 400}, {19 * MB, 400}, {24 * MB, 300}, {32 * MB, 200}, {33 * MB, 187}, {48 * MB, 100}, {96 * MB, 100}, {1 << 40, 100}} {
		got := percent(x.lives, 96*MB)
		if got != x.want {
			t.Errorf("%d MB: %d %%, want %d", x.lives/MB, got, x.want)
		}
		if goal := x.lives + x.lives*uint64(got)/100; goal > max(96*MB, 2*x.lives) {
			t.Errorf("%d MB grow to %d", x.lives/MB, goal/MB)
		}
	}
}

// What lives grows, and what may come to it becomes less, in percent.
func TestGrow(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(usual))
	Grow(64 << 20)
	for _, x := range []struct {
		more int // bytes that live beside the test's own
		fits func(percent uint64) bool
	}{{0, func(p uint64) bool { return p == 400 }}, {24 << 20, func(p uint64) bool { return p > usual && p < 200 }}, {48 << 20, func(p uint64) bool { return p == usual }}} {
		more := make([]byte, x.more)
		now := []metrics.Sample{{Name: "/gc/gogc:percent"}}
		for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
			runtime.GC()
			if metrics.Read(now); x.fits(now[0].Value.Uint64()) {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("%d bytes more: %d %%", x.more, now[0].Value.Uint64())
			}
		}
		runtime.KeepAlive(more)
	}
}
