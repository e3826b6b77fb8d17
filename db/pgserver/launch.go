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

// child is a server that this program started.
type child struct {
	process *os.Process
	logFrom int64         // where its part of the log begins
	exited  chan struct{} // closed when it has ended
}

// spawn starts postgres in a session of its own.
func (r launcher) spawn(bin Binaries, a account, dir string, alive *os.File) (child, error) {
	log, err := r.openLog()
	if err != nil {
		return child{}, err
	}
	defer log.Close()
	info, err := log.Stat()
	if err != nil {
		return child{}, err
	}
	cmd := a.command(context.Background(), filepath.Join(bin.Dir, "postgres"), r.arguments(dir)...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.ExtraFiles = []*os.File{alive}
	if err := cmd.Start(); err != nil {
		return child{}, fmt.Errorf("start %s as user %s: %w", cmd.Path, a.name, err)
	}
	r.cfg.logger().Debug("started the private PostgreSQL server", "process", cmd.Process.Pid, "folder", r.dir)
	c := child{process: cmd.Process, logFrom: info.Size(), exited: make(chan struct{})}
	go func() { // ends with the server, at the latest with this program
		defer close(c.exited)
		_ = cmd.Wait() // what it had to say is in the log
	}()
	return c, nil
}

// arguments are the settings that the private server depends on; on the command
// line they have precedence over its files.
func (r launcher) arguments(socketDir string) []string {
	args := []string{"-D", r.data,
		"-c", "listen_addresses=",
		"-c", "port=5432",
		"-c", `unix_socket_directories="` + socketDir + `"`,
		"-c", "unix_socket_permissions=0700",
		"-c", "log_destination=stderr",
		"-c", "logging_collector=off",
	}
	if r.cfg.NoSync {
		args = append(args, "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
	}
	return args
}

// openLog opens the log for appending, putting a long one aside first.
func (r launcher) openLog() (*os.File, error) {
	if info, err := os.Stat(r.log); err == nil && info.Size() > rotateLogAt {
		if err := os.Rename(r.log, r.log+".1"); err != nil {
			return nil, err
		}
	}
	f, err := openLock(r.log)
	if err != nil {
		return nil, err
	}
	if _, err := f.Seek(0, 2); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
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

// abandon stops a server that nobody waits for any more, before it has answered.
func (c child) abandon() {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT} {
		_ = c.process.Signal(signal) // it may just have ended
		select {
		case <-c.exited:
			return
		case <-time.After(fastStopFor):
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
