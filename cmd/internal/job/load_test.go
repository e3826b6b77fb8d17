package job

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/archive"
	"github.com/seisbatch/seisbatch/waveform/mseed"
)

// record is a file of one record.
func record(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	err := mseed.Write(&b, waveform.Trace{ID: waveform.SourceID{Network: "XX", Station: "ABCD", Channel: "HNZ"},
		Start: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), SampleRate: 10, Data: []float64{1, 2, 3, 4, 5}}, mseed.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func put(t *testing.T, content []byte, name ...string) string {
	t.Helper()
	p := filepath.Join(name...)
	if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return p
}

// loaded gives the code, or "", of every file that the database knows, by its path
// below dir.
func loaded(t *testing.T, pool *sqlx.DB, dir string) map[string]string {
	t.Helper()
	files, err := db.FilesUnder(t.Context(), pool, dir)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for p, f := range files {
		out[strings.TrimPrefix(p, dir+"/")] = strings.Trim(orNone(f.ErrorCode), "-")
	}
	return out
}

func loadWith(t *testing.T, pool *sqlx.DB, load loader, path string) LoadSummary {
	t.Helper()
	sum, err := load(t.Context(), pool, []string{path}, LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func TestAFileNameThatIsNoTextIsAFailureOfThatFile(t *testing.T) {
	pool, dir := dbtest.New(t), t.TempDir()
	put(t, record(t), dir, "a\xff.mseed")
	put(t, record(t), dir, "folder\xff", "b.mseed")
	put(t, record(t), dir, "good.mseed")
	for range 2 { // the second time as the first
		if sum := loadWith(t, pool, LoadWaveforms, dir); sum.Files != 3 || sum.Failed != 2 || sum.Removed != 0 {
			t.Errorf("%+v", sum)
		}
		got := loaded(t, pool, dir)
		if len(got) != 3 || got["a\uFFFD.mseed"] != codeUnreadable || got["folder\uFFFD/b.mseed"] != codeUnreadable || got["good.mseed"] != "" {
			t.Errorf("%q", got)
		}
	}
	failures, err := db.Failures(t.Context(), pool, "default")
	if err != nil || len(failures) != 2 || !strings.Contains(failures[0].Message, "rename it") {
		t.Errorf("%+v, %v", failures, err)
	}
}

func TestLinksAreFollowedAndMayFormCircles(t *testing.T) {
	pool, dir := dbtest.New(t), t.TempDir()
	put(t, record(t), dir, "disk1", "a.mseed")
	put(t, record(t), dir, "disk2", "2024", "b.mseed")
	put(t, record(t), dir, "elsewhere.mseed")
	for link, target := range map[string]string{
		"archive":              "disk1",                // the path that is asked for
		"disk1/2024":           "../disk2/2024",        // a folder
		"disk1/c.mseed":        "../elsewhere.mseed",   // a file
		"disk2/2024/up":        "../../disk1",          // a circle
		"disk1/gone.mseed":     "nowhere",              // a link to nothing
		"disk2/2024/self":      "self",                 // a link to itself
		"disk1/.hidden.mseed":  "../elsewhere.mseed",   // hidden
		"disk2/2024/also2024b": "../2024/../../disk2/", // a way round
	} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	root := filepath.Join(dir, "archive")
	sum := loadWith(t, pool, LoadWaveforms, root)
	got := loaded(t, pool, root)
	want := map[string]string{"a.mseed": "", "2024/b.mseed": "", "c.mseed": "", "gone.mseed": codeUnreadable, "2024/self": codeUnreadable}
	if len(got) != len(want) || sum.Failed != 2 {
		t.Errorf("%+v, %q", sum, got)
	}
	for name, code := range want {
		if c, ok := got[name]; !ok || c != code {
			t.Errorf("%s: %q, %v", name, c, ok)
		}
	}
	put(t, record(t), dir, "disk1", "nowhere") // the link leads somewhere now
	if sum := loadWith(t, pool, LoadWaveforms, root); sum.Loaded != 3 || loaded(t, pool, root)["gone.mseed"] != "" {
		t.Errorf("%+v", sum)
	}
}

const quakeHead = `<q:quakeml xmlns="http://quakeml.org/xmlns/bed/1.2" xmlns:q="http://quakeml.org/xmlns/quakeml/1.2">
<eventParameters publicID="smi:local/all"><event publicID="smi:local/e1">`
const quakeFoot = `</event></eventParameters></q:quakeml>`

func originXML(id, at string, more string) string {
	return `<origin publicID="` + id + `"><time><value>` + at + `</value></time><latitude><value>1</value></latitude><longitude><value>2</value></longitude>` + more + `</origin>`
}

// Public ids ought to be unique; where they are not, the first of an event counts.
func TestPublicIDsThatOccurTwiceAreNoReasonToRefuseAnEvent(t *testing.T) {
	pool, dir := dbtest.New(t), t.TempDir()
	pick := `<pick publicID="smi:local/p1"><time><value>2024-01-01T00:00:0%Z</value></time><waveformID networkCode="XX" stationCode="ABCD"/></pick>`
	arrival := `<arrival publicID="smi:local/a1"><pickID>smi:local/p1</pickID><phase>%</phase></arrival>`
	magnitude := `<magnitude publicID="smi:local/m1"><mag><value>%</value></mag></magnitude>`
	with := func(s, v string) string { return strings.Replace(s, "%", v, 1) }
	put(t, []byte(quakeHead+
		originXML("smi:local/o1", "2024-01-01T00:00:00Z", with(arrival, "P")+with(arrival, "S"))+
		originXML("smi:local/o1", "2025-01-01T00:00:00Z", "")+
		with(magnitude, "3")+with(magnitude, "4")+with(pick, "1")+
		quakeFoot), dir, "a.xml")
	if sum := loadWith(t, pool, LoadEvents, dir); sum.Changed != 1 {
		t.Errorf("%+v", sum)
	}
	page, err := db.EventPage(t.Context(), pool, db.Selection{}, db.EventRow{}, 10)
	if err != nil || len(page) != 1 || page[0].Time.Year() != 2024 || *page[0].Magnitude != 3 {
		t.Errorf("%+v, %v", page, err)
	}
	arrivals, err := db.Arrivals(t.Context(), pool, []string{"smi:local/e1"})
	if err != nil || len(arrivals) != 1 || arrivals[0].Phase != "P" {
		t.Errorf("%+v, %v", arrivals, err)
	}
}

func TestTimesThatNoCalendarHasAreAProblemOfTheFile(t *testing.T) {
	for _, at := range []string{"0000-01-01T00:00:00Z", "9999-12-31T24:00:00Z", "9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+05:00"} {
		t.Run(at, func(t *testing.T) {
			pool, dir := dbtest.New(t), t.TempDir()
			put(t, []byte(quakeHead+originXML("smi:local/o1", at, "")+quakeFoot), dir, "a.xml")
			if sum := loadWith(t, pool, LoadEvents, dir); sum.Failed != 1 || sum.Found != 1 || loaded(t, pool, dir)["a.xml"] != codeBadMetadata {
				t.Errorf("%+v", sum)
			}
			if r := mustRun(t, pool, RunOptions{}); r.Failed != 1 { // no_origin
				t.Errorf("%+v", r)
			}
			put(t, []byte(`<FDSNStationXML xmlns="http://www.fdsn.org/xml/station/1" schemaVersion="1.1"><Network code="XX">
				<Station code="ABCD" startDate="`+at+`"><Latitude>1</Latitude><Longitude>1</Longitude><Elevation>0</Elevation>
				<Channel code="HNZ" locationCode="" startDate="`+at+`"><Latitude>1</Latitude><Longitude>1</Longitude><Elevation>0</Elevation><Depth>0</Depth></Channel>
				</Station></Network></FDSNStationXML>`), dir, "b.xml")
			sum := loadWith(t, pool, LoadStations, dir)
			if legible := at[:4] == "9999" && strings.Contains(at, "T24"); sum.Failed != 1 && !legible {
				t.Errorf("%+v", sum)
			}
		})
	}
}

func TestASampleRateOfCenturiesIsABadRecord(t *testing.T) {
	pool, dir := dbtest.New(t), t.TempDir()
	b := record(t)
	copy(b[32:], []byte{0x80, 0x01, 0x80, 0x01}) // a sample in 32767 x 32767 seconds
	put(t, b, dir, "slow.mseed")
	put(t, append(record(t), b...), dir, "some.mseed")
	loadWith(t, pool, LoadWaveforms, dir)
	if got := loaded(t, pool, dir); got["slow.mseed"] == "" || got["some.mseed"] != codeBadRecord {
		t.Errorf("%q", got)
	}
}

// A station code with a zero byte inside is neither the end of a load nor of a run.
func TestCodesThatTheDatabaseCannotKeepDoNotEndALoad(t *testing.T) {
	pool, dir := dbtest.New(t), t.TempDir()
	b := record(t)
	b[10] = 0
	put(t, b, dir, "a.mseed")
	if sum := loadWith(t, pool, LoadWaveforms, dir); sum.Found != 1 {
		t.Errorf("%+v", sum)
	}
	put(t, []byte(quakeHead+originXML("smi:local/o1", "2024-01-01T00:00:00Z", "")+quakeFoot), dir, "a.xml")
	loadWith(t, pool, LoadEvents, dir)
	if r := mustRun(t, pool, RunOptions{}); r.Failed != 1 { // data without metadata
		t.Errorf("%+v", r)
	}
}

func TestAStoppedLoadForgetsNothingAndTheNextGoesOn(t *testing.T) {
	pool, dir := dbtest.New(t), t.TempDir()
	for _, name := range strings.Fields("a b c d e f g h") {
		put(t, record(t), dir, name+".mseed")
	}
	stop := make(chan struct{})
	close(stop)
	if sum, err := LoadWaveforms(t.Context(), pool, []string{dir}, LoadOptions{Stop: stop}); err != nil || sum.Removed != 0 {
		t.Errorf("%+v, %v", sum, err)
	}
	first := len(loaded(t, pool, dir))
	if sum := loadWith(t, pool, LoadWaveforms, dir); sum.Loaded != 8-first {
		t.Errorf("%d, then %+v", first, sum)
	}
}

// A walk that was stopped has not seen what is gone.
func TestALoadStoppedOnItsWayForgetsNothing(t *testing.T) {
	pool, dir := dbtest.New(t), t.TempDir()
	const files = 300 // several batches
	for i := range files {
		put(t, record(t), dir, fmt.Sprintf("%03d.mseed", i))
	}
	loadWith(t, pool, LoadWaveforms, dir)
	stop := make(chan struct{})
	o := LoadOptions{Stop: stop, Workers: 1, Progress: func(Progress) {
		if !stopped(stop) {
			close(stop)
		}
	}}
	sum, err := LoadWaveforms(t.Context(), pool, []string{dir}, o)
	if err != nil || sum.Removed != 0 || sum.Files == 0 || sum.Files >= files || len(loaded(t, pool, dir)) != files {
		t.Errorf("%+v, %v, %d files known", sum, err, len(loaded(t, pool, dir)))
	}
	if err := os.Remove(filepath.Join(dir, "299.mseed")); err != nil {
		t.Fatal(err)
	}
	if sum := loadWith(t, pool, LoadWaveforms, dir); sum.Removed != 1 || sum.Unchanged != files-1 {
		t.Errorf("%+v", sum)
	}
}

func TestALoadOfTheWrongKindLeavesWhatIsKnownOfAFile(t *testing.T) {
	l := newFinishedLab(t, small)
	before := len(itemsOf(t, l.pool, "default"))
	var path string
	if err := l.pool.Get(&path, "SELECT path FROM file WHERE format = 'miniSEED' ORDER BY path LIMIT 1"); err != nil {
		t.Fatal(err)
	}
	for _, load := range []func(context.Context, *sqlx.DB, []string, LoadOptions) (LoadSummary, error){LoadStations, LoadEvents} {
		sum, err := load(t.Context(), l.pool, []string{path}, LoadOptions{})
		if err != nil || sum.Failed != 1 {
			t.Errorf("%+v, %v", sum, err)
		}
	}
	if f, err := db.FindFile(t.Context(), l.pool, path); err != nil || f.Format != string(archive.MiniSEED) || f.Error != nil {
		t.Errorf("%+v, %v", f, err)
	}
	l.wantRecomputed(nil, 0)
	if after := len(itemsOf(t, l.pool, "default")); after != before {
		t.Errorf("%d items, before %d", after, before)
	}
}

func TestAnArchiveWithoutAFileIsNotTakenForRemoved(t *testing.T) {
	pool, dir := dbtest.New(t), t.TempDir()
	put(t, record(t), dir, "archive", "a.mseed")
	archive := filepath.Join(dir, "archive")
	load := func(forget bool) (LoadSummary, error) {
		return LoadWaveforms(t.Context(), pool, []string{archive}, LoadOptions{Forget: forget})
	}
	if _, err := load(false); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(archive, "a.mseed")); err != nil {
		t.Fatal(err)
	}
	if _, err := load(false); err == nil || !strings.Contains(err.Error(), "is its disk mounted") {
		t.Errorf("%v", err)
	}
	if f, err := db.FindFile(t.Context(), pool, filepath.Join(archive, "a.mseed")); err != nil || f.Path == "" {
		t.Errorf("forgotten: %+v, %v", f, err)
	}
	if sum, err := load(true); err != nil || sum.Removed != 1 {
		t.Errorf("%+v, %v", sum, err)
	}
}

func TestTheFaultOfAMetadataFileGoesWithIt(t *testing.T) {
	pool, dir := dbtest.New(t), t.TempDir()
	path := filepath.Join(dir, "cut.xml")
	put(t, []byte("<FDSNStationXML xmlns=\"http://www.fdsn.org/xml/station/1\" schemaVersion=\"1.1\"><Network"), dir, "cut.xml")
	for _, want := range []int{1, 0} {
		if _, err := LoadStations(t.Context(), pool, []string{dir}, LoadOptions{}); err != nil {
			t.Fatal(err)
		}
		failures, err := db.Failures(t.Context(), pool, "default")
		if err != nil || len(failures) != want {
			t.Errorf("%+v, %v", failures, err)
		}
		_ = os.Remove(path)
	}
}
