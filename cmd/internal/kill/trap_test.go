package kill_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/db/pgserver"
)

// victim is what a trap kills, by SIGKILL.
type victim string

const (
	self       victim = "program"
	postmaster victim = "postmaster" // the server's main process alone: the others see it and go, busy ones later
	server     victim = "server"     // all its processes
	backend    victim = "backend"    // one that serves a connection: the server ends all others and recovers by itself
	everything victim = "everything" // the server and the program
)

// trap kills something when the program has passed a point so often.
type trap struct {
	Point   string        // "" is any
	Passing int           // from 1; 0 is never
	Delay   time.Duration // from then on, unless the job has ended
	Victim  victim
}

// wire is a trap that is set. The program's goroutines pass its points; none gets past
// one while the trap closes.
type wire struct {
	trap
	pool    *sqlx.DB
	server  pgserver.Config
	restart func() // of the server by another; nil: nobody does

	mu     sync.Mutex
	passed map[string]int
	total  int
	saved  int64
	wait   bool
	over   bool // the job has ended
	closed string
	begun  time.Time
	took   time.Duration
}

// pass is the hook of the job.
func (w *wire) pass(point string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.total == 0 {
		w.begun = time.Now()
	}
	w.passed[point]++
	if point == "database:again" && w.passed[point] == 2 && w.restart != nil {
		w.restart()
	}
	w.total++
	n := w.total
	if w.Point != "" {
		n = w.passed[w.Point]
	}
	switch {
	case n != w.Passing || w.Point != "" && w.Point != point:
	case w.Delay == 0:
		w.strike(point)
	default:
		time.AfterFunc(w.Delay, func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.strike("after " + point)
		})
	}
}

func (w *wire) progress(p job.Progress) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.saved = p.Done
}

func (w *wire) waited() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wait = true
}

// disarm is for the end of the job, after which a kill would prove nothing.
func (w *wire) disarm() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over, w.took = true, time.Since(w.begun)
}

// end says the outcome of a program that lived.
func (w *wire) end(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.say(err)
}

func (w *wire) say(err error) {
	o := outcome{At: w.closed, Saved: w.saved, Passed: w.passed, Took: w.took, Waited: w.wait}
	if err != nil {
		o.Error = err.Error()
	}
	_ = json.NewEncoder(os.Stdout).Encode(o) // without it the test fails
}

// strike kills the victim. Hold mu.
func (w *wire) strike(at string) {
	if w.over || w.closed != "" {
		return
	}
	pids := w.pids()
	if len(pids) == 0 && w.Victim == backend {
		return // too late: the lock is given up, the run has ended
	}
	w.closed = at
	for _, pid := range pids {
		_ = syscall.Kill(pid, syscall.SIGKILL) // a backend may have ended meanwhile
	}
	if w.Victim == self || w.Victim == everything {
		w.say(nil)
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}

// pids are the victim's processes, the postmaster first.
func (w *wire) pids() []int {
	if w.Victim == self {
		return nil
	}
	s, err := pgserver.Examine(context.Background(), w.server)
	if err != nil || !s.Running {
		w.give("no server to kill", err)
	}
	if w.Victim == postmaster {
		return []int{s.PID}
	}
	var pids []int
	err = w.pool.Select(&pids, `SELECT pid FROM pg_stat_activity WHERE NOT $1
		OR pid = (SELECT min(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted)`, w.Victim == backend)
	if err != nil || len(pids) == 0 && w.Victim != backend {
		w.give("no processes to kill", err)
	}
	if w.Victim == backend {
		return pids
	}
	return append([]int{s.PID}, pids...)
}

// give ends the program in a way that no test expects.
func (w *wire) give(what string, err error) {
	fmt.Fprintln(os.Stderr, what, err)
	os.Exit(3)
}
