package cli

import (
	"context"
	"errors"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/pgserver"
)

// database is a pool of connections.
type database = sqlx.DB

// session is an open database, and the share in the private server if that is
// where it lives.
type session struct {
	db     *database
	server *pgserver.Server // nil with a DSN
}

// connect opens the database without looking at its schema.
func (a *app) connect(ctx context.Context) (*session, error) {
	s := &session{}
	dsn := a.settings.text(keyDB)
	if dsn == "" {
		var err error
		if s.server, err = pgserver.Start(ctx, a.serverConfig()); err != nil {
			return nil, err
		}
		dsn = s.server.DSN()
	}
	pool, err := db.Open(ctx, dsn, a.openOptions())
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	s.db, a.session = pool, s
	return s, nil
}

// open opens the database with the schema of this program: see the help text of
// the program for who migrates when.
func (a *app) open(ctx context.Context) (*session, error) {
	s, err := a.connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := a.fitSchema(ctx, s); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (a *app) fitSchema(ctx context.Context, s *session) error {
	err := db.CheckVersion(ctx, s.db)
	var schema *db.SchemaError
	if !errors.As(err, &schema) || !errors.Is(err, db.ErrSchemaOlder) {
		return err
	}
	if s.server == nil && schema.Database > 0 {
		return err
	}
	return db.Migrate(ctx, s.db, a.log)
}

// close gives everything back, and stops the private server if nobody else uses it.
func (s *session) close() error {
	var err error
	if s.db != nil {
		err = s.db.Close()
	}
	if s.server != nil {
		err = errors.Join(err, s.server.Close())
	}
	return err
}

// withDatabase opens the database for as long as work takes.
func (a *app) withDatabase(ctx context.Context, work func(*database) error) error {
	s, err := a.open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(work(s.db), s.close())
}

func (a *app) serverConfig() pgserver.Config {
	return pgserver.Config{Dir: a.settings.text(keyDataDir), Log: a.log}
}
