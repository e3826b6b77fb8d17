package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/pgserver"
)

// server is where the databases of the bench are made.
type server struct {
	own   *pgserver.Server // nil if it is somebody else's
	dsn   string
	admin *sqlx.DB
	made  int
}

// openServer connects to dsn, or starts a private server in dir if that is empty.
// It is durable, as that of the program is.
func openServer(ctx context.Context, dir, dsn string) (*server, error) {
	s := &server{dsn: dsn}
	var err error
	if dsn == "" {
		if s.own, err = pgserver.Start(ctx, pgserver.Config{Dir: dir}); err != nil {
			return nil, err
		}
		s.dsn = s.own.DSN()
	}
	if s.admin, err = db.Open(ctx, s.dsn, db.Options{}); err != nil {
		if s.own != nil {
			err = errors.Join(err, s.own.Close())
		}
		return nil, err
	}
	return s, nil
}

func (s *server) close() error {
	err := s.admin.Close()
	if s.own != nil {
		err = errors.Join(err, s.own.Close())
	}
	return err
}

func (s *server) version(ctx context.Context) (string, error) {
	var v string
	err := s.admin.GetContext(ctx, &v, "SHOW server_version")
	return v, err
}

// with calls f with a database of its own that has the current schema and no rows,
// and drops it afterwards.
func (s *server) with(ctx context.Context, f func(*sqlx.DB) error) (err error) {
	s.made++
	name := fmt.Sprintf("seisbatch_bench_%d_%d", os.Getpid(), s.made)
	if _, err := s.admin.ExecContext(ctx, "CREATE DATABASE "+name); err != nil {
		return fmt.Errorf("the bench makes databases of its own: %w", err)
	}
	defer func() {
		_, dropErr := s.admin.ExecContext(context.WithoutCancel(ctx), "DROP DATABASE "+name+" WITH (FORCE)")
		err = errors.Join(err, dropErr)
	}()
	dsn, err := withDatabase(s.dsn, name)
	if err != nil {
		return err
	}
	pool, err := db.Open(ctx, dsn, db.Options{})
	if err != nil {
		return err
	}
	defer pool.Close()
	if err := db.Migrate(ctx, pool, nil); err != nil {
		return err
	}
	return f(pool)
}

// withDatabase is the DSN, a URL or key=value pairs, of another database.
func withDatabase(dsn, name string) (string, error) {
	if !strings.HasPrefix(dsn, "postgres://") && !strings.HasPrefix(dsn, "postgresql://") {
		return dsn + " dbname=" + name, nil // the last one counts
	}
	u, err := url.Parse(dsn)
	if err != nil {
		return "", errors.New("SEISBATCH_DB is not a URL") // which may hold a password
	}
	u.Path = "/" + name
	return u.String(), nil
}
