package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// Axes say what the arrays of a label's measurements are at. All are nil where the program
// that wrote the label did not know the columns; what a recipe does not ask for is empty.
type Axes struct {
	Spectra     Texts  `db:"spectra"`         // which of psa, sa, sd and sv there are
	Periods     Floats `db:"periods"`         // s: of all with the first damping, then with the next
	Dampings    Floats `db:"dampings"`        // fractions of critical
	Frequencies Floats `db:"fas_frequencies"` // Hz
	BandFrom    Floats `db:"band_from"`       // Hz
	BandUntil   Floats `db:"band_until"`      // Hz
}

// Results says which measurements are read.
type Results struct {
	Label     string
	Run       int64 // only what this run computed; 0: all
	Selection Selection
}

// ResultEvent is an event that has measurements. Without a preferred origin its fields are
// nil; then the zero SortTime is used.
type ResultEvent struct {
	ID            string    `db:"id"`
	Type          string    `db:"type"`
	Description   string    `db:"description"`
	SortTime      time.Time `db:"sort_time"`
	OriginID      *string   `db:"origin_id"`
	Latitude      *float64  `db:"latitude"`
	Longitude     *float64  `db:"longitude"`
	Depth         *float64  `db:"depth"`
	MagnitudeID   *string   `db:"magnitude_id"`
	Magnitude     *float64  `db:"magnitude"`
	MagnitudeType *string   `db:"magnitude_type"`
}

// ResultEvents reads up to limit of the events after the given one that have measurements, in
// order of origin time and id; the zero ResultEvent is before the first. Of a run these are all events
// that it computed, else only active ones with an origin.
func ResultEvents(ctx context.Context, q sqlx.QueryerContext, r Results, after ResultEvent, limit int) ([]ResultEvent, error) {
	where, args := r.Selection.events()
	n := len(args)
	args = append(args, r.Label, after.SortTime, after.ID, limit)
	const sortTime = `COALESCE(o.time, '0001-01-01 00:00:00Z')`
	from, order := `event e JOIN origin o ON o.event_id = e.id AND o.preferred`, `o.time`
	some := fmt.Sprintf(`e.status = 'active' AND EXISTS (SELECT FROM measurement r WHERE r.label = $%d AND r.event_id = e.id)`, n+1)
	if r.Run != 0 {
		args = append(args, r.Run)
		from = fmt.Sprintf(`(SELECT DISTINCT event_id AS id FROM work_item WHERE run_id = $%d AND label = $%d AND status = 'done') r
			JOIN event e USING (id) LEFT JOIN origin o ON o.event_id = e.id AND o.preferred`, n+5, n+1)
		some, order = `true`, sortTime
	}
	var page []ResultEvent
	err := sqlx.SelectContext(ctx, q, &page, fmt.Sprintf(`
		SELECT e.id, e.type, e.description, %s AS sort_time, o.id AS origin_id, o.latitude, o.longitude, o.depth,
			m.id AS magnitude_id, m.value AS magnitude, m.type AS magnitude_type
		FROM %s LEFT JOIN magnitude m ON m.event_id = e.id AND m.preferred
		WHERE %s AND %s AND (%s, e.id) > ($%d, $%d)
		ORDER BY %s, e.id LIMIT $%d`, sortTime, from, some, where, order, n+2, n+3, order, n+4), args...)
	if err != nil {
		return nil, fmt.Errorf("reading events: %w", err)
	}
	for i := range page {
		page[i].SortTime = page[i].SortTime.UTC()
	}
	return page, nil
}

// ResultRow is a measurement with the channel it is of: of rows over both horizontals the first
// of the instrument. Fields are nil where they are not known.
type ResultRow struct {
	Measurement
	AtAxes      bool     `db:"at_axes"` // computed by the recipe that the label has now: its arrays are at the label's axes
	StationName *string  `db:"station_name"`
	Latitude    *float64 `db:"latitude"`
	Longitude   *float64 `db:"longitude"`
	Elevation   *float64 `db:"elevation"` // m
	Depth       *float64 `db:"depth"`     // m below the surface
	Orientation *float64 `db:"channel_azimuth"`
	Dip         *float64 `db:"dip"`
}

// ResultReader reads the rows of events. It holds a prepared statement: planning takes longer than
// reading the rows of most events. It may be used concurrently; close it.
type ResultReader struct {
	results Results
	page    *sqlx.Stmt
}

// ReadResults prepares the reading of rows.
func ReadResults(ctx context.Context, pool *sqlx.DB, r Results) (*ResultReader, error) {
	page, err := pool.PreparexContext(ctx, `
		SELECT m.*, w.recipe_hash = l.recipe_hash AS at_axes, s.name AS station_name,
			c.latitude, c.longitude, c.elevation, c.depth, c.azimuth AS channel_azimuth, c.dip
		FROM measurement m
		JOIN label l ON l.name = m.label
		JOIN work_item w ON w.label = m.label AND w.event_id = m.event_id AND w.network = m.network AND w.station = m.station
			AND w.location = m.location AND w.instrument = m.instrument
		LEFT JOIN LATERAL measured_channel(m.network, m.station, m.location, m.instrument, m.component, $3) c ON true
		LEFT JOIN LATERAL (SELECT name FROM station s WHERE s.network = m.network AND s.code = m.station
			ORDER BY s.from_time <= $3 DESC, s.from_time DESC LIMIT 1) s ON true
		WHERE m.label = $1 AND m.event_id = $2 AND ($9::bigint = 0 OR m.run_id = $9)
			AND (m.network, m.station, m.location, m.instrument, m.component) > ($4, $5, $6, $7, $8)
		ORDER BY m.network, m.station, m.location, m.instrument, m.component LIMIT $10`)
	if err != nil {
		return nil, fmt.Errorf("reading measurements: %w", err)
	}
	return &ResultReader{r, page}, nil
}

// Close frees the statement.
func (r *ResultReader) Close() error { return r.page.Close() }

// Page reads up to limit rows of an event after the given one, in order of network, station, location,
// instrument and component; nil is before the first.
func (r *ResultReader) Page(ctx context.Context, e *ResultEvent, after *ResultRow, limit int) ([]ResultRow, error) {
	if after == nil {
		after = &ResultRow{}
	}
	var page []ResultRow
	err := r.page.SelectContext(ctx, &page, r.results.Label, e.ID, e.SortTime,
		after.Network, after.Station, after.Location, after.Instrument, after.Component, r.results.Run, limit)
	if err != nil {
		return nil, fmt.Errorf("reading measurements: %w", err)
	}
	for i := range page {
		for _, t := range page[i].times() {
			if *t != nil {
				**t = (*t).UTC()
			}
		}
	}
	return page, nil
}

// times are the columns of a row that hold one.
func (m *Measurement) times() []**time.Time {
	return []**time.Time{&m.PGAAt, &m.PGVAt, &m.PGDAt, &m.WoodAndersonAt, &m.MeasuredStart, &m.MeasuredEnd, &m.ReadStart, &m.ReadEnd,
		&m.PAt, &m.SAt, &m.NoiseStart, &m.NoiseEnd, &m.SignalStart, &m.SignalEnd}
}

// ErrNoRun is matched where there is no run of a number.
var ErrNoRun = errors.New("there is no such run")

// RunLabel is the label that a run wrote to.
func RunLabel(ctx context.Context, q sqlx.QueryerContext, id int64) (label string, err error) {
	err = sqlx.GetContext(ctx, q, &label, `SELECT label FROM run WHERE id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("run %d: %w", id, ErrNoRun)
	}
	if err != nil {
		return "", fmt.Errorf("run %d: %w", id, err)
	}
	return label, nil
}
