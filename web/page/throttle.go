package page

import (
	"sync"
	"time"
)

// Anybody may ask, so nobody asks often: codes can be guessed.
const (
	checksFree   = 60
	checksWindow = 10 * time.Minute
	checksKept   = 10_000 // addresses that are remembered
)

// checks counts what each address has asked in the present window.
type checks struct {
	mu    sync.Mutex
	begun time.Time
	asked map[string]int
}

// Wait counts one question and tells how long its asker has to wait; 0 to go on.
func (c *checks) Wait(address string, now time.Time) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.Sub(c.begun) >= checksWindow || now.Before(c.begun) || len(c.asked) >= checksKept {
		c.begun, c.asked = now, map[string]int{}
	}
	c.asked[address]++
	if c.asked[address] <= checksFree {
		return 0
	}
	return c.begun.Add(checksWindow).Sub(now)
}
