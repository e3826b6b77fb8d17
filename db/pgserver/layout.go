package pgserver

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// maxSocketPath is the longest path of a socket that every system takes: Linux
// allows 107 bytes, macOS and the BSDs 103.
const maxSocketPath = 100

// layout names the files of a server's folder; see the package comment.
type layout struct {
	dir, data, fresh, socket, log, kept string
	startLock, useLock, serverLock      string
}

// newLayout resolves c.Dir. It touches nothing.
func newLayout(c Config) (layout, error) {
	if c.Dir == "" {
		return layout{}, errors.New("pgserver: no folder given for the private server: name one with --data-dir")
	}
	dir, err := filepath.Abs(c.Dir)
	if err != nil {
		return layout{}, fmt.Errorf("pgserver: folder %q: %w", c.Dir, err)
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	return layout{
		dir: dir, data: in("data"), fresh: in("data.new"), socket: in("socket"),
		log: in("server.log"), kept: in("kept"),
		startLock: in("start.lock"), useLock: in("use.lock"), serverLock: in("server.lock"),
	}, nil
}

// makeDir makes the folder. Root's is passable, so that the account of the server
// reaches its cluster in it; nobody else may look into an ordinary user's. A
// folder that everybody may write to is refused.
func (l layout) makeDir() error {
	mode := fs.FileMode(0o700)
	if os.Geteuid() == 0 {
		mode = 0o711
	}
	if err := os.MkdirAll(filepath.Dir(l.dir), 0o755); err != nil {
		return fmt.Errorf("folder of the private server: %w: use another one (--data-dir)", err)
	}
	err := os.Mkdir(l.dir, mode)
	if err == nil {
		return os.Chmod(l.dir, mode) // whatever the umask
	}
	if !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("folder of the private server: %w: use another one (--data-dir)", err)
	}
	info, err := os.Stat(l.dir)
	switch {
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%q is not a folder", l.dir)
	case info.Mode().Perm()&0o002 != 0:
		return fmt.Errorf("everybody may write to %q: use a folder inside it, or chmod o-w it", l.dir)
	}
	return nil
}

// makeSocketDir makes the private folder of the socket and returns its path.
func (l layout) makeSocketDir(c Config, a account) (string, error) {
	dir := l.socketDir(c, a)
	if len(socketPath(dir)) > maxSocketPath {
		return "", fmt.Errorf("the path of a socket in %q is longer than %d bytes: use a shorter folder", dir, maxSocketPath)
	}
	err := os.Mkdir(dir, 0o700)
	if err == nil {
		err = a.own(dir)
	} else if errors.Is(err, fs.ErrExist) {
		err = nil
	}
	if err != nil {
		return "", fmt.Errorf("folder of the socket: %w", err)
	}
	return dir, checkPrivate(dir, a)
}

// checkPrivate requires dir to be the account's, and closes it to others: in a
// shared folder anybody could have put something of that name there before.
func checkPrivate(dir string, a account) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if uid, _ := owner(info); !info.IsDir() || uid != a.uid {
		return fmt.Errorf("%q is not a folder of user %s: remove it", dir, a.name)
	}
	if info.Mode().Perm() == 0o700 {
		return nil
	}
	return os.Chmod(dir, 0o700)
}

// socketDir is socket/ below the folder, or a short name below c.RuntimeDir that
// depends on the user and the folder, where the path is too long or has
// characters with a meaning in lists of folders or hosts.
func (l layout) socketDir(c Config, a account) string {
	if len(socketPath(l.socket)) <= maxSocketPath && !strings.ContainsAny(l.socket, ",\"'\\\n") {
		return l.socket
	}
	base := c.RuntimeDir
	if base == "" {
		base = "/tmp"
	}
	sum := sha256.Sum256([]byte(l.dir))
	return filepath.Join(base, "seisbatch-"+strconv.Itoa(a.uid)+"-"+hex.EncodeToString(sum[:6]))
}

// socketPath is the socket that PostgreSQL makes in dir.
func socketPath(dir string) string {
	return filepath.Join(dir, ".s.PGSQL."+strconv.Itoa(port))
}
