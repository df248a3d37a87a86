package jail

import "golang.org/x/sys/unix"

const auditArch = unix.AUDIT_ARCH_AARCH64

// older are calls of this architecture that newer ones among the forbidden do the work of.
var older = []uint32{unix.SYS_RENAMEAT, unix.SYS_ACCEPT}
