package pgserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"
)

// ErrInUse is matched by the error of [Stop] while programs use the server.
var ErrInUse = errors.New("the private server is in use")

// ErrNotRunning is matched by the error of [Stop] if no server runs.
var ErrNotRunning = errors.New("the private server is not running")

// closeWithin bounds the wait for another program that starts or stops the server,
// and for the server's end, in [Server.Close].
const closeWithin = time.Minute

// Server is a share in a running private server.
type Server struct {
	launcher
	use       *os.File // the use lock, held shared
	socketDir string
	once      sync.Once
	err       error
}

// Start takes a share in the folder's server. One that runs is used; otherwise one
// is started, with a new cluster if the folder has none, which takes about a
// second. After a crash it waits up to 30 s for processes of the old server to go.
// The caller closes the share; killing the program releases it too.
//
// Errors say what to do, and match [ErrNotFound] where PostgreSQL is not installed.
func Start(ctx context.Context, c Config) (*Server, error) {
	var s *Server
	err := underStartLock(ctx, c, func(r launcher) error {
		var err error
		s, err = share(ctx, r)
		return err
	})
	return s, err
}

// StartKept starts the server, if it does not run, and leaves it running when the
// last program that uses it is done, until [Stop]. It returns its DSN.
func StartKept(ctx context.Context, c Config) (string, error) {
	var address string
	err := underStartLock(ctx, c, func(r launcher) error {
		dir, err := r.ensure(ctx)
		if err != nil {
			return err
		}
		address = dsn(dir)
		return r.keep()
	})
	return address, err
}

// Stop ends a server that nobody uses, kept or orphaned. While programs use it,
// the error matches [ErrInUse], and the last of them will stop it; if none runs,
// the error matches [ErrNotRunning].
func Stop(ctx context.Context, c Config) error {
	if l, err := newLayout(c); err != nil {
		return err
	} else if _, err := os.Stat(l.dir); errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%w: there is no %q", ErrNotRunning, l.dir)
	}
	return underStartLock(ctx, c, func(r launcher) error {
		if p, ok := readPostmaster(r.data); !ok || !p.serves(r.data) {
			return fmt.Errorf("%w in %q", ErrNotRunning, r.dir)
		}
		if err := r.unkeep(); err != nil {
			return err
		}
		alone, err := tryLockFile(r.useLock, syscall.LOCK_EX)
		if err != nil {
			return err
		}
		if alone == nil {
			return fmt.Errorf("%w by another program, and stops with it", ErrInUse)
		}
		defer alone.Close()
		return r.stop(ctx)
	})
}

// DSN is a connection string for lib/pq, as role seisbatch to database seisbatch.
func (s *Server) DSN() string { return dsn(s.socketDir) }

// LogFile is the path of the server's log.
func (s *Server) LogFile() string { return s.log }

// Close gives the share back and stops the server, if this was the last share and
// the server is not kept. Connections must be closed before; those left are ended.
// Later calls do nothing and return the same error.
func (s *Server) Close() error {
	s.once.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), closeWithin)
		defer cancel()
		s.err = underStartLock(ctx, s.cfg, func(r launcher) error { return s.release(ctx, r) })
		s.err = errors.Join(s.err, s.use.Close())
	})
	return s.err
}

// release stops the server if nobody else uses it. Nobody can begin to use it
// meanwhile, since the start lock is held.
func (s *Server) release(ctx context.Context, r launcher) error {
	last, err := tryLock(s.use, syscall.LOCK_EX)
	if err != nil || !last || r.isKept() {
		return err
	}
	return r.stop(ctx)
}

// share makes sure that a server runs and takes a share in it.
func share(ctx context.Context, r launcher) (*Server, error) {
	dir, err := r.ensure(ctx)
	if err != nil {
		return nil, err
	}
	use, err := lockFile(ctx, r.useLock, syscall.LOCK_SH)
	if err != nil {
		return nil, err
	}
	return &Server{launcher: r, use: use, socketDir: dir}, nil
}

// underStartLock makes the folder and calls f while no other program starts or
// stops its server.
func underStartLock(ctx context.Context, c Config, f func(launcher) error) error {
	l, err := newLayout(c)
	if err != nil {
		return err
	}
	if err := l.makeDir(); err != nil {
		return fmt.Errorf("pgserver: %w", err)
	}
	lock, err := lockFile(ctx, l.startLock, syscall.LOCK_EX)
	if err != nil {
		return fmt.Errorf("pgserver: %w", err)
	}
	defer lock.Close()
	if err := f(launcher{layout: l, cfg: c, lock: lock}); err != nil {
		return fmt.Errorf("pgserver: %w", err)
	}
	return nil
}
