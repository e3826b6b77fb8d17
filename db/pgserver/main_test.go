package pgserver_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/seisbatch/seisbatch/db/pgserver"
)

// holdDir, in the environment, makes the test binary a program that uses the
// server of that folder: it says so, and gives its share back when its input ends.
const holdDir = "PGSERVER_TEST_HOLD"

// seedBase, in the environment, is the folder that TestMain made for [seed].
const seedBase = "PGSERVER_TEST_SEED"

func TestMain(m *testing.M) {
	if dir := os.Getenv(holdDir); dir != "" {
		if err := hold(dir); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	base, err := os.MkdirTemp("", "pg")
	if err == nil {
		err = os.Chmod(base, 0o711)
	}
	if err == nil {
		err = os.Setenv(seedBase, base)
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(base) // a temporary folder
	os.Exit(code)
}

func hold(dir string) error {
	s, err := pgserver.Start(context.Background(), pgserver.Config{Dir: dir, NoSync: true})
	if err != nil {
		return err
	}
	fmt.Println(s.DSN())
	_, err = io.Copy(io.Discard, os.Stdin)
	return errors.Join(err, s.Close())
}

// program is another process that uses a server.
type program struct {
	cmd   *exec.Cmd
	stdin io.Closer
	out   *bufio.Reader
}

// startProgram starts one; it may not have its share yet.
func startProgram(t *testing.T, dir string) *program {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), holdDir+"="+dir)
	return startCommand(t, cmd)
}

func startCommand(t *testing.T, cmd *exec.Cmd) *program {
	t.Helper()
	stdin, errIn := cmd.StdinPipe()
	out, errOut := cmd.StdoutPipe()
	cmd.Stderr = os.Stderr
	if err := errors.Join(errIn, errOut, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // mostly it has ended
		_ = cmd.Wait()
	})
	return &program{cmd: cmd, stdin: stdin, out: bufio.NewReader(out)}
}

// says waits for the line with the DSN, or the error.
func (p *program) says(t *testing.T) string {
	t.Helper()
	line, err := p.out.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// finish lets it give its share back, and waits.
func (p *program) finish(t *testing.T) {
	t.Helper()
	if err := p.stdin.Close(); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(p.out); err != nil || len(rest) > 0 {
		t.Errorf("program said %q, %v", rest, err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// kill is kill -9.
func (p *program) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait() // "signal: killed"
}

// emptyConfig names a folder that does not exist yet, and that the account of the
// server can reach. Whatever runs there ends with the test.
func emptyConfig(t *testing.T) pgserver.Config {
	t.Helper()
	requireServer(t)
	base := openTempDir(t)
	c := pgserver.Config{Dir: filepath.Join(base, "pg"), RuntimeDir: base, NoSync: true}
	t.Cleanup(func() { endServer(t, c.Dir) })
	return c
}

// config is emptyConfig with a cluster in the folder, copied, since making one
// takes a second.
func config(t *testing.T) pgserver.Config {
	t.Helper()
	c := emptyConfig(t)
	dir, err := seed()
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("cp", "-a", dir, c.Dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return c
}

// seed makes the folder that config copies, at its first call.
var seed = sync.OnceValues(func() (string, error) {
	dir := filepath.Join(os.Getenv(seedBase), "pg")
	s, err := pgserver.Start(context.Background(), pgserver.Config{Dir: dir, NoSync: true})
	if err != nil {
		return "", err
	}
	return dir, s.Close()
})

// endServer kills what serves a folder, so that the folder can be removed.
func endServer(t *testing.T, dir string) {
	c := pgserver.Config{Dir: dir}
	if s, err := pgserver.Examine(context.Background(), c); err != nil || !s.Running {
		return
	}
	err := pgserver.Stop(context.Background(), c)
	if err != nil && !errors.Is(err, pgserver.ErrNotRunning) {
		t.Error(err)
	}
}

// openTempDir is a short temporary folder that everybody may pass through.
func openTempDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pg")
	if err == nil {
		err = os.Chmod(dir, 0o711)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// requireServer skips where PostgreSQL is not installed; with CI=true it fails.
func requireServer(t *testing.T) pgserver.Binaries {
	t.Helper()
	bin, err := pgserver.FindBinaries(context.Background())
	if err != nil && os.Getenv("CI") != "true" {
		t.Skip("needs PostgreSQL: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return bin
}

func start(t *testing.T, c pgserver.Config) *pgserver.Server {
	t.Helper()
	s, err := pgserver.Start(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func closeShare(t *testing.T, s *pgserver.Server) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func examine(t *testing.T, c pgserver.Config) pgserver.Status {
	t.Helper()
	s, err := pgserver.Examine(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// pid is the process of the server, which must run.
func pid(t *testing.T, c pgserver.Config) int {
	t.Helper()
	s := examine(t, c)
	if !s.Running {
		t.Fatal("the server does not run")
	}
	return s.PID
}

func kill9(t *testing.T, pid int) {
	t.Helper()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}
