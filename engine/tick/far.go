package tick

import (
	"fmt"
	"io"
	"time"
)

// Far says how far a long command is, a line a second at most, whether somebody looks on or the output is piped. What is over
// within a second says nothing.
type Far struct {
	to   io.Writer
	now  func() time.Time
	last time.Time
}

// NewFar begins now.
func NewFar(to io.Writer, now func() time.Time) *Far { return &Far{to, now, now()} }

// Say says how far it is, where a second has gone since the line before.
func (f *Far) Say(format string, args ...any) {
	if now := f.now(); now.Sub(f.last) >= time.Second {
		f.last = now
		fmt.Fprintf(f.to, format+"…\n", args...)
	}
}

// Bytes counts what goes through it, and says how much that was.
type Bytes struct {
	*Far
	What string
	Out  io.Writer
	In   io.Reader
	n    int64
}

func (b *Bytes) Write(data []byte) (int, error) {
	n, err := b.Out.Write(data)
	b.count(n)
	return n, err
}

func (b *Bytes) Read(data []byte) (int, error) {
	n, err := b.In.Read(data)
	b.count(n)
	return n, err
}

func (b *Bytes) count(n int) {
	b.n += int64(n)
	b.Say("%s%d MB", b.What, b.n>>20)
}
