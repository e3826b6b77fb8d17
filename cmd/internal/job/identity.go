package job

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
)

// MergeEvent makes an event part of another; both by their own public ids. Its items go with the next
// run that holds it. The error is db.ErrSameEvent if the other is part of the event.
func MergeEvent(ctx context.Context, pool *sqlx.DB, id, into string) error {
	return changing(ctx, pool, func(tx *sqlx.Tx, revision int64) error { return db.MergeEvent(ctx, tx, revision, id, into) })
}

// DeleteEvents marks events as none, all or nothing. Their items go with the next run that holds
// them.
func DeleteEvents(ctx context.Context, pool *sqlx.DB, ids []string) error {
	return changing(ctx, pool, func(tx *sqlx.Tx, revision int64) error {
		for _, id := range ids {
			if err := db.DeleteEvent(ctx, tx, revision, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// RestoreEvents makes events active again, all or nothing. It tells of each whether that is
// against the catalogue as loaded.
func RestoreEvents(ctx context.Context, pool *sqlx.DB, ids []string) (against []bool, err error) {
	err = changing(ctx, pool, func(tx *sqlx.Tx, revision int64) error {
		for _, id := range ids {
			one, err := db.RestoreEvent(ctx, tx, revision, id)
			if err != nil {
				return err
			}
			against = append(against, one)
		}
		return nil
	})
	return against, err
}

// CreateLabel makes a label without items; false if there is one of the name.
func CreateLabel(ctx context.Context, pool *sqlx.DB, l db.Label) (made bool, err error) {
	err = inTx(ctx, pool, func(tx *sqlx.Tx) (err error) {
		made, err = db.CreateLabel(ctx, tx, l)
		return err
	})
	return made, err
}

// DeleteLabel deletes a label with its items and their measurements, batch by batch: ended early, it
// has fewer items, and is still there. It holds the label's lock: if a run does, the error matches
// db.ErrLocked.
func DeleteLabel(ctx context.Context, pool *sqlx.DB, label string, o ResetOptions) (ResetResult, error) {
	o.Label, o.Selection, o.DryRun = label, Selection{}, false
	o.last = func(tx *sqlx.Tx) error { return db.DeleteLabel(ctx, tx, label) }
	r, err := Reset(ctx, pool, o)
	if err != nil {
		return r, fmt.Errorf("deleting label %s: %w", label, err)
	}
	return r, nil
}
