package cli

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform"
)

const showHelp = `Print the measurements of events, one line per instrument and component, in order
of event, network, station, location, instrument and component. RotD50 and RotD100
stand for both horizontals together. With --json every column is printed, in SI
units, with the periods, dampings, frequencies and bands that its arrays are at; the
names are promised to scripts.

Without an event, all events of the selection are shown.

Columns of the table:
  dist    epicentral distance, km
  pga     greatest absolute acceleration, m/s2 (--units g: %g, percent of gravity)
  pgv     greatest absolute velocity, m/s (cm/s)
  pgd     greatest absolute displacement, m (cm)
  arias   Arias intensity, m/s
  d5-95   time between 5 and 95 % of the Arias intensity, s
  psa     pseudo-spectral acceleration, as pga, at the periods of the label's recipe
          that are nearest to 0.3, 1 and 3 s, with its first damping (named if not 5 %)
  snr     signal-to-noise ratio of the windows' rms

Flags of a row:
  short_pad        fewer data around the windows than the recipe wants
  short_noise      missing data cut the noise window
  short_signal     missing data cut the signal window
  no_depth         the origin has no depth: 0 was used
  incomplete       another component of the instrument has no data
  overlap_differs  data overlap and disagree: the archive's priority decided
  epoch_change     other metadata, or none, hold in a part of the windows
  gain_only        corrected for the total sensitivity alone, not for the response
  clipped          the counts look clipped
  flat_line        the counts stand still for longer than the recipe allows
  no_rotation      the two horizontals cannot be rotated: there is no RotD
  no_usable_band   the signal stands out of the noise in no band that is wide enough
  corner_limit     the data do not resolve the corner frequency of the source
  out_of_range     nearer or farther than the formula of the local magnitude holds
  reviewed         an analyst accepted it, or set windows or corners: see below the table
  implausible      beyond 10 g, or 1000 times the other horizontal, or a gain 100 times
                   that of the other components: look at the response
  calibration, amplifier_saturated, digitizer_clipped, spikes, glitches, padded,
  telemetry_error, filter_charging, time_questionable
                   what headers of the records say against the data
  psa_upsampled    short periods of psa are of interpolated data (only in --json: it
                   is true of most rows)
`

// The units of a table.
const (
	unitsFlag = "units"
	unitsSI   = "si"
	unitsG    = "g"
)

func (a *app) showCommand() *cobra.Command {
	var selection selectionFlags
	var units string
	cmd := &cobra.Command{Use: "show [EVENT...]", Short: "Print the measurements of events", Long: showHelp + selectionHelp,
		ValidArgsFunction: cobra.NoFileCompletions}
	cmd.Args = arguments(cobra.ArbitraryArgs)
	cmd.Flags().StringVar(&units, unitsFlag, unitsSI, "`UNITS` of the table: si (m/s2, m/s, m), or g (%g, cm/s, cm)")
	registerLabel(cmd)
	selection.register(cmd)
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, args []string) error {
		s, err := selection.parse()
		if err != nil {
			return err
		}
		if units != unitsSI && units != unitsG {
			return usagef("--units %q: want si or g", units)
		}
		s.Events = append(args, s.Events...)
		return a.withDatabase(ctx, func(pool *database) error {
			if err := checkEvents(ctx, pool, s.Events); err != nil {
				return err
			}
			return a.show(ctx, pool, a.settings.text(keyLabel), s, units == unitsG)
		})
	})
	return cmd
}

// show prints the measurements of a label for a selection.
func (a *app) show(ctx context.Context, pool *database, label string, s job.Selection, inG bool) error {
	var events []db.EventRow
	err := selectedEvents(ctx, pool, s, func(e db.EventRow) bool {
		events = append(events, e)
		return true
	})
	if err != nil {
		return err
	}
	if len(events) == 0 {
		return a.sayNoEvents(ctx, pool, s)
	}
	shown := a.showTables
	if a.json {
		shown = a.showLines
	}
	n, err := shown(ctx, pool, label, events, s, inG)
	if err == nil && n == 0 {
		return a.sayNoRows(label, len(events))
	}
	return err
}

// sayNoEvents says why a selection holds no event with an origin.
func (a *app) sayNoEvents(ctx context.Context, pool *database, s job.Selection) error {
	found, err := anyEvent(ctx, pool, s)
	switch {
	case err != nil:
		return err
	case found:
		return a.say("no event that matches the selection has an origin, without which nothing is measured")
	}
	return a.say("no events match the selection")
}

// sayNoRows says how to find out why events have no rows.
func (a *app) sayNoRows(label string, events int) error {
	option := labelOption(label)
	return a.say("no measurements with label %q for %s of the selection, at its stations:\n"+
		"  seisbatch run%s                  computes what is due\n"+
		"  seisbatch failures%s             tells what failed, and why\n"+
		"  seisbatch failures%s --skipped   tells what was skipped: too far away, or no data",
		label, counted(events, "event"), option, option, option)
}

// say prints a sentence in place of results; with --json there are just none.
func (a *app) say(format string, args ...any) error {
	if a.json {
		fmt.Fprintf(a.screen, format+"\n", args...)
		return nil
	}
	fmt.Fprintf(a.out, format+"\n", args...)
	return nil
}

// showLines prints the rows as JSON, in order of their keys.
func (a *app) showLines(ctx context.Context, pool *database, label string, events []db.EventRow, s job.Selection, _ bool) (n int, err error) {
	ids := make([]string, len(events))
	for i := range events {
		ids[i] = events[i].ID
	}
	at, err := a.labelAxes(ctx, pool, label)
	if err != nil {
		return 0, err
	}
	reviewed, err := readVerdicts(ctx, pool, ids)
	if err != nil {
		return 0, err
	}
	err = db.Measurements(ctx, pool, label, ids, func(m *db.Measurement) error {
		if !holdsRow(s, m) {
			return nil
		}
		n++
		return a.printJSON(struct {
			*db.Measurement
			axes
			Verdict *string `json:"verdict"` // of a review
		}{m, at, reviewed.of(m)})
	})
	return n, err
}

// showTables prints a table for each event that has rows, in order of time.
func (a *app) showTables(ctx context.Context, pool *database, label string, events []db.EventRow, s job.Selection, inG bool) (n int, err error) {
	at, err := a.labelAxes(ctx, pool, label)
	if err != nil {
		return 0, err
	}
	for _, e := range events {
		t := newMeasurementTable(at, inG)
		err := db.Measurements(ctx, pool, label, []string{e.ID}, func(m *db.Measurement) error {
			if holdsRow(s, m) {
				t.addRow(m)
			}
			return nil
		})
		if err != nil {
			return n, err
		}
		if len(t.rows) > 0 {
			if n > 0 {
				fmt.Fprintln(a.out)
			}
			n += len(t.rows)
			fmt.Fprintln(a.out, eventTitle(e))
			if err := t.write(a.out); err != nil {
				return n, err
			}
		}
		title := ""
		if len(t.rows) == 0 {
			title = strings.Repeat("\n", min(n, 1)) + eventTitle(e) + "\n"
		}
		reviews, err := a.showReviews(ctx, pool, e.ID, s, title)
		if n += reviews; err != nil {
			return n, err
		}
	}
	return n, nil
}

// axes says what the values of arrays belong to: spectra to all periods with the first damping,
// then with the next.
type axes struct {
	Periods        []float64    `json:"periods"`
	Dampings       []float64    `json:"dampings"`
	FASFrequencies []float64    `json:"fas_frequencies"`
	Bands          [][2]float64 `json:"bands"`
}

// labelAxes are those of the label's recipe; none if there is no such label, or the recipe has
// words that another program knows.
func (a *app) labelAxes(ctx context.Context, pool *database, label string) (axes, error) {
	l, err := db.FindLabel(ctx, pool, label)
	if errors.Is(err, sql.ErrNoRows) {
		return axes{}, nil
	}
	if err != nil {
		return axes{}, fmt.Errorf("label %s: %w", label, err)
	}
	r, err := a.words.Parse("of label "+label, []byte(l.Recipe))
	if err != nil {
		a.log.Warn("periods and frequencies are not shown: this program cannot read the recipe of the label", "error", err)
		return axes{}, nil
	}
	m := r.Measure
	x := axes{Periods: m.Periods, Dampings: m.Dampings}
	if m.FAS != nil {
		x.FASFrequencies = m.FAS.Frequencies
	}
	for _, b := range m.Bands {
		x.Bands = append(x.Bands, [2]float64{b.From, b.Until})
	}
	return x, nil
}

func eventTitle(e db.EventRow) string {
	magnitude := "M ?"
	if e.Magnitude != nil {
		magnitude = "M " + magnitudeText(*e.Magnitude)
	}
	depth := ""
	if e.Depth != nil {
		depth = fmt.Sprintf(", depth %.1f km", *e.Depth/1e3)
	}
	return fmt.Sprintf("%s  %s  %s  %.3f %.3f%s", e.ID, e.Time.UTC().Round(100*time.Millisecond).Format("2006-01-02T15:04:05.0Z"), magnitude, e.Latitude, e.Longitude, depth)
}

// magnitudeText writes a magnitude with one decimal, or two where it has them.
func magnitudeText(m float64) string {
	text := strconv.FormatFloat(m, 'f', 2, 64)
	return strings.TrimSuffix(text, "0")
}

// holdsRow checks a row against the part of a selection that is about stations. A
// row over rotations belongs to the horizontals of its instrument.
func holdsRow(s job.Selection, m *db.Measurement) bool {
	id := waveform.SourceID{Network: m.Network, Station: m.Station, Location: m.Location, Channel: m.Instrument + componentLetter(m)}
	return s.HoldsChannel(id) && (s.MaxDistance == 0 || m.Distance != nil && *m.Distance <= s.MaxDistance)
}

// componentLetter is the component or, for one made of several, a letter that no
// channel has: HN? is also its pattern, HNZ is not.
func componentLetter(m *db.Measurement) string {
	if len(m.Component) > 1 {
		return "#"
	}
	return m.Component
}
