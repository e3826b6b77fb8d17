package cli

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/seisbatch/seisbatch/db"
)

// Commands of scripts for programs that run beside the script, and are held where they write
// results:
//
//	start NAME program args...   start it
//	said NAME text               wait until its stderr has the text
//	interrupt NAME               as by Ctrl-C
//	ended STATUS NAME            wait for its end, and want the status
//	hold, letgo                  nobody can write measurements in between
//	held                         wait until a program waits for that
//	cutoff, letin                the database goes away, and comes back
func holdingCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"start": beside(2, (*bystanders).start), "said": beside(2, (*bystanders).said), "interrupt": beside(1, (*bystanders).interrupt),
		"ended": beside(2, (*bystanders).ended), "hold": beside(0, (*bystanders).hold), "letgo": beside(0, (*bystanders).letGo),
		"held": beside(0, (*bystanders).held), "cutoff": beside(0, (*bystanders).cutOff), "letin": beside(0, (*bystanders).letIn),
	}
}

// bystanders are what runs beside a script.
type bystanders struct {
	environment []string
	programs    map[string]*bystander
	release     func() // of the lock on measurements; nil if it is not held
}

// bystander is one program.
type bystander struct {
	cmd  *exec.Cmd
	over chan struct{} // closed at its end
	seen bool          // its end was wanted

	mu    sync.Mutex
	heard *sync.Cond
	text  strings.Builder // stderr
	ended bool
}

// Write takes what the program says on stderr.
func (b *bystander) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer b.heard.Broadcast()
	return b.text.Write(p)
}

// patience is how long a script waits for what a program says.
const patience = time.Minute

type bystandersKey struct{}

// standBeside makes a script able to have programs beside it.
func standBeside(e *testscript.Env) {
	b := &bystanders{environment: e.Vars, programs: map[string]*bystander{}}
	e.Values[bystandersKey{}] = b
	e.Defer(func() {
		for _, p := range b.programs {
			_ = p.cmd.Process.Kill() // most have ended
			<-p.over
		}
		if b.release != nil {
			b.release()
		}
	})
}

// beside is a command with at least so many arguments.
func beside(least int, do func(*bystanders, *testscript.TestScript, []string)) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) < least {
			ts.Fatalf("want %d arguments or more, and no !", least)
		}
		do(ts.Value(bystandersKey{}).(*bystanders), ts, args)
	}
}

func (b *bystanders) start(ts *testscript.TestScript, args []string) {
	p := &bystander{over: make(chan struct{})}
	p.heard = sync.NewCond(&p.mu)
	program := args[1]
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		if path := filepath.Join(dir, program); !filepath.IsAbs(program) {
			if _, err := os.Stat(path); err == nil {
				program = path
			}
		}
	}
	p.cmd = exec.Command(program, args[2:]...)
	p.cmd.Dir, p.cmd.Env, p.cmd.Stderr = ts.MkAbs("."), b.environment, p
	ts.Check(p.cmd.Start())
	b.programs[args[0]] = p
	go func() {
		_ = p.cmd.Wait() // the status tells
		p.mu.Lock()
		defer p.mu.Unlock()
		p.ended = true
		p.heard.Broadcast()
		close(p.over)
	}()
}

func (b *bystanders) program(ts *testscript.TestScript, name string) *bystander {
	p := b.programs[name]
	if p == nil {
		ts.Fatalf("no program %s was started", name)
	}
	return p
}

func (b *bystanders) said(ts *testscript.TestScript, args []string) {
	p := b.program(ts, args[0])
	p.mu.Lock()
	defer p.mu.Unlock()
	late := false
	defer time.AfterFunc(patience, func() { p.mu.Lock(); defer p.mu.Unlock(); late = true; p.heard.Broadcast() }).Stop()
	for !strings.Contains(p.text.String(), args[1]) {
		if late {
			ts.Fatalf("%s does not say %q: %s", args[0], args[1], p.text.String())
		}
		if p.ended {
			ts.Fatalf("%s has ended without %q: %s", args[0], args[1], p.text.String())
		}
		p.heard.Wait()
	}
}

func (b *bystanders) interrupt(ts *testscript.TestScript, args []string) {
	ts.Check(b.program(ts, args[0]).cmd.Process.Signal(os.Interrupt))
}

func (b *bystanders) ended(ts *testscript.TestScript, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	p := b.program(ts, args[1])
	<-p.over
	p.seen = true
	if got := p.cmd.ProcessState.ExitCode(); got != want {
		ts.Fatalf("%s ended with status %d, want %d: %s", args[1], got, want, p.text.String())
	}
}

func (b *bystanders) open(ts *testscript.TestScript, variable string) *database {
	pool, err := db.Open(context.Background(), ts.Getenv(variable), db.Options{MaxConns: 1, ApplicationName: "script"})
	ts.Check(err)
	return pool
}

func (b *bystanders) hold(ts *testscript.TestScript, _ []string) {
	pool := b.open(ts, "SEISBATCH_DB")
	tx, err := pool.Beginx()
	ts.Check(err)
	_, err = tx.Exec(`LOCK TABLE measurement IN SHARE MODE`)
	ts.Check(err)
	b.release = func() {
		_ = tx.Rollback() // by now the database may be away
		pool.Close()
	}
}

func (b *bystanders) letGo(ts *testscript.TestScript, _ []string) {
	if b.release == nil {
		ts.Fatalf("nothing is held")
	}
	b.release()
	b.release = nil
}

func (b *bystanders) held(ts *testscript.TestScript, _ []string) {
	pool := b.open(ts, "SEISBATCH_DB")
	defer pool.Close()
	for {
		var waits bool
		ts.Check(pool.Get(&waits, `SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'measurement'::regclass AND NOT granted
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`))
		if waits {
			return
		}
		for name, p := range b.programs {
			select {
			case <-p.over:
				if !p.seen {
					ts.Fatalf("%s was not held: %s", name, p.text.String())
				}
			default:
			}
		}
	}
}

func (b *bystanders) cutOff(ts *testscript.TestScript, _ []string) { b.allowConnections(ts, false) }
func (b *bystanders) letIn(ts *testscript.TestScript, _ []string)  { b.allowConnections(ts, true) }

func (b *bystanders) allowConnections(ts *testscript.TestScript, allow bool) {
	named := b.name(ts)
	pool := b.open(ts, "EMPTY_DB") // on the same server
	defer pool.Close()
	_, err := pool.Exec(`ALTER DATABASE ` + named + ` ALLOW_CONNECTIONS ` + strconv.FormatBool(allow))
	if err == nil && !allow {
		_, err = pool.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1`, named)
	}
	ts.Check(err)
}

// name is that of the database of the script.
func (b *bystanders) name(ts *testscript.TestScript) string {
	for _, field := range strings.Fields(ts.Getenv("SEISBATCH_DB")) {
		if name, ok := strings.CutPrefix(field, "dbname="); ok {
			return strings.Trim(name, "'")
		}
	}
	ts.Check(errors.New("SEISBATCH_DB does not name a database"))
	return ""
}
