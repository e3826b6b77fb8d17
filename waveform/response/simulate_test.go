package response_test

import (
	"bufio"
	"compress/gzip"
	"errors"
	"math"
	"math/cmplx"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
	"github.com/seisbatch/seisbatch/waveform/response"
)

type paz struct {
	Zeros, Poles [][2]float64
	Gain         float64
}

func (p paz) response(u waveform.Unit) *waveform.Response {
	return response.PolesZeros(u, roots(p.Zeros), roots(p.Poles), p.Gain, "M")
}

func roots(pairs [][2]float64) []complex128 {
	out := make([]complex128, len(pairs))
	for i, p := range pairs {
		out[i] = complex(p[0], p[1])
	}
	return out
}

type simulatedTrace struct {
	thinned
	Name, Unit, Target string
	Response           string // name of one in removals, or
	From               *paz   // poles and zeros, or neither: ground motion
	To                 paz
	N                  int
	Rate               float64
	Level              *float64
	Pre                []float64
	Pitsa              bool
}

// target is the instrument of that name, as this package has it where it does.
func (c simulatedTrace) target(t *testing.T) *waveform.Response {
	t.Helper()
	switch c.Target {
	case "wood_anderson", "wood_anderson_velocity": // two zeros for displacement are one for velocity
		return response.WoodAnderson()
	case "wood_anderson_nominal":
		return response.WoodAndersonNominal()
	case "wood_anderson_obspy":
		return response.WoodAndersonObsPy()
	}
	return c.To.response(unit(t, c.Unit))
}

func (c simulatedTrace) options(t *testing.T) response.Options {
	t.Helper()
	opt := response.Options{Unit: unit(t, c.Unit), NoWaterLevel: c.Level == nil}
	if c.Level != nil {
		opt.WaterLevel = *c.Level
	}
	copy(opt.PreFilter[:], c.Pre)
	if c.Pitsa {
		opt.NoTaper, opt.NoMean, opt.Padding = true, true, response.PadTwicePowerOfTwo
	}
	return opt
}

func simulate(t *testing.T, from, to *waveform.Response, x []float64, dt float64, opt response.Options) {
	t.Helper()
	s, err := response.NewSimulation(from, to, len(x), dt, opt)
	if err != nil {
		t.Fatal(err)
	}
	if s.Len() != len(x) {
		t.Errorf("length %d", s.Len())
	}
	s.Apply(x, new(dsp.Plans), new(dsp.Scratch))
}

// pitsaTaper is PITSA's window over five percent of x, both ends together.
func pitsaTaper(x []float64) {
	w := int(float64(len(x))*0.05/2 + 0.5)
	for i := range w {
		f := 0.5 - 0.5*math.Cos(math.Pi*float64(i)/float64(w-1))
		x[i] *= f
		x[len(x)-1-i] *= f
	}
}

func TestSimulationEqualsObsPy(t *testing.T) {
	ref := agree.Reference{Function: "response.Simulation.Apply", Source: "ObsPy 1.5.0 simulate_seismometer", Measure: "peak", Within: 1e-13}
	for _, c := range readRemovals(t).Simulated {
		from := response.Motion(unit(t, c.Unit))
		if c.From != nil {
			from = c.From.response(unit(t, c.Unit))
		}
		x := series(c.N)
		if c.Pitsa {
			dsp.Demean(x)
			pitsaTaper(x)
		}
		simulate(t, from, c.target(t), x, 1/c.Rate, c.options(t))
		if c.Pitsa {
			dsp.DetrendSimple(x)
		}
		c.compare(t, ref, c.Name, x)
	}
}

func TestSimulationFromCountsEqualsObsPy(t *testing.T) {
	ref := agree.Reference{Function: "response.Simulation.Apply", Source: "ObsPy 1.5.0 evalresp and invsim", Measure: "peak", Within: 1e-11}
	g := readRemovals(t)
	for _, c := range g.Counts {
		x := series(c.N)
		simulate(t, decode(t, g.Responses[c.Response]), c.target(t), x, 1/c.Rate, c.options(t))
		c.compare(t, ref, c.Name, x)
	}
}

// A record of a Lennartz LE-3D at RJOB, 200 Hz, and what the program PITSA made of it
// for other instruments. PITSA computed in float32.
func TestSimulationEqualsPITSA(t *testing.T) {
	ref := agree.Reference{Function: "response.Simulation.Apply", Source: "PITSA, record of RJOB", Measure: "rms", Within: 1.1e-5}
	folder := agree.Shared(t, "filters/rjob")
	record := readColumn(t, filepath.Join(folder, "rjob_20051006.gz"))
	from := response.PolesZeros(waveform.Velocity, []complex128{0, 0, 0}, []complex128{-4.21 + 4.66i, -4.21 - 4.66i, -2.105}, 0.4, "COUNTS")
	opt := response.Options{WaterLevel: 600, NoMean: true, NoTaper: true, Padding: response.PadTwicePowerOfTwo}
	for name, to := range map[string]*waveform.Response{
		"None":          response.Motion(waveform.Velocity),
		"wood_anderson": response.PolesZeros(waveform.Velocity, []complex128{0}, []complex128{-6.2832 - 4.7124i, -6.2832 + 4.7124i}, 1/2.25, ""),
		"wwssn_sp":      response.PolesZeros(waveform.Velocity, []complex128{0, 0}, []complex128{-4.0093 - 4.0093i, -4.0093 + 4.0093i, -4.6077 - 6.9967i, -4.6077 + 6.9967i}, 1/1.0413, ""),
		"wwssn_lp":      response.PolesZeros(waveform.Velocity, []complex128{0, 0}, []complex128{-0.4189, -0.4189, -0.0628, -0.0628}, 1/0.0271, ""),
		"kirnos":        response.PolesZeros(waveform.Velocity, []complex128{0, 0}, []complex128{-0.1257 - 0.2177i, -0.1257 + 0.2177i, -83.4473, -0.3285}, 1/1.61, ""),
	} {
		want := readColumn(t, filepath.Join(folder, "rjob_20051006_"+name+".gz"))
		x := slices.Clone(record)
		pitsaTaper(x)
		simulate(t, from, to, x, 1./200, opt)
		dsp.DetrendSimple(x)
		if len(x) != len(want) {
			t.Fatalf("%s: %d samples, want %d", name, len(x), len(want))
		}
		difference, size := 0.0, 0.0
		for i, w := range want {
			difference += (x[i] - w) * (x[i] - w)
			size += w * w
		}
		ref.Deviation(t, name, math.Sqrt(difference/size))
	}
}

// readColumn reads a gzipped text of one number a line, and of lines with # before.
func readColumn(t *testing.T, path string) []float64 {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	text, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []float64
	lines := bufio.NewScanner(text)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		v, err := strconv.ParseFloat(strings.TrimSpace(lines.Text()), 64)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		out = append(out, v)
	}
	return out
}

// The published poles of the IASPEI standard (2013) are -5.49779 +- 5.60886 i.
func TestWoodAndersonHasThePolesOfIASPEI(t *testing.T) {
	p := response.WoodAnderson().Stages[0].PolesZeros
	for i, want := range []complex128{-5.49779 + 5.60886i, -5.49779 - 5.60886i} {
		if cmplx.Abs(p.Poles[i]-want) > 1e-5 {
			t.Errorf("pole %v, want %v", p.Poles[i], want)
		}
	}
	far := evaluate(t, response.WoodAnderson(), waveform.Displacement, 1e5)[0]
	if cmplx.Abs(far-2080) > 0.1 {
		t.Errorf("magnification %v at high frequencies, want 2080", far)
	}
	// At its own frequency it is gain/(2 damping).
	if at := evaluate(t, response.WoodAnderson(), waveform.Displacement, 1.25)[0]; math.Abs(cmplx.Abs(at)-2080/1.4) > 1e-9 {
		t.Errorf("magnification %g at 1.25 Hz, want %g", cmplx.Abs(at), 2080/1.4)
	}
}

func TestWoodAndersonsDifferAsDocumented(t *testing.T) {
	largest := 0.0
	for f := 0.05; f < 50; f *= 1.01 {
		a := cmplx.Abs(evaluate(t, response.WoodAnderson(), waveform.Displacement, f)[0])
		b := cmplx.Abs(evaluate(t, response.WoodAndersonObsPy(), waveform.Displacement, f)[0])
		largest = max(largest, math.Abs(a/b-1))
	}
	if largest < 0.13 || largest > 0.15 {
		t.Errorf("ObsPy's instrument differs by %.3f, want about 0.14", largest)
	}
}

func TestPendulumOfAnyDampingHasItsMagnificationAtItsFrequency(t *testing.T) {
	for _, damping := range []float64{0.1, 0.7, 1, 1.5, 3} {
		at := evaluate(t, response.Pendulum(2, damping, 100), waveform.Displacement, 0.5)[0]
		if want := complex(0, 100/(2*damping)); cmplx.Abs(at-want) > 1e-11*cmplx.Abs(want) {
			t.Errorf("damping %g: %v, want %v", damping, at, want)
		}
	}
}

// What was recorded by one instrument becomes what the other one records: the
// amplitude and phase of a sine are exchanged.
func TestSimulationExchangesAmplitudeAndPhase(t *testing.T) {
	const n, dt, f = 6000, 0.01, 2.0
	from, to := velocimeter(), response.WoodAnderson()
	counts := evaluate(t, from, waveform.Velocity, f)[0]
	want := evaluate(t, to, waveform.Velocity, f)[0]
	for _, u := range []waveform.Unit{waveform.UnitUnknown, waveform.Displacement, waveform.Acceleration} {
		x := make([]float64, n)
		for i := range x {
			x[i] = real(counts * cmplx.Rect(1, 2*math.Pi*f*float64(i)*dt))
		}
		simulate(t, from, to, x, dt, response.Options{Unit: u, WaterLevel: 100, PreFilter: [4]float64{0.02, 0.05, 42.5, 47.5}})
		for i := n / 4; i < 3*n/4; i++ {
			if w := real(want * cmplx.Rect(1, 2*math.Pi*f*float64(i)*dt)); math.Abs(x[i]-w) > 1e-3*cmplx.Abs(want) { // the tapered ends leak that much
				t.Fatalf("by %v: sample %d is %g, want %g", u, i, x[i], w)
			}
		}
	}
}

func TestSimulationOfTheSameInstrumentIsTheRecord(t *testing.T) {
	x := series(500)
	want := slices.Clone(x)
	opt := response.Options{NoWaterLevel: true, NoTaper: true, RealNyquist: true}
	dsp.Demean(want)
	simulate(t, velocimeter(), velocimeter(), x, 0.01, opt)
	for i := range x {
		if math.Abs(x[i]-want[i]) > 1e-12*1024 {
			t.Fatalf("sample %d is %g, want %g", i, x[i], want[i])
		}
	}
}

func TestSimulationOfAwkwardInput(t *testing.T) {
	for _, x := range [][]float64{nil, {5}, {5, 5}, {5, 5, 5}, make([]float64, 64)} {
		y := slices.Clone(x)
		simulate(t, velocimeter(), response.WoodAnderson(), y, 0.01, response.Options{WaterLevel: 60})
		for i, v := range y {
			if v != 0 {
				t.Errorf("a constant of %d samples: sample %d is %g", len(x), i, v)
			}
		}
	}
	x := series(99)
	x[40] = math.NaN()
	simulate(t, velocimeter(), response.WoodAnderson(), x, 0.01, response.Options{WaterLevel: 60})
	if i := slices.IndexFunc(x, func(v float64) bool { return !math.IsNaN(v) }); i >= 0 {
		t.Errorf("sample %d is %g in spite of a NaN", i, x[i])
	}
}

func TestNewSimulationSaysWhatIsWrong(t *testing.T) {
	wa, level := response.WoodAnderson(), response.Options{WaterLevel: 60}
	pressure := velocimeter()
	pressure.Stages[0].InputUnits = "PA"
	for name, c := range map[string]struct {
		from, to *waveform.Response
		n        int
		opt      response.Options
		want     error
	}{
		"no response":              {nil, wa, 10, level, response.ErrNoStages},
		"no stages":                {&waveform.Response{}, wa, 10, level, response.ErrNoStages},
		"recorded pressure":        {pressure, wa, 10, level, response.ErrUnits},
		"counts are no motion":     {response.Motion(waveform.Counts), wa, 10, level, response.ErrUnits},
		"nothing to simulate":      {velocimeter(), nil, 10, level, response.ErrNoStages},
		"pressure to simulate":     {velocimeter(), pressure, 10, level, response.ErrUnits},
		"negative length":          {velocimeter(), wa, -1, level, response.ErrOptions},
		"level not a number":       {velocimeter(), wa, 10, response.Options{WaterLevel: math.NaN()}, response.ErrOptions},
		"unit that is no motion":   {velocimeter(), wa, 10, response.Options{Unit: waveform.Counts}, response.ErrUnits},
		"pendulum without period":  {velocimeter(), response.Pendulum(0, 0.7, 1), 10, level, response.ErrStage},
		"gain that is no number":   {velocimeter(), response.Pendulum(1, 0.7, math.NaN()), 10, level, response.ErrStage},
		"magnification of nothing": {velocimeter(), response.Pendulum(1, 0.7, 0), 10, level, response.ErrStage},
	} {
		if s, err := response.NewSimulation(c.from, c.to, c.n, 0.01, c.opt); !errors.Is(err, c.want) || s != nil {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestSimulationDoesNotAllocate(t *testing.T) {
	s, err := response.NewSimulation(velocimeter(), response.WoodAnderson(), 1000, 0.01, response.Options{WaterLevel: 60})
	if err != nil {
		t.Fatal(err)
	}
	var plans dsp.Plans
	var scratch dsp.Scratch
	x := series(1000)
	s.Apply(x, &plans, &scratch)
	if n := testing.AllocsPerRun(10, func() { s.Apply(x, &plans, &scratch) }); n != 0 {
		t.Errorf("%g allocations", n)
	}
}
