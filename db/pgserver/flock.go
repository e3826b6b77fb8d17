package pgserver

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// pollEvery is the pause between two looks at a lock, a process or a socket.
const pollEvery = 20 * time.Millisecond

// openLock opens a lock file, or another of the folder's, for appending, making it
// if absent. A file made by root in
// somebody's folder is given to that owner, who must be able to open it later.
func openLock(path string) (*os.File, error) {
	f, err := openOrCreate(path)
	if errors.Is(err, fs.ErrPermission) {
		return nil, fmt.Errorf("no access to %q, which belongs to %s: run as that user, or use another folder (--data-dir)",
			path, ownerName(path))
	}
	return f, err
}

func openOrCreate(path string) (*os.File, error) {
	const flags = os.O_RDWR | os.O_APPEND | syscall.O_NOFOLLOW
	f, err := os.OpenFile(path, flags, 0)
	if !errors.Is(err, fs.ErrNotExist) {
		return f, err
	}
	f, err = os.OpenFile(path, flags|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return os.OpenFile(path, flags, 0)
	}
	if err != nil {
		return nil, err
	}
	if err := giveToOwnerOf(f, filepath.Dir(path)); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// giveToOwnerOf hands a file that root made to the owner of dir; a no-op for
// everybody else.
func giveToOwnerOf(f *os.File, dir string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	uid, gid := owner(info)
	return f.Chown(uid, gid)
}

// tryLock takes a lock without waiting and says whether it could.
func tryLock(f *os.File, how int) (bool, error) {
	for {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		switch {
		case err == nil:
			return true, nil
		case errors.Is(err, syscall.EWOULDBLOCK):
			return false, nil
		case !errors.Is(err, syscall.EINTR):
			return false, fmt.Errorf("lock %q: %w", f.Name(), err)
		}
	}
}

// waitLock takes a lock, waiting until ctx is done.
func waitLock(ctx context.Context, f *os.File, how int) error {
	for {
		ok, err := tryLock(f, how)
		if ok || err != nil {
			return err
		}
		if err := pause(ctx); err != nil {
			return fmt.Errorf("waiting for lock %q, which another program holds: %w", f.Name(), err)
		}
	}
}

// lockFile opens a file and takes its lock, waiting until ctx is done. Closing
// the file lets go of the lock.
func lockFile(ctx context.Context, path string, how int) (*os.File, error) {
	f, err := openLock(path)
	if err != nil {
		return nil, err
	}
	if err := waitLock(ctx, f, how); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// tryLockFile is lockFile without waiting; the file is nil if the lock is held.
func tryLockFile(path string, how int) (*os.File, error) {
	f, err := openLock(path)
	if err != nil {
		return nil, err
	}
	ok, err := tryLock(f, how)
	if !ok {
		f.Close()
		return nil, err
	}
	return f, nil
}

// pause waits for pollEvery, or returns the cause if ctx is done before.
func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(pollEvery):
		return nil
	}
}
