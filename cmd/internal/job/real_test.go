package job

import (
	"bytes"
	"encoding/xml"
	"io"
	"math"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seisbatch/seisbatch/db/dbtest"
)

// What follows reads the metadata of the real events without the project's readers,
// so that what is missing here and there is not missed.

// quake is an event file's only origin.
type quake struct {
	Time      time.Time `xml:"eventParameters>event>origin>time>value"`
	Latitude  float64   `xml:"eventParameters>event>origin>latitude>value"`
	Longitude float64   `xml:"eventParameters>event>origin>longitude>value"`
	Magnitude float64   `xml:"eventParameters>event>magnitude>mag>value"`
}

// inventoryXML is what of StationXML says that an instrument exists.
type inventoryXML struct {
	Networks []struct {
		Code     string `xml:"code,attr"`
		Stations []struct {
			Code     string `xml:"code,attr"`
			Channels []struct {
				Code      string  `xml:"code,attr"`
				Location  string  `xml:"locationCode,attr"`
				Start     string  `xml:"startDate,attr"`
				End       string  `xml:"endDate,attr"`
				Latitude  float64 `xml:"Latitude"`
				Longitude float64 `xml:"Longitude"`
			} `xml:"Channel"`
		} `xml:"Station"`
	} `xml:"Network"`
}

// epochKey names an epoch as the database does: a later file replaces it.
type epochKey struct {
	instrument, component string
	from                  time.Time
}

type epochXML struct {
	until               time.Time
	latitude, longitude float64
}

func readXML(t *testing.T, name string, into any) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(bytes.NewReader(b))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // codes are ASCII in all of them
	if err := d.Decode(into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func readEpochs(t *testing.T, into map[epochKey]epochXML, name string) {
	t.Helper()
	at := func(s string, open time.Time) time.Time {
		if s == "" {
			return open
		}
		for _, layout := range []string{"2006-01-02T15:04:05", time.RFC3339} {
			if v, err := time.Parse(layout, s); err == nil {
				return v
			}
		}
		t.Fatalf("%s: %q is no time", name, s)
		return time.Time{}
	}
	var doc inventoryXML
	readXML(t, name, &doc)
	for _, n := range doc.Networks {
		for _, s := range n.Stations {
			for _, c := range s.Channels {
				in := strings.Join([]string{n.Code, s.Code, strings.Trim(c.Location, " -"), c.Code[:2]}, ".")
				into[epochKey{in, c.Code[2:], at(c.Start, time.Time{})}] = epochXML{
					until: at(c.End, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)), latitude: c.Latitude, longitude: c.Longitude}
			}
		}
	}
}

// kilometres between two places on a sphere, good to half a percent.
func kilometres(lat1, lon1, lat2, lon2 float64) float64 {
	const rad = math.Pi / 180
	a := math.Pow(math.Sin((lat2-lat1)*rad/2), 2) + math.Cos(lat1*rad)*math.Cos(lat2*rad)*math.Pow(math.Sin((lon2-lon1)*rad/2), 2)
	return 2 * 6371 * math.Asin(math.Sqrt(a))
}

// defaultReach is the greatest distance (km) of the default recipe.
func defaultReach(magnitude float64) float64 {
	for i, km := range []float64{150, 250, 400, 600, 1000} { // below 3, 4, 5, 6, 7
		if magnitude < float64(i+3) {
			return km
		}
	}
	return 1500
}

// defaultInstruments are those that the default recipe measures.
var defaultInstruments = strings.Fields("BH HH EH SH CH DH BL HL EL SL BN HN EN SN CN DN")

// recorded lists the components in the event's own folder by instrument.
func recorded(t *testing.T, folder string) map[string][]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "waveforms", "*"))
	if err != nil || len(files) == 0 {
		t.Fatal("no waveforms", err)
	}
	out := map[string][]string{}
	for _, f := range files {
		p := strings.SplitN(filepath.Base(f), ".", 4) // NC.KCT..HHE.raw.mseed
		in := strings.Join([]string{p[0], p[1], p[2], p[3][:2]}, ".")
		out[in] = append(out[in], p[3][2:3])
		slices.Sort(out[in])
		out[in] = slices.Compact(out[in])
	}
	return out
}

func TestRealEventsEndAsDoneOrSkippedWithoutOneMissing(t *testing.T) {
	data, pool := sharedData(t), dbtest.New(t)
	epochs := map[epochKey]epochXML{}
	for _, e := range realEvents {
		loadEvent(t, pool, filepath.Join(data, "events", e))
		stations, err := filepath.Glob(filepath.Join(data, "events", e, "stations", "*.xml"))
		if err != nil || len(stations) == 0 {
			t.Fatal("no stations", err)
		}
		for _, s := range stations {
			readEpochs(t, epochs, s)
		}
	}
	want := map[string]string{}
	rows := map[string][]string{} // components by item
	for _, e := range realEvents {
		folder := filepath.Join(data, "events", e)
		var q quake
		readXML(t, filepath.Join(folder, "event.xml"), &q)
		have := recorded(t, folder)
		for k, epoch := range epochs {
			if !slices.Contains(defaultInstruments, path.Ext(k.instrument)[1:]) || q.Time.Before(k.from) || !q.Time.Before(epoch.until) {
				continue
			}
			item := e + " " + k.instrument
			switch km := kilometres(q.Latitude, q.Longitude, epoch.latitude, epoch.longitude); {
			case km > defaultReach(q.Magnitude):
				want[item] = "skipped too_far"
			case have[k.instrument] == nil:
				want[item] = "skipped no_data"
			default:
				want[item] = "done -"
				rows[item] = have[k.instrument]
				if len(have[k.instrument]) > 1 {
					rows[item] = append(slices.Clone(have[k.instrument]), "RotD100", "RotD50")
				}
			}
		}
		for in := range have {
			if want[e+" "+in] != "done -" {
				t.Errorf("%s has waveforms of %s, and no epoch", e, in)
			}
		}
	}
	r := mustRun(t, pool, RunOptions{})
	got, gotRows := map[string]string{}, map[string][]string{}
	for k, it := range itemsOf(t, pool, "default") {
		name := path.Base(k.EventID) + " " + strings.Join([]string{k.Network, k.Station, k.Location, k.Instrument}, ".")
		got[name] = it.Status + " " + orNone(it.Code)
		var components []string
		if err := pool.Select(&components, `SELECT component FROM measurement WHERE event_id = $1 AND network = $2 AND station = $3
			AND location = $4 AND instrument = $5 ORDER BY component COLLATE "C"`, k.EventID, k.Network, k.Station, k.Location, k.Instrument); err != nil {
			t.Fatal(err)
		}
		if len(components) > 0 {
			gotRows[name] = components
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
	for _, c := range rows {
		slices.Sort(c)
	}
	if diff := cmp.Diff(rows, gotRows); diff != "" {
		t.Errorf("components (-want +got):\n%s", diff)
	}
	if len(rows) != 33 || int(r.Done) != len(rows) || int(r.Considered) != len(want) || r.Failed != 0 {
		t.Errorf("%d items of which %d have waveforms, 33 in all events: %+v", len(want), len(rows), r)
	}
	if again := mustRun(t, pool, RunOptions{}); again.Due != 0 || again.Verified != 0 {
		t.Errorf("a second run: %+v", again)
	}
}

func TestResultsDoNotDependOnTheNumberOfWorkers(t *testing.T) {
	compare := func(t *testing.T, l *lab) {
		for label, o := range map[string]RunOptions{"one": {Workers: 1, BatchSize: 1000}, "eight": {Workers: 8, BatchSize: 3}} {
			o.Label = label
			if r := mustRun(t, l.pool, o); r.Done == 0 || r.Failed > 0 {
				t.Errorf("%+v", r)
			}
		}
		one, eight := measurementsOf(t, l.pool, "one"), measurementsOf(t, l.pool, "eight")
		if diff := cmp.Diff(one, eight); diff != "" || len(one) == 0 {
			t.Errorf("%d rows (-one worker +eight):\n%s", len(one), diff)
		}
		if diff := cmp.Diff(outcomesOf(t, l.pool, "one"), outcomesOf(t, l.pool, "eight")); diff != "" {
			t.Errorf("(-one worker +eight):\n%s", diff)
		}
	}
	t.Run("synthetic", func(t *testing.T) {
		l := newLab(t, small)
		l.loadAll()
		compare(t, l)
	})
	t.Run("nc73291880", func(t *testing.T) {
		l := &lab{T: t, pool: dbtest.New(t)}
		loadEvent(t, l.pool, filepath.Join(sharedData(t), "events", "nc73291880"))
		compare(t, l)
	})
}
