package spectrum_test

import (
	"fmt"
	"math"
	"math/cmplx"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
	"github.com/seisbatch/seisbatch/waveform/response"
	"github.com/seisbatch/seisbatch/waveform/spectrum"
	"github.com/seisbatch/seisbatch/waveform/traveltime"
)

// The event of 2019-10-15 near Pleasant Hill (nc73291880), of which the USGS published
// the ratios and corner frequencies that gmprocess 1.2.1 found. Its steps up to them, by
// its provenance and documentation:
//
//  1. the three components are cut to their common time span;
//  2. line and mean off; response to acceleration off, water level 60 dB, pre-filter
//     (0.001, 0.005, 0.9 Nyquist, Nyquist) Hz, mean off but no taper; line and mean off;
//  3. split one second before P of iasp91, at the nearest sample, which both windows have;
//  4. mean off each window, 5 % Hann taper, |DFT| dt over a power of two, smoothed with
//     b = 20 within the main lobe at 301 frequencies; ratio (S-N)/N;
//  5. the band where it is 3 or more, which must hold the event's corner frequency
//     (Brune, 10 bar, 3.7 km/s: 1.03 Hz) to 5 Hz; the horizontals take what
//     they have in common; not above 0.75 of Nyquist.
var pleasantHill = struct {
	origin                     time.Time
	latitude, longitude, depth float64
	must                       spectrum.Band
}{time.Date(2019, 10, 15, 5, 33, 42, 810e6, time.UTC), 37.938, -122.057, 13970, spectrum.Band{Low: 1.0287, High: 5}}

// motion removes the response as step 2 says, in place.
func motion(t *testing.T, tr waveform.Trace, r *waveform.Response) {
	t.Helper()
	dsp.DetrendLinear(tr.Data)
	dsp.Demean(tr.Data)
	n, nyquist := response.Length(len(tr.Data)), tr.SampleRate/2
	freqs := spectrum.Frequencies(nil, n, 1/tr.SampleRate)
	h := make([]complex128, len(freqs))
	if err := response.Evaluate(h, r, waveform.Acceleration, freqs); err != nil {
		t.Fatal(err)
	}
	highest := 0.0
	for _, v := range h {
		highest = max(highest, cmplx.Abs(v))
	}
	plan := dsp.NewFFT(n)
	c := plan.Coefficients(nil, append(tr.Data[:len(tr.Data):len(tr.Data)], make([]float64, n-len(tr.Data))...), nil)
	for k, v := range h {
		if size := cmplx.Abs(v); size > 0 {
			v *= complex(max(1, highest*1e-3/size), 0) // 60 dB
			c[k] *= complex(preFilter(freqs[k], 0.001, 0.005, 0.9*nyquist, nyquist), 0) / v
		} else {
			c[k] = 0
		}
	}
	c[n/2] = complex(cmplx.Abs(c[n/2]), 0)
	copy(tr.Data, plan.Sequence(nil, c, nil))
	dsp.DetrendLinear(tr.Data)
	dsp.Demean(tr.Data)
}

func preFilter(f, f1, f2, f3, f4 float64) float64 {
	switch {
	case f < f1 || f > f4:
		return 0
	case f < f2:
		return 0.5 * (1 - math.Cos(math.Pi*(f-f1)/(f2-f1)))
	case f > f3:
		return 0.5 * (1 + math.Cos(math.Pi*(f-f3)/(f4-f3)))
	}
	return 1
}

// components reads the accelerometer of a station: traces of a common time span, in
// m/s^2, by channel.
func components(t *testing.T, folder, station string) (traces map[string]waveform.Trace, at waveform.Channel) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "waveforms", station+".*HN?__*.mseed"))
	if err != nil || len(files) != 3 {
		t.Fatalf("%s: %d files, %v", station, len(files), err)
	}
	traces = make(map[string]waveform.Trace)
	samples := math.MaxInt
	for _, file := range files {
		name, _, _ := strings.Cut(filepath.Base(file), "__")
		traces[name] = readTrace(t, file)
		samples = min(samples, len(traces[name].Data))
	}
	for name, tr := range traces {
		tr.Data = tr.Data[:samples]
		at = readChannel(t, filepath.Join(folder, "stations", station+".xml"), tr.ID, tr.Start)
		motion(t, tr, at.Response)
		traces[name] = tr
	}
	return traces, at
}

// split is the sample at which the signal begins, as step 3 says. The angle to the
// station is that of a sphere.
func split(t *testing.T, earth *traveltime.Earth, tr waveform.Trace, at waveform.Channel) int {
	t.Helper()
	const degree = math.Pi / 180
	lat1, lat2, turn := pleasantHill.latitude*degree, at.Latitude*degree, (at.Longitude-pleasantHill.longitude)*degree
	angle := math.Acos(math.Sin(lat1)*math.Sin(lat2) + math.Cos(lat1)*math.Cos(lat2)*math.Cos(turn))
	arrival, ok := earth.First(traveltime.P, angle*6371e3, pleasantHill.depth)
	if !ok {
		t.Fatal("no P")
	}
	after := pleasantHill.origin.Sub(tr.Start).Seconds() + arrival.Time - 1
	return int(math.Round(after * tr.SampleRate))
}

// published are the columns of a table of the event, by channel.
func publishedRatios(t *testing.T) map[string][]string {
	rows := readCSV(t, agree.Shared(t, "events/nc73291880/expected/snr.csv"))
	table := make(map[string][]string)
	for _, row := range rows[1:] {
		table[row[7]] = row[11:]
	}
	if len(table) != 15 || rows[0][11] != "SNR(0.1)" || len(table["NC.CRH..HNZ"]) != 21 {
		t.Fatalf("snr.csv is not as it was: %d channels, %q", len(table), rows[0])
	}
	return table
}

// publishedCorners are highpass and lowpass corners by channel.
func publishedCorners(t *testing.T) map[string]spectrum.Band {
	corners := make(map[string]spectrum.Band)
	for _, row := range readCSV(t, agree.Shared(t, "events/nc73291880/expected/provenance.csv")) {
		name, _, _ := strings.Cut(row[0], "_")
		b := corners[name]
		switch row[1] + " " + row[2] {
		case "Highpass Filter corner_frequency":
			b.Low = number(t, row[3])
		case "Lowpass Filter corner_frequency":
			b.High = number(t, row[3])
		default:
			continue
		}
		corners[name] = b
	}
	if len(corners) != 18 {
		t.Fatalf("provenance.csv has corners of %d channels", len(corners))
	}
	return corners
}

// ratios computes the ratio of every channel, and hands them out by station.
func ratios(t *testing.T, each func(station string, freqs map[string][]float64, snr map[string][]float64, nyquist, floor float64)) {
	folder := agree.Shared(t, "events/nc73291880")
	earth, err := traveltime.Load("iasp91")
	if err != nil {
		t.Fatal(err)
	}
	smoothers, err := spectrum.NewSmoothers(spectrum.SmootherOptions{Bandwidth: 20, Reach: 3})
	if err != nil {
		t.Fatal(err)
	}
	ratio, err := spectrum.NewSNR(smoothers, spectrum.SNROptions{}, new(dsp.Plans), new(dsp.Scratch))
	if err != nil {
		t.Fatal(err)
	}
	for _, station := range []string{"BK.BRIB", "CE.58360", "NC.C010", "NC.CRH", "NP.1691", "NP.1847"} {
		traces, at := components(t, folder, station)
		freqs, snr := make(map[string][]float64), make(map[string][]float64)
		var nyquist, floor float64
		for name, tr := range traces {
			i := split(t, earth, tr, at)
			f, r, err := ratio.Spectrum(tr.Data[i:], tr.Data[:i+1], 1/tr.SampleRate)
			if err != nil {
				t.Fatal(err)
			}
			freqs[name], snr[name] = f, append([]float64(nil), r...)
			nyquist, floor = tr.SampleRate/2, tr.SampleRate/float64(i+1)
		}
		each(station, freqs, snr, nyquist, floor)
	}
}

// interpolated is the value at f on straight lines, NaN outside.
func interpolated(freqs, values []float64, f float64) float64 {
	i := sort.SearchFloat64s(freqs, f)
	if i == 0 || i == len(freqs) {
		return math.NaN()
	}
	part := (f - freqs[i-1]) / (freqs[i] - freqs[i-1])
	return values[i-1] + part*(values[i]-values[i-1])
}

// Nine digits were published: half of the last is up to 5e-9. The table has the periods
// of the response spectra, negative ratios as 0, and no ratio at 50 Hz where that is the Nyquist
// frequency: there the last of its logarithmic frequencies came out just below.
func TestSNRAgreesWithThePublishedRatios(t *testing.T) {
	r := agree.Reference{Function: "spectrum.SNR.Spectrum", Source: "USGS table nc73291880 (gmprocess 1.2.1)", Measure: "value", Within: 5e-9}
	table := publishedRatios(t)
	periods := []float64{10, 7.5, 5, 4, 3, 2, 1.5, 1, 0.75, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.1, 0.075, 0.05, 0.03, 0.02, 0.01}
	compared := 0
	ratios(t, func(station string, freqs, snr map[string][]float64, _, _ float64) {
		for name, values := range snr {
			for i, text := range table[name] { // NP.1691 is not in the table
				got, want := max(0, interpolated(freqs[name], values, 1/periods[i])), number(t, text)
				if last := freqs[name][len(values)-1]; math.IsNaN(want) && 1/periods[i] == last {
					continue
				}
				r.Scalar(t, fmt.Sprintf("%s at %g s", name, periods[i]), got, want, 0)
				compared++
			}
		}
	})
	if compared != 15*21-9 { // nine channels of 100 Hz
		t.Errorf("%d ratios compared", compared)
	}
}

// All 36 corners come out on the same of the 301 frequencies as the published ones (or on the
// ceiling), so that only the rounding of those differs.
func TestBandsAgreeWithThePublishedCorners(t *testing.T) {
	r := agree.Reference{Function: "spectrum.SelectBand", Source: "USGS provenance nc73291880 (gmprocess 1.2.1)", Measure: "octaves", Within: 1e-12}
	published := publishedCorners(t)
	var off []float64
	ratios(t, func(station string, freqs, snr map[string][]float64, nyquist, floor float64) {
		horizontal := spectrum.Band{High: math.Inf(1)}
		bands := make(map[string]spectrum.Band)
		for name, values := range snr {
			b, err := spectrum.SelectBand(freqs[name], values, spectrum.BandOptions{
				Must: pleasantHill.must, Floor: floor, Ceiling: 0.75 * nyquist, Octaves: 2})
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			bands[name] = b
			if !strings.HasSuffix(name, "Z") {
				horizontal = horizontal.Intersect(b)
			}
		}
		for name, b := range bands {
			if !strings.HasSuffix(name, "Z") {
				b = horizontal
			}
			want := published[name]
			low, high := math.Log2(b.Low/want.Low), math.Log2(b.High/want.High)
			r.Deviation(t, name+" highpass", math.Abs(low))
			r.Deviation(t, name+" lowpass", math.Abs(high))
			off = append(off, math.Abs(low), math.Abs(high))
			t.Logf("%-14s %.4f to %.3f Hz, published %.4f to %.3f Hz", name, b.Low, b.High, want.Low, want.High)
		}
	})
	if len(off) != 36 {
		t.Fatalf("%d corners compared, want 36", len(off))
	}
	sort.Float64s(off)
	t.Logf("differences, octaves: median %.2g, 9 of 10 within %.2g, largest %.2g", off[18], off[32], off[35])
}
