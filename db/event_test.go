package db_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
)

// quake is an event with one origin and one magnitude, both preferred.
func quake(id string, at time.Time, magnitude float64) db.Event {
	return db.Event{ID: id, Type: "earthquake", ContentHash: []byte(fmt.Sprint(id, at, magnitude)),
		Origins:    []db.Origin{{EventID: id, ID: id + "/o", Time: at, Latitude: 37, Longitude: -122, Preferred: true}},
		Magnitudes: []db.Magnitude{{EventID: id, ID: id + "/m", Value: magnitude, Preferred: true}}}
}

func saveEvents(t testing.TB, pool *sqlx.DB, events ...db.Event) (saved db.Saved, revision int64) {
	t.Helper()
	revision = change(t, pool, func(tx *sqlx.Tx, revision int64) (err error) {
		saved, err = db.SaveEvents(context.Background(), tx, revision, events)
		return err
	})
	return saved, revision
}

// readEvent reads all that is kept of an event.
func readEvent(t testing.TB, pool *sqlx.DB, id string) db.Event {
	t.Helper()
	var e db.Event
	for _, err := range []error{
		pool.Get(&e, `SELECT id, type, description, preferred_origin_id, preferred_magnitude_id, content_hash, revision FROM event WHERE id = $1`, id),
		pool.Select(&e.Origins, `SELECT * FROM origin WHERE event_id = $1 ORDER BY id`, id),
		pool.Select(&e.Magnitudes, `SELECT * FROM magnitude WHERE event_id = $1 ORDER BY id`, id),
		pool.Select(&e.Arrivals, `SELECT * FROM arrival WHERE event_id = $1 ORDER BY id`, id),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range e.Origins {
		e.Origins[i].Time = e.Origins[i].Time.UTC()
	}
	for i := range e.Arrivals {
		e.Arrivals[i].Time = e.Arrivals[i].Time.UTC()
	}
	return e
}

func TestEventsComeBackAsWritten(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	e := db.Event{ID: awkward, Type: "quarry blast", Description: awkward, PreferredOriginID: "o2", PreferredMagnitudeID: "m1", ContentHash: []byte{0, 1},
		Origins: []db.Origin{
			{EventID: awkward, ID: "o1", Time: day, Latitude: -90, Longitude: 180},
			{EventID: awkward, ID: "o2", Time: day, Latitude: 1, Longitude: 2, Depth: ptr(-300.5), EvaluationMode: "manual", EvaluationStatus: "final", Agency: "NC", Preferred: true}},
		Magnitudes: []db.Magnitude{{EventID: awkward, ID: "m1", OriginID: "o2", Type: "Mw", Value: -0.5, Agency: "NC", Preferred: true}, {EventID: awkward, ID: "m2"}},
		Arrivals:   []db.Arrival{{EventID: awkward, OriginID: "o2", ID: "a", PickID: "p", Phase: "P", Time: day, Network: "NC", Station: "CRH", Location: "00", Channel: "HHZ"}}}
	none := db.Event{ID: "without an origin", ContentHash: []byte{2}}
	saved, revision := saveEvents(t, pool, e, none)
	if saved != (db.Saved{Found: 2, Changed: 2}) {
		t.Errorf("%+v", saved)
	}
	e.Revision, none.Revision = revision, revision
	want(t, "event", e, readEvent(t, pool, awkward))
	want(t, "event", none, readEvent(t, pool, none.ID))
	want(t, "changes", []db.Change{{Revision: revision, Kind: db.EventChange, EventID: awkward}, {Revision: revision, Kind: db.EventChange, EventID: none.ID}},
		changes(t, pool, revision))
	arrivals, err := db.Arrivals(context.Background(), pool, []string{awkward})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "arrivals", e.Arrivals, arrivals)
}

func TestEventIsReplacedWholeWhereItDiffers(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	e := quake("e", day, 5)
	e.Arrivals = []db.Arrival{{EventID: "e", OriginID: "e/o", ID: "a1", Phase: "P", Time: day}, {EventID: "e", OriginID: "e/o", ID: "a2", Phase: "S", Time: day}}
	saveEvents(t, pool, e, quake("other", day, 4))
	if saved, revision := saveEvents(t, pool, e); saved != (db.Saved{Found: 1}) || len(changes(t, pool, revision)) != 0 {
		t.Errorf("the same again: %+v", saved)
	}
	// Another origin is preferred, an arrival and the magnitude are gone.
	e.Origins = append([]db.Origin{{EventID: "e", ID: "e/a", Time: day.Add(time.Second), Preferred: true}}, e.Origins...)
	e.Origins[1].Preferred = false
	e.Magnitudes, e.Arrivals, e.ContentHash = nil, e.Arrivals[:1], []byte("other")
	saved, revision := saveEvents(t, pool, e)
	if saved != (db.Saved{Found: 1, Changed: 1}) {
		t.Errorf("a changed event: %+v", saved)
	}
	e.Revision = revision
	want(t, "event", e, readEvent(t, pool, "e"))
	if arrivals, err := db.Arrivals(context.Background(), pool, []string{"e"}); err != nil || len(arrivals) != 0 {
		t.Errorf("arrivals of an origin that is not preferred: %v, %v", arrivals, err)
	}
	if n := count(t, pool, `SELECT count(*) FROM origin WHERE event_id = 'other'`); n != 1 {
		t.Errorf("another event has %d origins", n)
	}
}

func TestEventKnownByAnotherIDIsThatEvent(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	saveEvents(t, pool, quake("quakeml:nc/73291880", day, 5))
	pool.MustExec(`INSERT INTO event_alias VALUES ('quakeml:us/abc', 'abc', 'quakeml:nc/73291880')`)
	other := quake("quakeml:us/abc", day.Add(time.Second), 5.1)
	saved, revision := saveEvents(t, pool, other)
	if saved.Changed != 1 || len(changes(t, pool, revision)) != 1 || changes(t, pool, revision)[0].EventID != "quakeml:nc/73291880" {
		t.Errorf("%+v, %v", saved, changes(t, pool, revision))
	}
	got := readEvent(t, pool, "quakeml:nc/73291880")
	if n := count(t, pool, `SELECT count(*) FROM event`); n != 1 || len(got.Origins) != 1 || got.Origins[0].ID != "quakeml:us/abc/o" {
		t.Errorf("%d events, %+v", n, got)
	}
	if other.ID != "quakeml:us/abc" || other.Origins[0].EventID != "quakeml:us/abc" {
		t.Error("what was given has been changed")
	}
	for _, name := range []string{"abc", "73291880", "quakeml:us/abc"} {
		if ids, err := db.FindEvents(ctx, pool, []string{name}); err != nil || !slices.Equal(ids, []string{"quakeml:nc/73291880"}) {
			t.Errorf("%s: %v, %v", name, ids, err)
		}
	}
	if ids, err := db.FindEvents(ctx, pool, []string{"nc", "%", ""}); err != nil || len(ids) != 0 {
		t.Errorf("names of nothing: %v, %v", ids, err)
	}
}

func TestOfAnEventGivenTwiceTheLastCounts(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	saved, revision := saveEvents(t, pool, quake("e", day, 5), quake("f", day, 1), quake("e", day, 6))
	if saved != (db.Saved{Found: 3, Changed: 2}) || len(changes(t, pool, revision)) != 2 {
		t.Errorf("%+v", saved)
	}
	if got := readEvent(t, pool, "e"); got.Magnitudes[0].Value != 6 {
		t.Errorf("magnitude %v", got.Magnitudes)
	}
}

// Nothing given is nothing known: such an event is stored, and is stored again.
func TestEventWithoutAContentHashIsStored(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	e := quake("e", day, 5)
	e.ContentHash = []byte{}
	if saved, _ := saveEvents(t, pool, e); saved.Changed != 1 {
		t.Errorf("%+v", saved)
	}
}

func TestPagesHoldEveryEventOnceInOrderOfTime(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	var wanted []string
	var all []db.Event
	for i := range 23 { // many at the same time
		id := fmt.Sprintf("e%02d", 22-i)
		all = append(all, quake(id, day.Add(time.Duration((22-i)/7)*time.Second), 5))
		wanted = append(wanted, fmt.Sprintf("e%02d", i))
	}
	none := db.Event{ID: "no origin", ContentHash: []byte{1}}
	saveEvents(t, pool, append(all, none, quake("merged", day, 5), quake("deleted", day, 5))...)
	pool.MustExec(`UPDATE event SET status = id WHERE id IN ('merged', 'deleted')`)
	for _, limit := range []int{1, 2, 7, 8, 23, 100} {
		var got []string
		var last db.EventRow
		for {
			page, err := db.EventPage(ctx, pool, db.Selection{}, last, limit)
			if err != nil || len(page) > limit {
				t.Fatalf("page of %d: %v", len(page), err)
			}
			if len(page) == 0 {
				break
			}
			for _, e := range page {
				got = append(got, e.ID)
			}
			last = page[len(page)-1]
		}
		if !slices.Equal(got, wanted) {
			t.Errorf("pages of %d: %v", limit, got)
		}
	}
}

func TestSelectionTermsSelect(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	place := func(id string, at time.Time, magnitude, latitude, longitude float64) db.Event {
		e := quake(id, at, magnitude)
		e.Origins[0].Latitude, e.Origins[0].Longitude = latitude, longitude
		return e
	}
	a, b, c := place("q/a", day, 3, 10, 179), place("q/b", day.Add(time.Hour), 4, 20, -179), place("q/c", day.Add(2*time.Hour), 5, 30, 0)
	c.Magnitudes = nil
	saveEvents(t, pool, a, b, c, db.Event{ID: "q/none", ContentHash: []byte{1}}, db.Event{ID: "q/gone", ContentHash: []byte{1}})
	pool.MustExec(`UPDATE event SET status = 'deleted' WHERE id = 'q/gone'`)
	for _, k := range []struct {
		name string
		s    db.Selection
		want string
		none string // events without an origin
	}{
		{"all", db.Selection{}, "abc", "q/none"},
		{"from", db.Selection{From: day.Add(time.Hour)}, "bc", ""},
		{"until", db.Selection{Until: day.Add(time.Hour)}, "a", ""},
		{"from and until", db.Selection{From: day.Add(time.Hour), Until: day.Add(2 * time.Hour)}, "b", ""},
		{"minimum", db.Selection{MinMagnitude: ptr(4.0)}, "b", ""},
		{"maximum", db.Selection{MaxMagnitude: ptr(3.0)}, "a", ""},
		{"zero", db.Selection{MinMagnitude: ptr(0.0)}, "ab", ""},
		{"public id", db.Selection{Events: []string{"q/b", "q/x"}}, "b", ""},
		{"short id", db.Selection{Events: []string{"a", "none"}}, "a", "q/none"},
		{"nothing", db.Selection{Events: []string{"x"}}, "", ""},
		{"box", db.Selection{Box: &db.Box{South: 5, West: -180, North: 20, East: 180}}, "ab", ""},
		{"box over the date line", db.Selection{Box: &db.Box{South: 0, West: 178, North: 90, East: -178}}, "ab", ""},
		{"box beside it", db.Selection{Box: &db.Box{South: 0, West: -178, North: 90, East: 178}}, "c", ""},
		{"everything", db.Selection{From: day, Until: day.AddDate(1, 0, 0), Events: []string{"a", "b", "c"}, MinMagnitude: ptr(1.0), MaxMagnitude: ptr(4.0),
			Box: &db.Box{South: 15, West: -180, North: 90, East: 180}}, "b", ""},
	} {
		page, err := db.EventPage(ctx, pool, k.s, db.EventRow{}, 10)
		if err != nil {
			t.Errorf("%s: %v", k.name, err)
		}
		got := ""
		for _, e := range page {
			got += db.ShortID(e.ID)
		}
		none, err := db.EventsWithoutOrigin(ctx, pool, k.s)
		if err != nil || got != k.want || fmt.Sprint(none) != "["+k.none+"]" {
			t.Errorf("%s: %q and %v, %v; want %q and %q", k.name, got, none, err, k.want, k.none)
		}
	}
}

func TestEventRowHoldsThePreferred(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	e := quake("e", day, 5)
	e.Origins = append(e.Origins, db.Origin{ID: "second", Time: day, Depth: ptr(1.0)})
	e.Magnitudes = append(e.Magnitudes, db.Magnitude{ID: "second", Value: 9})
	f := quake("f", day, 5)
	f.Magnitudes = nil
	saveEvents(t, pool, e, f)
	page, err := db.EventPage(context.Background(), pool, db.Selection{}, db.EventRow{}, 10)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "rows", []db.EventRow{
		{ID: "e", Type: "earthquake", OriginID: "e/o", Time: day, Latitude: 37, Longitude: -122, Magnitude: ptr(5.0)},
		{ID: "f", Type: "earthquake", OriginID: "f/o", Time: day, Latitude: 37, Longitude: -122}}, page)
	if page[0].Time.Location() != time.UTC {
		t.Errorf("time in %v", page[0].Time.Location())
	}
}

func TestShortIDIsTheLastPart(t *testing.T) {
	for id, want := range map[string]string{
		"quakeml:nc.anss.org/Event/NC/73291880": "73291880", "smi:x?eventid=42": "42", "a#b": "b", "plain": "plain", "": "", "ends/": "",
	} {
		if got := db.ShortID(id); got != want {
			t.Errorf("%q: %q, want %q", id, got, want)
		}
	}
}

func TestShortIDIsWhatPeopleSay(t *testing.T) {
	for id, want := range map[string]string{
		"smi:local/nc73291880": "nc73291880",
		"quakeml:earthquake.usgs.gov/fdsnws/event/1/query?eventid=nc73291880&format=quakeml": "nc73291880",
		"smi:service.iris.edu/fdsnws/event/1/query?eventid=2847365":                          "2847365",
		"smi:scedc/Event#37374687": "37374687",
		"gfz2024abcd":              "gfz2024abcd",
	} {
		if got := db.ShortID(id); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
}
