package job

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/cmd/internal/export"
	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// Sizes of keyset pages.
const (
	resultEvents = 200
	resultRows   = 1000
)

// Results are the measurements of a label for a selection, as they are read for an export. Reading
// takes page by page, each as the database then is. It belongs to one goroutine.
type Results struct {
	Label     string
	Run       int64 // only what this run computed; 0: all
	Selection Selection
	Holds     func(*db.Measurement) bool // which rows; nil: all

	pool   *sqlx.DB
	reader *db.ResultReader
	// Unplaced counts the rows read whose spectra were left out: they are of an earlier recipe of
	// the label, and at what periods and frequencies they are is no longer known.
	Unplaced int64
}

// Open finds the label and gives what a file says of it: label, recipe and axes. Close the results, also
// after an error.
func (r *Results) Open(ctx context.Context, pool *sqlx.DB, words recipe.Language) (*export.Header, error) {
	r.pool = pool
	label, err := db.FindLabel(ctx, pool, r.Label)
	if err != nil {
		return nil, fmt.Errorf("label %s: %w", r.Label, err)
	}
	axes := label.Axes
	if axes.Periods == nil {
		parsed, err := words.Parse("of label "+r.Label, []byte(label.Recipe))
		if err != nil {
			return nil, fmt.Errorf("what the spectra of label %s are at is not known: 'seisbatch run --label %s', with the program that made it, tells it to the database: %w",
				r.Label, r.Label, err)
		}
		axes = axesOf(&parsed)
	}
	h := &export.Header{Label: r.Label, RecipeHash: hex.EncodeToString(label.RecipeHash),
		Axes: export.Axes{Oscillators: axes.Spectra, Periods: axes.Periods, Dampings: axes.Dampings, Frequencies: axes.Frequencies}}
	for i := range min(len(axes.BandFrom), len(axes.BandUntil)) {
		h.Axes.Bands = append(h.Axes.Bands, export.Band{From: axes.BandFrom[i], Until: axes.BandUntil[i]})
	}
	r.reader, err = db.ReadResults(ctx, pool, r.query())
	return h, err
}

// Close gives back what reading held.
func (r *Results) Close() error {
	if r.reader == nil {
		return nil
	}
	return r.reader.Close()
}

func (r *Results) query() db.Results {
	return db.Results{Label: r.Label, Run: r.Run, Selection: r.Selection.Selection}
}

// Events gives the events that have measurements, in order of time. Rows of the selection they
// need not have. An error is the last.
func (r *Results) Events(ctx context.Context) iter.Seq2[*db.ResultEvent, error] {
	return func(yield func(*db.ResultEvent, error) bool) {
		var last db.ResultEvent
		for {
			page, err := db.ResultEvents(ctx, r.pool, r.query(), last, resultEvents)
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range page {
				if r.holdsEvent(&page[i]) && !yield(&page[i], nil) {
					return
				}
			}
			if len(page) < resultEvents {
				return
			}
			last = page[len(page)-1]
		}
	}
}

func (r *Results) holdsEvent(e *db.ResultEvent) bool {
	if r.Selection.Center == nil {
		return true
	}
	return e.Latitude != nil && e.Longitude != nil && r.Selection.holdsEvent(db.EventRow{Latitude: *e.Latitude, Longitude: *e.Longitude})
}

// Rows gives the rows of an event.
func (r *Results) Rows(ctx context.Context, e *db.ResultEvent) export.Rows {
	return func(yield func(*export.Row, error) bool) {
		row := export.Row{Event: exportedEvent(e)}
		var last *db.ResultRow
		for {
			page, err := r.reader.Page(ctx, e, last, resultRows)
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range page {
				if r.Holds != nil && !r.Holds(&page[i].Measurement) {
					continue
				}
				r.fill(&row, &page[i])
				if !yield(&row, nil) {
					return
				}
			}
			if len(page) < resultRows {
				return
			}
			last = &page[len(page)-1]
		}
	}
}

// All gives the rows of all events.
func (r *Results) All(ctx context.Context) export.Rows {
	return func(yield func(*export.Row, error) bool) {
		for e, err := range r.Events(ctx) {
			if err != nil {
				yield(nil, err)
				return
			}
			for row, err := range r.Rows(ctx, e) {
				if !yield(row, err) {
					return
				}
			}
		}
	}
}

func exportedEvent(e *db.ResultEvent) *export.Event {
	x := &export.Event{ID: e.ID, Type: e.Type, Description: e.Description, Latitude: number(e.Latitude), Longitude: number(e.Longitude),
		Depth: number(e.Depth), OriginID: textOf(e.OriginID), Magnitude: number(e.Magnitude), MagnitudeID: textOf(e.MagnitudeID), MagnitudeType: textOf(e.MagnitudeType)}
	if e.OriginID != nil {
		x.Time = e.SortTime
	}
	return x
}

// fill makes a row of what was read, in place of what the row was before.
func (r *Results) fill(row *export.Row, m *db.ResultRow) {
	*row = export.Row{Event: row.Event, Network: m.Network, Station: m.Station, Location: m.Location, Instrument: m.Instrument, Component: m.Component,
		StationName: textOf(m.StationName), Latitude: number(m.Latitude), Longitude: number(m.Longitude), Elevation: number(m.Elevation),
		Depth: number(m.Depth), Distance: number(m.Distance), Azimuth: number(m.Azimuth), SampleRate: number(m.SampleRate), Highpass: number(m.Highpass),
		Lowpass: number(m.Lowpass), TimingQuality: number(m.TimingQuality), Numbers: numbersOf(&m.Measurement), Times: timesOf(&m.Measurement),
		TimeSource: textOf(m.TimeSource), Flags: m.Flags, Definitions: int64(m.Definitions), RunID: m.RunID, Orientation: math.NaN(), Dip: math.NaN()}
	if len(m.Component) == 1 {
		row.Orientation, row.Dip = number(m.Orientation), number(m.Dip)
	}
	if m.FASLength != nil {
		row.FASLength = int64(*m.FASLength)
	}
	if m.Extra != nil {
		row.Extra = json.RawMessage(*m.Extra)
	}
	spectra := [export.Spectra][]float64{export.PSA: m.PSA, export.SA: m.SA, export.SD: m.SD, export.SV: m.SV, export.FAS: m.FAS, export.BandSNR: m.BandSNR}
	if m.AtAxes {
		row.Spectra = spectra
		return
	}
	for _, s := range spectra {
		if s != nil {
			r.Unplaced++
			return
		}
	}
}

func numbersOf(m *db.Measurement) [export.Scalars]float64 {
	return [export.Scalars]float64{
		export.Mean: number(m.Mean), export.RMS: number(m.RMS), export.Min: number(m.Min), export.Max: number(m.Max), export.Std: number(m.Std),
		export.Skewness: number(m.Skewness), export.Kurtosis: number(m.Kurtosis), export.SNR: number(m.SNR),
		export.PGA: number(m.PGA), export.PGV: number(m.PGV), export.PGD: number(m.PGD), export.Arias: number(m.Arias), export.CAV: number(m.CAV),
		export.D575: number(m.D575), export.D595: number(m.D595), export.SortedDuration: number(m.SortedDuration), export.STALTAMax: number(m.STALTAMax),
		export.DominantFrequency: number(m.DominantFrequency), export.SpectralCentroid: number(m.SpectralCentroid),
		export.SpectralBandwidth: number(m.SpectralBandwidth), export.UsableLow: number(m.UsableLow), export.UsableHigh: number(m.UsableHigh),
		export.WoodAnderson: number(m.WoodAnderson), export.LocalMagnitude: number(m.LocalMagnitude), export.Moment: number(m.Moment),
		export.CornerFrequency: number(m.CornerFrequency), export.StressDrop: number(m.StressDrop), export.Kappa: number(m.Kappa),
		export.SourceMisfit: number(m.SourceMisfit),
	}
}

func timesOf(m *db.Measurement) [export.Instants]time.Time {
	return [export.Instants]time.Time{
		export.PGAAt: timeOf(m.PGAAt), export.PGVAt: timeOf(m.PGVAt), export.PGDAt: timeOf(m.PGDAt), export.WoodAndersonAt: timeOf(m.WoodAndersonAt),
		export.PAt: timeOf(m.PAt), export.SAt: timeOf(m.SAt), export.NoiseStart: timeOf(m.NoiseStart), export.NoiseEnd: timeOf(m.NoiseEnd),
		export.SignalStart: timeOf(m.SignalStart), export.SignalEnd: timeOf(m.SignalEnd), export.MeasuredStart: timeOf(m.MeasuredStart),
		export.MeasuredEnd: timeOf(m.MeasuredEnd), export.ReadStart: timeOf(m.ReadStart), export.ReadEnd: timeOf(m.ReadEnd),
	}
}

func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

func textOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
