package process

import (
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/response"
)

// flat is an accelerometer that gives gain counts for 1 m/s^2 at any frequency.
func flat(gain float64) Instrument {
	r := &waveform.Response{
		Sensitivity: waveform.Sensitivity{Value: gain, Frequency: 1, InputUnits: "M/S**2", OutputUnits: "COUNTS"},
		Stages: []waveform.Stage{{Number: 1, InputUnits: "M/S**2", OutputUnits: "COUNTS", Gain: gain, GainFrequency: 1,
			PolesZeros: &waveform.PolesZeros{Type: waveform.LaplaceRadians, Normalization: 1, NormalizationFrequency: 1}}},
	}
	return Instrument{Response: r, Hash: response.Hash(r)}
}

func worker() *Worker { return NewWorker(NewShared(1 << 20)) }

// wave is a sine of 2 Hz and an offset, 40 s at 50 Hz.
func wave() waveform.Trace {
	tr := waveform.Trace{SampleRate: 50, Unit: waveform.Counts, Data: make([]float64, 2000)}
	for i := range tr.Data {
		tr.Data[i] = 1000 + 400*math.Sin(2*math.Pi*2*float64(i)/50)
	}
	return tr
}

// note appends its letter to a text, or fails.
type note struct {
	letter string
	to     *string
	err    error
}

func (n note) Name() string { return "note_" + n.letter }

func (n note) Apply(*Worker, Instrument, *waveform.Trace) error {
	*n.to += n.letter
	return n.err
}

func TestWorkersOfOneSharedGiveTheSameBits(t *testing.T) {
	chain := Chain{Detrend{}, Taper{Fraction: 0.05}, RemoveResponse{Output: waveform.Velocity, WaterLevel: 60},
		Bandpass{Low: Hertz(0.5), High: Hertz(20), Order: 4, Passes: 2}}
	in := flat(400)
	process := func(w *Worker, n int) []float64 {
		tr := wave()
		tr.Data = tr.Data[:n]
		if err := chain.Apply(w, in, &tr); err != nil {
			t.Error(err)
		}
		return tr.Data
	}
	want := map[int][]float64{}
	for n := 1990; n < 2000; n++ {
		want[n] = process(worker(), n)
	}
	shared := NewShared(1 << 20)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			w := NewWorker(shared)
			for n := range want {
				if got := process(w, n); !slices.Equal(got, want[n]) {
					t.Errorf("%d samples: differs from what a worker alone makes", n)
				}
			}
		})
	}
	group.Wait()
	if w := NewWorker(shared); w.Plans != shared.Plans || w.Responses != shared.Responses {
		t.Error("a worker has plans or responses of its own")
	}
}

func TestStepsRunInOrderUntilOneFails(t *testing.T) {
	var done string
	why := errors.New("out of ink")
	tr := wave()
	c := Chain{note{"a", &done, nil}, note{"b", &done, nil}, note{"c", &done, why}, note{"d", &done, nil}}
	err := c.Apply(worker(), Instrument{}, &tr)
	if done != "abc" || !errors.Is(err, why) || err.Error() != "note_c: out of ink" {
		t.Errorf("steps %q, error %v", done, err)
	}
	done = ""
	if err := c[:2].Apply(worker(), Instrument{}, &tr); err != nil || done != "ab" {
		t.Errorf("steps %q, error %v", done, err)
	}
	if err := c.Apply(worker(), Instrument{}, &waveform.Trace{SampleRate: 50}); err != nil || done != "ab" {
		t.Errorf("an empty trace: steps %q, error %v", done, err)
	}
}

func TestOrderOfStepsMatters(t *testing.T) {
	a, b := wave(), wave()
	steps := Chain{Demean{}, Taper{Fraction: 0.1}}
	if err := errors.Join(steps.Apply(worker(), Instrument{}, &a), Chain{steps[1], steps[0]}.Apply(worker(), Instrument{}, &b)); err != nil {
		t.Fatal(err)
	}
	if a.Data[0] != 0 || b.Data[0] == 0 {
		t.Errorf("tapered last %v, first %v: want zero and the mean that was taken off behind", a.Data[0], b.Data[0])
	}
}

func TestStepsDoWhatTheirKernelsDo(t *testing.T) {
	for _, c := range []struct {
		step   Step
		kernel func(x []float64)
	}{
		{Demean{}, dsp.Demean},
		{Detrend{}, dsp.DetrendLinear},
		{Taper{Fraction: 0.05}, func(x []float64) { dsp.TaperHann(x, 100) }},
		{Taper{Fraction: 0.05, Longest: 1}, func(x []float64) { dsp.TaperHann(x, 50) }},
		{Taper{}, func([]float64) {}},
		{Bandpass{Low: Hertz(1), High: OfNyquist(0.4), Order: 3, Passes: 1}, func(x []float64) { mustDesign(3, 1, 10, 50).Apply(x) }},
		{Bandpass{Low: Hertz(1), High: Hertz(10), Order: 3, Passes: 2}, func(x []float64) { mustDesign(3, 1, 10, 50).ApplyZeroPhase(x) }},
	} {
		got, want := wave(), wave()
		if err := c.step.Apply(worker(), Instrument{}, &got); err != nil {
			t.Errorf("%s: %v", c.step.Name(), err)
		}
		c.kernel(want.Data)
		if !slices.Equal(got.Data, want.Data) || got.Unit != waveform.Counts || got.SampleRate != 50 {
			t.Errorf("%s %+v: not what its kernel gives", c.step.Name(), c.step)
		}
	}
}

func mustDesign(order int, low, high, rate float64) dsp.Filter {
	f, err := dsp.Butterworth(dsp.Bandpass, order, low, high, rate)
	if err != nil {
		panic(err)
	}
	return f
}

func TestResponseIsRemovedFromCountsOnly(t *testing.T) {
	remove := RemoveResponse{Output: waveform.Acceleration, WaterLevel: 60, PreFilter: [4]Corner{Hertz(0.1), Hertz(0.2), OfNyquist(0.8), OfNyquist(0.9)}}
	tr := wave()
	if err := (Chain{remove}).Apply(worker(), flat(400), &tr); err != nil {
		t.Fatal(err)
	}
	if tr.Unit != waveform.Acceleration {
		t.Errorf("unit %v", tr.Unit)
	}
	// In the middle, a sine of 2 Hz whose 400 counts are 1 m/s^2.
	for i := 900; i < 1100; i++ {
		if want := math.Sin(2 * math.Pi * 2 * float64(i) / 50); math.Abs(tr.Data[i]-want) > 2e-3 { // the edges leak a little
			t.Fatalf("sample %d is %v, want %v", i, tr.Data[i], want)
		}
	}
	err := (Chain{remove}).Apply(worker(), flat(400), &tr)
	if !errors.Is(err, ErrUnits) || !strings.HasPrefix(err.Error(), "remove_response: trace is in m/s^2, want counts") {
		t.Errorf("removed twice: %v", err)
	}
	tr = wave()
	if err := (Chain{remove}).Apply(worker(), Instrument{}, &tr); !errors.Is(err, response.ErrNoStages) {
		t.Errorf("without a response: %v", err)
	}
}

func TestCornersThatDoNotFitAreAnError(t *testing.T) {
	for _, b := range []Bandpass{
		{Low: Hertz(1), High: Hertz(26), Order: 4, Passes: 2}, {Low: Hertz(5), High: Hertz(4), Order: 4, Passes: 2},
		{Low: Hertz(0), High: Hertz(4), Order: 4, Passes: 2}, {Low: Hertz(1), High: Hertz(4), Order: 0, Passes: 2},
	} {
		tr := wave()
		if err := (Chain{b}).Apply(worker(), Instrument{}, &tr); !errors.Is(err, dsp.ErrFilter) || !strings.HasPrefix(err.Error(), "bandpass: ") {
			t.Errorf("%+v: %v", b, err)
		}
	}
}

func TestFiltersAreKeptAndNotWithoutBound(t *testing.T) {
	w := worker()
	b := Bandpass{Low: Hertz(1), High: OfNyquist(0.5), Order: 4, Passes: 2}
	for i := range 200 {
		tr := wave()
		tr.SampleRate = 50 + float64(i%100)
		fresh := wave()
		fresh.SampleRate = tr.SampleRate
		if err := errors.Join(b.Apply(w, Instrument{}, &tr), b.Apply(worker(), Instrument{}, &fresh)); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(tr.Data, fresh.Data) {
			t.Fatalf("%g Hz: a worker's filter gives another result the next time", tr.SampleRate)
		}
		if len(w.filters) > 64 || len(w.filters) == 0 {
			t.Fatalf("%d filters are kept", len(w.filters))
		}
	}
	n := len(w.filters)
	tr := wave()
	tr.SampleRate = 149
	if err := b.Apply(w, Instrument{}, &tr); err != nil || len(w.filters) != n {
		t.Errorf("the same filter again: %v, %d kept of %d", err, len(w.filters), n)
	}
}

func TestBandIsWhatTheFiltersLeave(t *testing.T) {
	narrow := Bandpass{Low: Hertz(1), High: OfNyquist(0.5)}
	wide := Bandpass{Low: OfNyquist(0.001), High: Hertz(30)}
	for _, c := range []struct {
		chain     Chain
		rate      float64
		high, low float64
	}{
		{nil, 100, 0, 50},
		{Chain{Demean{}, narrow}, 100, 1, 25},
		{Chain{wide, narrow}, 100, 1, 25},
		{Chain{wide, narrow}, 400, 1, 30},
		{Chain{wide}, 40, 0.02, 20}, // the corner is above Nyquist
	} {
		if high, low := c.chain.Band(c.rate); high != c.high || low != c.low {
			t.Errorf("%v at %g Hz: %g to %g Hz, want %g to %g", c.chain, c.rate, high, low, c.high, c.low)
		}
	}
}

func TestCornersAreHertzOrAFractionOfNyquist(t *testing.T) {
	for _, c := range []struct {
		corner Corner
		rate   float64
		hz     float64
		text   string
	}{
		{Hertz(0.08), 100, 0.08, "0.08 Hz"}, {OfNyquist(0.75), 100, 37.5, "0.75 nyquist"}, {OfNyquist(0.75), 40, 15, "0.75 nyquist"}, {Corner{}, 100, 0, "0 Hz"},
	} {
		if got := c.corner.At(c.rate); got != c.hz || c.corner.String() != c.text {
			t.Errorf("%v at %g Hz: %g Hz, want %g", c.corner, c.rate, got, c.hz)
		}
	}
}
