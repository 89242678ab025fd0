//go:build !windows

package bolt

import (
	"errors"
	"os"
	"syscall"
)

// release closes the file of a database that bbolt can't close, and gives its lock back: the lock of a file that is still mapped outlives its
// closing.
func release(file *os.File) error {
	return errors.Join(syscall.Flock(int(file.Fd()), syscall.LOCK_UN), file.Close())
}
