package cli

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/db"
)

// selectionFlags are the texts of the selection flags, the same in every verb
// that has them; "" is not given.
type selectionFlags struct {
	from, until, minMagnitude, maxMagnitude   string
	bbox, center, radius, maxDistance         string
	events, networks, stations, locs, channel []string
}

const selectionHelp = `
Selection: times are UTC, as 2019-10-15 or 2019-10-15T05:33:42Z, --from included
and --until not. Names take the wildcards * and ?, lists are with commas or by
repeating the flag; --location -- is the empty location, --channel HN all channels
of the instrument, HN?. An event goes by any of its public ids, or by the last part
of one.`

func (f *selectionFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.from, "from", "", "events at or after `TIME`")
	flags.StringVar(&f.until, "until", "", "events before `TIME`")
	flags.StringSliceVar(&f.events, "event", nil, "these events, by `ID`")
	flags.StringVar(&f.minMagnitude, "min-magnitude", "", "events of magnitude `M` or more")
	flags.StringVar(&f.maxMagnitude, "max-magnitude", "", "events of magnitude `M` or less")
	flags.StringVar(&f.bbox, "bbox", "", "events in the box `S,W,N,E`, degrees; E may be west of W, across the date line")
	flags.StringVar(&f.center, "center", "", "events around `LAT,LON`, degrees; with --radius")
	flags.StringVar(&f.radius, "radius", "", "events within `KM` of --center")
	flags.StringVar(&f.maxDistance, "max-distance", "", "stations within `KM` of the epicentre")
	f.registerChannels(cmd)
}

// registerChannels adds the flags that select channels by their codes.
func (f *selectionFlags) registerChannels(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringSliceVar(&f.networks, "network", nil, "stations of these networks (`PATTERN`)")
	flags.StringSliceVar(&f.stations, "station", nil, "these stations (`PATTERN`)")
	flags.StringSliceVar(&f.locs, "location", nil, "these locations (`PATTERN`)")
	flags.StringSliceVar(&f.channel, "channel", nil, "these channels (`PATTERN`): HNZ, or HN for all of the instrument")
}

// registerLabel adds the flag for the result set.
func registerLabel(cmd *cobra.Command) {
	cmd.Flags().String(keyLabel, "", "result set `NAME` (default default)")
}

// parse makes the selection. What is wrong is a usageError that names the flag.
func (f *selectionFlags) parse() (job.Selection, error) {
	var p flagParser
	s := job.Selection{
		Selection: db.Selection{
			From: p.time("from", f.from), Until: p.time("until", f.until), Events: f.events,
			MinMagnitude: p.number("min-magnitude", f.minMagnitude), MaxMagnitude: p.number("max-magnitude", f.maxMagnitude),
			Box: p.box(f.bbox),
		},
		Center: p.point(f.center), Radius: p.kilometres("radius", f.radius), MaxDistance: p.kilometres("max-distance", f.maxDistance),
		Networks: p.patterns("network", f.networks), Stations: p.patterns("station", f.stations),
		Locations: p.patterns("location", f.locs), Channels: p.channels(f.channel),
	}
	switch {
	case !s.From.IsZero() && !s.Until.IsZero() && !s.From.Before(s.Until):
		p.failf("--until %s is not after --from %s", f.until, f.from)
	case s.MinMagnitude != nil && s.MaxMagnitude != nil && *s.MinMagnitude > *s.MaxMagnitude:
		p.failf("--min-magnitude %s is above --max-magnitude %s", f.minMagnitude, f.maxMagnitude)
	case (f.center == "") != (f.radius == ""):
		p.failf("--center and --radius go together")
	}
	for _, id := range f.events {
		if strings.TrimSpace(id) == "" {
			p.failf("--event: want the id of an event")
		}
	}
	return s, p.err
}

// flagParser reads the values of flags and keeps the first error.
type flagParser struct{ err error }

func (p *flagParser) failf(format string, args ...any) {
	if p.err == nil {
		p.err = usagef(format, args...)
	}
}

// time reads a date, or a date and time that is UTC unless it has an offset.
func (p *flagParser) time(flag, text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC()
		}
	}
	p.failf("--%s %q: want a time such as 2019-10-15 or 2019-10-15T05:33:42Z", flag, text)
	return time.Time{}
}

func (p *flagParser) number(flag, text string) *float64 {
	if text == "" {
		return nil
	}
	v, err := finite(text)
	if err != nil {
		p.failf("--%s %q: want a number", flag, text)
	}
	return &v
}

// kilometres reads a positive distance and returns it in m; 0 if it is not given.
func (p *flagParser) kilometres(flag, text string) float64 {
	if text == "" {
		return 0
	}
	v, err := finite(text)
	if err != nil || v <= 0 {
		p.failf("--%s %q: want a distance in km, above 0", flag, text)
	}
	return v * 1e3
}

func (p *flagParser) box(text string) *db.Box {
	if text == "" {
		return nil
	}
	v, err := numbers(text, 4)
	switch {
	case err != nil:
		p.failf("--bbox %q: want S,W,N,E in degrees, such as 37,-123,39,-121", text)
	case !isPlace(v[0], v[1]) || !isPlace(v[2], v[3]):
		p.failf("--bbox %q: want latitudes within 90 and longitudes within 180 degrees", text)
	case v[0] > v[2]:
		p.failf("--bbox %q: the south is north of the north; the order is S,W,N,E", text)
	default:
		return &db.Box{South: v[0], West: v[1], North: v[2], East: v[3]}
	}
	return nil
}

func (p *flagParser) point(text string) *job.Point {
	if text == "" {
		return nil
	}
	v, err := numbers(text, 2)
	switch {
	case err != nil:
		p.failf("--center %q: want LAT,LON in degrees, such as 37.9,-122.1", text)
	case !isPlace(v[0], v[1]):
		p.failf("--center %q: want a latitude within 90 and a longitude within 180 degrees", text)
	default:
		return &job.Point{Latitude: v[0], Longitude: v[1]}
	}
	return nil
}

// patterns checks names with FDSN's wildcards.
func (p *flagParser) patterns(flag string, list []string) []string {
	allowed := regexp.MustCompile(`^[A-Za-z0-9*?-]+$`)
	for _, name := range list {
		if !allowed.MatchString(name) {
			p.failf("--%s %q: want letters, digits and the wildcards * and ?", flag, name)
		}
	}
	return list
}

// channels checks channel codes. Two letters are an instrument: HN is HN?.
func (p *flagParser) channels(list []string) []string {
	const instrument, channel = 2, 3 // letters of a code
	var out []string
	for _, name := range p.patterns("channel", list) {
		switch n := len(name); {
		case n == instrument && !strings.Contains(name, "*"):
			name += "?"
		case n != channel && !strings.Contains(name, "*"):
			p.failf("--channel %q: want three letters, such as HNZ or HN?, or the two of an instrument, such as HN", name)
		}
		out = append(out, name)
	}
	return out
}

func isPlace(latitude, longitude float64) bool {
	return math.Abs(latitude) <= 90 && math.Abs(longitude) <= 180
}

// numbers reads n finite numbers with commas between.
func numbers(text string, n int) ([]float64, error) {
	parts := strings.Split(text, ",")
	if len(parts) != n {
		return nil, fmt.Errorf("%d numbers in place of %d", len(parts), n)
	}
	out := make([]float64, n)
	for i, part := range parts {
		v, err := finite(part)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

func finite(text string) (float64, error) {
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err == nil && (math.IsNaN(v) || math.IsInf(v, 0)) {
		err = fmt.Errorf("%q is not finite", text)
	}
	return v, err
}
