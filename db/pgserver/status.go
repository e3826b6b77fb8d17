package pgserver

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strconv"
	"syscall"
	"time"
)

// Status is what is known about the server of a folder.
type Status struct {
	Dir     string // the folder, absolute
	Major   int    // version that made the cluster; 0 if there is none
	Running bool
	Ready   bool      // answers; false while it starts, recovers or stops
	Kept    bool      // runs until [Stop]
	InUse   bool      // by a program
	Busy    bool      // a program is just starting or stopping it; InUse is unknown
	PID     int       // of the main process; 0 if not running
	Since   time.Time // when it started, UTC; zero if not running
	DSN     string    // "" if not running
	LogFile string
}

// Examine tells the state of a folder's server. It starts and makes nothing; a
// folder that does not exist is one without a server.
func Examine(ctx context.Context, c Config) (Status, error) {
	l, err := newLayout(c)
	if err != nil {
		return Status{}, err
	}
	s := Status{Dir: l.dir, LogFile: l.log}
	if _, err := os.Stat(l.startLock); errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if s.Major, err = l.clusterMajor(); err != nil {
		return s, err
	}
	if s.InUse, s.Busy, err = l.inUse(); err != nil {
		return s, err
	}
	p, ok := readPostmaster(l.data)
	if !ok || !p.serves(l.data) {
		return s, nil
	}
	s.Running, s.PID, s.Kept = true, p.pid, l.isKept()
	if p.reachable() {
		s.DSN = dsn(p.socketDir)
	}
	s.Ready = p.ready && p.reachable() && ask(ctx, p.socketDir, Database, "SELECT 1") == nil
	if seconds, err := strconv.ParseInt(p.started, 10, 64); err == nil {
		s.Since = time.Unix(seconds, 0).UTC()
	}
	return s, nil
}

// inUse probes the use lock. The start lock is held meanwhile, so that no program
// takes the probe for a user; if it cannot be had, the server is busy.
func (l layout) inUse() (inUse, busy bool, err error) {
	start, err := tryLockFile(l.startLock, syscall.LOCK_EX)
	if err != nil || start == nil {
		return false, err == nil, err
	}
	defer start.Close()
	alone, err := tryLockFile(l.useLock, syscall.LOCK_EX)
	if err != nil || alone == nil {
		return err == nil, false, err
	}
	return false, false, alone.Close()
}

// keep marks the server that runs now as one to keep. The mark ends with that
// server: one that a program starts later is not kept.
func (l layout) keep() error {
	p, ok := readPostmaster(l.data)
	if !ok {
		return ErrNotRunning
	}
	f, err := openLock(l.kept)
	if err != nil {
		return err
	}
	err = f.Truncate(0)
	if err == nil {
		_, err = f.WriteString(p.mark())
	}
	return errors.Join(err, f.Close())
}

func (l layout) isKept() bool {
	mark, err := os.ReadFile(l.kept)
	p, ok := readPostmaster(l.data)
	return err == nil && ok && string(mark) == p.mark()
}

func (l layout) unkeep() error {
	if err := os.Remove(l.kept); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
