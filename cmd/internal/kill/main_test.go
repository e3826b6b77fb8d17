package kill_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// Environment variables. The first makes the test binary a program that does what
// it says; the others are for whoever runs the tests.
const (
	orderEnv = "SEISBATCH_KILL_ORDER"
	killsEnv = "SEISBATCH_KILLS"     // kills at random moments, of the program and of the server each; default 10
	seedEnv  = "SEISBATCH_KILL_SEED" // chooses the moments; default: by the clock
)

// hung is how long a program may take before it counts as one that hangs. What it
// does takes some seconds.
const hung = time.Minute

func TestMain(m *testing.M) {
	if text := os.Getenv(orderEnv); text != "" {
		os.Exit(program(text))
	}
	os.Exit(m.Run())
}

// order is what a program is to do, in this order.
type order struct {
	Watch string // do nothing else but wait for the end of the input, and then clean up: see [serverDir]

	DSN    string // the database, or
	Server string // the folder of its private server

	Stations, Events, Waveforms string // paths to load; "" for nothing

	Run    bool
	Recipe string

	Trap trap

	Retry   time.Duration // how long the database is waited for where it goes away; 0: not at all
	Restart restart       // of the server meanwhile
}

// restart is who starts a server again.
type restart string

const (
	byProgram restart = "program" // as the owner of its private server
	byOther   restart = "other"   // an administrator, after the program has tried once in vain
)

// outcome is what a program says at its end, or when its trap closes.
type outcome struct {
	At     string         // the point where the trap closed; "" if it did not
	Saved  int64          // items, or files while loading, that were written by then
	Passed map[string]int // points
	Took   time.Duration  // from the first point to the end of the job
	Waited bool           // for the lock of the label
	Error  string
}

// ended is how a program ended.
type ended struct {
	outcome
	killed bool // by its trap
	status int  // of the exit, if it was not killed
}

// passings counts the points passed that a test may choose among.
func (o outcome) passings() int {
	n := 0
	for _, times := range o.Passed {
		n += times
	}
	return n
}

// moment chooses one at random: a point, and a while after it, up to what it takes on
// average to the next, so that statements under way are hit too. The points of the last
// batch are left out: from there the end is often nearer than that.
func (o outcome) moment(rng *rand.Rand, v victim) trap {
	const ofBatch = 4
	gap := int64(o.Took) / int64(o.passings())
	return trap{Passing: 1 + rng.IntN(o.passings()-ofBatch), Delay: time.Duration(rng.Int64N(gap + 1)), Victim: v}
}

// start runs a program to its end. One that hangs fails the test.
func start(t *testing.T, o order) ended {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), hung)
	defer cancel()
	said, err := command(ctx, t, o).Output()
	if ctx.Err() != nil {
		t.Fatalf("the program hangs: %s; it said %q", describe(o.Trap), said)
	}
	var e ended
	if len(said) > 0 {
		if err := json.Unmarshal(said, &e.outcome); err != nil {
			t.Fatalf("the program said %q: %v", said, err)
		}
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		e.status = exit.ExitCode()
		e.killed = exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL
	} else if err != nil {
		t.Fatal(err)
	}
	return e
}

// command prepares a program.
func command(ctx context.Context, t *testing.T, o order) *exec.Cmd {
	t.Helper()
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), orderEnv+"="+string(text))
	cmd.Stderr = os.Stderr
	return cmd
}

// finish runs a program that must end well.
func finish(t *testing.T, o order) outcome {
	t.Helper()
	e := start(t, o)
	if e.killed || e.status != 0 {
		t.Fatalf("undisturbed, the program ended with status %d (killed: %v): %s", e.status, e.killed, e.Error)
	}
	return e.outcome
}

func describe(tr trap) string {
	point := tr.Point
	if point == "" {
		point = "any point"
	}
	return fmt.Sprintf("%s killed at passing %d of %s and %v more", tr.Victim, tr.Passing, point, tr.Delay)
}
