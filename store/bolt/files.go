package bolt

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"sync"
)

// writeFile writes a file whole or not at all, and durably: it is written and synced under another name in the same folder, then renamed.
func writeFile(path string, data []byte) error {
	return writeFileVia(filepath.Dir(path), path, data, &sync.Mutex{})
}

// writeFileVia is writeFile with the folder, on the same file system, where the file stands until it is whole; naming is held while
// it is named.
func writeFileVia(tmp, path string, data []byte, naming *sync.Mutex) error {
	naming.Lock()
	f, err := os.CreateTemp(tmp, filepath.Base(path)+".")
	naming.Unlock()
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		naming.Lock()
		err = os.Rename(f.Name(), path)
		naming.Unlock()
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes the names in a folder durable. Windows does that by itself and refuses to be asked.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	return syncPath(dir, os.O_RDONLY)
}

func syncPath(path string, flag int) error {
	f, err := os.OpenFile(path, flag, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
