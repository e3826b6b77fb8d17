package main

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
)

// agreement bounds the relative difference of two numbers for the same thing.
const agreement = 1e-6

// component names the rows of one component, or rotation, of all events.
type component struct{ network, station, location, instrument, component string }

// sameEvent is how near two P times at a station are, of one event by two programs.
const sameEvent = time.Millisecond

// compare checks that the script and the database have the same rows with the same
// peaks and spectra, and prints the greatest difference.
func compare(ctx context.Context, pool *sqlx.DB, theirs []referenceRow) error {
	ours, total := map[component][]db.Measurement{}, 0
	err := db.Measurements(ctx, pool, "default", nil, func(m *db.Measurement) error {
		id := component{m.Network, m.Station, m.Location, m.Instrument, m.Component}
		ours[id] = append(ours[id], *m)
		total++
		return nil
	})
	if err != nil {
		return err
	}
	if len(theirs) != total {
		return fmt.Errorf("not the same work: ObsPy has %d rows, the database %d", len(theirs), total)
	}
	worst, numbers := 0.0, 0
	for i := range theirs {
		r := &theirs[i]
		m, err := r.among(ours[component{r.Network, r.Station, r.Location, r.Instrument, r.Component}])
		if err != nil {
			return err
		}
		d := r.difference(m)
		if !(d <= agreement) {
			return fmt.Errorf("not the same work: PGA, PGV or PSA of %s differ by %.1e", r, d)
		}
		worst = max(worst, d)
		numbers += 2 + len(r.PSA)
	}
	fmt.Printf("  same work: PGA, PGV and PSA of all %d rows (%d numbers) agree, relative difference at most %.1e\n", total, numbers, worst)
	return nil
}

func (r *referenceRow) String() string {
	return fmt.Sprintf("%s.%s.%s.%s %s with P at %s", r.Network, r.Station, r.Location, r.Instrument, r.Component, r.P)
}

// among finds the row of the same event.
func (r *referenceRow) among(rows []db.Measurement) (*db.Measurement, error) {
	p, err := time.Parse(time.RFC3339Nano, r.P)
	if err != nil {
		return nil, fmt.Errorf("a row of the script: %w", err)
	}
	for i := range rows {
		if m := &rows[i]; m.PAt != nil && m.PAt.Sub(p).Abs() < sameEvent {
			return m, nil
		}
	}
	return nil, fmt.Errorf("not the same work: ObsPy has %s, the database has not", r)
}

// difference is the greatest relative difference of the peaks and the spectrum; NaN
// where one has a number that the other has not.
func (r *referenceRow) difference(m *db.Measurement) float64 {
	if m.PGA == nil || m.PGV == nil || len(m.PSA) != len(r.PSA) {
		return math.NaN()
	}
	worst := max(relative(*m.PGA, r.PGA), relative(*m.PGV, r.PGV))
	for i := range r.PSA {
		worst = max(worst, relative(m.PSA[i], r.PSA[i]))
	}
	return worst
}

func relative(x, reference float64) float64 { return math.Abs(x-reference) / math.Abs(reference) }
