package cli

import (
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/seisbatch/seisbatch/db/dbtest"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// TestMain makes the test binary the program itself where a script calls it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"seisbatch": func() {
		signals := make(chan os.Signal, 2)
		signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
		os.Exit(Execute(recipe.Language{}, signals, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}})
}

func TestScriptsWithoutDatabase(t *testing.T) {
	testscript.Run(t, parameters("testdata/script", nil))
}

// Each script has a database of its own, with the current schema.
func TestScriptsWithDatabase(t *testing.T) {
	scripts, err := filepath.Glob("testdata/database/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, script := range scripts {
		t.Run(strings.TrimSuffix(filepath.Base(script), ".txtar"), func(t *testing.T) {
			t.Parallel()
			p := parameters("", map[string]string{"SEISBATCH_DB": dbtest.DSN(t), "EMPTY_DB": dbtest.EmptyDSN(t)})
			p.Files = []string{script}
			testscript.Run(t, p)
		})
	}
}

func TestScriptsWithPrivateServer(t *testing.T) {
	dbtest.Require(t)
	base, err := os.MkdirTemp("", "seisbatch-cli-")
	if err == nil {
		err = os.Chmod(base, 0o711) // root's server runs as another user
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(base); err != nil {
			t.Error(err)
		}
	})
	testscript.Run(t, parameters("testdata/private", map[string]string{"SEISBATCH_DATA": filepath.Join(base, "data")}))
}

// parameters run the scripts of a folder with their own configuration and data
// folders and these variables, and nothing of the caller's settings.
func parameters(dir string, variables map[string]string) testscript.Params {
	commands := holdingCommands()
	commands["status"], commands["holds"] = status, holds
	return testscript.Params{
		Dir: dir, RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("XDG_CONFIG_HOME", filepath.Join(e.WorkDir, "xdg-config"))
			e.Setenv("SEISBATCH_DATA", filepath.Join(e.WorkDir, "data"))
			e.Setenv("SEISBATCH_LOG_FORMAT", "text")
			e.Setenv("GORACE", "atexit_sleep_ms=0") // a program built for -race sleeps a second before it ends
			for key, value := range variables {
				e.Setenv(key, value)
			}
			standBeside(e)
			return nil
		},
		Cmds: commands,
	}
}

// status runs a program and wants an exit status: status 3 seisbatch inspect x.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status NUMBER program args...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := err.(interface{ ExitCode() int })
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// holds wants a file to have so many lines with a text: holds 2 stdout '"id"'.
func holds(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: holds NUMBER file text")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	for line := range strings.Lines(ts.ReadFile(args[1])) {
		if strings.Contains(line, args[2]) {
			got++
		}
	}
	if got != want {
		ts.Fatalf("%d lines of %s with %q, want %d", got, args[1], args[2], want)
	}
}
