package pgserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	retryFor     = 30 * time.Second // while the processes of an old server go
	recoverFor   = 5 * time.Minute  // while a server replays its log after a crash
	fastStopFor  = 20 * time.Second // before a stop becomes an immediate one
	stopFor      = 40 * time.Second // before a stop is given up
	rotateLogAt  = 16 << 20         // bytes
	lockFileText = "lock file"      // in the server's complaint about another server
)

// errBusy is matched by failures to start that end when an old server is gone.
var errBusy = errors.New("an earlier server is still ending")

// launcher starts the server of one folder. Its owner holds the start lock.
type launcher struct {
	layout
	cfg  Config
	lock *os.File // the start lock
}

// ensure returns the socket folder of a server that answers, starting one if
// none is alive. A server that cannot be reached, or not yet, is waited for.
func (r launcher) ensure(ctx context.Context) (string, error) {
	begun := time.Now()
	for {
		dir, err := r.attempt(ctx)
		if err == nil || !errors.Is(err, errBusy) {
			return dir, err
		}
		patience := retryFor
		if hasCode(err, codeCannotConnectNow) {
			patience = recoverFor
		}
		if time.Since(begun) > patience {
			return "", fmt.Errorf("gave up after %v: %w; it said:\n%s", patience, err, lastLines(r.logSince(0)))
		}
		if err := pause(ctx); err != nil {
			return "", err
		}
	}
}

// attempt reaches the living server or starts one. Its error matches errBusy if
// another attempt may help.
func (r launcher) attempt(ctx context.Context) (string, error) {
	if p, ok := readPostmaster(r.data); ok && p.serves(r.data) {
		if !p.reachable() {
			return "", fmt.Errorf("%w: process %d has no socket yet", errBusy, p.pid)
		}
		err := ping(ctx, p.socketDir)
		if err == nil || ctx.Err() != nil {
			return p.socketDir, err
		}
		if p.ready && r.lostSocket(p) {
			r.cfg.logger().Warn("the private server has lost its socket: restarting it", "socket", p.socketDir)
			return "", errors.Join(errBusy, r.stop(ctx))
		}
		return "", fmt.Errorf("%w: process %d does not answer: %w", errBusy, p.pid, err)
	}
	alive, err := tryLockFile(r.serverLock, syscall.LOCK_EX)
	if err != nil {
		return "", err
	}
	if alive == nil {
		return "", errBusy
	}
	defer alive.Close()
	return r.launch(ctx, alive)
}

// lostSocket says whether the socket is gone, as a cleaner of temporary folders
// would do it, and no other program has connections through it.
func (r launcher) lostSocket(p postmaster) bool {
	if _, err := os.Stat(socketPath(p.socketDir)); !errors.Is(err, os.ErrNotExist) {
		return false
	}
	alone, err := tryLockFile(r.useLock, syscall.LOCK_EX)
	if err != nil || alone == nil {
		return false
	}
	alone.Close()
	return true
}

// launch starts a server, with its cluster if need be, and waits until it
// answers. The server inherits alive, the lock that says so.
func (r launcher) launch(ctx context.Context, alive *os.File) (string, error) {
	a, err := serverAccount(r.layout)
	if err != nil {
		return "", err
	}
	bin, err := r.prepareCluster(ctx, a)
	if err != nil {
		return "", err
	}
	dir, err := r.makeSocketDir(r.cfg, a)
	if err != nil {
		return "", err
	}
	if err := r.dropStalePidFile(); err != nil {
		return "", err
	}
	c, err := r.spawn(bin, a, dir, alive)
	if err != nil {
		return "", err
	}
	if err := alive.Close(); err != nil { // the server has it now
		return "", err
	}
	return dir, r.awaitAnswer(ctx, dir, c)
}

// prepareCluster finds the binaries for the cluster, and makes one if there is none.
func (r launcher) prepareCluster(ctx context.Context, a account) (Binaries, error) {
	major, err := r.clusterMajor()
	if err != nil {
		return Binaries{}, err
	}
	bin, err := findBinaries(ctx, r.cfg.BinDir, major)
	if err != nil {
		return Binaries{}, err
	}
	if major != 0 {
		return bin, a.checkReach(ctx, bin, r.data)
	}
	r.cfg.logger().Info("making a private PostgreSQL cluster", "folder", r.dir, "version", bin.Version, "user", a.name)
	return bin, r.makeCluster(ctx, bin, a)
}

// dropStalePidFile removes a postmaster.pid whose process number was given to
// another process of the same user, on account of which PostgreSQL would refuse
// to start. Other stale ones it handles itself, and better: it checks that no
// orphan uses the old shared memory.
func (r launcher) dropStalePidFile() error {
	p, ok := readPostmaster(r.data)
	if !ok || errors.Is(syscall.Kill(p.pid, 0), syscall.ESRCH) {
		return nil
	}
	r.cfg.logger().Warn("removing the postmaster.pid of a dead server", "process", p.pid)
	return os.Remove(filepath.Join(r.data, "postmaster.pid"))
}

// awaitAnswer waits until the new server answers. If it ends instead, the error
// says why; if ctx is done first, the server is stopped.
func (r launcher) awaitAnswer(ctx context.Context, dir string, c child) error {
	begun := time.Now()
	for {
		select {
		case <-c.exited:
			return r.whyExited(c.logFrom)
		default:
		}
		err := error(errBusy)
		if p, ok := readPostmaster(r.data); ok && p.pid == c.process.Pid && p.ready {
			err = ping(ctx, dir)
		}
		if err == nil {
			return nil
		}
		if time.Since(begun) > recoverFor {
			return fmt.Errorf("the private server does not answer after %v: %w; it said:\n%s",
				recoverFor, err, lastLines(r.logSince(c.logFrom)))
		}
		if err := pause(ctx); err != nil {
			c.abandon()
			return err
		}
	}
}

// whyExited explains a server that ended while it started.
func (r launcher) whyExited(from int64) error {
	said := r.logSince(from)
	for _, text := range []string{lockFileText, "is still in use"} {
		if strings.Contains(said, text) {
			return fmt.Errorf("%w:\n%s", errBusy, lastLines(said))
		}
	}
	return explain("the private PostgreSQL server did not start", said, r.layout)
}
