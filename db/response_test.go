package db_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
)

// years is an epoch from the start of one year to that of another; 0 is open.
func years(from, until int, hash byte) db.Channel {
	at := func(year int) time.Time {
		if year == 0 {
			return time.Time{}
		}
		return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	c := epoch("HHZ", at(from), at(until))
	c.ResponseHash = []byte{hash}
	if hash > 0 {
		c.Response, c.Sensitivity, c.InputUnits = json.RawMessage(fmt.Sprintf(`{"stages": [%d]}`, hash)), ptr(float64(hash)), "M/S"
	}
	return c
}

func saveResponses(t testing.TB, pool *sqlx.DB, given ...db.Channel) (saved db.Saved, unused []db.UnusedResponse) {
	t.Helper()
	change(t, pool, func(tx *sqlx.Tx, revision int64) (err error) {
		saved, unused, err = db.SaveResponses(context.Background(), tx, revision, given)
		return err
	})
	return saved, unused
}

func hashes(t testing.TB, pool *sqlx.DB) (out []byte) {
	t.Helper()
	for _, c := range readChannels(t, pool) {
		out = append(out, c.ResponseHash[0])
	}
	return out
}

func TestAnEpochTakesTheResponseThatFitsItBest(t *testing.T) {
	second := func(c db.Channel, from, until time.Duration) db.Channel {
		c.From, c.Until = db.From(c.From.Time().Add(from)), db.Until(c.Until.Time().Add(until))
		return c
	}
	nameless := years(2010, 0, 7)
	nameless.ResponseHash, nameless.Response = nil, nil
	elsewhere := years(2010, 0, 7)
	elsewhere.Location = "10"
	for name, c := range map[string]struct {
		known, given []db.Channel
		want         string
		changed      int
		unused       string
	}{
		"the same epochs":             {[]db.Channel{years(2000, 2010, 0), years(2010, 0, 0)}, []db.Channel{years(2000, 2010, 1), years(2010, 0, 2)}, "[1 2]", 2, ""},
		"the same start":              {[]db.Channel{years(2010, 0, 0)}, []db.Channel{years(2010, 2011, 1), years(2011, 0, 2)}, "[1]", 1, "for 1 "},
		"the longest":                 {[]db.Channel{years(2000, 2010, 0)}, []db.Channel{years(1999, 2003, 1), years(2003, 0, 2)}, "[2]", 1, "for 2 "},
		"one for many":                {[]db.Channel{years(2000, 2005, 0), years(2005, 2010, 9), years(2010, 0, 0)}, []db.Channel{years(1990, 2010, 3)}, "[3 3 0]", 2, ""},
		"open on both sides":          {[]db.Channel{years(0, 0, 0)}, []db.Channel{years(2000, 2010, 3)}, "[3]", 1, ""},
		"no epoch":                    {nil, []db.Channel{years(2000, 2010, 3)}, "[]", 0, "absent "},
		"another time":                {[]db.Channel{years(2010, 0, 0)}, []db.Channel{years(2000, 2010, 3)}, "[0]", 0, "absent "},
		"another location":            {[]db.Channel{years(2010, 0, 0)}, []db.Channel{elsewhere}, "[0]", 0, "absent "},
		"neighbours, a second longer": {[]db.Channel{years(2010, 0, 0)}, []db.Channel{second(years(2000, 2010, 3), 0, time.Second)}, "[0]", 0, "for none "},
		"a second late":               {[]db.Channel{years(2000, 2010, 0), years(2010, 2020, 0)}, []db.Channel{second(years(2000, 2010, 1), time.Second, time.Second), second(years(2010, 2020, 2), time.Second, time.Second)}, "[1 2]", 2, ""},
		"the same again":              {[]db.Channel{years(2010, 0, 4)}, []db.Channel{years(2010, 0, 4)}, "[4]", 0, ""},
		"one without":                 {[]db.Channel{years(2010, 0, 4)}, []db.Channel{nameless}, "[4]", 0, ""},
		"the last of two":             {[]db.Channel{years(2010, 0, 0)}, []db.Channel{years(2010, 0, 1), years(2010, 0, 2)}, "[2]", 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := dbtest.New(t)
			saveChannels(t, pool, c.known...)
			saved, unused := saveResponses(t, pool, c.given...)
			text := ""
			for _, u := range unused {
				switch {
				case u.Known == nil:
					text += "absent "
				case u.Instead == nil:
					text += "for none "
				default:
					text += fmt.Sprintf("for %d ", u.Instead.ResponseHash[0])
				}
				if u.Known != nil && !u.Known.From.Time().Equal(c.known[0].From.Time()) {
					t.Errorf("the known epoch is that from %v", u.Known.From.Time())
				}
			}
			if got := fmt.Sprint(hashes(t, pool)); got != c.want || saved.Changed != c.changed || saved.Found != len(c.given) || text != c.unused {
				t.Errorf("hashes %s, want %s; %+v; unused %s, want %s", got, c.want, saved, text, c.unused)
			}
		})
	}
}

func TestANewResponseIsAChangeOfItsEpoch(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	saveChannels(t, pool, years(2000, 2010, 0), years(2010, 0, 0))
	if _, err := pool.Exec("DELETE FROM change"); err != nil {
		t.Fatal(err)
	}
	saveResponses(t, pool, years(2005, 2010, 5))
	var got []db.Change
	if err := pool.Select(&got, `SELECT revision, kind, network, station, location, channel, event_id, from_time, until_time FROM change`); err != nil {
		t.Fatal(err)
	}
	e := years(2000, 2010, 0)
	want(t, "changes", []db.Change{{Revision: 2, Kind: db.ChannelChange, Network: e.Network, Station: e.Station, Channel: "HHZ", From: e.From, Until: e.Until}}, got)
	all := readChannels(t, pool)
	if all[0].Revision != 2 || *all[0].Sensitivity != 5 || all[0].InputUnits != "M/S" || all[0].Latitude != e.Latitude || all[1].Revision != 1 {
		t.Errorf("%+v", all)
	}
}

func TestEpochsWithoutStagesKeepThose(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	bare := years(2010, 0, 0)
	bare.Response = json.RawMessage(`{"stages": null}`)
	saveChannels(t, pool, years(2000, 2010, 1), bare)
	channels := []db.Channel{years(2000, 2010, 0), years(2010, 0, 0), years(2020, 0, 0)}
	with := years(2000, 2010, 9)
	for _, c := range []struct {
		channels []db.Channel
		without  []bool
		want     string
	}{
		{channels, []bool{true, true, true}, "[1 0 0]"},
		{[]db.Channel{with}, []bool{false}, "[9]"},
		{nil, nil, "[]"},
	} {
		change(t, pool, func(tx *sqlx.Tx, _ int64) error {
			return db.KeepStages(context.Background(), tx, c.channels, c.without)
		})
		var got []byte
		for i := range c.channels {
			got = append(got, c.channels[i].ResponseHash[0])
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%v, want %s", got, c.want)
		}
	}
	if string(channels[0].Response) != `{"stages": [1]}` || *channels[0].Sensitivity != 1 || channels[1].Response != nil {
		t.Errorf("%+v", channels)
	}
}

func TestTheRateOfDataIsThatOfMostOfThem(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	saveChannels(t, pool, years(2000, 2010, 1), years(2010, 0, 2))
	segment := func(year int, rate float64, samples int64) db.Segment {
		at := time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC)
		return db.Segment{Network: "NC", Station: "CRH", Channel: "HHZ", Start: at, End: at.Add(time.Hour), SampleRate: rate, Samples: samples, ContentHash: []byte{1}, Extents: db.Ints{0, 1, 0, 0}}
	}
	change(t, pool, func(tx *sqlx.Tx, revision int64) error {
		return db.SaveFile(ctx, tx, revision, db.File{Path: "/a"}, []db.Segment{segment(2001, 100, 10), segment(2002, 50, 9), segment(2003, 50, 9), segment(2004, 20, 1)})
	})
	for _, c := range []struct {
		from, until int
		want        []float64
	}{{0, 0, []float64{50}}, {2000, 2002, []float64{100}}, {2004, 0, []float64{20}}, {2006, 0, nil}} {
		s := years(c.from, c.until, 0)
		rates, err := db.DataRates(ctx, pool, s.From.Time(), s.Until.Time())
		var got []float64
		for _, r := range rates {
			got = append(got, r)
		}
		if err != nil || fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%d to %d: %v, %v; want %v", c.from, c.until, rates, err, c.want)
		}
	}
}

func TestFilesAreFoundByArchiveAndByPath(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	change(t, pool, func(tx *sqlx.Tx, revision int64) error {
		for _, f := range []db.File{{Archive: "/a", Path: "/a/1"}, {Archive: "/a", Path: "/b/2"}, {Archive: "/ab", Path: "/ab/3"}} {
			if err := db.SaveFile(ctx, tx, revision, f, nil); err != nil {
				return err
			}
		}
		return nil
	})
	of := map[string]db.File{}
	err := db.EachFile(ctx, pool, "/a", func(f *db.File) { of[f.Path] = *f })
	if err != nil || len(of) != 2 || of["/b/2"].Archive != "/a" || of["/a/1"].Path != "/a/1" {
		t.Errorf("%+v, %v", of, err)
	}
	at, err := db.FilesAt(ctx, pool, []string{"/ab/3", "/nix", "/b/2"})
	if err != nil || len(at) != 2 || at["/ab/3"].Archive != "/ab" {
		t.Errorf("%+v, %v", at, err)
	}
}
