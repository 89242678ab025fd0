package bolt

import "os"

// release closes the file of a database that bbolt can't close; its lock goes with it.
func release(file *os.File) error { return file.Close() }
