package pgserver_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/seisbatch/seisbatch/db/pgserver"
)

func TestDefaultDirFollowsTheUser(t *testing.T) {
	for _, c := range []struct {
		uid             int
		home, xdg, want string
	}{
		{0, "/root", "/root/x", "/var/lib/seisbatch"},
		{1000, "/home/ada", "", "/home/ada/.local/share/seisbatch"},
		{1000, "/home/ada", "/data/ada", "/data/ada/seisbatch"},
		{1000, "/home/ada", "relative", "/home/ada/.local/share/seisbatch"}, // the XDG specification ignores those
		{1000, "", "/data/ada", "/data/ada/seisbatch"},
		{1000, "", "", ""},
	} {
		if got := pgserver.DefaultDir(c.uid, c.home, c.xdg); got != c.want {
			t.Errorf("DefaultDir(%d, %q, %q) is %q, want %q", c.uid, c.home, c.xdg, got, c.want)
		}
	}
}

func TestAwkwardFolderNamesWork(t *testing.T) {
	for _, name := range []string{strings.Repeat("long/", 30) + "x", "with space", "comma,quote'\"back\\slash", "Étna-観測"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := emptyConfig(t)
			c.Dir = filepath.Join(c.RuntimeDir, name)
			dsn := start(t, c).DSN()
			query(t, open(t, dsn), "SELECT 1")
			if got := examine(t, c).DSN; got != dsn {
				t.Errorf("examined %q, started %q", got, dsn)
			}
		})
	}
}

func TestShortSocketFolderIsPrivate(t *testing.T) {
	t.Parallel()
	c := emptyConfig(t)
	c.Dir = filepath.Join(c.RuntimeDir, strings.Repeat("long/", 30)+"x")
	start(t, c)
	found, err := filepath.Glob(filepath.Join(c.RuntimeDir, "seisbatch-*"))
	if err != nil || len(found) != 1 {
		t.Fatalf("found %q, %v", found, err)
	}
	if info, err := os.Stat(found[0]); err != nil || info.Mode() != os.ModeDir|0o700 {
		t.Errorf("%v, %v", info, err)
	}
}

func TestSocketFolderOfAnotherUserIsRefused(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("needs root, to make a folder of another user")
	}
	c := emptyConfig(t)
	if err := os.Mkdir(c.Dir, 0o711); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(c.Dir, "socket"), 0o700); err != nil { // stays root's
		t.Fatal(err)
	}
	fails(t, c, "is not a folder of user")
}

// fails wants a start to fail with all of the texts in its message.
func fails(t *testing.T, c pgserver.Config, texts ...string) error {
	t.Helper()
	s, err := pgserver.Start(context.Background(), c)
	if err == nil {
		s.Close()
		t.Fatal("started")
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("no %q in: %v", text, err)
		}
	}
	return err
}

func TestClosedParentIsNamed(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("needs root, whose server runs as another user")
	}
	c := emptyConfig(t)
	closed := filepath.Join(c.RuntimeDir, "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	c.Dir = filepath.Join(closed, "sub", "pg")
	fails(t, c, strconv.Quote(closed)+" is closed", "chmod o+x "+closed)
	if err := os.Chmod(closed, 0o711); err != nil {
		t.Fatal(err)
	}
	query(t, open(t, start(t, c).DSN()), "SELECT 1") // the advice was good
}

func TestFolderThatEverybodyMayWriteToIsRefused(t *testing.T) {
	t.Parallel()
	c := emptyConfig(t)
	if err := os.Mkdir(c.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(c.Dir, 0o777); err != nil {
		t.Fatal(err)
	}
	fails(t, c, "everybody may write")
}

func TestFileInPlaceOfTheFolderIsAnError(t *testing.T) {
	t.Parallel()
	c := emptyConfig(t)
	if err := os.WriteFile(c.Dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	fails(t, c, "is not a folder")
}

func TestForeignDataFolderIsLeftAlone(t *testing.T) {
	t.Parallel()
	c := emptyConfig(t)
	precious := filepath.Join(c.Dir, "data", "precious")
	if err := os.MkdirAll(filepath.Dir(precious), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(precious, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	fails(t, c, "is not a PostgreSQL cluster")
	if _, err := os.Stat(precious); err != nil {
		t.Error(err)
	}
}

func TestFailedStartShowsTheLogAndWhatToDo(t *testing.T) {
	t.Parallel()
	c := config(t)
	s := start(t, c)
	closeShare(t, s)
	conf := filepath.Join(c.Dir, "data", "postgresql.conf")
	f, err := os.OpenFile(conf, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("no_such_setting = 1\n"); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	fails(t, c, `unrecognized configuration parameter "no_such_setting"`, s.LogFile())
	if s := examine(t, c); s.Running || s.InUse || s.Busy {
		t.Errorf("%+v", s)
	}
}

func TestFullDiskIsNamed(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("needs root, to mount a small file system")
	}
	c := emptyConfig(t)
	small := filepath.Join(c.RuntimeDir, "small")
	if err := os.Mkdir(small, 0o711); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=8m,mode=711", "tmpfs", small).CombinedOutput(); err != nil {
		t.Skipf("cannot mount: %v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", small).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})
	c.Dir = filepath.Join(small, "pg")
	fails(t, c, "No space left on device", "is full: free some space")
	if left, err := filepath.Glob(filepath.Join(c.Dir, "data*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

// The tests in which privileges could matter, as a user without any.
func TestTheSameHoldsForAnOrdinaryUser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("this is the ordinary user's run")
	}
	requireServer(t)
	const tests = "TestStart|TestProcesses|TestKeptServer|TestServerOfAKilled|TestCancelled|TestAwkward|TestShort|TestFolderThat"
	cmd := exec.Command(copyOfThisProgram(t), "-test.v", "-test.run", tests)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: nobody(t)}
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), "HOME=/nonexistent", "TMPDIR="+os.TempDir())
	out, err := cmd.CombinedOutput()
	if err != nil || bytes.Count(out, []byte("\n--- PASS")) < 10 {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestFolderOfRootIsClosedToOthersWithAdvice(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("needs root")
	}
	c := config(t)
	closeShare(t, start(t, c))
	p := startAs(t, nobody(t), c.Dir)
	if said := p.says(t); !strings.Contains(said, "belongs to user root: run as that user") {
		t.Error(said)
	}
}

func TestRootServesAUsersFolderAsThatUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("needs root")
	}
	c := emptyConfig(t)
	as := nobody(t)
	if err := os.Mkdir(c.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(c.Dir, int(as.Uid), int(as.Gid)); err != nil {
		t.Fatal(err)
	}
	s := start(t, c)
	p := startAs(t, as, c.Dir) // shares root's server
	if said := p.says(t); said != s.DSN() {
		t.Errorf("the user got %q, root %q", said, s.DSN())
	}
	closeShare(t, s)
	p.finish(t)
	if s := examine(t, c); s.Running {
		t.Errorf("%+v", s)
	}
}

// startAs starts a program of another user.
func startAs(t *testing.T, as *syscall.Credential, dir string) *program {
	t.Helper()
	cmd := exec.Command(copyOfThisProgram(t))
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), holdDir+"="+dir)
	return startCommand(t, cmd)
}

func nobody(t *testing.T) *syscall.Credential {
	t.Helper()
	u, err := user.Lookup("nobody")
	if err != nil {
		t.Skip(err)
	}
	uid, errUID := strconv.ParseUint(u.Uid, 10, 32)
	gid, errGID := strconv.ParseUint(u.Gid, 10, 32)
	if err := errors.Join(errUID, errGID); err != nil {
		t.Fatal(err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

// copyOfThisProgram puts the test binary where everybody may run it.
func copyOfThisProgram(t *testing.T) string {
	t.Helper()
	path := filepath.Join(openTempDir(t), "test")
	in, err := os.Open(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}
