package pgserver

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"
)

// stop ends the server: fast, which ends sessions and flushes, then immediately.
// It returns when no process of the server is left.
func (r launcher) stop(ctx context.Context) error {
	begun, immediate := time.Now(), false
	p, ok := readPostmaster(r.data)
	if !ok || !p.serves(r.data) {
		return nil
	}
	if err := syscall.Kill(p.pid, syscall.SIGINT); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("stop the private server (process %d): %w", p.pid, err)
	}
	for {
		gone, err := r.gone(p)
		if gone || err != nil {
			return err
		}
		if time.Since(begun) > stopFor {
			return fmt.Errorf("the private server (process %d) did not stop within %v", p.pid, stopFor)
		}
		if !immediate && time.Since(begun) > fastStopFor {
			immediate = true
			_ = syscall.Kill(p.pid, syscall.SIGQUIT) // gone() sees whether it worked
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

// gone says whether the server and all processes it started have ended.
func (r launcher) gone(p postmaster) (bool, error) {
	if p.serves(r.data) {
		return false, nil
	}
	f, err := tryLockFile(r.serverLock, syscall.LOCK_EX)
	if err != nil || f == nil {
		return false, err
	}
	return true, f.Close()
}
