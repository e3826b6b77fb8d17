package job

import (
	"context"

	"github.com/jmoiron/sqlx"
)

// patience is that of a load, which needs no lock: what it writes it compares with what is
// there, so that a transaction may be repeated whole, also one that was committed.
func (o *LoadOptions) patience(pool *sqlx.DB) *patience {
	return &patience{Reconnect: o.Reconnect, pool: pool, log: o.Log, hook: o.Hook}
}

// changing runs a transaction that changes stations, events or files, and repeats it where
// the database went away.
func (o *LoadOptions) changing(ctx context.Context, pool *sqlx.DB, f func(tx *sqlx.Tx, revision int64) error) error {
	err := o.patience(pool).do(ctx, func() error { return changing(ctx, pool, f) })
	return kept(err, "the files loaded so far are kept, and loading again goes on from there")
}
