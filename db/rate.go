package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// DataRates reads the sample rate (Hz) that most of the data within each channel epoch have, by the
// epoch's id; epochs without data are left out. Only data of the time from .. until count,
// where these are not zero.
func DataRates(ctx context.Context, q sqlx.QueryerContext, from, until time.Time) (map[int64]float64, error) {
	var rows []struct {
		ID   int64   `db:"id"`
		Rate float64 `db:"sample_rate"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `SELECT DISTINCT ON (id) id, sample_rate FROM (
			SELECT c.id, s.sample_rate, sum(s.samples) AS samples
			FROM channel c JOIN segment s ON s.network = c.network AND s.station = c.station AND s.location = c.location
				AND s.channel = c.channel AND s.start_time < c.until_time AND s.end_time >= c.from_time
			WHERE s.end_time >= $1 AND s.start_time < $2
			GROUP BY c.id, s.sample_rate) r
		ORDER BY id, samples DESC, sample_rate`, From(from), Until(until))
	if err != nil {
		return nil, fmt.Errorf("reading the sample rates of data: %w", err)
	}
	rates := make(map[int64]float64, len(rows))
	for _, r := range rows {
		rates[r.ID] = r.Rate
	}
	return rates, nil
}
