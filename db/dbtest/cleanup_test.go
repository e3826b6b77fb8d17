package dbtest_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/db/dbtest"
)

// waitForKill, in the environment, makes the test below the process to be killed.
const waitForKill = "DBTEST_WAIT_FOR_KILL"

func TestServerGoesWithAKilledTestProcess(t *testing.T) {
	if os.Getenv(waitForKill) != "" {
		fmt.Println(dbtest.EmptyDSN(t))
		_, _ = io.Copy(io.Discard, os.Stdin) // until killed
		return
	}
	dbtest.Require(t)
	temp, err := os.MkdirTemp("", "dbtest")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(temp)
	if err := os.Chmod(temp, 0o711); err != nil {
		t.Fatal(err)
	}
	startAndKill(t, temp)
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for range ticker.C { // a leak ends with the time limit of the tests
		left, err := filepath.Glob(filepath.Join(temp, "*"))
		if err != nil {
			t.Fatal(err)
		}
		if len(left) == 0 {
			return
		}
	}
}

// startAndKill kills a test process when it has made its database below temp.
func startAndKill(t *testing.T, temp string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), waitForKill+"=1", "TMPDIR="+temp)
	stdin, errIn := cmd.StdinPipe()
	out, errOut := cmd.StdoutPipe()
	if err := errors.Join(errIn, errOut, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	said := make([]byte, 4096)
	n, err := out.Read(said)
	if err != nil || !strings.Contains(string(said[:n]), temp) {
		t.Errorf("the process said %q, %v", said[:n], err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait() // "signal: killed"
}
