package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// LabelSummary is what a result set holds. The JSON names are those of `labels --json`.
type LabelSummary struct {
	Name     string     `db:"name" json:"label"`
	Done     int64      `db:"done" json:"done"`       // items
	Failed   int64      `db:"failed" json:"failed"`   // items
	Skipped  int64      `db:"skipped" json:"skipped"` // items
	Suspect  int64      `db:"suspect" json:"suspect"` // of all items: something they read has changed
	Rows     int64      `db:"rows" json:"rows"`       // measurements
	LastRun  *int64     `db:"last_run" json:"last_run"`
	LastTime *time.Time `db:"last_time" json:"last_time"` // start of the last run
}

// Labels reads what every label holds, by name.
func Labels(ctx context.Context, q sqlx.QueryerContext) ([]LabelSummary, error) {
	var all []LabelSummary
	err := sqlx.SelectContext(ctx, q, &all, `SELECT l.name,
			COALESCE(i.done, 0) AS done, COALESCE(i.failed, 0) AS failed, COALESCE(i.skipped, 0) AS skipped, COALESCE(i.suspect, 0) AS suspect,
			COALESCE(m.rows, 0) AS rows, r.id AS last_run, r.started_at AS last_time
		FROM label l
		LEFT JOIN (SELECT label, count(*) FILTER (WHERE status = 'done') AS done, count(*) FILTER (WHERE status = 'failed') AS failed,
				count(*) FILTER (WHERE status = 'skipped') AS skipped, count(suspect) AS suspect
			FROM work_item GROUP BY label) i ON i.label = l.name
		LEFT JOIN (SELECT label, count(*) AS rows FROM measurement GROUP BY label) m ON m.label = l.name
		LEFT JOIN LATERAL (SELECT id, started_at FROM run WHERE run.label = l.name ORDER BY id DESC LIMIT 1) r ON true
		ORDER BY l.name`)
	if err != nil {
		return nil, fmt.Errorf("reading labels: %w", err)
	}
	return all, nil
}
