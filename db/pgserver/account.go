package pgserver

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// account is the user that runs the server. PostgreSQL refuses to run as root.
type account struct {
	uid, gid int
	name     string // or the number, where it has no name
	foreign  bool   // not the user of this program, which is then root
}

// serverAccount picks the account: the user of this program; for root the owner
// of the cluster or of its folder, else postgres, else nobody.
func serverAccount(l layout) (account, error) {
	if uid := os.Geteuid(); uid != 0 {
		return account{uid: uid, gid: os.Getegid(), name: userName(uid)}, nil
	}
	for _, path := range []string{l.data, l.dir} {
		info, err := os.Stat(path)
		if err != nil {
			continue
		}
		if uid, gid := owner(info); uid != 0 {
			return account{uid: uid, gid: gid, name: userName(uid), foreign: true}, nil
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		if a, err := lookup(name); err == nil {
			return a, nil
		}
	}
	return account{}, errors.New("PostgreSQL does not run as root, and there is no user postgres or nobody to run it: " +
		"run as an ordinary user, or add a user postgres")
}

func lookup(name string) (account, error) {
	u, err := user.Lookup(name)
	if err != nil {
		return account{}, err
	}
	uid, errUID := strconv.Atoi(u.Uid)
	gid, errGID := strconv.Atoi(u.Gid)
	if uid == 0 {
		return account{}, fmt.Errorf("user %q is root", name)
	}
	return account{uid: uid, gid: gid, name: name, foreign: true}, errors.Join(errUID, errGID)
}

// attributes detach a child from the terminal and its interrupts, and give it
// the account.
func (a account) attributes() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setsid: true}
	if a.foreign {
		attr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	return attr
}

// command prepares a program of PostgreSQL to run as the account, from the root
// folder, since the account may not be allowed into the current one. Of the
// environment it gets what finds programs and libraries, and no settings.
func (a account) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = "/"
	cmd.SysProcAttr = a.attributes()
	cmd.Env = []string{"LC_ALL=C", "TZ=UTC"}
	for _, key := range []string{"PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"} {
		if value, ok := os.LookupEnv(key); ok {
			cmd.Env = append(cmd.Env, key+"="+value)
		}
	}
	return cmd
}

// own gives a folder that this program made to the account.
func (a account) own(path string) error {
	if !a.foreign {
		return nil
	}
	return os.Lchown(path, a.uid, a.gid)
}

// checkReach tests whether the account can run the server and enter dir, and if
// not, names the folder in the way.
func (a account) checkReach(ctx context.Context, bin Binaries, dir string) error {
	if !a.foreign {
		return nil
	}
	postgres := filepath.Join(bin.Dir, "postgres")
	if err := a.enter(ctx, postgres, dir); err == nil {
		return nil
	}
	if err := a.enter(ctx, postgres, "/"); err != nil {
		return fmt.Errorf("user %s cannot run %s: %w", a.name, postgres, err)
	}
	for _, d := range append(parents(dir), dir) {
		err := a.enter(ctx, postgres, d)
		if errors.Is(err, fs.ErrPermission) {
			return fmt.Errorf("started by root, the server runs as user %s, to whom %q is closed: "+
				"use a folder outside it (--data-dir), or let others pass: chmod o+x %s", a.name, d, d)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// enter runs a harmless command of the server, as the account, in dir.
func (a account) enter(ctx context.Context, postgres, dir string) error {
	cmd := a.command(ctx, postgres, "--version")
	cmd.Dir = dir
	return cmd.Run()
}

// parents lists the folders above an absolute path, from the root down.
func parents(path string) []string {
	var all []string
	for d := filepath.Dir(path); ; d = filepath.Dir(d) {
		all = append([]string{d}, all...)
		if d == filepath.Dir(d) {
			return all
		}
	}
}

func owner(info fs.FileInfo) (uid, gid int) {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return -1, -1
	}
	return int(st.Uid), int(st.Gid)
}

func userName(uid int) string {
	id := strconv.Itoa(uid)
	if u, err := user.LookupId(id); err == nil && strings.TrimSpace(u.Username) != "" {
		return u.Username
	}
	return id
}

// ownerName names the owner of a path or, if it cannot be seen, of the nearest
// folder above that can.
func ownerName(path string) string {
	for {
		if info, err := os.Stat(path); err == nil {
			uid, _ := owner(info)
			return "user " + userName(uid)
		}
		if path == filepath.Dir(path) {
			return "another user"
		}
		path = filepath.Dir(path)
	}
}
