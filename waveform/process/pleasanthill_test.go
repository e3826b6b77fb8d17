package process_test

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
	"github.com/seisbatch/seisbatch/waveform/process"
	"github.com/seisbatch/seisbatch/waveform/traveltime"
)

const pleasantHill = "events/nc73291880/"

// The event as event.json has it.
var pleasantHillEvent = struct {
	origin                     time.Time
	latitude, longitude, depth float64 // degrees, m
	magnitude                  float64
}{time.Date(2019, 10, 15, 5, 33, 42, 810e6, time.UTC), 37.938, -122.057, 13970, 4.46}

// The cut times of provenance.csv are the true ones without their fractions of a second, which
// decide all that follows (see the last test here). gmprocess made them from the travel time of
// P in iasp91, here as ObsPy 1.5.0 TauP gives it (s; six digits, because one of them is 0.08 ms from
// the middle between two samples): the noise ends a second before P ("p_arrival_shift"), the record begins two seconds
// before that, and it ends a duration later that is three standard deviations above the mean of a model.
var pleasantHillP = map[string]float64{
	"BK.BRIB": 2.831736, "CE.58360": 2.497584, "NC.C010": 2.513957, "NC.CRH": 3.007573, "NP.1847": 3.037784,
}

// longDuration is the significant duration D5-95 (s) of Afshari and Stewart (2016, Earthquake
// Spectra 32, 2057-2081), three standard deviations above the mean, with what gmprocess puts into
// it: a normal fault, a magnitude below 5.2, the epicentral distance (up to 50 km), Vs30 of 180 m/s and z1.0
// of 0.51 (km, where the coefficient is for m).
func longDuration(km float64) float64 {
	path := 0.3165*min(km, 10) + 0.2539*max(0, km-10)
	mean := math.Exp(-7.15/4*math.Log((math.Pow(180, 4)+math.Pow(570.94, 4))/(math.Pow(1360, 4)+math.Pow(570.94, 4)))) / 1000
	site := 0.0006*(0.51-mean) - 0.3183*math.Log(180/369.9)
	return (2.541 + path) * math.Exp(site+3*math.Hypot(0.25, 0.43))
}

// pleasantHillTimes is the times of a station.
func pleasantHillTimes(s waveform.Station) times {
	seconds := func(v float64) time.Duration { return time.Duration(v * 1e9) }
	e := pleasantHillEvent
	metres, _ := traveltime.Distance(e.latitude, e.longitude, s.Latitude, s.Longitude)
	split := e.origin.Add(seconds(pleasantHillP[s.Network+"."+s.Code] - 1))
	return times{split: split, start: split.Add(-2 * time.Second), end: split.Add(seconds(longDuration(metres / 1000)))}
}

// published is a row of a table: values by the heads of their columns, for one component of one station.
type published struct {
	station, component string
	values             map[string]string
}

func (p published) value(t *testing.T, column string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(p.values[column], 64)
	if err != nil {
		t.Fatalf("%s %s: %v", p.station, column, err)
	}
	return v
}

func readPublished(t *testing.T, table, component string) (rows []published) {
	t.Helper()
	f, err := os.Open(agree.Shared(t, pleasantHill+"expected/metrics_"+table+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines[1:] {
		row := published{component: component, values: map[string]string{}}
		for i, head := range lines[0] {
			row.values[head] = line[i]
		}
		row.station = row.values["Network"] + "." + row.values["StationCode"]
		rows = append(rows, row)
	}
	if len(rows) != len(pleasantHillP) {
		t.Fatalf("%s: %d rows", table, len(rows))
	}
	return rows
}

// saPeriods gives the periods in the heads of a table and the heads.
func saPeriods(t *testing.T, row published) (periods []float64, heads []string) {
	t.Helper()
	for _, text := range strings.Fields("0.010 0.020 0.030 0.050 0.075 0.100 0.150 0.200 0.250 0.300 0.400 0.500 0.750 1.000 1.500 2.000 3.000 4.000 5.000 7.500 10.000") {
		head := "SA(" + text + ")"
		periods, heads = append(periods, row.value(t, head)*0), append(heads, head)
		if _, err := fmt.Sscan(text, &periods[len(periods)-1]); err != nil {
			t.Fatal(err)
		}
	}
	return periods, heads
}

// pleasantHillTrace processes a component as its provenance says, with the given times or, if they
// are nil, the true ones.
func pleasantHillTrace(t *testing.T, w *process.Worker, steps map[string][]activity, station, component string, at *times) waveform.Trace {
	t.Helper()
	tr := readTrace(t, pleasantHill+"waveforms/"+station+".*.HN"+component+"__*.mseed")
	in, s := readInstrument(t, pleasantHill+"stations/"+station+".xml", tr)
	if at == nil {
		own := pleasantHillTimes(s)
		at = &own
	}
	at.common = tr.End()
	for _, other := range "ENZ" {
		if end := readTrace(t, pleasantHill+"waveforms/"+station+".*.HN"+string(other)+"__*.mseed").End(); end.Before(at.common) {
			at.common = end
		}
	}
	record := steps[tr.ID.String()+"_nc73291880_default"]
	if err := replay(t, record, *at, tr.SampleRate).Apply(w, in, &tr); err != nil {
		t.Fatalf("%v: %v", tr.ID, err)
	}
	return tr
}

func TestCutTimesAreThoseOfTheProvenanceWithFractions(t *testing.T) {
	steps := readProvenanceTable(t, pleasantHill+"expected/provenance.csv")
	iasp91, err := traveltime.Load("iasp91")
	if err != nil {
		t.Fatal(err)
	}
	p := agree.Reference{Function: "traveltime.Earth.First", Source: "ObsPy 1.5.0 TauP, iasp91, nc73291880", Measure: "s", Within: 0.011}
	for station, seconds := range pleasantHillP {
		tr := readTrace(t, pleasantHill+"waveforms/"+station+".*.HNZ__*.mseed")
		_, s := readInstrument(t, pleasantHill+"stations/"+station+".xml", tr)
		e := pleasantHillEvent
		metres, _ := traveltime.Distance(e.latitude, e.longitude, s.Latitude, s.Longitude)
		first, ok := iasp91.First(traveltime.P, metres, e.depth)
		if !ok {
			t.Errorf("%s: no P", station)
		}
		p.Deviation(t, station, math.Abs(first.Time-seconds))

		at := pleasantHillTimes(s)
		var cut activity
		for _, step := range steps[tr.ID.String()+"_nc73291880_default"] {
			if step.label == "Cut" {
				cut = step
			}
		}
		for name, want := range map[string]time.Time{"new_start_time": at.start, "new_end_time": at.end} {
			if got := want.Truncate(time.Second).Format("2006-01-02T15:04:05.000000Z"); got != cut.attributes[name] {
				t.Errorf("%s: %s is %s, of %v", station, name, cut.attributes[name], want)
			}
		}
	}
}

// The taper and the baseline depend on where a record ends, and long periods on
// both: with the times as they are printed, SA would not be within 0.003 of the tables.
func TestWholeSecondsOfTheProvenanceAreNotWhereRecordsWereCut(t *testing.T) {
	steps := readProvenanceTable(t, pleasantHill+"expected/provenance.csv")
	w := newWorker()
	worst := map[string]float64{}
	for _, row := range readPublished(t, "h1", "E") {
		tr := readTrace(t, pleasantHill+"waveforms/"+row.station+".*.HNE__*.mseed")
		_, s := readInstrument(t, pleasantHill+"stations/"+row.station+".xml", tr)
		at := pleasantHillTimes(s)
		at.split, at.start, at.end = at.split.Truncate(time.Second), at.start.Truncate(time.Second), at.end.Truncate(time.Second)
		tr = pleasantHillTrace(t, w, steps, row.station, "E", &at)
		for head, off := range spectrumOff(t, row, tr) {
			worst[head] = max(worst[head], off)
		}
	}
	t.Logf("cut at whole seconds: SA off by %.1e at 0.5 s, %.1e at 2 s, %.1e at 5 s, %.1e at 10 s",
		worst["SA(0.500)"], worst["SA(2.000)"], worst["SA(5.000)"], worst["SA(10.000)"])
	if worst["SA(0.500)"] > 1e-3 || worst["SA(10.000)"] < 3e-3 {
		t.Errorf("cut at whole seconds, SA is off by %v", worst)
	}
}
