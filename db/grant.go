package db

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/jmoiron/sqlx"
)

// Grant gives the roles seisbatch_reader, seisbatch_loader and seisbatch_runner what they need of
// the tables and views that there are, and makes the roles if the user may. If not, that is no
// error: log, which may be nil, is told. The schema must be the program's.
func Grant(ctx context.Context, db *sqlx.DB, log *slog.Logger) error {
	var problem string
	if err := db.GetContext(ctx, &problem, `SELECT seisbatch_grant()`); err != nil {
		return fmt.Errorf("db: granting to the roles: %w", withCause(ctx, err))
	}
	if problem != "" && log != nil {
		log.Info("the roles seisbatch_reader, seisbatch_loader and seisbatch_runner are not set up: where they are wanted, "+
			"run 'seisbatch migrate' as the owner of the tables, with CREATEROLE or after the roles were created", "error", problem)
	}
	return nil
}
