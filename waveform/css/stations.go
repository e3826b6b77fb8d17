package css

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

// Stations makes station epochs of site, with the channel epochs of sitechan, and
// what affiliation, snetsta, schanloc, sensor, instrument and wfdisc add to them. Only site has to be there. They
// are in order of network, station and time. See the package's description for the rules.
func (d *Database) Stations() ([]waveform.Station, []Problem, error) {
	if err := d.need(SiteTable); err != nil {
		return nil, nil, err
	}
	var list problems
	b, err := d.stationBuilder(&list)
	if err != nil {
		return nil, list.list(), err
	}
	b.stations()
	b.channels()
	out := make([]waveform.Station, 0, len(b.epochs))
	for _, e := range b.epochs {
		slices.SortStableFunc(e.station.Channels, func(a, b waveform.Channel) int {
			return cmp.Or(a.ID.Compare(b.ID), a.From.Compare(b.From))
		})
		out = append(out, e.station)
	}
	slices.SortStableFunc(out, func(a, b waveform.Station) int {
		return cmp.Or(strings.Compare(a.Network, b.Network), strings.Compare(a.Code, b.Code), a.From.Compare(b.From))
	})
	return out, list.list(), nil
}

// stationBuilder holds what is known of stations while they are put together.
type stationBuilder struct {
	names       *names
	list        *problems
	files       map[Table]string
	sites       map[string][]Site // of a station, in order of time
	order       []string          // of the stations
	rows        map[stationChannel][]Sitechan
	rowOrder    []stationChannel
	dips        bool // vang has dips
	sensors     map[stationChannel][]Sensor
	instruments map[int64]Instrument
	gains       map[channelEpoch]gain
	epochs      []*stationEpoch
	byStation   map[string][]*stationEpoch
}

// stationEpoch is a site's row on its way to a station.
type stationEpoch struct{ station waveform.Station }

func (d *Database) stationBuilder(list *problems) (*stationBuilder, error) {
	b := &stationBuilder{list: list, files: map[Table]string{}, sites: map[string][]Site{}, rows: map[stationChannel][]Sitechan{},
		sensors: map[stationChannel][]Sensor{}, instruments: map[int64]Instrument{}, gains: map[channelEpoch]gain{}, byStation: map[string][]*stationEpoch{}}
	for _, t := range []Table{SiteTable, SitechanTable, WfdiscTable} {
		b.files[t] = d.Path(t)
	}
	var err error
	if b.names, err = d.names(list); err != nil {
		return nil, err
	}
	if err = load(d, list, b.addSite); err != nil {
		return nil, err
	}
	if b.files[SitechanTable] == "" {
		list.report(NoTable, d.Prefix, "", "there is no %s.sitechan: the stations have no channels; put it beside the others", d.Name)
	}
	if err = load(d, list, b.addSitechan); err != nil {
		return nil, err
	}
	err = load(d, list, func(_ int, s Sensor) {
		key := stationChannel{s.Station, s.Channel}
		b.sensors[key] = append(b.sensors[key], s)
	})
	if err != nil {
		return nil, err
	}
	if err = load(d, list, func(_ int, i Instrument) { b.instruments[i.ID] = i }); err != nil {
		return nil, err
	}
	return b, load(d, list, b.addGain)
}

func (b *stationBuilder) addSite(_ int, s Site) {
	if _, known := b.sites[s.Station]; !known {
		b.order = append(b.order, s.Station)
	}
	b.sites[s.Station] = append(b.sites[s.Station], s)
}

func (b *stationBuilder) addSitechan(_ int, s Sitechan) {
	key := stationChannel{s.Station, s.Channel}
	if _, known := b.rows[key]; !known {
		b.rowOrder = append(b.rowOrder, key)
	}
	b.rows[key] = append(b.rows[key], s)
	b.dips = b.dips || s.Vertical < 0
}

// stations makes an epoch of each site. A station is at one place at a time: an
// epoch ends where the next begins.
func (b *stationBuilder) stations() {
	for _, name := range b.order {
		sites := b.sites[name]
		slices.SortStableFunc(sites, func(x, y Site) int { return x.On.Compare(y.On) })
		network, code := b.names.station(name)
		for i, s := range sites {
			from, until, ok := s.On, after(s.Off, time.Time{}), true
			if i+1 < len(sites) {
				until, ok = b.untilNext(name, s, sites[i+1].On)
			}
			if !ok || !isSpan(from, until) {
				b.report(SiteTable, Inconsistent, name, "the site of %s ends before it begins, or begins with another: left out; correct its dates", dayText(s.On))
				continue
			}
			if math.Abs(s.Latitude) > 90 || math.Abs(s.Longitude) > 360 {
				b.report(SiteTable, Implausible, name, "latitude %v, longitude %v is no place on the globe: kept; correct it", s.Latitude, s.Longitude)
			}
			e := &stationEpoch{waveform.Station{Network: network, Code: code, Name: s.Name, From: from, Until: until,
				Latitude: s.Latitude, Longitude: s.Longitude, Elevation: metres(s.Elevation)}}
			b.epochs = append(b.epochs, e)
			b.byStation[name] = append(b.byStation[name], e)
		}
	}
}

// untilNext is the end of a site that is followed by another; false if both begin at one
// time.
func (b *stationBuilder) untilNext(name string, s Site, next time.Time) (time.Time, bool) {
	if !next.After(s.On) {
		return time.Time{}, false
	}
	until := after(s.Off, next)
	if until.IsZero() || until.After(next) {
		b.report(SiteTable, Inconsistent, name, "the site of %s goes on when another begins: it ends there; give it an offdate", dayText(s.On))
		return next, true
	}
	return until, true
}

func (b *stationBuilder) report(t Table, code Code, subject, format string, args ...any) {
	b.list.report(code, b.files[t], subject, format, args...)
}

// channels makes an epoch of each sitechan at each site that it was at.
func (b *stationBuilder) channels() {
	if b.dips {
		b.report(SitechanTable, Implausible, "", "vang is negative somewhere: whoever wrote the table put the dip there, which cannot be told from a vang of 0; no channel has a dip, correct the column")
	}
	for _, key := range b.rowOrder {
		rows := b.rows[key]
		slices.SortStableFunc(rows, func(x, y Sitechan) int { return x.On.Compare(y.On) })
		for i, row := range rows {
			var next time.Time
			if i+1 < len(rows) {
				next = rows[i+1].On
			}
			b.channel(key, row, row.On, after(row.Off, next))
		}
	}
}

// channel puts a channel epoch into the station epochs it overlaps, and reports where
// there is none.
func (b *stationBuilder) channel(key stationChannel, row Sitechan, from, until time.Time) {
	subject := key.station + "." + key.channel
	if !isSpan(from, until) {
		b.report(SitechanTable, Inconsistent, subject, "the channel of %s ends before it begins: left out; correct its dates", dayText(from))
		return
	}
	covered := span{}
	for _, e := range b.byStation[key.station] {
		c := waveform.Channel{From: later(from, e.station.From), Until: earlier(until, e.station.Until)}
		if !isSpan(c.From, c.Until) {
			continue
		}
		covered.add(c.From, c.Until)
		b.fill(&c, key, row, e.station)
		e.station.Channels = append(e.station.Channels, c)
	}
	switch {
	case covered.pieces == 0:
		b.report(SitechanTable, NoSite, subject, "site has no place for the channel of %s: left out; complete the site table", dayText(from))
	case !covered.covers(from, until):
		b.report(SitechanTable, NoSite, subject, "site has a place for only a part of the time of the channel of %s: it was cut to that; complete the site table", dayText(from))
	}
}

// fill says what there is to say of a channel epoch at a site.
func (b *stationBuilder) fill(c *waveform.Channel, key stationChannel, row Sitechan, s waveform.Station) {
	c.ID = b.names.id(key.station, key.channel)
	c.Latitude, c.Longitude, c.Elevation = s.Latitude, s.Longitude, s.Elevation
	c.Depth = metres(row.Depth)
	c.Azimuth, c.Dip = b.orientation(key, row)
	c.Sensor = row.Description
	if i, ok := b.instrument(key, c.From, c.Until); ok {
		c.Sensor = cmp.Or(i.Name, c.Sensor)
		if i.SampleRate > 0 {
			c.SampleRate = exactRate(i.SampleRate)
		}
	}
	c.Response = b.response(channelEpoch{key, row.On})
}

// orientation makes azimuth and dip of hang and vang.
func (b *stationBuilder) orientation(key stationChannel, row Sitechan) (azimuth, dip float64) {
	azimuth, dip = row.Horizontal, row.Vertical-90
	if b.dips {
		dip = math.NaN()
	}
	subject := key.station + "." + key.channel
	if dip > 90 {
		b.report(SitechanTable, Implausible, subject, "vang is %v: want 0 (up) to 180; there is no dip, correct it", row.Vertical)
		dip = math.NaN()
	}
	if math.Abs(azimuth) > 360 {
		b.report(SitechanTable, Implausible, subject, "hang is %v: want 0 to 360; there is no azimuth, correct it", row.Horizontal)
		azimuth = math.NaN()
	}
	if azimuth < 0 {
		azimuth += 360
	}
	return azimuth, dip
}

// instrument is the one that a channel had for most of a time.
func (b *stationBuilder) instrument(key stationChannel, from, until time.Time) (best Instrument, ok bool) {
	longest := time.Duration(0)
	for _, s := range b.sensors[key] {
		begin, end := later(from, s.From), earlier(until, s.Until)
		if !isSpan(begin, end) || length(begin, end) <= longest {
			continue
		}
		if i, known := b.instruments[s.Instrument]; known {
			longest, best, ok = length(begin, end), i, true
		}
	}
	return best, ok
}
