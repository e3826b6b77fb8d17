package pgserver

import (
	"context"
	"fmt"
)

// Revive makes sure that the server of a share runs, and starts it again if it died. One
// that recovers, or is just starting, is waited for, as in [Start]. Its DSN stays the same.
func (s *Server) Revive(ctx context.Context) error {
	return underStartLock(ctx, s.cfg, func(r launcher) error {
		dir, err := r.ensure(ctx)
		if err == nil && dir != s.socketDir {
			err = fmt.Errorf("the private server has moved its socket from %q to %q: run again", s.socketDir, dir)
		}
		return err
	})
}
