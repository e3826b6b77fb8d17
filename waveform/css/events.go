package css

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/seisbatch/seisbatch/waveform"
)

// Events makes events of origin and event, with the arrivals of assoc and arrival and the
// magnitudes of origin and netmag. Only origin has to be there. They are in order of
// the first row of origin. See the package's description for the rules.
func (d *Database) Events() ([]waveform.Event, []Problem, error) {
	if err := d.need(OriginTable); err != nil {
		return nil, nil, err
	}
	var list problems
	n, err := d.names(&list)
	if err != nil {
		return nil, list.list(), err
	}
	b := &eventBuilder{prefix: cmp.Or(d.options.Prefix, "smi:local/"+d.Name), names: n, list: &list, origins: map[int64]int{}, events: map[int64]Event{},
		assocs: map[int64][]Assoc{}, arrivals: map[int64]Arrival{}, netmags: map[int64][]Netmag{}, numbers: map[int64]bool{}}
	if err := b.load(d); err != nil {
		return nil, list.list(), err
	}
	return b.build(), list.list(), nil
}

// eventBuilder holds what is known of events while they are put together.
type eventBuilder struct {
	prefix   string
	names    *names
	list     *problems
	rows     []Origin
	origins  map[int64]int // where in rows an orid is
	events   map[int64]Event
	assocs   map[int64][]Assoc // of an origin
	arrivals map[int64]Arrival
	netmags  map[int64][]Netmag // of an origin
	numbers  map[int64]bool     // magids
	files    map[Table]string
}

func (b *eventBuilder) load(d *Database) error {
	b.files = map[Table]string{}
	for _, t := range []Table{OriginTable, EventTable, AssocTable, ArrivalTable} {
		b.files[t] = d.Path(t)
	}
	return cmp.Or(
		load(d, b.list, b.addOrigin),
		load(d, b.list, func(_ int, e Event) { b.events[e.ID] = e }),
		load(d, b.list, func(_ int, a Assoc) { b.assocs[a.Origin] = append(b.assocs[a.Origin], a) }),
		load(d, b.list, func(_ int, a Arrival) { b.arrivals[a.ID] = a }),
		load(d, b.list, func(_ int, m Netmag) {
			b.netmags[m.Origin] = append(b.netmags[m.Origin], m)
			b.numbers[m.ID] = true
		}))
}

func (b *eventBuilder) addOrigin(line int, o Origin) {
	p := Problem{File: b.files[OriginTable], Line: line, Subject: fmt.Sprintf("origin %d", o.ID)}
	if _, known := b.origins[o.ID]; known {
		p.Code, p.Message = Inconsistent, "there is a row of this orid before: this one was left out; correct the table"
		b.list.Add(p)
		return
	}
	if math.Abs(o.Latitude) > 90 || math.Abs(o.Longitude) > 360 {
		p.Code, p.Message = Implausible, fmt.Sprintf("latitude %v, longitude %v is no place on the globe: kept; correct it", o.Latitude, o.Longitude)
		b.list.Add(p)
	}
	b.origins[o.ID] = len(b.rows)
	b.rows = append(b.rows, o)
}

// build makes an event of the origins of each evid, and of each origin without.
func (b *eventBuilder) build() []waveform.Event {
	var out []waveform.Event
	known := map[int64]int{}
	members := [][]Origin{}
	for _, o := range b.rows {
		if i, ok := known[o.Event]; ok && o.Event >= 0 {
			members[i] = append(members[i], o)
			continue
		}
		known[o.Event] = len(members)
		members = append(members, []Origin{o})
	}
	for _, origins := range members {
		out = append(out, b.event(origins))
	}
	b.reportLost(known)
	return out
}

// reportLost tells of events that have no origin.
func (b *eventBuilder) reportLost(known map[int64]int) {
	var lost []int64
	for id := range b.events {
		if _, ok := known[id]; !ok {
			lost = append(lost, id)
		}
	}
	slices.Sort(lost)
	for _, id := range lost {
		b.list.report(DanglingReference, b.files[EventTable], fmt.Sprintf("event %d", id), "origin has no row of the event: left out; complete the table")
	}
}

func (b *eventBuilder) id(kind string, numbers ...int64) string {
	s := b.prefix + "/" + kind
	for _, n := range numbers {
		s += fmt.Sprintf("/%d", n)
	}
	return s
}

// event makes an event of its origins.
func (b *eventBuilder) event(origins []Origin) waveform.Event {
	evid := origins[0].Event
	e := waveform.Event{PublicID: b.id("event", evid)}
	row, ok := b.events[evid]
	if evid < 0 {
		e.PublicID, ok = b.id("origin-event", origins[0].ID), false
	}
	preferred := origins[0]
	if ok {
		e.Description = row.Name
		at := slices.IndexFunc(origins, func(o Origin) bool { return o.ID == row.Preferred })
		if at < 0 {
			b.list.report(DanglingReference, b.files[EventTable], fmt.Sprintf("event %d", evid), "prefor %d is none of its origins: the first of origin counts; correct it", row.Preferred)
		} else {
			preferred = origins[at]
		}
	}
	e.Type = quakeMLType(preferred.EventType)
	e.PreferredOriginID = b.id("origin", preferred.ID)
	picked := map[int64]bool{}
	for _, o := range origins {
		e.Origins = append(e.Origins, b.origin(o, &e, picked))
	}
	e.Magnitudes = b.magnitudes(preferred)
	for _, o := range origins {
		if o.ID != preferred.ID {
			e.Magnitudes = append(e.Magnitudes, b.magnitudes(o)...)
		}
	}
	if len(e.Magnitudes) > 0 && e.Magnitudes[0].OriginID == e.PreferredOriginID {
		e.PreferredMagnitudeID = e.Magnitudes[0].PublicID
	}
	return e
}

// origin makes an origin with its arrivals, whose picks go into the event.
func (b *eventBuilder) origin(o Origin, e *waveform.Event, picked map[int64]bool) waveform.Origin {
	out := waveform.Origin{PublicID: b.id("origin", o.ID), Time: o.Time, Latitude: o.Latitude, Longitude: o.Longitude, Depth: metres(o.Depth),
		Agency: o.Author, Created: o.Loaded}
	if o.Review == "y" || o.Review == "yes" {
		out.EvaluationMode, out.EvaluationStatus = "manual", "reviewed"
	}
	for _, a := range b.assocs[o.ID] {
		arrival, ok := b.arrivals[a.Arrival]
		if !ok {
			b.list.report(DanglingReference, b.files[AssocTable], fmt.Sprintf("origin %d", o.ID), "arrival has no row %d for %s at %s: left out; complete the table", a.Arrival, quote(a.Phase), a.Station)
			continue
		}
		pick := b.id("arrival", a.Arrival)
		if !picked[a.Arrival] {
			picked[a.Arrival] = true
			e.Picks = append(e.Picks, waveform.Pick{PublicID: pick, ID: b.names.id(arrival.Station, arrival.Channel), Time: arrival.Time, PhaseHint: arrival.Phase})
		}
		out.Arrivals = append(out.Arrivals, waveform.Arrival{PublicID: b.id("assoc", o.ID, a.Arrival), PickID: pick, Phase: cmp.Or(a.Phase, arrival.Phase)})
	}
	return out
}

// magnitudes are those of netmag, and those of origin that are not in netmag: mb, Ms, ML.
func (b *eventBuilder) magnitudes(o Origin) []waveform.Magnitude {
	var out []waveform.Magnitude
	add := func(m waveform.Magnitude) {
		m.OriginID = b.id("origin", o.ID)
		out = append(out, m)
	}
	for _, m := range b.netmags[o.ID] {
		add(waveform.Magnitude{PublicID: b.id("netmag", m.ID), Type: m.Type, Value: m.Value, Agency: m.Author, Created: m.Loaded})
	}
	for _, m := range []struct {
		kind  string
		value float64
		id    int64
	}{{"mb", o.Mb, o.MbID}, {"Ms", o.Ms, o.MsID}, {"ML", o.Ml, o.MlID}} {
		if math.IsNaN(m.value) || m.id >= 0 && b.numbers[m.id] {
			continue
		}
		add(waveform.Magnitude{PublicID: b.id("origin", o.ID) + "/" + m.kind, Type: m.kind, Value: m.value, Agency: o.Author, Created: o.Loaded})
	}
	return out
}
