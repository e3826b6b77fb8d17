package pgserver

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// settings are added to the new cluster's postgresql.conf, where an administrator
// may change them.
const settings = `
# seisbatch
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] '
log_checkpoints = off
jit = off               # statements are many and short
max_wal_size = 2GB      # batches come fast; fewer checkpoints
`

// clusterMajor is the major version that made the cluster, 0 if there is none.
func (l layout) clusterMajor() (int, error) {
	text, err := os.ReadFile(filepath.Join(l.data, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(l.data); err == nil {
			return 0, fmt.Errorf("%q is not a PostgreSQL cluster (it has no PG_VERSION): move it away", l.data)
		}
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("%q: unreadable PG_VERSION %q", l.data, text)
	}
	return major, nil
}

// makeCluster makes the cluster beside its place and moves it there when it is
// whole, so that a half-made one is never mistaken for one. The caller holds
// lock, which initdb inherits: if this program is killed, nobody else begins
// before the orphan is done.
func (r launcher) makeCluster(ctx context.Context, bin Binaries, a account) error {
	l := r.layout
	if err := os.RemoveAll(l.fresh); err != nil {
		return fmt.Errorf("half-made cluster of an interrupted start: %w", err)
	}
	if err := os.Mkdir(l.fresh, 0o700); err != nil {
		return err
	}
	if err := a.own(l.fresh); err != nil {
		return fmt.Errorf("give %q to user %s: %w", l.fresh, a.name, err)
	}
	if err := a.checkReach(ctx, bin, l.fresh); err != nil {
		return errors.Join(err, os.Remove(l.fresh))
	}
	if err := r.initdb(ctx, bin, a); err != nil {
		return errors.Join(err, os.RemoveAll(l.fresh))
	}
	if err := appendTo(filepath.Join(l.fresh, "postgresql.conf"), settings); err != nil {
		return err
	}
	if err := os.Rename(l.fresh, l.data); err != nil {
		return err
	}
	return syncDir(l.dir)
}

// initdb fills l.fresh. A cancelled ctx kills it with its children.
func (r launcher) initdb(ctx context.Context, bin Binaries, a account) error {
	l := r.layout
	args := []string{"--pgdata=" + l.fresh, "--username=" + Role, "--encoding=UTF8", "--locale=C",
		"--auth-local=trust", "--auth-host=reject", "--data-checksums", "--no-instructions"}
	if r.cfg.NoSync {
		args = append(args, "--no-sync")
	}
	cmd := a.command(ctx, filepath.Join(bin.Dir, "initdb"), args...)
	cmd.ExtraFiles = []*os.File{r.lock}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return fmt.Errorf("making the cluster in %q: %w", l.dir, context.Cause(ctx))
	}
	if err != nil {
		return explain(fmt.Sprintf("initdb could not make the cluster in %q (%v)", l.dir, err), string(out), l)
	}
	return nil
}

// appendTo adds text to a file that exists.
func appendTo(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Sync(), f.Close())
}

// syncDir makes a rename in dir survive a crash of the machine.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
