package response_test

import (
	"bufio"
	"math"
	"math/cmplx"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
	"github.com/seisbatch/seisbatch/waveform/response"
)

// published is one run of evalresp whose output files are in shared/data.
type published struct {
	folder, spectra, amplitude, phase string // files below folder, "" for none
	response, id                      string
	at                                time.Time
	evaluation                        response.Evaluation
	freqs                             []float64 // as evalresp computes them before it prints seven digits
}

func publishedRuns() []published {
	const cgv, anmo = "response/evalresp-cgv/", "response/evalresp-anmo"
	decades, line := spaced(100, func(p float64) float64 { return math.Pow(10, -3+4*p) }), spaced(100, func(p float64) float64 { return 0.001 + p*(10-0.001) })
	year := func(y int) time.Time { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }
	var runs []published
	for _, run := range []struct {
		folder string
		e      response.Evaluation
		freqs  []float64
	}{
		{"units_vel", response.Evaluation{Unit: waveform.Velocity}, decades},
		{"units_acc", response.Evaluation{Unit: waveform.Acceleration}, decades},
		{"units_dis", response.Evaluation{Unit: waveform.Displacement}, decades},
		{"unwrap", response.Evaluation{Unit: waveform.Velocity}, decades}, // its phase stays within 180 degrees
		{"linear_space", response.Evaluation{Unit: waveform.Velocity}, line},
		{"stage_3_5", response.Evaluation{First: 3, Last: 5}, decades},
		{"total_sens", response.Evaluation{Unit: waveform.Velocity, TotalSensitivity: true}, decades},
	} {
		runs = append(runs, published{folder: cgv + "expected/" + run.folder, amplitude: "AMP.Z.CGV..HYZ", phase: "PHASE.Z.CGV..HYZ",
			response: cgv + "RESP.Z.CGV..HYZ", id: "Z.CGV..HYZ", at: year(2010), evaluation: run.e, freqs: run.freqs})
	}
	runs = append(runs, published{folder: cgv + "expected/complex", spectra: "SPECTRA.Z.CGV..HYZ", response: cgv + "RESP.Z.CGV..HYZ", id: "Z.CGV..HYZ",
		at: year(2010), evaluation: response.Evaluation{Unit: waveform.Velocity}, freqs: decades})
	nineteen := spaced(19, func(p float64) float64 { return math.Pow(10, -1+2*p) })
	for id, file := range map[string]string{
		"IU.ANMO.00.BH1": "station-1.xml", "IU.ANMO.00.BHZ": "RESP.IU.ANMO.00.BHZ", "IU.ANMO.10.BHZ": "RESP.IU.ANMO.10.BHZ",
	} {
		runs = append(runs, published{folder: anmo, amplitude: "AMP." + id, phase: "PHASE." + id, response: anmo + "/" + file, id: id, at: year(2015),
			evaluation: response.Evaluation{Unit: waveform.Velocity}, freqs: nineteen})
	}
	return append(runs, published{folder: anmo + "/from-stationxml", amplitude: "AMP.IU.ANMO.10.BHZ", phase: "PHASE.IU.ANMO.10.BHZ",
		response: anmo + "/station-1.xml", id: "IU.ANMO.10.BHZ", at: year(2015), evaluation: response.Evaluation{Unit: waveform.Velocity}, freqs: decades})
}

// spaced is n values of f at even steps from 0 to 1.
func spaced(n int, f func(part float64) float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = f(float64(i) / float64(n-1))
	}
	return out
}

// The output files of the program evalresp: every number is what it printed, to half a
// unit of its last digit and 1e-9 of the value for the arithmetic of either side.
//
// The evalresp of 2015 that read station-1.xml for IU.ANMO.00.BH1 kept its numbers in single
// precision. At the Nyquist frequency, where the coefficients cancel to 1.5e-7 of the
// passband, that is 6 percent: what it printed is the response so rounded.
func TestOutputFilesOfEvalrespArePrintedAlike(t *testing.T) {
	for _, run := range publishedRuns() {
		r := at(t, agree.Shared(t, run.response), run.id, run.at)
		if run.id == "IU.ANMO.00.BH1" {
			roundToSingle(r)
		}
		h := evaluation(t, run.folder, run.evaluation, r, run.freqs)
		if run.spectra != "" {
			run.compare(t, run.spectra, func(i int) []float64 { return []float64{real(h[i]), imag(h[i])} })
			continue
		}
		run.compare(t, run.amplitude, func(i int) []float64 { return []float64{cmplx.Abs(h[i])} })
		run.compare(t, run.phase, func(i int) []float64 { return []float64{cmplx.Phase(h[i]) * 180 / math.Pi} })
	}
}

// roundToSingle rounds the numbers of a response of poles and zeros and FIR filters.
func roundToSingle(r *waveform.Response) {
	single := func(values ...*float64) {
		for _, v := range values {
			*v = float64(float32(*v))
		}
	}
	single(&r.Sensitivity.Value, &r.Sensitivity.Frequency)
	for i := range r.Stages {
		s := &r.Stages[i]
		single(&s.Gain, &s.GainFrequency)
		if d := s.Decimation; d != nil {
			single(&d.InputRate, &d.Delay, &d.Correction)
		}
		if p := s.PolesZeros; p != nil {
			single(&p.Normalization, &p.NormalizationFrequency)
			for _, roots := range [][]complex128{p.Zeros, p.Poles} {
				for k, z := range roots {
					roots[k] = complex128(complex64(z))
				}
			}
		}
		if s.Coefficients != nil {
			for k := range s.Coefficients.Numerator {
				single(&s.Coefficients.Numerator[k])
			}
		}
	}
}

// compare holds the rows of a file against the values at each frequency.
func (p published) compare(t *testing.T, file string, values func(i int) []float64) {
	t.Helper()
	ref := agree.Reference{Function: "response.Transfer.Evaluate", Source: "evalresp, published output files", Measure: "half a unit of the last printed digit", Within: 1}
	rows := readTable(t, agree.Shared(t, p.folder+"/"+file))
	if len(rows) != len(p.freqs) {
		t.Fatalf("%s/%s: %d rows, want %d", p.folder, file, len(rows), len(p.freqs))
	}
	worst := 0.0
	for i, row := range rows {
		for k, got := range append([]float64{p.freqs[i]}, values(i)...) {
			if d := row[k].halves(got); !(d <= worst) {
				worst = d
			}
		}
	}
	ref.Deviation(t, p.folder+"/"+file, worst)
}

// printed is a number and half a unit of its last digit.
type printed struct{ value, half float64 }

// halves is how far v is from p, in halves of a unit and 1e-9 of the value.
func (p printed) halves(v float64) float64 {
	return math.Abs(v-p.value) / (p.half + 1e-9*math.Abs(v))
}

func readTable(t *testing.T, path string) [][]printed {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var rows [][]printed
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var row []printed
		for _, word := range strings.Fields(lines.Text()) {
			row = append(row, parsePrinted(t, word))
		}
		rows = append(rows, row)
	}
	return rows
}

// parsePrinted reads 1.811703E+07, which is 1.811703e7 to half of 10.
func parsePrinted(t *testing.T, word string) printed {
	t.Helper()
	mantissa, exponent, _ := strings.Cut(strings.ToLower(word), "e")
	_, decimals, _ := strings.Cut(mantissa, ".")
	value, err := strconv.ParseFloat(word, 64)
	power, err2 := strconv.Atoi(exponent)
	if err != nil || err2 != nil {
		t.Fatalf("%q is no number with exponent", word)
	}
	return printed{value, 0.5 * math.Pow(10, float64(power-len(decimals)))}
}
