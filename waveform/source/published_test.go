package source_test

import (
	"encoding/csv"
	"fmt"
	"math"
	"math/cmplx"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"gonum.org/v1/gonum/dsp/fourier"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
	"github.com/seisbatch/seisbatch/waveform/mseed"
	"github.com/seisbatch/seisbatch/waveform/response"
	"github.com/seisbatch/seisbatch/waveform/source"
	"github.com/seisbatch/seisbatch/waveform/stationxml"
	"github.com/seisbatch/seisbatch/waveform/traveltime"
)

// table reads a published CSV file, a map for each row.
func table(t *testing.T, name string) (rows []map[string]string) {
	t.Helper()
	f, err := os.Open(agree.Shared(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(name, err)
	}
	for _, line := range lines[1:] {
		row := make(map[string]string)
		for i, word := range line {
			row[lines[0][i]] = word
		}
		rows = append(rows, row)
	}
	return rows
}

func number(t *testing.T, row map[string]string, column string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(row[column], 64)
	if err != nil {
		t.Fatal(column, err)
	}
	return v
}

// smoothSpectrum rebuilds the spectrum (m/s) that gmprocess fitted, and its signal-to-noise
// ratio: acceleration from counts; the record after the P time of iasp91 less a
// second, and that before, each without mean and tapered; moduli of their transforms of one length;
// both smoothed on 301 frequencies (Konno and Ohmachi 1998, b = 20, out to a factor 10^(3/b));
// noise subtracted.
func smoothSpectrum(t *testing.T, id string) (freqs, signal, snr []float64) {
	t.Helper()
	folder := agree.Shared(t, "events/nc73291880")
	tr, channel := record(t, folder, id)
	if id[:7] == "NC.C010" { // its three records were cut to the end of the shortest
		_, until := tr.Range(waveform.Window{Until: time.Date(2019, 10, 15, 5, 36, 50, 126e6, time.UTC), From: tr.Start})
		tr.Data = tr.Data[:until]
	}
	x := acceleration(t, tr, channel)
	split := origin.Add(time.Duration((firstP(t, channel) - 1) * float64(time.Second)))
	at := int(math.Round(tr.Index(split)))
	noise, rest := x[:at+1], x[at:]
	n := 1
	for n < len(rest) {
		n *= 2
	}
	if len(noise) > n {
		t.Fatal("more noise than signal")
	}
	raw := make([]float64, n/2+1)
	for k := range raw {
		raw[k] = float64(k) * tr.SampleRate / float64(n)
	}
	for i := range 301 {
		lo, hi := math.Log10(raw[1]), math.Log10(raw[n/2])
		freqs = append(freqs, math.Pow(10, lo+(hi-lo)*float64(i)/300))
	}
	signal = konnoOhmachi(freqs, raw, modulus(rest, n, tr.SampleRate))
	below := konnoOhmachi(freqs, raw, modulus(noise, n, tr.SampleRate))
	for i := range signal {
		signal[i] -= below[i]
		snr = append(snr, signal[i]/below[i])
	}
	return freqs, signal, snr
}

// The origin of nc73291880, as its event.xml and the tables have it.
const latitude, longitude, depth = 37.938, -122.057, 13970.0

var origin = time.Date(2019, 10, 15, 5, 33, 42, 810e6, time.UTC)

func firstP(t *testing.T, c waveform.Channel) float64 {
	t.Helper()
	earth, err := traveltime.Load("iasp91")
	if err != nil {
		t.Fatal(err)
	}
	radians := math.Pi / 180 // a spherical Earth, as gmprocess has it
	cos := math.Sin(latitude*radians)*math.Sin(c.Latitude*radians) +
		math.Cos(latitude*radians)*math.Cos(c.Latitude*radians)*math.Cos((longitude-c.Longitude)*radians)
	arrival, ok := earth.First(traveltime.P, 6371e3*math.Acos(cos), depth)
	if !ok {
		t.Fatal("no P")
	}
	return arrival.Time
}

func record(t *testing.T, folder, id string) (waveform.Trace, waveform.Channel) {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(folder, "waveforms", id+"__*.mseed"))
	if len(files) != 1 {
		t.Fatalf("%s: %d files", id, len(files))
	}
	f, err := os.Open(files[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	segments, _, err := mseed.Segments(f)
	if err != nil || len(segments) != 1 {
		t.Fatalf("%s: %d segments, %v", id, len(segments), err)
	}
	tr := segments[0].Trace()
	s, err := os.Open(filepath.Join(folder, "stations", tr.ID.Network+"."+tr.ID.Station+".xml"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	stations, _, err := stationxml.Read(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, station := range stations {
		for _, c := range station.Channels {
			if c.ID == tr.ID && (waveform.Window{From: c.From, Until: c.Until}).Contains(tr.Start) {
				return tr, c
			}
		}
	}
	t.Fatalf("%s: no metadata", id)
	return tr, waveform.Channel{}
}

// acceleration takes the response out as gmprocess had it done: without a taper, which
// is why package response is not asked to.
func acceleration(t *testing.T, tr waveform.Trace, c waveform.Channel) []float64 {
	t.Helper()
	x := tr.Data
	dsp.DetrendLinear(x)
	dsp.Demean(x)
	n := response.Length(len(x))
	padded := make([]float64, n)
	copy(padded, x)
	plan := fourier.NewFFT(n)
	spectrum := plan.Coefficients(nil, padded)
	freqs, h := make([]float64, len(spectrum)), make([]complex128, len(spectrum))
	for k := range freqs {
		freqs[k] = float64(k) * tr.SampleRate / float64(n)
	}
	if err := response.Evaluate(h, c.Response, waveform.Acceleration, freqs); err != nil {
		t.Fatal(err)
	}
	top := 0.0
	for _, v := range h {
		top = max(top, cmplx.Abs(v))
	}
	nyquist := tr.SampleRate / 2
	for k, v := range h {
		if a := cmplx.Abs(v); a > 0 && a < top/1000 { // water level 60 dB
			v *= complex(top/1000/a, 0)
		}
		gain := 0.0
		switch f := freqs[k]; {
		case f >= 0.001 && f < 0.005:
			gain = 0.5 * (1 - math.Cos(math.Pi*(f-0.001)/0.004))
		case f >= 0.005 && f <= 0.9*nyquist:
			gain = 1
		case f > 0.9*nyquist && f <= nyquist:
			gain = 0.5 * (1 + math.Cos(math.Pi*(f-0.9*nyquist)/(0.1*nyquist)))
		}
		if v == 0 {
			spectrum[k] = 0
		} else {
			spectrum[k] *= complex(gain, 0) / v
		}
	}
	plan.Sequence(padded, spectrum)
	for i := range x {
		x[i] = padded[i] / float64(n)
	}
	dsp.DetrendLinear(x)
	dsp.Demean(x)
	return x
}

// modulus is |DFT| dt of the demeaned and tapered samples, padded to n.
func modulus(x []float64, n int, rate float64) []float64 {
	padded := make([]float64, n)
	copy(padded, x)
	dsp.Demean(padded[:len(x)])
	dsp.TaperHann(padded[:len(x)], dsp.TaperWidth(len(x), 0.05, 0, rate))
	out := make([]float64, n/2+1)
	for k, c := range fourier.NewFFT(n).Coefficients(nil, padded) {
		out[k] = cmplx.Abs(c) / rate
	}
	return out
}

func konnoOhmachi(at, freqs, amplitudes []float64) []float64 {
	const b = 20
	reach := math.Pow(10, 3.0/b)
	out := make([]float64, len(at))
	for i, fc := range at {
		var sum, weights float64
		first, _ := slices.BinarySearch(freqs, fc/reach)
		for k := first; k < len(freqs) && freqs[k]/fc <= reach; k++ {
			f := freqs[k]
			w := 1.0
			if v := b * math.Log10(f/fc); math.Abs(f-fc) >= 1e-6 {
				w = math.Sin(v) / v
				w *= w
				w *= w
			}
			sum += w * amplitudes[k]
			weights += w
		}
		out[i] = sum / weights
	}
	return out
}

const fits, ratios = "events/nc73291880/expected/fit_spectra_parameters.csv", "events/nc73291880/expected/snr.csv"

// publishedFit is a row of the table in SI.
func publishedFit(t *testing.T, row map[string]string) (m *source.Model, s source.Source, stress float64) {
	t.Helper()
	distance, _ := traveltime.Distance(latitude, longitude, number(t, row, "StationLatitude"), number(t, row, "StationLongitude"))
	if math.Abs(distance/1e3-number(t, row, "epi_dist")) > 0.006 {
		t.Fatalf("%s: %g m, published in km: %s", row["TraceID"], distance, row["epi_dist"])
	}
	o := source.GMProcess(distance)
	o.Partition = 0.7071068
	m, err := source.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return m, source.Source{Moment: number(t, row, "moment") * 1e-7, Corner: number(t, row, "f0"), Kappa: number(t, row, "kappa")}, number(t, row, "stress_drop") * 1e5
}

// Corner frequencies were published to 1e-5 Hz, half of which is up to 1e-5 of them;
// stress drop goes with their third power; magnitudes with 16.05 for dyn cm, to a digit.
func TestCornerFrequencyAndStressDropAreRelatedAsPublished(t *testing.T) {
	for _, row := range table(t, fits) {
		m, s, stress := publishedFit(t, row)
		agree.Reference{Function: "source.Model.CornerFrequency", Source: "gmprocess 1.2.1 fit_spectra", Measure: "value", Within: 1.1e-5}.
			Scalar(t, row["TraceID"], m.CornerFrequency(s.Moment, stress), s.Corner, 0)
		agree.Reference{Function: "source.Model.StressDrop", Source: "gmprocess 1.2.1 fit_spectra", Measure: "value", Within: 3.3e-5}.
			Scalar(t, row["TraceID"], m.StressDrop(s), stress, 0)
		if d := source.MomentMagnitude(s.Moment) + 0.05/1.5 - number(t, row, "magnitude"); math.Abs(d) > 0.05 {
			t.Errorf("%s: magnitude off by %.3f", row["TraceID"], d)
		}
	}
}

// The spectra that gmprocess fitted, made again from the counts, and what it and we make of
// them. Its search stopped where a step of numerical derivatives gained less than 1e-4
// of the misfit, up to 4 percent from the minimum: ours must be near, and no worse.
func TestFitsOfTheSpectraOfGMProcessAreThePublishedOnesOrBetter(t *testing.T) {
	snrs := table(t, ratios)
	for i, row := range table(t, fits) {
		id := row["TraceID"]
		if snrs[i]["TraceID"] != id {
			t.Fatalf("line %d of the tables: %s and %s", i, id, snrs[i]["TraceID"])
		}
		freqs, signal, snr := smoothSpectrum(t, id)
		compareSNR(t, id, freqs, snr, snrs[i])
		m, s, stress := publishedFit(t, row)
		s.Corner = m.CornerFrequency(s.Moment, stress)
		o := source.FitOptions{From: number(t, row, "fmin"), Until: number(t, row, "fmax"), Kappa: s.Kappa}
		fit, err := m.Fit(freqs, signal, nil, o)
		if err != nil {
			t.Fatal(id, err)
		}
		theirs := misfit(m, s, freqs, signal, o)
		t.Logf("%s: moment %+.2f %%, corner %+.2f %%, stress drop %+.2f %%; rms %.5f, published parameters %.5f; standard deviations %.3f and %.3f", id,
			100*(fit.Moment/s.Moment-1), 100*(fit.Corner/s.Corner-1), 100*(fit.StressDrop/stress-1), fit.RMS, theirs, fit.LnMoment, fit.LnStressDrop)
		if !(fit.RMS <= theirs*(1+1e-12)) {
			t.Errorf("%s: misfit %g, that of the published parameters %g", id, fit.RMS, theirs)
		}
		r := agree.Reference{Function: "source.Model.Fit", Source: "gmprocess 1.2.1 fit_spectra, whose search ends early", Measure: "value", Within: 0.04}
		r.Scalar(t, id+" moment", fit.Moment, s.Moment, 0)
		r.Scalar(t, id+" corner", fit.Corner, s.Corner, 0)
		r.Scalar(t, id+" stress drop", fit.StressDrop, stress, 0)
		if row["R2"] != "nan" {
			square, r2 := determination(m, s, freqs, signal)
			r = agree.Reference{Function: "source.Model.Spectrum", Source: "gmprocess 1.2.1 fit_spectra, R2 and mean squared error", Measure: "value", Within: 2e-8}
			r.Scalar(t, id+" R2", r2, number(t, row, "R2"), 0)
			r.Scalar(t, id+" mean squared error", square*1e4, number(t, row, "mean_squared_error"), 0)
		}
	}
}

// compareSNR holds a rebuilt spectrum to the published signal-to-noise ratios, nine
// digits at up to 21 frequencies: only a spectrum that is the same has the same.
func compareSNR(t *testing.T, id string, freqs, snr []float64, row map[string]string) {
	t.Helper()
	compared := 0
	for column, word := range row {
		var f float64
		if n, _ := fmt.Sscanf(column, "SNR(%g)", &f); n != 1 || word == "nan" {
			continue
		}
		period, _ := strconv.ParseFloat(strconv.FormatFloat(1/f, 'g', 2, 64), 64)
		f = 1 / period // the columns have four digits of it, the periods two
		i, _ := slices.BinarySearch(freqs, f)
		if i == 0 || i == len(freqs) {
			continue
		}
		got := snr[i-1] + (snr[i]-snr[i-1])*(f-freqs[i-1])/(freqs[i]-freqs[i-1])
		if want := number(t, row, column); want > 0 { // clipped at 0
			if !(math.Abs(got/want-1) <= 5e-9) {
				t.Errorf("%s %s: %.9g, want %.9g", id, column, got, want)
			}
			compared++
		}
	}
	if compared < 15 {
		t.Errorf("%s: only %d ratios were compared", id, compared)
	}
}

// misfit is the rms of the logarithms in the band.
func misfit(m *source.Model, s source.Source, freqs, signal []float64, o source.FitOptions) float64 {
	model := make([]float64, len(freqs))
	m.Spectrum(model, freqs, s)
	sum, n := 0.0, 0
	for i, a := range signal {
		if a > 0 && freqs[i] >= o.From && freqs[i] <= o.Until {
			d := math.Log(a / model[i])
			sum += d * d
			n++
		}
	}
	return math.Sqrt(sum / float64(n))
}

// determination is of the amplitudes themselves, at all frequencies, as was published.
func determination(m *source.Model, s source.Source, freqs, signal []float64) (square, r2 float64) {
	model := make([]float64, len(freqs))
	m.Spectrum(model, freqs, s)
	mean := dsp.Mean(signal)
	var residual, total float64
	for i, a := range signal {
		residual += (a - model[i]) * (a - model[i])
		total += (a - mean) * (a - mean)
	}
	return residual / float64(len(freqs)), 1 - residual/total
}
