//go:build !linux

package ocr

import "syscall"

// attributes: elsewhere than on Linux a child has a limit of time only.
func attributes() *syscall.SysProcAttr { return nil }

func limitMemory(int, uint64) {}
