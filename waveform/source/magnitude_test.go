package source_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/internal/agree"
	"github.com/seisbatch/seisbatch/waveform/metric"
	"github.com/seisbatch/seisbatch/waveform/source"
	"github.com/seisbatch/seisbatch/waveform/traveltime"
)

// By definition magnitude 3 is 1 mm at 100 km (Richter 1935) and, in Hutton and Boore
// (1987), 10 mm at 17 km, which their curve meets to 0.02.
func TestLocalMagnitudeThreeIsWhereItWasDefined(t *testing.T) {
	at100, _ := source.HuttonBoore().Station(1e-3, 100e3, 0)
	at17, _ := source.HuttonBoore().Station(10e-3, 17e3, 0)
	if math.Abs(at100.Value-3) > 1e-12 || math.Abs(at17.Value-3) > 0.02 {
		t.Errorf("%g at 100 km, %g at 17 km", at100.Value, at17.Value)
	}
	standard, _ := source.IASPEI().Station(1e-3, 100e3, 0)
	if d := standard.Value - at100.Value; math.Abs(d-0.001) > 1e-4 {
		t.Errorf("IASPEI is %g greater", d)
	}
	corrected, _ := source.IASPEI().Station(1e-3, 100e3, -0.3)
	if d := corrected.Value - standard.Value; math.Abs(d+0.3) > 1e-12 {
		t.Errorf("a correction of -0.3 changes it by %g", d)
	}
}

func TestDistancesOutOfRangeAreFlagged(t *testing.T) {
	for _, c := range []struct {
		km           float64
		iaspei, hutt bool
	}{{9.99, true, true}, {10, false, false}, {700, false, false}, {701, false, true}, {1000, false, true}, {1001, true, true}} {
		a, _ := source.IASPEI().Station(1e-3, c.km*1e3, 0)
		b, _ := source.HuttonBoore().Station(1e-3, c.km*1e3, 0)
		if a.OutOfRange != c.iaspei || b.OutOfRange != c.hutt || math.IsNaN(a.Value+b.Value) {
			t.Errorf("%g km: %+v, %+v", c.km, a, b)
		}
	}
}

func TestMagnitudesOfNonsenseAreTypedErrors(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range [][3]float64{{0, 1e5, 0}, {-1, 1e5, 0}, {nan, 1e5, 0}, {inf, 1e5, 0}, {1, 0, 0}, {1, nan, 0}, {1, inf, 0}, {1, 1e5, nan}, {1, 1e5, inf}} {
		m, err := source.IASPEI().Station(c[0], c[1], c[2])
		if !errors.Is(err, source.ErrInput) || !math.IsNaN(m.Value) {
			t.Errorf("%v: %+v, %v", c, m, err)
		}
	}
}

func TestNetworkMagnitudeIsTheMedianOfWhatIsInRange(t *testing.T) {
	s := func(v ...float64) (all []source.StationMagnitude) {
		for _, v := range v {
			all = append(all, source.StationMagnitude{Value: v})
		}
		return all
	}
	odd := append(s(3, 9, 3.2, 3.4, 3.1), source.StationMagnitude{Value: -5, OutOfRange: true}, source.StationMagnitude{Value: math.NaN()})
	before := slices.Clone(odd[:6])
	if m, err := source.Network(odd); err != nil || m.Value != 3.2 || m.Stations != 5 || math.Abs(m.Spread-1.4826*0.2) > 1e-12 {
		t.Errorf("%+v, %v", m, err)
	}
	if !slices.Equal(odd[:6], before) {
		t.Error("the stations were reordered")
	}
	if m, err := source.Network(s(3, 4)); err != nil || m.Value != 3.5 || m.Stations != 2 {
		t.Errorf("%+v, %v", m, err)
	}
	for _, none := range [][]source.StationMagnitude{nil, odd[5:]} {
		if m, err := source.Network(none); !errors.Is(err, source.ErrTooFew) || !math.IsNaN(m.Value) {
			t.Errorf("%v: %+v, %v", none, m, err)
		}
	}
}

func TestAmplitudesOfAWaveAreItsOwn(t *testing.T) {
	const dt, period = 0.01, 0.8
	wave, pulse := make([]float64, 1000), make([]float64, 1000)
	for i := range wave {
		wave[i] = 3 * math.Sin(2*math.Pi*float64(i)*dt/period)
		pulse[i] = 3 * math.Exp(-math.Pow(float64(i-500)/20, 2))
	}
	z, s := source.Zero(wave), source.Swing(wave, dt)
	if z.Value != 3 || z.Index != 20 || !math.IsNaN(z.Period) || math.Abs(s.Value-3) > 1e-12 || math.Abs(s.Period-period) > 1e-12 {
		t.Errorf("%+v, %+v", z, s)
	}
	for i := range wave {
		wave[i] += 1e7
	}
	if moved := source.Swing(wave, dt); math.Abs(moved.Value-3) > 1e-8 || moved.Index != s.Index {
		t.Errorf("with an offset %+v, without %+v", moved, s)
	}
	if z, s := source.Zero(pulse), source.Swing(pulse, dt); z.Value != 3 || math.Abs(s.Value-1.5) > 1e-12 || s.Index != 500 {
		t.Errorf("one-sided: %+v, %+v", z, s)
	}
}

func TestSwingIsOfAdjacentExtremes(t *testing.T) {
	for _, c := range []struct {
		x      []float64
		value  float64
		index  int
		period float64
	}{
		{[]float64{0, 5, 4, 9, 3, 6}, 3, 4, 2}, // not 9 and 0
		{[]float64{5, 5, 0, 0, 4, 4}, 2.5, 2, 4},
		{[]float64{0, 1, 2, 2, 3, -1}, 2, 5, 2},
		{[]float64{0, -7, 0}, 3.5, 1, 2},
		{[]float64{1, 2, 3}, 1, 2, 4},
	} {
		if got := source.Swing(c.x, 1); got != (source.Amplitude{Value: c.value, Index: c.index, Period: c.period}) {
			t.Errorf("%v: %+v", c.x, got)
		}
	}
	nan := math.NaN()
	for _, x := range [][]float64{nil, {nan}, {1, nan, 2}, {nan, 1}} {
		z, s := source.Zero(x), source.Swing(x, 1)
		if !math.IsNaN(z.Value) || !math.IsNaN(s.Value) || z.Index != -1 || s.Index != -1 {
			t.Errorf("%v: %+v, %+v", x, z, s)
		}
	}
	for _, x := range [][]float64{{4}, {4, 4, 4}} {
		if s := source.Swing(x, 1); s.Value != 0 || s.Index != 0 || !math.IsNaN(s.Period) || source.Zero(x).Value != 4 {
			t.Errorf("%v: %+v", x, s)
		}
	}
}

// The displacement of an oscillator of 0.8 s and 0.7 of critical damping relative to its
// base, times 2080, is the trace of the Wood-Anderson seismograph. An earthquake of Mw
// 4.38 in southern California, for which the formula was made, has a local magnitude within
// 0.5 of that, from five stations between 14 and 303 km without station corrections. (From
// acceleration: with a water level of 60 dB for displacement, a rate of 250 Hz loses half of it.)
func TestLocalMagnitudeOfARealEventIsNearItsMomentMagnitude(t *testing.T) {
	const latitude, longitude, depth = 34.1363333, -117.7746667, 5460.0
	folder := agree.Shared(t, "events/ci38038071")
	var stations []source.StationMagnitude
	for _, id := range [][2]string{
		{"CE.23178.10.HNE", "CE.23178.10.HNN"}, {"CI.GR2..BHE", "CI.GR2..BHN"}, {"AZ.HSSP..HNE", "AZ.HSSP..HNN"},
		{"TA.TPFO..BHE", "TA.TPFO..BHN"}, {"BK.TCAS.40.BH1", "BK.TCAS.40.BH2"},
	} {
		var mean source.StationMagnitude
		var distance float64
		for _, id := range id {
			tr, channel := record(t, folder, id)
			x := acceleration(t, tr, channel)
			o, err := metric.NewOscillator(0.8, 0.7, 1/tr.SampleRate)
			if err != nil {
				t.Fatal(err)
			}
			o.Displacement(x, x)
			for i := range x {
				x[i] *= source.Gain
			}
			zero, swing := source.Zero(x), source.Swing(x, 1/tr.SampleRate)
			if !(swing.Value > 0.5*zero.Value && swing.Value <= zero.Value && swing.Period > 0.05 && swing.Period < 3) {
				t.Errorf("%s: %+v and %+v", id, zero, swing)
			}
			epicentral, _ := traveltime.Distance(latitude, longitude, channel.Latitude, channel.Longitude)
			distance = math.Hypot(epicentral, depth)
			m, err := source.IASPEI().Station(zero.Value, distance, 0)
			if err != nil {
				t.Fatal(err)
			}
			mean.Value += m.Value / 2
			mean.OutOfRange = mean.OutOfRange || m.OutOfRange
		}
		t.Logf("%s at %.0f km: ML %.2f", id[0], distance/1e3, mean.Value)
		stations = append(stations, mean)
	}
	m, err := source.Network(stations)
	t.Logf("ML %.2f +- %.2f", m.Value, m.Spread)
	if err != nil || m.Stations != 5 || math.Abs(m.Value-4.38) > 0.5 || m.Spread > 0.5 {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestAmplitudesDoNotAllocate(t *testing.T) {
	x := frequencies(1000, 1, 2)
	m := newModel(t, source.GMProcess(20e3))
	if n := testing.AllocsPerRun(10, func() { source.Zero(x); source.Swing(x, 0.01) }); n != 0 {
		t.Errorf("amplitudes allocate %g times", n)
	}
	dst := make([]float64, len(x))
	if n := testing.AllocsPerRun(10, func() { m.Spectrum(dst, x, source.Source{Moment: 1, Corner: 1}) }); n != 0 {
		t.Errorf("a spectrum allocates %g times", n)
	}
}
