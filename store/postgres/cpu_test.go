package postgres_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// cpuOf is the processor time that the processes of a cluster have used so far.
func cpuOf(data string) time.Duration {
	var sum time.Duration
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, f := range stats {
		cwd, err := os.Readlink(filepath.Join(filepath.Dir(f), "cwd"))
		if err != nil || cwd != data {
			continue
		}
		b, err := os.ReadFile(f)
		if err != nil {
			continue
		}
		s := string(b)
		fs := strings.Fields(s[strings.LastIndexByte(s, ')')+2:])
		u, _ := strconv.Atoi(fs[11])
		k, _ := strconv.Atoi(fs[12])
		sum += time.Duration(u+k) * 10 * time.Millisecond
	}
	return sum
}

// cpuHere is the processor time that this process has used so far.
func cpuHere() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
