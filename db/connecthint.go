package db

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/lib/pq"
)

const hintDSN = `write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE or as "host=HOST dbname=DATABASE user=USER"`

// connectHint says what to do about a failed connection.
func connectHint(err error, cfg pq.Config) string {
	var refused *pq.Error
	if errors.As(err, &refused) {
		return serverHint(refused, cfg)
	}
	var dns *net.DNSError
	switch {
	case errors.Is(err, pq.ErrSSLNotSupported):
		return "the server does not encrypt: on a network you trust, add sslmode=disable to the DSN"
	case errors.As(err, &dns):
		return fmt.Sprintf("is the host name %q right?", cfg.Host)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Sprintf("nothing listens on port %d of %q: is the server running, and are host and port right?", cfg.Port, cfg.Host)
	case errors.Is(err, os.ErrNotExist):
		return fmt.Sprintf("there is no socket of a server with port %d in %q: is it running?", cfg.Port, cfg.Host)
	case errors.Is(err, os.ErrPermission):
		return fmt.Sprintf("you may not use the socket in %q: is that server meant for another user?", cfg.Host)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return fmt.Sprintf("no answer from %q: is the host right, and does a firewall let port %d through?", cfg.Host, cfg.Port)
	}
	return "check host, port and sslmode of the DSN"
}

// serverHint is for connections that the server itself refused. Codes: PostgreSQL
// manual, appendix A.
func serverHint(err *pq.Error, cfg pq.Config) string {
	switch err.Code {
	case "28P01": // invalid_password
		return fmt.Sprintf("check the password of user %q (in the DSN, PGPASSWORD or ~/.pgpass)", cfg.User)
	case "28000": // invalid_authorization_specification
		return fmt.Sprintf("the server does not let user %q in from here: check the user, or the server's pg_hba.conf", cfg.User)
	case "3D000": // invalid_catalog_name
		return fmt.Sprintf("make the database first: createdb %s", cfg.Database)
	case "42501": // insufficient_privilege
		return fmt.Sprintf("user %q needs the right to connect: GRANT CONNECT ON DATABASE ... TO ...", cfg.User)
	case "08P01": // protocol_violation, by which PgBouncer refuses what it does not know
		if strings.Contains(err.Message, "statement_timeout") {
			return "let PgBouncer take it (ignore_startup_parameters = statement_timeout), or set db-statement-timeout to 0"
		}
	case "53300": // too_many_connections
		return "the server has no connection left: end other programs, or raise its max_connections"
	case "57P03": // cannot_connect_now
		return "the server is starting, recovering or stopping: try again in a moment"
	}
	return "the server's log says more"
}
