package job

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/response"
	"github.com/seisbatch/seisbatch/waveform/stationxml"
)

type querier = sqlx.QueryerContext

// stagesOf gives the number of stages of each epoch of a channel, in order of start.
func stagesOf(t *testing.T, pool *sqlx.DB, channel string) []int {
	t.Helper()
	all, err := db.Channels(t.Context(), pool)
	if err != nil {
		t.Fatal(err)
	}
	var out []int
	for i := range all {
		if id := idOf(&all[i]); id.String() != channel {
			continue
		}
		text, err := db.Response(t.Context(), pool, all[i].ID)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		if text != nil {
			r, err := response.Decode(text)
			if err != nil {
				t.Fatal(err)
			}
			n = len(r.Stages)
		}
		out = append(out, n)
	}
	return out
}

// responsesOf gives gain and poles of the first stage and the sensitivity of each epoch of a
// channel, in order of start.
func responsesOf(t *testing.T, pool *sqlx.DB, channel string) []string {
	t.Helper()
	all, err := db.Channels(t.Context(), pool)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for i := range all {
		if id := idOf(&all[i]); id.String() != channel {
			continue
		}
		r, _, err := newResponses(pool).of(t.Context(), &all[i])
		if err != nil || r == nil || len(r.Stages) == 0 || r.Stages[0].PolesZeros == nil {
			t.Fatalf("%+v, %v", r, err)
		}
		s := r.Stages[0]
		out = append(out, fmt.Sprintf("%v %g %g at %g: %g %g", all[i].From.Time(), s.Gain, r.Sensitivity.Value, r.Sensitivity.Frequency, s.PolesZeros.Poles, s.PolesZeros.Normalization))
	}
	return out
}

// The shared II.KAPI has StationXML at the level of channels, and the responses as RESP.
func TestRESPGivesResponsesToChannelLevelStationXML(t *testing.T) {
	dir, pool := filepath.Join(sharedData(t), "continuous", "II.KAPI.2013005-007"), dbtest.New(t)
	const channel = "II.KAPI.00.BHZ"
	channels, respFile := filepath.Join(dir, "II.KAPI_station.xml"), filepath.Join(dir, "RESP.KAPI.II.00.BHZ.txt")

	// Without the channel there is no place for a response.
	sum := loadWith(t, pool, LoadStations, respFile)
	if sum.Failed != 1 || sum.Changed != 0 || sum.Found == 0 {
		t.Errorf("%+v", sum)
	}
	wantMessage(t, pool, respFile, channel+" from ", "no coordinates", "; load StationXML")

	mustLoad(t, pool, LoadStations, channels)
	before := stagesOf(t, pool, channel)
	sum = loadWith(t, pool, LoadStations, respFile)
	after := stagesOf(t, pool, channel)
	// The StationXML is older: its last epoch is open, where the RESP has four.
	if sum.Failed != 1 || sum.Found != 11 || sum.Changed != 8 || len(before) != 8 {
		t.Errorf("%+v, %d epochs", sum, len(before))
	}
	wantMessage(t, pool, respFile, "RESP epoch II.KAPI.00.BHZ from 2018-02-03 to 2018-08-15: not used, the channel epoch from ", " took the response of the RESP epoch from ",
		"nothing has to be done, unless the station metadata lack an epoch")
	if f, err := db.FindFile(t.Context(), pool, respFile); err != nil || strings.Contains(*f.Error, "correct the file") || strings.Count(*f.Error, "nothing has to be done") != 1 {
		t.Errorf("%v, %v", *f.Error, err)
	}
	for i := range before {
		if before[i] != 0 || after[i] != 4 {
			t.Errorf("epoch %d: %d stages, then %d", i, before[i], after[i])
		}
	}
	// Only the channel that the file is about is touched.
	count := counter{t, pool.Get}
	count.want(`SELECT count(*) FROM change WHERE kind = 'channel' AND location = '00' AND channel = 'BHZ'`, 16)
	count.want(`SELECT count(*) FROM channel WHERE response->'stages'->0 IS NOT NULL`, 8)
	// The responses are those of the StationXML that was made of both.
	whole := dbtest.New(t)
	mustLoad(t, whole, LoadStations, filepath.Join(dir, "II.KAPI.00.BHZ_with_response.xml"))
	if diff := cmp.Diff(responsesOf(t, whole, channel), responsesOf(t, pool, channel)); diff != "" {
		t.Errorf("(-of StationXML +of RESP):\n%s", diff)
	}
	// Neither the RESP nor the channels say anything new.
	for _, path := range []string{respFile, channels, respFile} {
		if sum := loadWith(t, pool, LoadStations, path); sum.Changed != 0 {
			t.Errorf("%s again: %+v", path, sum)
		}
	}
	// Loaded together, the order of names does not count.
	fresh, together := dbtest.New(t), t.TempDir()
	for from, to := range map[string]string{channels: "z.xml", respFile: "RESP.II.KAPI.00.BHZ"} {
		b, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		put(t, b, together, to)
	}
	for _, want := range []int{1, 0} {
		sum := loadWith(t, fresh, LoadStations, together)
		if (sum.Changed > 0) != (want == 1) || sum.Files != 2 {
			t.Errorf("%+v", sum)
		}
	}
	if got := stagesOf(t, fresh, channel); len(got) != len(after) || got[0] != after[0] {
		t.Errorf("%v, want %v", got, after)
	}
}

func TestAResponseFromRESPMakesItsItemsDue(t *testing.T) {
	l := newLab(t, alone)
	for s := range l.stations {
		for c := range l.stations[s].Channels {
			l.stations[s].Channels[c].Response = nil
		}
	}
	l.loadAll()
	if r := mustRun(t, l.pool, RunOptions{}); r.Failed == 0 {
		t.Fatalf("%+v", r)
	}
	id := l.stations[0].Channels[0].ID
	path := put(t, []byte(oneStage(id, l.events[0].Origins[0].Time)), l.dir, "RESP.ONE")
	if sum := mustLoad(t, l.pool, LoadStations, path); sum.Changed != 1 || sum.Found != 1 {
		t.Errorf("%+v", sum)
	}
	if r := mustRun(t, l.pool, RunOptions{}); r.Due != 1 {
		t.Errorf("%+v", r)
	}
	// Another response replaces it.
	put(t, bytes.ReplaceAll([]byte(oneStage(id, l.events[0].Origins[0].Time)), []byte("1.0E+09"), []byte("2.0E+09")), l.dir, "RESP.ONE")
	if sum := mustLoad(t, l.pool, LoadStations, path); sum.Changed != 1 {
		t.Errorf("%+v", sum)
	}
	if r := mustRun(t, l.pool, RunOptions{}); r.Due != 1 {
		t.Errorf("%+v", r)
	}
}

// oneStage is RESP of a gain of 1e9 counts per m/s**2, from a year before a time on.
func oneStage(id waveform.SourceID, at time.Time) string {
	location := id.Location
	if location == "" {
		location = "??"
	}
	return "B050F03     Station:     " + id.Station + "\nB050F16     Network:     " + id.Network + "\nB052F03     Location:    " + location +
		"\nB052F04     Channel:     " + id.Channel + "\nB052F22     Start date:  " + at.AddDate(-1, 0, 0).Format("2006,002,15:04:05") + "\nB052F23     End date:    No Ending Time\n" +
		`B053F03     Transfer function type:                A [Laplace Transform (Rad/sec)]
B053F04     Stage sequence number:                 1
B053F05     Response in units lookup:              M/S**2 - Acceleration
B053F06     Response out units lookup:             COUNTS - Digital Counts
B053F07     A0 normalization factor:               1.0E+00
B053F08     Normalization frequency:               1.0E+00
B053F09     Number of zeroes:                      0
B053F14     Number of poles:                       0
B058F03     Stage sequence number:                 1
B058F04     Gain:                                  1.0E+09
B058F05     Frequency of gain:                     1.0E+00 HZ
B058F06     Number of calibrations:                0
B058F03     Stage sequence number:                 0
B058F04     Sensitivity:                           1.0E+09
B058F05     Frequency of sensitivity:              1.0E+00 HZ
B058F06     Number of calibrations:                0
`
}

func TestRESPThatIsNone(t *testing.T) {
	pool, dir := dbtest.New(t), t.TempDir()
	put(t, []byte("<!DOCTYPE html><html><body>502 Bad Gateway</body></html>"), dir, "RESP.XX.A..BHZ")
	put(t, nil, dir, "RESP.XX.B..BHZ")
	put(t, []byte("notes"), dir, "notes.txt")
	cut := oneStage(waveform.SourceID{Network: "XX", Station: "C", Channel: "BHZ"}, time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC))
	put(t, []byte(cut[:len(cut)/2]), dir, "c.resp")
	sum := loadWith(t, pool, LoadStations, dir)
	got := loaded(t, pool, dir)
	if sum.Failed != 3 || len(got) != 3 || got["RESP.XX.A..BHZ"] != codeUnsupported || got["RESP.XX.B..BHZ"] != codeEmpty || got["c.resp"] != codeBadMetadata {
		t.Errorf("%+v, %q", sum, got)
	}
	wantMessage(t, pool, filepath.Join(dir, "RESP.XX.A..BHZ"), "an HTML page", "get it again", "reads StationXML, SEED RESP")
}

// A network may be missing in old RESP and in tables.
func TestTheNetworkOfRESPCanBeGiven(t *testing.T) {
	pool, dir := dbtest.New(t), t.TempDir()
	id := waveform.SourceID{Network: "YY", Station: "C", Channel: "BHZ"}
	from := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	var xml bytes.Buffer
	station := waveform.Station{Network: "YY", Code: "C", Channels: []waveform.Channel{{ID: id, From: from}}}
	if err := stationxml.Write(&xml, []waveform.Station{station}, "test", from); err != nil {
		t.Fatal(err)
	}
	mustLoad(t, pool, LoadStations, put(t, xml.Bytes(), dir, "c.xml"))
	path := put(t, bytes.Replace([]byte(oneStage(id, from.AddDate(1, 0, 0))), []byte("Network:     YY"), []byte("Network:     ??"), 1), dir, "RESP.C")
	if sum := loadWith(t, pool, LoadStations, path); sum.Failed != 1 || sum.Changed != 0 {
		t.Errorf("%+v", sum)
	}
	sum, err := LoadStations(t.Context(), pool, []string{path}, LoadOptions{Network: "YY"})
	if err != nil || sum.Failed != 0 || sum.Changed != 1 {
		t.Errorf("%+v, %v", sum, err)
	}
}
