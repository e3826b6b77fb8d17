package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// listener is a stderr that acts on the first line with each of some texts.
type listener struct {
	mu   sync.Mutex
	said bytes.Buffer
	acts map[string]func()
}

func (l *listener) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.said.Write(p)
	for text, act := range l.acts {
		if strings.Contains(l.said.String(), text) {
			delete(l.acts, text)
			act()
		}
	}
	return len(p), nil
}

// The whole program, whose database is away when it writes what it has computed.
func TestAProgramWhoseDatabaseGoesAway(t *testing.T) {
	const lost, interrupted = "connection to the database is lost: waiting for it", "interrupted: waiting for the items that are being processed (2 items)"
	for name, c := range map[string]struct {
		args   []string
		acts   func(p *dbtest.Proxy, signals chan<- os.Signal) map[string]func()
		status int
		said   []string
		row    string
	}{
		"goes on when it is back": {nil, func(p *dbtest.Proxy, _ chan<- os.Signal) map[string]func() {
			return map[string]func(){lost: func() { p.Refuse(false) }}
		}, exitDone, []string{lost, "the database is back"}, db.Done},
		"is interrupted, and drains when it is back": {nil, func(p *dbtest.Proxy, signals chan<- os.Signal) map[string]func() {
			return map[string]func(){lost: func() { signals <- os.Interrupt }, interrupted: func() { p.Refuse(false) }}
		}, exitInterrupted, []string{interrupted, "the database is back"}, db.Interrupted},
		"is interrupted twice": {nil, func(p *dbtest.Proxy, signals chan<- os.Signal) map[string]func() {
			return map[string]func(){lost: func() { signals <- os.Interrupt }, interrupted: func() { p.Refuse(false); signals <- os.Interrupt }}
		}, exitInterrupted, []string{interrupted, "seisbatch: interrupted\n"}, db.Interrupted},
		"does not wait if it is not to": {[]string{"--db-retry", "0"}, func(*dbtest.Proxy, chan<- os.Signal) map[string]func() { return nil },
			exitFailed, []string{"and the next run goes on from there", "see that it runs"}, db.Running},
	} {
		t.Run(name, func(t *testing.T) {
			clearEnvironment(t)
			t.Chdir(t.TempDir())
			dsn := dbtest.DSN(t)
			t.Setenv("SEISBATCH_DB", dsn)
			start := func(stderr *listener, signals chan os.Signal, args ...string) int {
				return Execute(recipe.Language{}, signals, args, strings.NewReader(""), &bytes.Buffer{}, stderr)
			}
			for _, args := range [][]string{
				{"synth", "world", "--stations", "2", "--events", "1", "--duration", "30m", "--sample-rate", "50", "--instruments", "HN"},
				{"load", "stations", "world"}, {"load", "events", "world"}, {"load", "waveforms", filepath.Join("world", "archive")},
			} {
				var said listener
				if status := start(&said, nil, args...); status != exitDone {
					t.Fatalf("%v: status %d: %s", args, status, &said.said)
				}
			}
			proxy := dbtest.NewProxy(t, dsn)
			proxy.Lost = func() { proxy.Refuse(true); proxy.Cut() }
			proxy.LoseCommit(4) // after the lock's, that of what is prepared, and that of the run's row: the batch
			t.Setenv("SEISBATCH_DB", proxy.DSN)
			signals := make(chan os.Signal, 2)
			stderr := &listener{acts: c.acts(proxy, signals)}
			if status := start(stderr, signals, append([]string{"run"}, c.args...)...); status != c.status {
				t.Errorf("status %d, want %d", status, c.status)
			}
			for _, want := range c.said {
				if !strings.Contains(stderr.said.String(), want) {
					t.Errorf("no %q in\n%s", want, &stderr.said)
				}
			}
			runs, err := db.Runs(t.Context(), dbtest.Open(t, dsn, db.Options{}), 0)
			if err != nil || len(runs) != 1 || runs[0].Status != c.row || runs[0].Done != 2 {
				t.Errorf("%+v, %v", runs, err)
			}
		})
	}
}
