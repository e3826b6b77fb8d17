package cli

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seisbatch/seisbatch/db/dbtest"
)

// newMachine makes a machine with an archive of twelve events at two stations.
func newMachine(t *testing.T) machine {
	m := machine{t, t.TempDir()}
	m.must(m.program("", "synth", "world", "-q", "--stations", "2", "--events", "12", "--duration", "6h", "--sample-rate", "20", "--instruments", "HN"))
	return m
}

// must wants a program to end well.
func (m machine) must(cmd *exec.Cmd) {
	m.Helper()
	if status, out, errors := m.status(cmd); status != 0 {
		m.Fatalf("%v: status %d: %s%s", cmd.Args, status, out, errors)
	}
}

// loaded makes a database with the archive loaded.
func (m machine) loaded() string {
	m.Helper()
	dsn := dbtest.DSN(m.T)
	for _, args := range [][]string{{"load", "stations", "world"}, {"load", "events", "world"}, {"load", "waveforms", "world/archive"}} {
		m.must(m.program(dsn, args...))
	}
	return dsn
}

// together starts programs at once and gives their statuses, in order of the commands. None of
// them can write before all of them have started or ended.
func (m machine) together(dsn string, ending int, commands ...[]string) []int {
	m.Helper()
	release, _ := m.holdUp(dsn)
	statuses := make([]int, len(commands))
	ended := make(chan struct{}, len(commands))
	var all sync.WaitGroup
	for i, args := range commands {
		cmd := m.program(dsn, args...)
		m.check(cmd.Start())
		all.Go(func() { statuses[i] = exitOf(m.T, cmd.Wait()); ended <- struct{}{} })
	}
	for range ending {
		<-ended
	}
	release()
	all.Wait()
	return statuses
}

func TestProcessesThatStartAtOnceLeaveTheSameRows(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	alone := m.loaded()
	m.must(m.program(alone, "run"))
	want := resultsOf(t, alone)
	for _, c := range []struct {
		name     string
		commands [][]string
		refused  int // end while the first is held up
		statuses []int
	}{
		{"three parts", [][]string{{"run", "--shard", "1/3"}, {"run", "--shard", "2/3"}, {"run", "--shard", "3/3"}}, 0, []int{0, 0, 0}},
		{"three wholes", [][]string{{"run"}, {"run"}, {"run"}}, 2, []int{0, 4, 4}},
		{"three wholes that wait", [][]string{{"run", "--wait"}, {"run", "--wait"}, {"run", "--wait"}}, 0, []int{0, 0, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := machine{t, m.dir}
			dsn := m.loaded()
			statuses := m.together(dsn, c.refused, c.commands...)
			if slices.Sort(statuses); !slices.Equal(statuses, c.statuses) {
				t.Errorf("statuses %v, want %v in any order", statuses, c.statuses)
			}
			if diff := cmp.Diff(want, resultsOf(t, dsn)); diff != "" {
				t.Errorf("rows differ from those of one process (-one +these):\n%.2000s", diff)
			}
			status, out, _ := m.status(m.program(dsn, "runs", "--json"))
			var due int
			for line := range strings.Lines(out) {
				_, rest, _ := strings.Cut(line, `"due":`)
				var n int
				fmt.Sscan(strings.SplitN(rest, ",", 2)[0], &n)
				due += n
			}
			if status != 0 || due != 24 {
				t.Errorf("the runs computed %d items together, want 24: %s", due, out)
			}
		})
	}
}

func TestPartsOfAnotherCountAreRefused(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	dsn := m.loaded()
	release, waits := m.holdUp(dsn)
	first := m.program(dsn, "run", "--shard", "1/3")
	m.check(first.Start())
	waits()
	for _, other := range []string{"1/3", "2/4", ""} {
		args := []string{"run", "--shard", other}
		if other == "" {
			args = args[:1]
		}
		if status, _, errors := m.status(m.program(dsn, args...)); status != 4 || !strings.Contains(errors, "processed") {
			t.Errorf("shard %q beside 1/3: status %d: %s", other, status, errors)
		}
	}
	release()
	if status := exitOf(t, first.Wait()); status != 0 {
		t.Errorf("the first: status %d", status)
	}
}
