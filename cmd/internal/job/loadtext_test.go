package job

import (
	"bytes"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
)

// want fails a test unless a query gives this number.
func (c counter) want(query string, want int) {
	c.t.Helper()
	var got int
	if err := c.get(&got, query); err != nil || got != want {
		c.t.Errorf("%s: %d, %v; want %d", query, got, err, want)
	}
}

type counter struct {
	t   *testing.T
	get func(into any, query string, args ...any) error
}

func TestTheCatalogueIsLoadedWhole(t *testing.T) {
	pool, file := dbtest.New(t), filepath.Join(sharedData(t), "catalog", "catalog.csv")
	count := counter{t, pool.Get}
	if sum := mustLoad(t, pool, LoadEvents, file); sum.Found != 2197 || sum.Changed != 2197 || sum.Files != 1 {
		t.Errorf("%+v", sum)
	}
	// One of them, as the first line of the table has it, and all of them with what they need.
	count.want(`SELECT count(*) FROM event JOIN origin o ON o.event_id = event.id AND o.preferred JOIN magnitude m ON m.event_id = event.id AND m.preferred`, 2197)
	count.want(`SELECT count(*) FROM event WHERE id LIKE 'smi:local/%'`, 2197)
	if sum := mustLoad(t, pool, LoadEvents, filepath.Dir(file)); sum.Found != 2197+40 || sum.Changed != 40 || sum.Files != 2 { // QuakeML lies beside it
		t.Errorf("again, by its folder: %+v", sum)
	}
	sum, err := LoadEvents(t.Context(), pool, []string{file}, LoadOptions{IDPrefix: "smi:comcat/"})
	if err != nil || sum.Changed != 2197 || sum.Failed != 0 {
		t.Errorf("%+v, %v", sum, err)
	}
	count.want(`SELECT count(*) FROM event WHERE id LIKE 'smi:comcat/%'`, 2197)
	if f, err := db.FindFile(t.Context(), pool, file); err != nil || f.Format != formatComCat || f.Error != nil {
		t.Errorf("%+v, %v", f, err)
	}
}

const fdsnText = `#EventID | Time | Latitude | Longitude | Depth/km | Author | Catalog | Contributor | ContributorID | MagType | Magnitude | MagAuthor | EventLocationName
1|2024-01-01T00:00:00|1|2|3|A|C|D|1|ML|4.5|A|here
2|2024-01-02T00:00:00|1|2|3|A|C|D|2|ML|3.5|A|there
`

func TestEventTextIsToldByContent(t *testing.T) {
	pool, dir := dbtest.New(t), t.TempDir()
	put(t, []byte(fdsnText), dir, "events.txt")
	put(t, []byte("a list of what is here"), dir, "README.txt")
	put(t, []byte("name,phone\n"), dir, "people.csv")
	put(t, []byte(fdsnText+"3|yesterday|1|2|3|A|C|D|2|ML|3.5|A|there\n"), dir, "cut", "more.csv")
	put(t, []byte("<html>busy</html>"), dir, "cut", "busy.xml")
	sum := loadWith(t, pool, LoadEvents, dir)
	if sum.Files != 3 || sum.Failed != 2 || sum.Found != 4 || sum.Changed != 2 {
		t.Errorf("%+v", sum)
	}
	got := loaded(t, pool, dir)
	if len(got) != 3 || got["events.txt"] != "" || got["cut/more.csv"] != codeBadMetadata || got["cut/busy.xml"] != codeUnsupported {
		t.Errorf("%q", got)
	}
	wantMessage(t, pool, filepath.Join(dir, "cut/busy.xml"), "an HTML page", "get it again", "reads QuakeML, FDSN event text")
	// What is asked for by name has to be something.
	for _, name := range []string{"README.txt", "people.csv"} {
		if sum := loadWith(t, pool, LoadEvents, filepath.Join(dir, name)); sum.Failed != 1 || loaded(t, pool, dir)[name] != codeUnsupported {
			t.Errorf("%s: %+v", name, sum)
		}
	}
	wantMessage(t, pool, filepath.Join(dir, "people.csv"), `text that starts with "name,phone"; this command reads`)
	if sum := loadWith(t, pool, LoadStations, filepath.Join(dir, "events.txt")); sum.Failed != 1 {
		t.Errorf("%+v", sum)
	}
	if f, err := db.FindFile(t.Context(), pool, filepath.Join(dir, "events.txt")); err != nil || f.Format != formatEventText || f.Error != nil {
		t.Errorf("a load of another kind changed the row: %+v, %v", f, err)
	}
}

// wantMessage wants the row of a file to have a fault whose message holds these texts.
func wantMessage(t *testing.T, pool querier, path string, texts ...string) {
	t.Helper()
	f, err := db.FindFile(t.Context(), pool, path)
	if err != nil || f.Error == nil {
		t.Fatalf("%s: %+v, %v", path, f, err)
	}
	for _, text := range texts {
		if !strings.Contains(*f.Error, text) {
			t.Errorf("%s: %q does not hold %q", path, *f.Error, text)
		}
	}
}

// A table of another program has an id, a time and a place as that of ComCat has.
func TestOtherTablesOfEventsAreNoEvents(t *testing.T) {
	pool, dir := dbtest.New(t), t.TempDir()
	other := put(t, []byte("id,time,latitude,longitude,depth,magnitude,magnitude_type\ne1,2024-01-01T00:00:00Z,1,2,0.01,4.5,mw\n"), dir, "other.csv")
	if sum := loadWith(t, pool, LoadEvents, dir); sum.Files != 0 || len(loaded(t, pool, dir)) != 0 {
		t.Errorf("in a folder: %+v", sum)
	}
	if sum := loadWith(t, pool, LoadEvents, other); sum.Failed != 1 || sum.Found != 0 {
		t.Errorf("by its name: %+v", sum)
	}
	wantMessage(t, pool, other, "lacks the columns mag, and one of magType, net and updated", "this command reads QuakeML")
}

// Text says less of an event than QuakeML may, and takes nothing away from it.
func TestTextDoesNotReplaceAnEventOfWhichMoreIsKnown(t *testing.T) {
	const header = "time,latitude,longitude,depth,mag,magType,net,id\n"
	const magnitude = `<magnitude publicID="smi:local/m1"><mag><value>4.5</value></mag></magnitude>`
	const arrival = `<arrival publicID="smi:local/a1"><pickID>smi:local/p1</pickID><phase>P</phase></arrival>`
	const pick = `<pick publicID="smi:local/p1"><time><value>2024-01-01T00:00:03Z</value></time><waveformID networkCode="XX" stationCode="ABCD"/></pick>`
	const depth = `<depth><value>8000</value></depth>`
	origin := func(id, more string) string { return originXML(id, "2024-01-01T00:00:00Z", more) }
	for name, c := range map[string]struct {
		event, row string
		kept       bool
	}{
		"a magnitude":       {origin("smi:local/o1", "") + magnitude, "1,2,3,,,XX,e1", true},
		"a depth":           {origin("smi:local/o1", depth) + magnitude, "1,2,,4,ml,XX,e1", true},
		"arrivals":          {origin("smi:local/o1", arrival) + pick, "1,2,3,4,ml,XX,e1", true},
		"two origins":       {origin("smi:local/o1", "") + origin("smi:local/o2", ""), "1,2,3,4,ml,XX,e1", true},
		"no more than text": {origin("smi:local/o1", depth) + magnitude, "1,2,3,4,ml,XX,e1", false},
	} {
		t.Run(name, func(t *testing.T) {
			pool, dir := dbtest.New(t), t.TempDir()
			quake := put(t, []byte(quakeHead+c.event+quakeFoot), dir, "a.xml")
			rows := "2024-01-01T00:00:01Z," + c.row + "\n2024-01-02T00:00:00Z,1,2,3,4,ml,XX,e2\n"
			text := put(t, []byte(header+rows), dir, "b.csv")
			mustLoad(t, pool, LoadEvents, quake)
			var before, after string
			count := counter{t, pool.Get}
			const state = `SELECT concat(e.revision, ' ', encode(e.content_hash, 'hex')) FROM event e WHERE id = 'smi:local/e1'`
			if err := pool.Get(&before, state); err != nil {
				t.Fatal(err)
			}
			var log bytes.Buffer
			sum, err := LoadEvents(t.Context(), pool, []string{text}, LoadOptions{Log: slog.New(slog.NewTextHandler(&log, nil))})
			if err != nil || sum.Failed != 0 || sum.Found != 2 || (sum.Changed == 1) != c.kept {
				t.Errorf("%+v, %v", sum, err)
			}
			if err := pool.Get(&after, state); err != nil || (before == after) != c.kept {
				t.Errorf("%s, then %s; %v", before, after, err)
			}
			if warned := strings.Contains(log.String(), "level=WARN") && strings.Contains(log.String(), "events=1 first=smi:local/e1"); warned != c.kept {
				t.Errorf("log: %s", log.String())
			}
			// Text replaces text, and QuakeML both.
			put(t, []byte(header+strings.Replace(rows, "3,4,ml,XX,e2", ",,,XX,e2", 1)), dir, "b.csv")
			if sum := mustLoad(t, pool, LoadEvents, text); sum.Changed != 1 {
				t.Errorf("text again: %+v", sum)
			}
			count.want(`SELECT count(*) FROM magnitude WHERE event_id = 'smi:local/e2'`, 0)
			if sum := mustLoad(t, pool, LoadEvents, quake); (sum.Changed == 0) != c.kept {
				t.Errorf("QuakeML again: %+v", sum)
			}
		})
	}
}

// A load says once how many events it kept, of all files.
func TestKeptEventsAreToldOnceInALoad(t *testing.T) {
	pool, dir := dbtest.New(t), t.TempDir()
	const event = `<magnitude publicID="smi:local/m1"><mag><value>4.5</value></mag></magnitude>`
	mustLoad(t, pool, LoadEvents, put(t, []byte(quakeHead+originXML("smi:local/o1", "2024-01-01T00:00:00Z", "")+event+quakeFoot), dir, "a.xml"))
	for _, name := range []string{"b.txt", "c.txt"} {
		put(t, []byte("#EventID | Time | Latitude | Longitude\ne1|2024-01-01T00:00:00|1|2\n"), dir, name)
	}
	var log bytes.Buffer
	sum, err := LoadEvents(t.Context(), pool, []string{dir}, LoadOptions{Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil || sum.Failed != 0 || sum.Changed != 0 || strings.Count(log.String(), "level=WARN") != 1 || !strings.Contains(log.String(), "events=1 ") {
		t.Errorf("%+v, %v: %s", sum, err, log.String())
	}
}

// Metadata of every kind lie in archives too, whether they were loaded or not.
func TestMetadataAmongWaveformsArePassedOver(t *testing.T) {
	l := newLab(t, alone)
	put(t, []byte(fdsnText), l.dir, "events.txt")
	put(t, []byte("B050F03     Station:     KAPI\n"), l.dir, "RESP.KAPI")
	put(t, []byte("# notes\n"), l.dir, "notes.txt")
	put(t, []byte("{}\n"), l.dir, "event.json")
	for i := range 3 {
		sum := loadWith(t, l.pool, LoadWaveforms, l.dir) // three files, notes, JSON, and what package synth leaves
		if sum.Files != 6 || i == 0 && sum.Failed != 3 || i > 0 && sum.Unchanged != 6 || sum.Removed != 0 {
			t.Errorf("%+v", sum)
		}
		if got := loaded(t, l.pool, l.dir); got["notes.txt"] != codeNotMiniSEED || got["event.json"] != codeNotMiniSEED {
			t.Errorf("%q", got)
		}
		if i == 1 {
			mustLoad(t, l.pool, LoadEvents, l.dir)
		}
	}
	wantMessage(t, l.pool, filepath.Join(l.dir, "notes.txt"), `text that starts with "# notes"`)
	if f, err := db.FindFile(t.Context(), l.pool, filepath.Join(l.dir, "events.txt")); err != nil || f.Format != formatEventText {
		t.Errorf("%+v, %v", f, err)
	}
	if sum := loadWith(t, l.pool, LoadWaveforms, filepath.Join(l.dir, "events.txt")); sum.Failed != 1 {
		t.Errorf("asked for by name: %+v", sum)
	}
	if f, err := db.FindFile(t.Context(), l.pool, filepath.Join(l.dir, "events.txt")); err != nil || f.Format != formatEventText || f.Error != nil {
		t.Errorf("%+v, %v", f, err)
	}
	// A waveform file that becomes metadata is gone from the archive, and the other way round.
	first := l.file("ST01.HNE")
	l.write(first, []byte(fdsnText))
	put(t, record(t), l.dir, "events.txt")
	if sum := loadWith(t, l.pool, LoadWaveforms, l.dir); sum.Removed != 1 || sum.Loaded != 1 || sum.Found != 1 {
		t.Errorf("%+v", sum)
	}
	counter{t, l.pool.Get}.want(`SELECT count(*) FROM segment WHERE channel = 'HNE'`, 0)
}
