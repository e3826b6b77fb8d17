package db_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
	"github.com/seisbatch/seisbatch/migrations"
)

// review is one with everything in it.
func review(event, station, channel string) db.Review {
	at := func(s int) *time.Time { return ptr(day.Add(time.Duration(s) * time.Second)) }
	return db.Review{EventID: event, Network: "NC", Station: station, Channel: channel, Verdict: ptr("accept"), NoiseFrom: at(-20), NoiseUntil: at(-1),
		SignalFrom: at(0), SignalUntil: at(60), Highpass: ptr(0.1), Lowpass: ptr(20.5), Comment: awkward, Author: "kim", ReviewedAt: day}
}

func saveReviews(t testing.TB, pool *sqlx.DB, reviews ...db.Review) (saved db.Saved, revision int64) {
	t.Helper()
	revision = change(t, pool, func(tx *sqlx.Tx, r int64) (err error) {
		saved, err = db.SaveReviews(context.Background(), tx, r, reviews)
		return err
	})
	return saved, revision
}

func wantReviews(t testing.TB, pool *sqlx.DB, what string, ids []string, want ...db.Review) {
	t.Helper()
	got, err := db.Reviews(context.Background(), pool, ids)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(db.Review{}, "Revision"), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestReviewsComeBackAsTheyWereSaved(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	saveEvents(t, pool, quake("a", day, 5), quake("b", day, 5))
	all := []db.Review{review("a", "CRH", "HNE"), {EventID: "a", Network: "NC", Station: "CRH", Channel: "HNN", Comment: "a note", ReviewedAt: day},
		{EventID: "b", Network: "NC", Station: "CRH", Location: "00", Channel: "HN", Verdict: ptr("reject"), ReviewedAt: day}}
	if saved, r := saveReviews(t, pool, all[2], all[0], all[1]); saved != (db.Saved{Found: 3, Changed: 3}) || len(changes(t, pool, r)) != 2 { // a note changes no result
		t.Errorf("%+v, %+v", saved, changes(t, pool, r))
	}
	wantReviews(t, pool, "all", nil, all...)
	wantReviews(t, pool, "of an event", []string{"b"}, all[2])
	wantReviews(t, pool, "of no event", []string{})
	if saved, r := saveReviews(t, pool, all...); saved.Changed != 0 || len(changes(t, pool, r)) != 0 {
		t.Errorf("the same again: %+v", saved)
	}
	all[0].Comment = "another"
	if saved, r := saveReviews(t, pool, all...); saved.Changed != 1 || len(changes(t, pool, r)) != 0 {
		t.Errorf("another comment: %+v", saved)
	}
	all[0].Lowpass = nil
	saved, r := saveReviews(t, pool, review("a", "CRH", "HNE"), all[0]) // the last counts
	if want := []db.Change{{Revision: r, Kind: db.ReviewChange, EventID: "a", Network: "NC", Station: "CRH", Channel: "HNE"}}; saved.Changed != 1 || cmp.Diff(want, changes(t, pool, r), cmp.Comparer(func(a, b db.From) bool { return a.Time().Equal(b.Time()) }), cmp.Comparer(func(a, b db.Until) bool { return a.Time().Equal(b.Time()) })) != "" {
		t.Errorf("another corner: %+v, %+v", saved, changes(t, pool, r))
	}
	wantReviews(t, pool, "in the end", nil, all...)
}

func TestAReviewThatIsTakenBackIsGoneAndLogged(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	saveEvents(t, pool, quake("a", day, 5))
	saveReviews(t, pool, review("a", "CRH", "HNE"), review("a", "CRH", "HNN"))
	var was *db.Review
	remove := func(channel string) int64 {
		return change(t, pool, func(tx *sqlx.Tx, r int64) (err error) {
			was, err = db.DeleteReview(context.Background(), tx, r, "a", db.ChannelCodes{Network: "NC", Station: "CRH", Channel: channel})
			return err
		})
	}
	if r := remove("HNE"); was == nil || was.Channel != "HNE" || len(changes(t, pool, r)) != 1 {
		t.Errorf("%+v, %+v", was, changes(t, pool, r))
	}
	if r := remove("HNE"); was != nil || len(changes(t, pool, r)) != 0 {
		t.Errorf("once more: %+v", was)
	}
	wantReviews(t, pool, "left", nil, review("a", "CRH", "HNN"))
}

// An event that takes over the id of another takes over its reviews, where it has none of its own.
func TestReviewsFollowTheIDsOfTheirEvents(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	saveEvents(t, pool, quake("a", day, 5), quake("b", day, 5), quake("c", day, 5))
	older, own := review("b", "CRH", "HNE"), review("a", "CRH", "HNN")
	older.Highpass, older.ReviewedAt = ptr(0.3), day.Add(-time.Hour)
	saveReviews(t, pool, older, own, review("b", "CRH", "HNN"), review("c", "CRH", "HNE"))
	pool.MustExec(`UPDATE event_alias SET event_id = 'a' WHERE alias IN ('b', 'c')`)
	latest := review("a", "CRH", "HNE")
	wantReviews(t, pool, "of a", []string{"a"}, latest, own)
	wantReviews(t, pool, "of b", []string{"b"})
	wantReviews(t, pool, "all", nil, latest, own)
	change(t, pool, func(tx *sqlx.Tx, r int64) error {
		_, err := db.DeleteReview(context.Background(), tx, r, "a", latest.Codes())
		return err
	})
	wantReviews(t, pool, "without one", nil, own)
}

func TestAReviewMarksExactlyItsItems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		event, station, location, channel, want string
	}{
		{"a", "CRH", "", "HNE", "a:review"},
		{"a", "CRH", "", "HN", "a:review"},
		{"a", "CRH", "", "HHE", ""},
		{"a", "CRH", "00", "HNE", ""},
		{"a", "XYZ", "", "HNE", ""},
		{"b", "CRH", "", "HNE", "b:review"},
		{"c", "CRH", "", "HNE", ""}, // true to a later revision
		{"x", "CRH", "", "HNE", ""},
	} {
		t.Run(strings.Join([]string{c.event, c.station, c.location, c.channel}, " "), func(t *testing.T) {
			t.Parallel()
			pool := dbtest.New(t)
			r := review(c.event, c.station, c.channel)
			r.Location = c.location
			_, revision := saveReviews(t, pool, r)
			label(t, pool, "l", 0, func(run int64) []db.WorkItem {
				return []db.WorkItem{windowed("a", "CRH", "HN", 0, 50, 0, run), windowed("b", "CRH", "HN", 0, 50, 0, run), windowed("c", "CRH", "HN", 0, 50, revision, run)}
			})
			n, got := markSuspects(t, pool, "l", revision)
			if got != c.want || n != int64(len(strings.Fields(c.want))) {
				t.Errorf("%d marked: %q, want %q", n, got, c.want)
			}
			if n, _ := markSuspects(t, pool, "l", revision); n != 0 {
				t.Errorf("%d items are marked twice", n)
			}
		})
	}
}

func TestTheDatabaseRefusesReviewsThatCannotBe(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	for name, edit := range map[string]func(*db.Review){
		"a verdict":      func(r *db.Review) { r.Verdict = ptr("maybe") },
		"half a window":  func(r *db.Review) { r.NoiseUntil = nil },
		"no start":       func(r *db.Review) { r.SignalFrom = nil },
		"an empty one":   func(r *db.Review) { r.SignalUntil = r.SignalFrom },
		"corners":        func(r *db.Review) { r.Highpass = ptr(30.0) },
		"a corner":       func(r *db.Review) { r.Highpass = ptr(0.0) },
		"a negative one": func(r *db.Review) { r.Highpass, r.Lowpass = nil, ptr(-1.0) },
	} {
		r := review("a", "CRH", "HNE")
		edit(&r)
		err := tryTx(pool, func(tx *sqlx.Tx) error {
			revision, err := db.NextRevision(context.Background(), tx)
			if err == nil {
				_, err = db.SaveReviews(context.Background(), tx, revision, []db.Review{r})
			}
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "check constraint") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEventsAreFoundByTheirNames(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	saveEvents(t, pool, quake("smi:x/1", day, 5), quake("smi:y/1", day, 5), db.Event{ID: "smi:y/2", ContentHash: []byte{1}})
	got, err := db.NamedEvents(context.Background(), pool, []string{"1", "smi:x/1", "2", "3", "1"})
	want := []db.NamedEvent{{"1", "smi:x/1", false, ptr(day)}, {"1", "smi:y/1", false, ptr(day)}, {"2", "smi:y/2", false, nil}, {"smi:x/1", "smi:x/1", true, ptr(day)}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestChannelsAreSeenInMetadataOrData(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	change(t, pool, func(tx *sqlx.Tx, r int64) error {
		if _, err := db.SaveStations(context.Background(), tx, r, nil, []db.Channel{epoch("HNE", time.Time{}, time.Time{})}); err != nil {
			return err
		}
		return db.SaveFile(context.Background(), tx, r, db.File{Path: "/f"}, []db.Segment{segment("CRH", "HHZ", 0, 10, "x")})
	})
	seen := map[string]bool{"HNE": true, "HN": true, "HHZ": true, "HH": true, "HNZ": false, "H": false, "HHE": false, "": false}
	var all []db.ChannelCodes
	for c := range seen {
		all = append(all, db.ChannelCodes{Network: "NC", Station: "CRH", Channel: c})
	}
	got, err := db.SeenChannels(context.Background(), pool, all)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if got[c] != seen[c.Channel] {
			t.Errorf("%q is seen: %v", c.Channel, got[c])
		}
	}
}

// Whoever goes back to a program that knows no reviews gets results without them.
func TestWithoutReviewsInTheSchemaWhatTheyMadeIsDue(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	label(t, pool, "l", 0, func(run int64) []db.WorkItem {
		reviewed, plain := windowed("a", "CRH", "HN", 0, 50, 0, run), windowed("b", "CRH", "HN", 0, 50, 0, run)
		reviewed.ReviewHash, reviewed.DataHash, plain.DataHash = []byte{1}, []byte{2}, []byte{2}
		return []db.WorkItem{reviewed, plain}
	})
	saveReviews(t, pool, review("a", "CRH", "HNE"))
	provider, err := goose.NewProvider(goose.DialectPostgres, pool.DB, migrations.FS, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.DownTo(context.Background(), 7); err != nil {
		t.Fatal(err)
	}
	var got []string
	if err := pool.Select(&got, `SELECT event_id || ' ' || COALESCE(suspect, 'clean') || ' ' || length(data_hash) FROM work_item ORDER BY 1`); err != nil {
		t.Fatal(err)
	}
	if want := "a data 0,b clean 1"; strings.Join(got, ",") != want {
		t.Errorf("%q, want %q", got, want)
	}
}
