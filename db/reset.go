package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// SelectedItem is a work item with its event, as a selection looks at it.
type SelectedItem struct {
	ItemKey
	Status    string     `db:"status"`
	Rows      int64      `db:"rows"` // measurements
	Time      *time.Time `db:"time"` // of the origin, nil if the event has none; and its place in degrees
	Latitude  *float64   `db:"latitude"`
	Longitude *float64   `db:"longitude"`
}

// SelectedItems reads up to limit work items of a label after the given one, in order of their
// keys, of the events of a selection: those that are merged or deleted too.
func SelectedItems(ctx context.Context, q sqlx.QueryerContext, label string, s Selection, after ItemKey, limit int) ([]SelectedItem, error) {
	where, args := s.ownEvents()
	args = append(args, label, after.EventID, after.Network, after.Station, after.Location, after.Instrument, limit)
	n := len(args)
	var page []SelectedItem
	err := sqlx.SelectContext(ctx, q, &page, fmt.Sprintf(`
		SELECT w.event_id, w.network, w.station, w.location, w.instrument, w.status, o.time, o.latitude, o.longitude,
			(SELECT count(*) FROM measurement r WHERE r.label = w.label AND r.event_id = w.event_id AND r.network = w.network
				AND r.station = w.station AND r.location = w.location AND r.instrument = w.instrument) AS rows
		FROM work_item w
		LEFT JOIN event e ON e.id = w.event_id
		LEFT JOIN origin o ON o.event_id = w.event_id AND o.preferred
		LEFT JOIN magnitude m ON m.event_id = w.event_id AND m.preferred
		WHERE %s AND w.label = $%d AND (w.event_id, w.network, w.station, w.location, w.instrument) > ($%d, $%d, $%d, $%d, $%d)
		ORDER BY w.event_id, w.network, w.station, w.location, w.instrument LIMIT $%d`,
		where, n-6, n-5, n-4, n-3, n-2, n-1, n), args...)
	if err != nil {
		return nil, fmt.Errorf("reading work items: %w", err)
	}
	return page, nil
}

// ForgetItems deletes work items of a label, with their measurements. Hold the lock of the label.
func ForgetItems(ctx context.Context, tx *sqlx.Tx, label string, keys []ItemKey) error {
	items := make([]WorkItem, len(keys))
	for i, k := range keys {
		items[i] = WorkItem{Label: label, ItemKey: k}
	}
	return deleteKeys(ctx, tx, "work_item", items)
}

// CreateLabel makes a label that has no items yet; false if there is one of the name.
func CreateLabel(ctx context.Context, tx *sqlx.Tx, l Label) (made bool, err error) {
	// Nothing of it is to be marked, so that it holds no changes back.
	res, err := tx.ExecContext(ctx, `INSERT INTO label (name, recipe, recipe_hash, marked_revision, since_revision)
		SELECT $1, $2, $3, value, value FROM revision ON CONFLICT DO NOTHING`, l.Name, l.Recipe, l.RecipeHash)
	if err != nil {
		return false, fmt.Errorf("label %s: %w", l.Name, err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// DeleteLabel deletes a label that has no items any more. Its runs stay; those that never ended are
// closed as lost, which no next run of the label will do. Hold its lock.
func DeleteLabel(ctx context.Context, tx *sqlx.Tx, name string) error {
	if _, err := tx.ExecContext(ctx, `UPDATE run SET status = 'lost', finished_at = now(), message = 'the program ended without a word' WHERE label = $1 AND status = 'running'`, name); err != nil {
		return fmt.Errorf("label %s: %w", name, err)
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM label WHERE name = $1`, name); err != nil {
		return fmt.Errorf("label %s: %w", name, err)
	}
	return nil
}

// CountItems counts the work items of an event, and the labels that have them.
func CountItems(ctx context.Context, q sqlx.QueryerContext, eventID string) (items, labels int64, err error) {
	var n struct {
		Items  int64 `db:"items"`
		Labels int64 `db:"labels"`
	}
	err = sqlx.GetContext(ctx, q, &n, `SELECT count(*) AS items, count(DISTINCT l.name) AS labels
		FROM label l JOIN work_item w ON w.label = l.name AND w.event_id = $1`, eventID)
	if err != nil {
		return 0, 0, fmt.Errorf("counting work items of %s: %w", eventID, err)
	}
	return n.Items, n.Labels, nil
}
