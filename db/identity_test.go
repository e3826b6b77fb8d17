package db_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
)

// states tells what has become of every event, and whom its id finds.
func states(t testing.TB, pool *sqlx.DB) string {
	t.Helper()
	var lines []string
	err := pool.Select(&lines, `SELECT e.id || COALESCE('>' || e.merged_into, '') || CASE e.status WHEN 'deleted' THEN ' deleted' ELSE '' END
			|| CASE e.decided_by WHEN 'user' THEN ' by user' ELSE '' END || CASE WHEN a.event_id <> e.id THEN ' is ' || a.event_id ELSE '' END
		FROM event e LEFT JOIN event_alias a ON a.alias = e.id ORDER BY e.id`)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(strings.Join(lines, ", "), "q/", "")
}

func wantStates(t *testing.T, pool *sqlx.DB, what, want string) {
	t.Helper()
	if got := states(t, pool); got != want {
		t.Errorf("%s: %s\nwant %s", what, got, want)
	}
}

func decide(t *testing.T, pool *sqlx.DB, f func(tx *sqlx.Tx, revision int64) error) {
	t.Helper()
	change(t, pool, f)
}

// having is a quake that has the origins of others among its own.
func having(e db.Event, others ...db.Event) db.Event {
	for _, o := range others {
		origin := o.Origins[0]
		origin.EventID, origin.Preferred = e.ID, false
		e.Origins = append(e.Origins, origin)
		e.ContentHash = append(slices.Clone(e.ContentHash), o.ID...)
	}
	return e
}

func TestEventsThatHaveTheOriginsOfOthersTakeTheirPlace(t *testing.T) {
	t.Parallel()
	at := func(minute int) time.Time { return day.Add(time.Duration(minute) * time.Minute) }
	a, b, c := quake("q/a", at(1), 1), quake("q/b", at(2), 2), quake("q/c", at(3), 3)
	gone := quake("q/a", at(1), 1)
	gone.Type, gone.ContentHash = db.NotExisting, []byte("gone")
	for name, s := range map[string]struct {
		loads [][]db.Event
		want  string
	}{
		"nothing in common":                 {[][]db.Event{{a, b, c}}, "a, b, c"},
		"known before":                      {[][]db.Event{{a}, {having(b, a)}}, "a>b is b, b"},
		"known after":                       {[][]db.Event{{having(b, a)}, {a}}, "a>b is b, b"},
		"loaded at once":                    {[][]db.Event{{having(b, a), a}}, "a>b is b, b"},
		"loaded again":                      {[][]db.Event{{a}, {having(b, a)}, {a}, {having(b, a)}}, "a>b is b, b"},
		"a chain":                           {[][]db.Event{{a, having(b, a)}, {having(c, b)}}, "a>b is c, b>c is c, c"},
		"a chain, the last first":           {[][]db.Event{{having(c, b)}, {having(b, a)}, {a}}, "a>b is c, b>c is c, c"},
		"a chain that comes apart":          {[][]db.Event{{a, having(b, a)}, {having(c, b)}, {c}}, "a>b is b, b, c"},
		"each has the other's":              {[][]db.Event{{having(a, b)}, {having(b, a)}}, "a>b is b, b"},
		"each has the other's, the other":   {[][]db.Event{{having(b, a)}, {having(a, b)}}, "a, b>a is a"},
		"each has the other's, again":       {[][]db.Event{{having(a, b)}, {having(b, a)}, {having(a, b, c)}}, "a>b is b, b"},
		"each has the other's, at once":     {[][]db.Event{{having(b, a), having(a, b)}}, "a, b>a is a"},
		"around":                            {[][]db.Event{{having(a, b)}, {having(b, c)}, {having(c, a)}}, "a>c is c, b>a is c, c"},
		"around, at once":                   {[][]db.Event{{having(a, b), having(b, c), having(c, a)}}, "a>c is c, b>a is c, c"},
		"deleted":                           {[][]db.Event{{a, b}, {gone}}, "a deleted, b"},
		"deleted, then merged":              {[][]db.Event{{a}, {gone}, {having(b, a)}}, "a deleted, b"},
		"merged, then deleted":              {[][]db.Event{{a}, {having(b, a)}, {gone}}, "a deleted, b"},
		"merged into one that is deleted":   {[][]db.Event{{having(a, b)}, {gone}, {b}}, "a deleted, b>a is a"},
		"deleted and there again":           {[][]db.Event{{gone}, {a}}, "a"},
		"unknown before it was deleted":     {[][]db.Event{{gone}}, "a deleted"},
		"two in one, and one comes back":    {[][]db.Event{{a, b}, {having(c, a, b)}, {having(c, b)}}, "a, b>c is c, c"},
		"of another agency":                 {[][]db.Event{{a}, {having(quake("r/b", at(2), 2), a)}}, "a, r/b"},
		"an origin that has moved meantime": {[][]db.Event{{quake("q/a", at(9), 1)}, {having(b, a)}}, "a, b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := dbtest.New(t)
			for _, events := range s.loads {
				saveEvents(t, pool, events...)
			}
			wantStates(t, pool, name, s.want)
			last := s.loads[len(s.loads)-1]
			if saved, _ := saveEvents(t, pool, last...); saved.Changed+saved.Merged+saved.Deleted+saved.Restored != 0 {
				t.Errorf("once more: %+v", saved)
			}
			wantStates(t, pool, "once more", s.want)
		})
	}
}

func TestTheWordOfAUserCountsMoreThanLoads(t *testing.T) {
	t.Parallel()
	ctx, pool := t.Context(), dbtest.New(t)
	a, b, c := quake("a", day, 1), quake("b", day.Add(time.Hour), 2), quake("c", day.Add(2*time.Hour), 3)
	saveEvents(t, pool, a, b, c)
	merge := func(id, into string) func(*sqlx.Tx, int64) error {
		return func(tx *sqlx.Tx, revision int64) error { return db.MergeEvent(ctx, tx, revision, id, into) }
	}
	against := false
	restore := func(id string) func(*sqlx.Tx, int64) error {
		return func(tx *sqlx.Tx, revision int64) (err error) {
			against, err = db.RestoreEvent(ctx, tx, revision, id)
			return err
		}
	}
	decide(t, pool, merge("a", "b"))
	decide(t, pool, merge("b", "c"))
	wantStates(t, pool, "merged", "a>b by user is c, b>c by user is c, c")
	for _, pair := range [][2]string{{"c", "a"}, {"c", "b"}, {"c", "c"}} {
		tx, err := pool.Beginx()
		if err != nil {
			t.Fatal(err)
		}
		if err := db.MergeEvent(ctx, tx, 1, pair[0], pair[1]); !errors.Is(err, db.ErrSameEvent) {
			t.Errorf("%v: %v", pair, err)
		}
		if err := tx.Rollback(); err != nil {
			t.Fatal(err)
		}
	}
	a.Type, a.ContentHash = db.NotExisting, []byte("gone")
	c.ContentHash = []byte("other")
	saveEvents(t, pool, a, b, c)
	wantStates(t, pool, "loaded again", "a>b by user is c, b>c by user is c, c")
	decide(t, pool, restore("b"))
	if against {
		t.Error("b is no event by the catalogue")
	}
	wantStates(t, pool, "b restored", "a>b by user is b, b, c")
	decide(t, pool, restore("a"))
	if !against {
		t.Error("a is an event by the catalogue")
	}
	wantStates(t, pool, "a restored", "a by user, b, c")
	a.ContentHash = []byte("gone for good")
	saveEvents(t, pool, a)
	wantStates(t, pool, "a loaded", "a by user, b, c")
	decide(t, pool, func(tx *sqlx.Tx, revision int64) error { return db.DeleteEvent(ctx, tx, revision, "c") })
	saveEvents(t, pool, quake("c", day.Add(3*time.Hour), 3))
	wantStates(t, pool, "c deleted", "a by user, b, c deleted by user")
	if err := pool.Get(new(string), `SELECT id FROM origin WHERE event_id = 'c' AND time = $1`, day.Add(3*time.Hour)); err != nil {
		t.Errorf("what is loaded of a deleted event is lost: %v", err)
	}
}

func TestADeletedEventKeepsItsOrigins(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	saveEvents(t, pool, quake("a", day, 1))
	saveEvents(t, pool, db.Event{ID: "a", Type: "Not Existing", ContentHash: []byte("gone")})
	if e := readEvent(t, pool, "a"); len(e.Origins) != 1 || len(e.Magnitudes) != 1 {
		t.Errorf("%+v", e)
	}
}

func TestTextDeletesAnEventOfWhichMoreIsKnown(t *testing.T) {
	t.Parallel()
	ctx, pool := t.Context(), dbtest.New(t)
	rich := quake("a", day, 1)
	rich.Arrivals = []db.Arrival{{EventID: "a", OriginID: "a/o", ID: "r", Phase: "P", Time: day, Network: "N", Station: "S"}}
	saveEvents(t, pool, rich)
	row := quake("a", day, 1)
	row.Origins[0].ID, row.ContentHash = "a#origin", []byte("text")
	for _, kind := range []string{"earthquake", db.NotExisting} {
		row.Type = kind
		change(t, pool, func(tx *sqlx.Tx, revision int64) error {
			rest, kept, err := db.KeepRicher(ctx, tx, []db.Event{row})
			if got, want := fmt.Sprint(len(rest), kept), map[bool]string{true: "0 [a]", false: "1 []"}[kind == "earthquake"]; got != want {
				t.Errorf("%s: %s, want %s", kind, got, want)
			}
			return err
		})
	}
}

func TestListedEventsAreThoseOfTheSelectionAndState(t *testing.T) {
	t.Parallel()
	ctx, pool := t.Context(), dbtest.New(t)
	gone := quake("q/c", day.Add(2*time.Hour), 3)
	gone.Type = db.NotExisting
	saveEvents(t, pool, quake("q/a", day, 1), quake("q/b", day.Add(time.Hour), 2), gone, db.Event{ID: "q/none", ContentHash: []byte{1}})
	decide(t, pool, func(tx *sqlx.Tx, revision int64) error { return db.MergeEvent(ctx, tx, revision, "q/a", "q/b") })
	all := []string{db.EventActive, db.EventMerged, db.EventDeleted}
	for _, c := range []struct {
		s      db.Selection
		status []string
		want   string
	}{
		{db.Selection{}, all, "[q/a q/b q/c q/none]"},
		{db.Selection{}, []string{db.EventDeleted}, "[q/c]"},
		{db.Selection{From: day.Add(time.Hour)}, all, "[q/b q/c]"},
		{db.Selection{Events: []string{"a"}}, all, "[q/a q/b]"},
		{db.Selection{Events: []string{"b"}}, []string{db.EventMerged}, "[q/a]"},
		{db.Selection{Events: []string{"none"}}, all, "[q/none]"},
	} {
		var ids []string
		err := db.ListEvents(ctx, pool, c.s, c.status, func(e *db.ListedEvent) error { ids = append(ids, e.ID); return nil })
		if err != nil || fmt.Sprint(ids) != c.want {
			t.Errorf("%+v %v: %v, %v; want %s", c.s, c.status, ids, err, c.want)
		}
	}
}
