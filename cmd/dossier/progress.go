package main

import (
	"fmt"
	"io"
	"time"
)

// pace says on standard error how far a long command is, a line a second at most, whether somebody looks on or the output is
// piped. What is over within a second says nothing.
type pace struct {
	p    *process
	last time.Time
}

func (p *process) paced() *pace { return &pace{p, p.now()} }

// say says how far it is, where a second has gone since the line before.
func (c *pace) say(format string, args ...any) {
	if now := c.p.now(); now.Sub(c.last) >= time.Second {
		c.last = now
		fmt.Fprintf(c.p.err, format+"…\n", args...)
	}
}

// bytesTold counts what goes through it.
type bytesTold struct {
	*pace
	what string
	n    int64
	out  io.Writer
	in   io.Reader
}

func (b *bytesTold) Write(data []byte) (int, error) {
	n, err := b.out.Write(data)
	b.count(n)
	return n, err
}

func (b *bytesTold) Read(data []byte) (int, error) {
	n, err := b.in.Read(data)
	b.count(n)
	return n, err
}

func (b *bytesTold) count(n int) {
	b.n += int64(n)
	b.say("%s%d MB", b.what, b.n>>20)
}
