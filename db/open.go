// Package db holds the tables of seisbatch: opening the database, migrating it,
// locks, row types and their queries.
//
// Writes take a *sqlx.Tx; values travel as parameters, never in SQL text. A
// *sqlx.DB may be used by any number of goroutines.
package db

import (
	"context"
	"database/sql"
	"fmt"
	"net/netip"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Options of [Open]. The zero value is good for a program's main pool.
type Options struct {
	// MaxConns bounds the connections of the pool. Default 4.
	MaxConns int
	// StatementTimeout ends a statement that takes longer. Default 0: no limit, unless the
	// DSN says statement_timeout.
	StatementTimeout time.Duration
	// ConnectTimeout bounds the making of each connection. Default 10 s, unless
	// the DSN says connect_timeout.
	ConnectTimeout time.Duration
	// ApplicationName is shown in pg_stat_activity. Default "seisbatch", unless the
	// DSN says application_name.
	ApplicationName string
}

const (
	defaultMaxConns       = 4
	defaultConnectTimeout = 10 * time.Second
	defaultApplication    = "seisbatch"
	connMaxIdleTime       = 5 * time.Minute
)

// Open connects to a database and asks it for an answer. The DSN is a URL
// (postgres://...) or key=value pairs, as lib/pq reads them; what it leaves out is
// taken from the PG* environment variables and the password file, as with psql.
//
// Sessions speak UTC. Without sslmode a network connection is encrypted
// (sslmode=require); a Unix socket never is. A failure is a [*ConnectError], which
// says what to do and hides the password.
func Open(ctx context.Context, dsn string, o Options) (*sqlx.DB, error) {
	cfg, err := config(dsn, o)
	if err != nil {
		return nil, &ConnectError{DSN: RedactDSN(dsn), Hint: hintDSN, Err: redactError(err, dsn)}
	}
	connector, err := pq.NewConnectorConfig(cfg)
	if err != nil {
		return nil, &ConnectError{DSN: RedactDSN(dsn), Hint: hintDSN, Err: redactError(err, dsn)}
	}
	pool := sql.OpenDB(withKeepalive(connector, cfg))
	limit := o.MaxConns
	if limit <= 0 {
		limit = defaultMaxConns
	}
	pool.SetMaxOpenConns(limit)
	pool.SetMaxIdleConns(limit)
	pool.SetConnMaxIdleTime(connMaxIdleTime)
	if err := pool.PingContext(ctx); err != nil {
		pool.Close()
		return nil, &ConnectError{DSN: RedactDSN(dsn), Hint: connectHint(err, cfg), Err: err}
	}
	return sqlx.NewDb(pool, "postgres"), nil
}

// config resolves a DSN and the options; what the DSN says has precedence.
func config(dsn string, o Options) (pq.Config, error) {
	cfg, err := pq.NewConfig(dsn)
	if err != nil {
		return pq.Config{}, err
	}
	if onSocket(cfg) {
		cfg.SSLMode = pq.SSLModeDisable
		cfg.Hostaddr = netip.Addr{} // a PGHOSTADDR, meant for another server, would go first
	} else if cfg.SSLMode == "" {
		cfg.SSLMode = pq.SSLModeRequire
	}
	if cfg.ApplicationName == "" {
		cfg.ApplicationName = orDefault(o.ApplicationName, defaultApplication)
	}
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = orDefault(o.ConnectTimeout, defaultConnectTimeout)
	}
	if cfg.Runtime == nil {
		cfg.Runtime = map[string]string{}
	}
	cfg.Runtime["timezone"] = "UTC"
	if _, given := cfg.Runtime["statement_timeout"]; o.StatementTimeout > 0 && !given {
		cfg.Runtime["statement_timeout"] = strconv.FormatInt(max(1, o.StatementTimeout.Milliseconds()), 10)
	}
	return cfg, nil
}

// onSocket says whether the host is a Unix socket: a folder, or an abstract name.
func onSocket(cfg pq.Config) bool {
	return filepath.IsAbs(cfg.Host) || strings.HasPrefix(cfg.Host, "@")
}

func orDefault[T comparable](value, fallback T) T {
	var zero T
	if value == zero {
		return fallback
	}
	return value
}

// ConnectError says that a database could not be opened, and what to do.
type ConnectError struct {
	DSN  string // as given, without its password
	Hint string
	Err  error
}

func (e *ConnectError) Error() string {
	return fmt.Sprintf("database %s: %v: %s", e.DSN, e.Err, e.Hint)
}

func (e *ConnectError) Unwrap() error { return e.Err }
