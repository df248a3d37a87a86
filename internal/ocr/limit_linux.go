package ocr

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// attributes make a child die with its parent.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }

// limitMemory bounds a child's memory. RLIMIT_DATA, not RLIMIT_AS, which counts what is only reserved. A kernel that refuses
// leaves the timeout to hold the child.
func limitMemory(pid int, most uint64) {
	_ = unix.Prlimit(pid, unix.RLIMIT_DATA, &unix.Rlimit{Cur: most, Max: most}, nil)
	_ = unix.Prlimit(pid, unix.RLIMIT_CORE, &unix.Rlimit{}, nil)
	_ = unix.Prlimit(pid, unix.RLIMIT_FSIZE, &unix.Rlimit{}, nil)
}
