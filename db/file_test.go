package db_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
)

// segment is data of a channel for some seconds after day, with a hash of its own.
func segment(station, channel string, from, until int, hash string) db.Segment {
	at := func(s int) time.Time { return day.Add(time.Duration(s) * time.Second) }
	return db.Segment{Network: "NC", Station: station, Channel: channel, Quality: "D", Start: at(from), End: at(until), SampleRate: 100,
		Samples: int64(until-from)*100 + 1, ContentHash: []byte(hash), Extents: db.Ints{0, 512}}
}

func saveFile(t testing.TB, pool *sqlx.DB, path string, segments ...db.Segment) (revision int64) {
	t.Helper()
	return change(t, pool, func(tx *sqlx.Tx, revision int64) error {
		return db.SaveFile(context.Background(), tx, revision, db.File{Path: path, ModTime: day}, segments)
	})
}

func dataChange(revision int64, s db.Segment) db.Change {
	return db.Change{Revision: revision, Kind: db.WaveformChange, Network: s.Network, Station: s.Station, Location: s.Location, Channel: s.Channel,
		From: db.From(s.Start), Until: db.Until(s.End)}
}

func TestFilesAndSegmentsComeBackAsWritten(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	full := db.File{Archive: "/a " + awkward, Path: "/a " + awkward + "/f", Size: 1 << 40, ModTime: day.Add(500), ContentHash: []byte{0, 255}, Format: "miniSEED",
		ErrorCode: ptr("bad_record"), Error: ptr(awkward)}
	s := segment(`S"\`, "HNE", 0, 10, "h")
	s.Location, s.Quality, s.Extents = "00", "", db.Ints{0, -1, 1 << 62, -1 << 62}
	bare := db.File{Path: "/b", ModTime: time.Time{}}
	change(t, pool, func(tx *sqlx.Tx, revision int64) error {
		if err := db.SaveFile(ctx, tx, revision, bare, nil); err != nil {
			return err
		}
		return db.SaveFile(ctx, tx, revision, full, []db.Segment{s})
	})
	known, err := db.FilesUnder(ctx, pool, "/")
	if err != nil || len(known) != 2 {
		t.Fatalf("%v, %v", known, err)
	}
	got := known[full.Path]
	s.FileID = got.ID
	if !got.ModTime.Equal(full.ModTime.Round(time.Microsecond)) || !known["/b"].ModTime.IsZero() {
		t.Errorf("times %v and %v", got.ModTime, known["/b"].ModTime)
	}
	got.ID, got.ModTime, full.ModTime = 0, time.Time{}, time.Time{}
	want(t, "file", full, got)
	located, err := db.Segments(ctx, pool, day, day.Add(time.Second), []string{`NC.S"\`})
	if err != nil || len(located) != 1 {
		t.Fatalf("%v, %v", located, err)
	}
	located[0].Start, located[0].End = located[0].Start.UTC(), located[0].End.UTC()
	want(t, "segment", db.LocatedSegment{Path: full.Path, Format: full.Format, Segment: s}, located[0])
	bad, err := faultyFiles(pool)
	if err != nil || len(bad) != 1 || bad[0].Path != full.Path {
		t.Errorf("unreadable: %v, %v", bad, err)
	}
}

// PostgreSQL rounds half a microsecond to the even one, Go away from zero.
func TestModificationTimesAreRoundedAsInGo(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	for i := range 20 {
		f := db.File{Path: "/f", ModTime: time.Date(2024, 3, 1, 0, 0, 0, i*1000+500, time.UTC)}
		tx(t, pool, func(tx *sqlx.Tx) error {
			if i%2 == 1 && i > 4 {
				return db.TouchFile(ctx, tx, f)
			}
			return db.SaveFile(ctx, tx, 1, f, nil)
		})
		known, err := db.FilesUnder(ctx, pool, "/f")
		if err != nil || !known["/f"].ModTime.Equal(f.ModTime.Round(time.Microsecond)) {
			t.Errorf("%v became %v, %v", f.ModTime, known["/f"].ModTime, err)
		}
	}
}

func TestFilesUnderAFolderAreThoseBelowIt(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	for _, path := range []string{"/a", "/a/x", "/a/b/y", "/ab", "/a_/z", "/A/x", "/%/x"} {
		saveFile(t, pool, path)
	}
	for path, want := range map[string][]string{
		"/a": {"/a", "/a/b/y", "/a/x"}, "/a/": {"/a/b/y", "/a/x"}, "/a/x": {"/a/x"}, "/%": {"/%/x"}, "/a_": {"/a_/z"}, "/nothing": nil,
		"/": {"/%/x", "/A/x", "/a", "/a/b/y", "/a/x", "/a_/z", "/ab"},
	} {
		got, err := db.FilesUnder(ctx, pool, path)
		if err != nil || !slices.Equal(slices.Sorted(maps.Keys(got)), want) {
			t.Errorf("%s: %v, %v; want %v", path, slices.Sorted(maps.Keys(got)), err, want)
		}
	}
}

func TestOnlyWhatDiffersInAFileIsLogged(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	a, b, c := segment("CRH", "HNE", 0, 10, "a"), segment("CRH", "HNE", 20, 30, "b"), segment("CRH", "HNZ", 0, 10, "a")
	r := saveFile(t, pool, "/f", a, b, c)
	want(t, "a new file", []db.Change{dataChange(r, a), dataChange(r, b), dataChange(r, c)}, changes(t, pool, r))
	r = saveFile(t, pool, "/f", c, b, a)
	want(t, "the same data", []db.Change{}, append([]db.Change{}, changes(t, pool, r)...))
	longer := segment("CRH", "HNE", 20, 40, "longer")
	r = saveFile(t, pool, "/f", a, longer, c)
	got := changes(t, pool, r)
	slices.SortFunc(got, func(x, y db.Change) int { return x.Until.Time().Compare(y.Until.Time()) })
	want(t, "a longer segment: what was and what is", []db.Change{dataChange(r, b), dataChange(r, longer)}, got)
	id := count(t, pool, `SELECT id FROM file WHERE path = '/f'`)
	r = change(t, pool, func(tx *sqlx.Tx, revision int64) error { return db.RemoveFile(ctx, tx, revision, "/f") })
	if got := changes(t, pool, r); len(got) != 3 {
		t.Errorf("a removed file: %v", got)
	}
	if n := count(t, pool, `SELECT count(*) FROM segment WHERE file_id = $1`, id) + count(t, pool, `SELECT count(*) FROM file`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	r = change(t, pool, func(tx *sqlx.Tx, revision int64) error { return db.RemoveFile(ctx, tx, revision, "/never") })
	if got := changes(t, pool, r); len(got) != 0 {
		t.Errorf("a file that was never there: %v", got)
	}
}

// A damaged file may have a segment a record. With a step for each pair of old and new
// ones this would not end.
func TestFileOfManySegmentsIsReplaced(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	const n = 20_000
	many := func(salt string) []db.Segment {
		all := make([]db.Segment, n)
		for i := range all {
			all[i] = segment("CRH", "HNE", i, i, fmt.Sprint(salt, i))
		}
		return all
	}
	saveFile(t, pool, "/f", many("a")...)
	changed := many("a")
	changed[7].ContentHash = []byte("other")
	r := saveFile(t, pool, "/f", changed...)
	if got := len(changes(t, pool, r)); got != 2 {
		t.Errorf("%d changes, want 2: the old and the new segment", got)
	}
}

func TestSegmentsOverlapFromFirstToLastSample(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	saveFile(t, pool, "/late", segment("CRH", "HNE", 10, 20, "a"), segment("CRH", "HNE", 15, 15, "one sample"))
	saveFile(t, pool, "/early", segment("CRH", "HNE", 10, 20, "b"), segment("XYZ", "HNE", 10, 20, "c"))
	at := func(s float64) time.Time { return day.Add(time.Duration(s * 1e9)) }
	for _, c := range []struct {
		from, until float64
		stations    []string
		want        []string
	}{
		{0, 10, []string{"NC.CRH"}, nil}, // a window ends before its end
		{0, 10.000001, []string{"NC.CRH"}, []string{"b", "a"}},
		{20, 30, []string{"NC.CRH"}, []string{"b", "a"}},
		{20.000001, 30, []string{"NC.CRH"}, nil},
		{15, 15.1, []string{"NC.CRH"}, []string{"b", "a", "one sample"}},
		{0, 30, []string{"NC.XYZ"}, []string{"c"}},
		{0, 30, []string{"NC.XYZ", "NC.CRH"}, []string{"b", "a", "one sample", "c"}},
		{0, 30, []string{"XX.CRH", "NC"}, nil},
		{0, 30, nil, nil},
		{12, 12, []string{"NC.CRH"}, nil},
	} {
		got, err := db.Segments(ctx, pool, at(c.from), at(c.until), c.stations)
		if err != nil {
			t.Fatal(err)
		}
		var hashes []string
		for _, s := range got {
			hashes = append(hashes, string(s.ContentHash))
		}
		if !slices.Equal(hashes, c.want) {
			t.Errorf("%g to %g s of %v: %q, want %q", c.from, c.until, c.stations, hashes, c.want)
		}
	}
}

func TestChannelsWithoutMetadataAreFound(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	other := segment("CRH", "HNN", 0, 100, "n")
	other.Location = "00"
	saveFile(t, pool, "/f", segment("CRH", "HNE", 0, 100, "e"), segment("CRH", "HNE", 200, 300, "e2"), other, segment("CRH", "HNZ", 500, 600, "z"))
	saveChannels(t, pool, epoch("HNE", time.Time{}, day.Add(50*time.Second)), epoch("HNN", time.Time{}, time.Time{}), epoch("HNE", day.Add(80*time.Second), time.Time{}))
	for _, c := range []struct {
		from, until int
		want        string
	}{
		{10, 20, "00.HNN "}, {50, 60, ".HNE 00.HNN "}, {79, 90, ".HNE 00.HNN "}, {80, 90, "00.HNN "}, {101, 200, ""}, {500, 501, ".HNZ "},
	} {
		// The second of three times: each has its own answer.
		at := day.Add(time.Duration(c.from) * time.Second)
		got, err := db.ChannelsWithoutMetadata(ctx, pool, []time.Time{day.Add(-time.Hour), at, day.Add(time.Hour)}, time.Duration(c.until-c.from)*time.Second)
		if err != nil || len(got) != 3 || len(got[0])+len(got[2]) > 0 {
			t.Fatalf("%v, %v", got, err)
		}
		text := ""
		for _, k := range got[1] {
			text += k.Location + "." + k.Channel + " "
		}
		if err != nil || text != c.want {
			t.Errorf("%d to %d s: %q, %v; want %q", c.from, c.until, text, err, c.want)
		}
	}
}
