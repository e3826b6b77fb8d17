package pgserver

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/lib/pq"
)

// SQLSTATE codes (PostgreSQL manual, appendix A).
const (
	codeCannotConnectNow  = "57P03" // starting up or shutting down
	codeNoSuchDatabase    = "3D000"
	codeDuplicateDatabase = "42P04"
	codeUniqueViolation   = "23505"
)

// answerWithin bounds one try to connect and ask.
const answerWithin = 10 * time.Second

// dsn is the connection string of a server with its socket in dir.
func dsn(dir string) string {
	quote := strings.NewReplacer(`\`, `\\`, `'`, `\'`)
	return "host='" + quote.Replace(dir) + "' port=5432 user=" + Role + " dbname=" + Database + " sslmode=disable"
}

// connect opens a handle without reading PG* environment variables, which are
// meant for other servers.
func connect(dir, database string) (*sql.DB, error) {
	connector, err := pq.NewConnectorConfig(pq.Config{
		Host: dir, Port: port, User: Role, Database: database, SSLMode: pq.SSLModeDisable,
		ApplicationName: "seisbatch server", ClientEncoding: "UTF8", Datestyle: "ISO, MDY",
		MinProtocolVersion: pq.ProtocolVersion30, MaxProtocolVersion: pq.ProtocolVersion30,
	})
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

// ask runs one statement without result on a new connection.
func ask(ctx context.Context, dir, database, statement string) error {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	db, err := connect(dir, database)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, statement)
	return err
}

// ping asks the database for an answer. A database that is missing, because the
// program that made the cluster was killed then, is made.
func ping(ctx context.Context, dir string) error {
	err := ask(ctx, dir, Database, "SELECT 1")
	if !hasCode(err, codeNoSuchDatabase) {
		return err
	}
	err = ask(ctx, dir, "postgres", "CREATE DATABASE "+Database)
	if err != nil && !hasCode(err, codeDuplicateDatabase) && !hasCode(err, codeUniqueViolation) {
		return err
	}
	return ask(ctx, dir, Database, "SELECT 1")
}

func hasCode(err error, code string) bool {
	var e *pq.Error
	return errors.As(err, &e) && string(e.Code) == code
}
