package cli

import (
	"bytes"
	"io"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// execute runs the program in this process.
func execute(args ...string) (status int, stdout, stderr string) {
	var out, said bytes.Buffer
	status = Execute(recipe.Language{}, nil, args, strings.NewReader(""), &out, &said)
	return status, out.String(), said.String()
}

func TestEveryHelpTextTellsTheExitStatus(t *testing.T) {
	clearEnvironment(t)
	root := (&app{}).rootCommand()
	verbs := 0
	for _, cmd := range append(root.Commands(), root) {
		for _, c := range append(cmd.Commands(), cmd) {
			path := strings.Fields(c.CommandPath())[1:]
			status, out, _ := execute(append(path, "--help")...)
			if status != exitDone || !strings.HasSuffix(out, exitHelp) {
				t.Errorf("%q: status %d, help ends %.80q", path, status, out[max(0, len(out)-80):])
			}
			verbs++
		}
	}
	if verbs < 20 {
		t.Errorf("%d verbs only", verbs)
	}
}

func TestRunOfALockedLabelEndsWithItsOwnStatus(t *testing.T) {
	clearEnvironment(t)
	dsn := dbtest.DSN(t)
	lockLabel(t, dsn, "routine")
	status, out, said := execute("run", "--db", dsn, "--label", "routine")
	if status != exitLocked || out != "" || !strings.Contains(said, `label "routine": another run holds the lock`) {
		t.Errorf("status %d, %q, %q", status, out, said)
	}
	if status, out, said := execute("run", "--db", dsn, "--label", "other"); status != exitDone {
		t.Errorf("another label: status %d, %q, %q", status, out, said)
	}
}

// onText is a writer that calls a function when a text goes by.
type onText struct {
	io.Writer
	text string
	once sync.Once
	call func()
}

func (w *onText) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte(w.text)) {
		w.once.Do(w.call)
	}
	return w.Writer.Write(p)
}

func TestInterruptEndsTheWaitForALock(t *testing.T) {
	clearEnvironment(t)
	dsn := dbtest.DSN(t)
	lockLabel(t, dsn, "default")
	signals := make(chan os.Signal, 2)
	var out, said bytes.Buffer
	stderr := &onText{Writer: &said, text: "waiting", call: func() { signals <- os.Interrupt; signals <- os.Interrupt }}
	status := Execute(recipe.Language{}, signals, []string{"run", "--wait", "--db", dsn}, strings.NewReader(""), &out, stderr)
	if status != exitInterrupted || !strings.HasSuffix(said.String(), "seisbatch: interrupted\n") {
		t.Errorf("status %d, %q", status, said.String())
	}
}

func lockLabel(t *testing.T, dsn, label string) {
	t.Helper()
	lock, err := db.TryLock(t.Context(), dbtest.Open(t, dsn, db.Options{}), label, db.Shard{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := lock.Release(); err != nil {
			t.Error(err)
		}
	})
}

func TestSchemaOfAnotherVersionIsRefusedWithAdvice(t *testing.T) {
	clearEnvironment(t)
	for _, c := range []struct{ change, advice string }{
		{"DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)", "run 'seisbatch migrate'"},
		{"INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, true)", "newer schema than this program"},
	} {
		dsn := dbtest.DSN(t)
		if _, err := dbtest.Open(t, dsn, db.Options{}).Exec(c.change); err != nil {
			t.Fatal(err)
		}
		status, _, said := execute("runs", "--db", dsn)
		if status != exitUsage || !strings.Contains(said, c.advice) {
			t.Errorf("status %d, %q", status, said)
		}
		status, out, _ := execute("doctor", "--db", dsn)
		if status != exitFailed || !strings.Contains(out, "fail  schema") {
			t.Errorf("doctor: status %d, %q", status, out)
		}
	}
}

// fullDisk takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, os.ErrPermission }

func TestResultsThatCannotBeWrittenAreAFailure(t *testing.T) {
	clearEnvironment(t)
	var said bytes.Buffer
	status := Execute(recipe.Language{}, nil, []string{"config"}, strings.NewReader(""), fullDisk{}, &said)
	if status != exitFailed || !strings.Contains(said.String(), "writing results") {
		t.Errorf("status %d, %q", status, said.String())
	}
}

func TestQuietSaysNothingButResults(t *testing.T) {
	clearEnvironment(t)
	dsn := dbtest.EmptyDSN(t)
	for verb, results := range map[string]bool{"run": false, "run --json": true, "runs": true} {
		status, out, said := execute(append(strings.Fields(verb), "--quiet", "--db", dsn)...)
		if status != exitDone || said != "" || (out != "") != results {
			t.Errorf("%s: status %d, %q, %q", verb, status, out, said)
		}
	}
}
