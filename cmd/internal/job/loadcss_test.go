package job

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/archive"
)

// copyTables copies the shared database AZ.1998001 to dir/db, with wfdisc rows that name the
// files as they lie in the shared data.
func copyTables(t *testing.T, dir string) string {
	t.Helper()
	shared := filepath.Join(sharedData(t), "continuous", "AZ.1998001")
	files, err := filepath.Glob(filepath.Join(shared, "css3.0", "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, ".wfdisc") {
			b = renamed(t, b, filepath.Join(shared, "waveforms"))
		}
		put(t, b, dir, "db", filepath.Base(name))
	}
	return filepath.Join(dir, "db")
}

// renamed gives the rows of wfdisc another folder, and underscores for colons.
func renamed(t *testing.T, table []byte, folder string) []byte {
	t.Helper()
	const dirAt, dirLength, fileLength = 148, 64, 32 // columns of wfdisc
	if len(folder) > dirLength {
		link := filepath.Join(t.TempDir(), "w")
		if err := os.Symlink(folder, link); err != nil {
			t.Fatal(err)
		}
		folder = link
	}
	var out bytes.Buffer
	for line := range bytes.Lines(table) {
		line = bytes.Clone(line)
		copy(line[dirAt:dirAt+dirLength], folder+strings.Repeat(" ", dirLength))
		file := line[dirAt+dirLength+1 : dirAt+dirLength+1+fileLength]
		copy(file, bytes.ReplaceAll(file, []byte(":"), []byte("_")))
		out.Write(line)
	}
	return out.Bytes()
}

func TestStationsOfTablesAreLoaded(t *testing.T) {
	pool, dir := dbtest.New(t), t.TempDir()
	tables := copyTables(t, dir)
	count := counter{t, pool.Get}
	sum := loadWith(t, pool, LoadStations, dir)
	if sum.Files != 1 || sum.Found != sum.Changed || sum.Found < 500 {
		t.Errorf("%+v", sum)
	}
	count.want(`SELECT count(*) FROM station`, 2)
	count.want(`SELECT count(*) FROM station WHERE network = 'AZ' AND code = 'CRY' AND latitude = 33.5654 AND longitude = -116.7373 AND elevation = 1128`, 1)
	count.want(`SELECT count(*) FROM channel WHERE network = 'AZ' AND station = 'CRY' AND channel = 'BHZ' AND from_time <= '1998-01-01' AND until_time > '1998-01-01' AND dip = -90`, 1)
	for _, path := range []string{dir, tables, filepath.Join(tables, "demo"), filepath.Join(tables, "demo.sitechan"), filepath.Join(tables, "demo.lastid")} {
		sum := loadWith(t, pool, LoadStations, path)
		if sum.Files != 1 || sum.Changed != 0 || sum.Found < 500 {
			t.Errorf("%s: %+v", path, sum)
		}
	}
	if f, err := db.FindFile(t.Context(), pool, filepath.Join(tables, "demo.site")); err != nil || f.Format != formatSite {
		t.Errorf("%+v, %v", f, err)
	}
	// There are no events in it.
	if sum, err := LoadEvents(t.Context(), pool, []string{filepath.Join(tables, "demo.site")}, LoadOptions{}); err == nil || !strings.Contains(err.Error(), "demo.origin") {
		t.Errorf("%+v, %v", sum, err)
	}
	if sum := loadWith(t, pool, LoadEvents, dir); sum.Files != 0 {
		t.Errorf("%+v", sum)
	}
}

func TestThePrefixOfTablesNamesThem(t *testing.T) {
	pool, dir := dbtest.New(t), t.TempDir()
	tables := copyTables(t, dir)
	if err := os.Remove(filepath.Join(tables, "demo")); err != nil { // the descriptor
		t.Fatal(err)
	}
	if sum := loadWith(t, pool, LoadStations, filepath.Join(tables, "demo")); sum.Files != 1 || sum.Found < 500 {
		t.Errorf("%+v", sum)
	}
	if _, err := LoadStations(t.Context(), pool, []string{filepath.Join(tables, "nix")}, LoadOptions{}); err == nil {
		t.Error("a prefix without tables")
	}
}

func TestTheNetworkOfTablesCanBeGiven(t *testing.T) {
	pool, dir := dbtest.New(t), t.TempDir()
	tables := copyTables(t, dir)
	if err := os.Remove(filepath.Join(tables, "demo.snetsta")); err != nil {
		t.Fatal(err)
	}
	count := counter{t, pool.Get}
	sum := loadWith(t, pool, LoadStations, dir)
	wantMessage(t, pool, filepath.Join(tables, "demo.site"), "XX is taken for the network")
	count.want(`SELECT count(*) FROM station WHERE network = 'XX'`, 2)
	without := sum.Failed
	sum, err := LoadStations(t.Context(), pool, []string{dir}, LoadOptions{Network: "AZ"})
	if err != nil || without != 1 {
		t.Errorf("%+v, %v", sum, err)
	}
	count.want(`SELECT count(*) FROM station WHERE network = 'AZ'`, 2)
	if f, err := db.FindFile(t.Context(), pool, filepath.Join(tables, "demo.site")); err != nil || f.Error != nil && strings.Contains(*f.Error, "network") {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestTablesThatAreCutOff(t *testing.T) {
	pool, dir := dbtest.New(t), t.TempDir()
	tables := copyTables(t, dir)
	site, err := os.ReadFile(filepath.Join(tables, "demo.site"))
	if err != nil {
		t.Fatal(err)
	}
	put(t, site[:len(site)-120], tables, "demo.site") // in the middle of its last row
	sum := loadWith(t, pool, LoadStations, dir)
	if sum.Failed != 1 || sum.Found == 0 || loaded(t, pool, dir)["db/demo.site"] != codeBadMetadata {
		t.Errorf("%+v, %q", sum, loaded(t, pool, dir))
	}
	// Of nothing but half a row, nothing is said to be loaded.
	put(t, site[:40], tables, "demo.site")
	sum = loadWith(t, pool, LoadStations, dir)
	if sum.Failed != 1 || sum.Changed != 0 {
		t.Errorf("%+v", sum)
	}
	wantMessage(t, pool, filepath.Join(tables, "demo.site"), "get the file again")
}

func TestWfdiscIsAListOfFiles(t *testing.T) {
	pool, dir := dbtest.New(t), t.TempDir()
	tables := copyTables(t, dir)
	count := counter{t, pool.Get}
	sum := loadWith(t, pool, LoadWaveforms, dir)
	if sum.Files != 7 || sum.Loaded != 7 || sum.Failed != 2 || sum.Found != 22+22+22+21 { // segments as the README of the data has them
		t.Errorf("%+v", sum)
	}
	count.want(`SELECT count(*) FROM file WHERE format = 'miniSEED'`, 4)
	count.want(`SELECT count(*) FROM file WHERE error_code = 'file_missing'`, 2) // two components of LVA2 are not there
	count.want(`SELECT count(*) FROM segment WHERE network = 'AZ'`, 22+22+22+21)
	for range 2 {
		if sum := mustLoad(t, pool, LoadWaveforms, dir); sum.Files != 7 || sum.Unchanged != 7 || sum.Removed != 0 {
			t.Errorf("again: %+v", sum)
		}
	}
	// Rows that go take their files with them.
	path := filepath.Join(tables, "demo.wfdisc")
	table, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var kept []byte
	for line := range bytes.Lines(table) {
		if !bytes.HasPrefix(line, []byte("LVA2")) {
			kept = append(kept, line...)
		}
	}
	put(t, kept, path)
	if sum := mustLoad(t, pool, LoadWaveforms, dir); sum.Removed != 3 || sum.Unchanged != 3 {
		t.Errorf("%+v", sum)
	}
	count.want(`SELECT count(*) FROM segment WHERE station = 'LVA2'`, 0)
	// A table that cannot be read says nothing of what is gone.
	put(t, []byte("CRY    BHE  "), path)
	if sum := loadWith(t, pool, LoadWaveforms, dir); sum.Removed != 0 || sum.Failed != 1 {
		t.Errorf("%+v", sum)
	}
	count.want(`SELECT count(*) FROM file WHERE format = 'miniSEED'`, 3)
}

func TestFilesThatAreNotWhereWfdiscSays(t *testing.T) {
	pool := dbtest.New(t)
	dir := filepath.Join(sharedData(t), "continuous", "AZ.1998001", "css3.0")
	for i := range 2 {
		sum := loadWith(t, pool, LoadWaveforms, dir)
		if i == 0 && sum.Failed != 6 || i == 1 && (sum.Failed != 0 || sum.Unchanged != sum.Files) || sum.Removed != 0 {
			t.Errorf("%+v", sum)
		}
	}
	counter{t, pool.Get}.want(`SELECT count(*) FROM file WHERE error_code = 'file_missing'`, 6)
	wantMessage(t, pool, filepath.Join(dir, "1998/001/CRY.BHE.1998:001:00:00:05"), "demo.wfdisc names the file", "put it there")
}

// wfdiscRow is a row of the schema.
func wfdiscRow(station, channel string, start time.Time, samples int, rate float64, datatype, dir, file string, at int) string {
	s := float64(start.UnixMicro()) / 1e6
	end := s + float64(samples-1)/rate
	return strings.Join([]string{pad(station, -6), pad(channel, -8), fixedText(s, 17, 5), "       1", "      -1", " 2024001", fixedText(end, 17, 5),
		pad(itoa(samples), 8), fixedText(rate, 11, 7), fixedText(1, 16, 6), fixedText(1, 16, 6), "-     ", "-", pad(datatype, -2), "-",
		pad(dir, -64), pad(file, -32), pad(itoa(at), 10), "      -1", "  1467148587.21158"}, " ") + "\n"
}

// Samples without headers are read as the table has them, and give what miniSEED of the same
// samples gives.
func TestPlainSamplesOfWfdiscAreMeasuredAsMiniSEED(t *testing.T) {
	l := newFinishedLab(t, alone)
	want := measurementsOf(t, l.pool, "default")
	plain := &lab{T: t, pool: dbtest.New(t), dir: t.TempDir(), plan: l.plan, stations: l.stations, events: l.events, clock: l.clock}
	plain.loadStations()
	plain.loadEvents()
	var table strings.Builder
	for channel, path := range l.paths {
		cut := readAll(t, path)
		var raw []byte
		for _, tr := range cut {
			at := len(raw)
			for _, v := range tr.Data {
				raw = binary.BigEndian.AppendUint32(raw, uint32(int32(v)))
			}
			table.WriteString(wfdiscRow(tr.ID.Station, tr.ID.Channel, tr.Start, len(tr.Data), tr.SampleRate, "s4", "../elsewhere", channel+".w", at))
		}
		put(t, raw, plain.dir, "elsewhere", channel+".w")
	}
	put(t, []byte(table.String()), plain.dir, "db", "demo.wfdisc")
	for _, want := range []int{4, 0} { // the table and three files; again
		sum, err := LoadWaveforms(t.Context(), plain.pool, []string{plain.dir}, LoadOptions{Network: "SY"})
		if err != nil || sum.Files != 4 || sum.Loaded != want || sum.Failed != 0 {
			t.Fatalf("%+v, %v", sum, err)
		}
	}
	counter{t, plain.pool.Get}.want(`SELECT count(*) FROM file WHERE format = 'css/s4'`, 3)
	if r := mustRun(t, plain.pool, RunOptions{}); r.Done != 1 {
		t.Errorf("%+v", r)
	}
	got := measurementsOf(t, plain.pool, "default")
	if len(got) != len(want) || len(want) == 0 {
		t.Fatalf("%d rows, want %d", len(got), len(want))
	}
	for k := range want {
		// Plain samples have no headers that could tell how good the clock was.
		if w := strings.Replace(want[k], `"timing_quality":100`, `"timing_quality":null`, 1); got[k] != w {
			t.Errorf("%s: %s\nwant %s", k, got[k], w)
		}
	}
	// A row that is moved by a second moves its data, though the file is as it was.
	put(t, []byte(strings.ReplaceAll(table.String(), " s4 ", " i4 ")), plain.dir, "db", "demo.wfdisc")
	sum, err := LoadWaveforms(t.Context(), plain.pool, []string{plain.dir}, LoadOptions{Network: "SY"})
	if err != nil || sum.Loaded != 4 {
		t.Errorf("%+v, %v", sum, err)
	}
	if r := mustRun(t, plain.pool, RunOptions{}); r.Due != 1 {
		t.Errorf("samples in the other byte order: %+v", r)
	}
}

// readAll reads all data of a file.
func readAll(t *testing.T, path string) []waveform.Trace {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	ix, err := archive.Scan(f)
	if err != nil {
		t.Fatal(err)
	}
	var all []waveform.Trace
	for _, s := range ix.Segments {
		var r archive.Reader
		var cut archive.Cut
		if err := r.Read(context.Background(), &cut, s.ID, waveform.Window{From: s.Start, Until: s.End.Add(time.Second)}, []archive.Source{{Path: path, Segment: s}}); err != nil {
			t.Fatal(err)
		}
		for _, tr := range cut.Traces {
			for _, v := range tr.Data {
				if v != math.Trunc(v) {
					t.Fatal("no counts")
				}
			}
			all = append(all, tr)
		}
	}
	return all
}

func TestSamplesThatAreNotRead(t *testing.T) {
	pool, dir := dbtest.New(t), t.TempDir()
	at := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	put(t, []byte(wfdiscRow("A", "BHZ", at, 100, 20, "e1", ".", "compressed.w", 0)+
		wfdiscRow("A", "BHN", at, 100, 20, "s4", ".", "short.w", 0)+
		wfdiscRow("A", "BHE", at, 100, 20, "s4", ".", "two.w", 0)+wfdiscRow("A", "BHE", at, 100, 20, "t4", ".", "two.w", 400)+
		wfdiscRow("A", "BHE", at, 5, 10, "sd", ".", "good.mseed", 0)), dir, "demo.wfdisc")
	put(t, make([]byte, 400), dir, "compressed.w")
	put(t, make([]byte, 40), dir, "short.w")
	put(t, make([]byte, 800), dir, "two.w")
	put(t, record(t), dir, "good.mseed")
	put(t, []byte(fdsnText), dir, "events.txt") // metadata among them
	put(t, []byte("wfid 1\n"), dir, "demo.lastid")
	o := LoadOptions{Network: "YY"}
	for i := range 2 {
		sum, err := LoadWaveforms(t.Context(), pool, []string{dir}, o)
		if err != nil || sum.Files != 5 || sum.Removed != 0 || i == 0 && (sum.Failed != 3 || sum.Found != 2) || i == 1 && sum.Unchanged != 5 {
			t.Errorf("%+v, %v", sum, err)
		}
	}
	got := loaded(t, pool, dir)
	want := map[string]string{"demo.wfdisc": "", "compressed.w": codeUnsupported, "two.w": codeUnsupported, "short.w": codeBadRecord, "good.mseed": ""}
	for name, code := range want {
		if c, ok := got[name]; !ok || c != code || len(got) != len(want) {
			t.Errorf("%s: %q; %q", name, c, got)
		}
	}
	wantMessage(t, pool, filepath.Join(dir, "compressed.w"), "demo.wfdisc", "convert it to miniSEED")
	wantMessage(t, pool, filepath.Join(dir, "short.w"), "100 samples", "10 are in the file", "get the file again")
	// Metadata that are asked for by name are none of this load's.
	if sum := loadWith(t, pool, LoadWaveforms, filepath.Join(dir, "events.txt")); sum.Failed != 1 {
		t.Errorf("%+v", sum)
	}
	wantMessage(t, pool, filepath.Join(dir, "events.txt"), "FDSN event text", "seisbatch load events")
}

// A file of another archive that a table names is not taken from it.
func TestAFileOfTwoArchivesIsForgottenByNeither(t *testing.T) {
	pool, dir := dbtest.New(t), t.TempDir()
	at := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	put(t, record(t), dir, "sds", "good.mseed")
	db, sds := filepath.Join(dir, "db"), filepath.Join(dir, "sds")
	put(t, []byte(wfdiscRow("A", "BHE", at, 5, 10, "sd", "../sds", "good.mseed", 0)), db, "demo.wfdisc")
	for i, path := range []string{db, sds, db, sds} {
		sum := mustLoad(t, pool, LoadWaveforms, path)
		if i >= 2 && sum.Unchanged != sum.Files || sum.Removed != 0 {
			t.Errorf("load %d: %+v", i, sum)
		}
	}
	put(t, append(record(t), record(t)...), sds, "good.mseed") // news that the table's load is the first to see
	if sum := mustLoad(t, pool, LoadWaveforms, db); sum.Loaded != 1 {
		t.Errorf("%+v", sum)
	}
	if err := os.Remove(filepath.Join(db, "demo.wfdisc")); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadWaveforms(t.Context(), pool, []string{db}, LoadOptions{Forget: true}); err != nil {
		t.Fatal(err)
	}
	if got := loaded(t, pool, sds); len(got) != 1 {
		t.Errorf("%q", got)
	}
}

func TestEventsOfTables(t *testing.T) {
	pool, dir := dbtest.New(t), t.TempDir()
	origin := fmt.Sprintf("%9.4f %9.4f %9.4f %17.5f %8d %8d %8d %4d %4d %4d %8d %8d %-7s %9.4f %-1s %7.2f %8d %7.2f %8d %7.2f %8d %-15s %-15s %8d %17.5f\n",
		33.5, -116.5, 10.0, 883612805.0, 7, 3, 1998001, 21, 10, -1, 37, 3, "-", -999.0, "f", -999.0, -1, -999.0, -1, 4.2, 5, "-", "UCSD", -1, 1461715727.61682)
	put(t, []byte(origin), dir, "quakes", "demo.origin")
	if sum := mustLoad(t, pool, LoadEvents, dir); sum.Files != 1 || sum.Changed != 1 {
		t.Errorf("%+v", sum)
	}
	count := counter{t, pool.Get}
	count.want(`SELECT count(*) FROM event e JOIN origin o ON o.event_id = e.id JOIN magnitude m ON m.event_id = e.id
		WHERE e.id = 'smi:local/demo/event/3' AND o.latitude = 33.5 AND o.depth = 10000 AND m.value = 4.2 AND o.time = to_timestamp(883612805)`, 1)
	if sum := mustLoad(t, pool, LoadEvents, filepath.Join(dir, "quakes")); sum.Changed != 0 {
		t.Errorf("%+v", sum)
	}
	sum, err := LoadEvents(t.Context(), pool, []string{dir}, LoadOptions{IDPrefix: "smi:anza/"})
	if err != nil || sum.Changed != 1 {
		t.Errorf("%+v, %v", sum, err)
	}
	count.want(`SELECT count(*) FROM event WHERE id = 'smi:anza/event/3'`, 1)
}

// pad fills up with blanks: on the right for a negative width.
func pad(text string, width int) string { return fmt.Sprintf("%*s", width, text) }

func itoa(n int) string { return strconv.Itoa(n) }

func fixedText(v float64, width, decimals int) string {
	return fmt.Sprintf("%*.*f", width, decimals, v)
}
