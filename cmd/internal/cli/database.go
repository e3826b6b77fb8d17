package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/mtp"
)

// Keys of the settings that say how the program deals with its database and with what may pass.
const (
	keyDBRetry          = "db-retry"
	keyStatementTimeout = "db-statement-timeout"
	keyMaxAttempts      = "max-attempts"
)

// maxConnections is how many connections to the database a program has at most, that of
// the label's lock included.
const maxConnections = 8

// databaseSettings are those of these keys.
func databaseSettings() []setting {
	return []setting{
		{key: keyDBRetry, env: []string{"SEISBATCH_DB_RETRY"}, fallback: "2m", check: checkSpan},
		{key: keyStatementTimeout, env: []string{"SEISBATCH_DB_STATEMENT_TIMEOUT"}, fallback: "10m", check: checkSpan},
		{key: keyMaxAttempts, env: []string{"SEISBATCH_MAX_ATTEMPTS"}, fallback: "10", check: checkAttempts},
	}
}

func checkAttempts(text string) error {
	if n, err := strconv.Atoi(text); err != nil || n < 0 {
		return fmt.Errorf("%q: want a number of attempts, 0 for no limit", text)
	}
	return nil
}

func (s settings) duration(key string) time.Duration {
	d, _ := span(s.text(key)) // was checked
	return d
}

func (s settings) maxAttempts() int {
	n, _ := strconv.Atoi(s.text(keyMaxAttempts)) // was checked
	return n
}

// openOptions are those of the program's pool. Statements of verbs that hand rows on as they come last as
// long as who reads them takes, and those that compare labels as long as the labels are: they have no limit.
func (a *app) openOptions() db.Options {
	o := db.Options{MaxConns: maxConnections, ApplicationName: a.name, StatementTimeout: a.settings.duration(keyStatementTimeout)}
	if slices.Contains([]string{"seisbatch export", "seisbatch export waveforms", "seisbatch export results", "seisbatch show", "seisbatch diff"}, a.name) {
		o.StatementTimeout = 0
	}
	return o
}

// reconnect says what jobs do while the database is away: wait, and start the private
// server again if that is what died.
func (a *app) reconnect() job.Reconnect {
	return job.Reconnect{For: a.settings.duration(keyDBRetry), Revive: func(ctx context.Context) error {
		if a.session == nil || a.session.server == nil {
			return nil
		}
		return a.session.server.Revive(ctx)
	}}
}

// bePatient gives a run what it does about a database that is away, and about what may pass.
func (a *app) bePatient(o *job.RunOptions) {
	o.Reconnect, o.MaxAttempts, o.Rereads = a.reconnect(), a.settings.maxAttempts(), rereads()
}

// rereads is how a file that cannot be read is read again: after a quarter of a second and
// half a second, about.
func rereads() mtp.Backoff {
	return mtp.Backoff{Attempts: 3, First: 500 * time.Millisecond, Max: time.Second}
}

// statementAdvice says what to do about a statement that took too long; "" if none did.
func (a *app) statementAdvice(ctx context.Context, err error) string {
	if ctx.Err() != nil || !db.IsStatementTimeout(err) || errors.Is(err, errInterrupted) || a.settings.values == nil {
		return ""
	}
	return fmt.Sprintf("a statement took longer than the setting %s (%s) lets it: see whether another program holds the database up, or set it higher; what is written is whole",
		keyStatementTimeout, a.settings.text(keyStatementTimeout))
}
