package engine

import (
	"sync"
	"time"
)

// expired remembers when the records were last gone through.
type expired struct {
	sync.Mutex
	At time.Time
}
