package engine

import (
	"time"
)

// KeyLife is how long an idempotency key is kept.
const KeyLife = 7 * 24 * time.Hour
