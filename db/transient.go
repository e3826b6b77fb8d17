package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"os"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// lostCodes are those of a server, or connection, that is gone or not there yet, besides
// class 08 (PostgreSQL manual, appendix A).
var lostCodes = []string{
	"57P01", // admin_shutdown
	"57P02", // crash_shutdown
	"57P03", // cannot_connect_now
	"57P05", // idle_session_timeout
	"25P03", // idle_in_transaction_session_timeout: this program stood still
	"25006", // read_only_sql_transaction: after a failover, until the other server is known
	"53300", // too_many_connections
}

// IsConnection reports whether an error says that the connection to the database, or its
// server, is gone or not there yet, so that the same may be tried again in a while. What
// the server refuses for a reason of its own (rights, constraints, a full disk, a
// statement's time limit) is none. Whether a commit that ended so was done is not known.
//
// A deadline counts, since the driver has its own for connecting: ask only while the
// caller's context lives.
func IsConnection(err error) bool {
	var op *net.OpError
	if errors.As(err, &op) {
		return true
	}
	for _, lost := range []error{driver.ErrBadConn, sql.ErrConnDone, ErrLockLost, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed,
		os.ErrDeadlineExceeded, context.DeadlineExceeded} {
		if errors.Is(err, lost) {
			return true
		}
	}
	var said *pq.Error
	return errors.As(err, &said) && (said.Code.Class() == "08" || slices.Contains(lostCodes, string(said.Code)))
}

// IsStatementTimeout reports whether the server ended a statement at the limit of
// [Options.StatementTimeout]. What ended with the caller's context has the same code: ask
// only while that lives.
func IsStatementTimeout(err error) bool {
	var said *pq.Error
	return errors.As(err, &said) && said.Code == "57014" // query_canceled
}

// DropIdle closes the connections of a pool that nobody uses, so that the next ones
// are new, made to whatever server now has the address.
func DropIdle(db *sqlx.DB) {
	db.SetMaxIdleConns(-1)
	db.SetMaxIdleConns(db.Stats().MaxOpenConnections) // as Open does
}
