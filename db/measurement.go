package db

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Measurement is one row of results: see the comments on the table for units. The
// JSON names are those of the columns, and are promised to scripts.
type Measurement struct {
	Label string `db:"label" json:"label"`
	ItemKey
	Component         string     `db:"component" json:"component"`
	Mean              *float64   `db:"mean" json:"mean"`
	RMS               *float64   `db:"rms" json:"rms"`
	Min               *float64   `db:"min" json:"min"`
	Max               *float64   `db:"max" json:"max"`
	Std               *float64   `db:"std" json:"std"`
	Skewness          *float64   `db:"skewness" json:"skewness"`
	Kurtosis          *float64   `db:"kurtosis" json:"kurtosis"`
	SNR               *float64   `db:"snr" json:"snr"`
	PGA               *float64   `db:"pga" json:"pga"`
	PGAAt             *time.Time `db:"pga_at" json:"pga_at"`
	PGV               *float64   `db:"pgv" json:"pgv"`
	PGVAt             *time.Time `db:"pgv_at" json:"pgv_at"`
	PGD               *float64   `db:"pgd" json:"pgd"`
	PGDAt             *time.Time `db:"pgd_at" json:"pgd_at"`
	Arias             *float64   `db:"arias" json:"arias"`
	CAV               *float64   `db:"cav" json:"cav"`
	D575              *float64   `db:"d5_75" json:"d5_75"`
	D595              *float64   `db:"d5_95" json:"d5_95"`
	PSA               Floats     `db:"psa" json:"psa"`
	STALTAMax         *float64   `db:"stalta_max" json:"stalta_max"`
	DominantFrequency *float64   `db:"dominant_frequency" json:"dominant_frequency"`

	BandSNR           Floats           `db:"band_snr" json:"band_snr"`
	SortedDuration    *float64         `db:"sorted_duration" json:"sorted_duration"`
	SA                Floats           `db:"sa" json:"sa"`
	SD                Floats           `db:"sd" json:"sd"`
	SV                Floats           `db:"sv" json:"sv"`
	SpectralCentroid  *float64         `db:"spectral_centroid" json:"spectral_centroid"`
	SpectralBandwidth *float64         `db:"spectral_bandwidth" json:"spectral_bandwidth"`
	FAS               Floats           `db:"fas" json:"fas"`
	FASLength         *int             `db:"fas_length" json:"fas_length"`
	UsableLow         *float64         `db:"usable_low" json:"usable_low"`
	UsableHigh        *float64         `db:"usable_high" json:"usable_high"`
	WoodAnderson      *float64         `db:"wood_anderson" json:"wood_anderson"`
	WoodAndersonAt    *time.Time       `db:"wood_anderson_at" json:"wood_anderson_at"`
	LocalMagnitude    *float64         `db:"local_magnitude" json:"local_magnitude"`
	Moment            *float64         `db:"moment" json:"moment"`
	CornerFrequency   *float64         `db:"corner_frequency" json:"corner_frequency"`
	StressDrop        *float64         `db:"stress_drop" json:"stress_drop"`
	Kappa             *float64         `db:"kappa" json:"kappa"`
	SourceMisfit      *float64         `db:"source_misfit" json:"source_misfit"`
	Extra             *json.RawMessage `db:"extra" json:"extra"`
	MeasuredStart     *time.Time       `db:"measured_start" json:"measured_start"`
	MeasuredEnd       *time.Time       `db:"measured_end" json:"measured_end"`
	ReadStart         *time.Time       `db:"read_start" json:"read_start"`
	ReadEnd           *time.Time       `db:"read_end" json:"read_end"`
	Definitions       int              `db:"definitions" json:"definitions"`
	TimingQuality     *float64         `db:"timing_quality" json:"timing_quality"`

	Distance    *float64   `db:"distance" json:"distance"`
	Azimuth     *float64   `db:"azimuth" json:"azimuth"`
	SampleRate  *float64   `db:"sample_rate" json:"sample_rate"`
	Highpass    *float64   `db:"highpass" json:"highpass"`
	Lowpass     *float64   `db:"lowpass" json:"lowpass"`
	PAt         *time.Time `db:"p_at" json:"p_at"`
	SAt         *time.Time `db:"s_at" json:"s_at"`
	TimeSource  *string    `db:"time_source" json:"time_source"`
	NoiseStart  *time.Time `db:"noise_start" json:"noise_start"`
	NoiseEnd    *time.Time `db:"noise_end" json:"noise_end"`
	SignalStart *time.Time `db:"signal_start" json:"signal_start"`
	SignalEnd   *time.Time `db:"signal_end" json:"signal_end"`
	Flags       Texts      `db:"flags" json:"flags"`
	RunID       int64      `db:"run_id" json:"run_id"`
}

// Measurements reads the rows of a label for events, in order of their key; nil is
// all events, an empty list none. The rows are handed to each, one by one, valid until it returns.
func Measurements(ctx context.Context, q sqlx.QueryerContext, label string, eventIDs []string, each func(*Measurement) error) error {
	rows, err := q.QueryxContext(ctx, `SELECT * FROM measurement WHERE label = $1 AND ($2::text[] IS NULL OR event_id = ANY($2))
		ORDER BY event_id, network, station, location, instrument, component`, label, pq.Array(eventIDs))
	if err != nil {
		return fmt.Errorf("reading measurements: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var m Measurement
		if err := rows.StructScan(&m); err != nil {
			return fmt.Errorf("reading measurements: %w", err)
		}
		for _, t := range m.times() {
			if *t != nil {
				**t = (*t).UTC()
			}
		}
		if err := each(&m); err != nil {
			return err
		}
	}
	return rows.Err()
}
