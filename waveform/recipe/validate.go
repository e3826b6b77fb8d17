package recipe

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/process"
	"github.com/seisbatch/seisbatch/waveform/traveltime"
)

// validate checks what the types cannot say.
func (p *parser) validate(r *Recipe) {
	check := func(ok bool, key, format string, args ...any) {
		if !ok {
			p.fail(p.lines[key], key, fmt.Errorf(format, args...))
		}
	}
	e := r.Eligible
	check(len(e.Instruments) > 0, "eligible.instruments", "no instrument is eligible")
	for _, i := range e.Instruments {
		check(len(i) == 2, "eligible.instruments", "%q: want two letters, band and instrument code", i)
	}
	p.validateDistances(e)
	check(positive(e.UnknownMagnitudeKM), "eligible.unknown_magnitude_km", "want a positive number of km")
	check(r.Quality.FullScale >= 0 && !math.IsInf(r.Quality.FullScale, 1), "quality.full_scale", "want a number of counts")
	p.loadModel(&r.Times)
	t := r.Times
	check(positive(t.PVelocity) && positive(t.SVelocity) && t.SVelocity <= t.PVelocity, "times", "want positive velocities in m/s, S not above P")
	p.validateWindows(r.Windows)
	p.validateMeasurements(r.Measure)
	check(r.Incomplete == Keep || r.Incomplete == Fail, "incomplete", "%q: want keep or fail", r.Incomplete)
	p.validateChain(r.Process)
	p.validateCuts(r)
}

// loadModel loads the travel times of a layered earth.
func (p *parser) loadModel(t *Times) {
	if t.Model == SourceConstant {
		return
	}
	var err error
	if t.earth, err = traveltime.Load(t.Model); err != nil {
		const key = "times.model"
		p.fail(p.lines[key], key, fmt.Errorf("%q: want constant, ak135 or iasp91", t.Model))
	}
}

func (p *parser) validateDistances(e Eligible) {
	const key = "eligible.max_distance"
	last := math.Inf(-1)
	for i, l := range e.MaxDistance {
		if l.Below == nil && i < len(e.MaxDistance)-1 || l.Below != nil && (!(*l.Below > last) || *l.Below > 100) || !positive(l.KM) {
			p.fail(p.lines[key], key, errors.New("want lines of rising \"below\", the last one may be without, each with positive km"))
			return
		}
		if l.Below != nil {
			last = *l.Below
		}
	}
}

// example is a near event: marks of different phases can be compared only by one.
func example() Onsets {
	return Onsets{P: time.Unix(10, 0), S: time.Unix(17, 0), Origin: time.Unix(0, 0)}
}

func (p *parser) validateWindows(w Windows) {
	o := example()
	fail := func(key, text string) { p.fail(p.lines[key], key, errors.New(text)) }
	if !w.Noise.From.At(o).Before(w.Noise.Until.At(o)) {
		fail("windows.noise", "the window is empty")
	}
	if w.Noise.Until.At(o).After(o.P) {
		fail("windows.noise", "the noise must end before P")
	}
	if !w.Signal.From.At(o).Before(w.Signal.Until.At(o)) {
		fail("windows.signal", "the window is empty")
	}
	if w.Signal.Reach.At(o).After(w.Signal.Until.At(o)) {
		fail("windows.signal", "reach lies after the end of the signal")
	}
	if m := w.Measurement; m != nil && !m.From.At(o).Before(m.Until.At(o)) {
		fail("windows.measurement", "the window is empty")
	}
	if w.Pad.AtLeast > w.Pad.Length {
		fail("windows.pad", "at_least is longer than length")
	}
	marks := []Mark{w.Noise.From, w.Noise.Until, w.Signal.From, w.Signal.Until, w.Signal.Reach}
	if w.Measurement != nil {
		marks = append(marks, w.Measurement.From, w.Measurement.Until)
	}
	isFar := func(m Mark) bool { return m.Offset.Abs() > 6*time.Hour }
	if w.Pad.Length > time.Hour || slices.ContainsFunc(marks, isFar) {
		fail("windows", "windows of many hours are not for events")
	}
}

// validateCuts wants the windows inside what a cut leaves, and a mean of something.
func (p *parser) validateCuts(r *Recipe) {
	o := example()
	measured := r.Windows.Measured(o)
	left := r.Windows.wanted(o).Read
	for i, s := range r.Process {
		fail := func(text string) { p.failStep(i, errors.New(text)) }
		switch s := s.(type) {
		case CutAt:
			left = s.Span.at(o)
			if measured.From.Before(left.From) || measured.Until.After(left.Until) {
				fail("it cuts off a part of the noise, signal or measurement window")
			}
		case DemeanAt:
			w := s.Span.at(o)
			if !w.From.Before(w.Until) || !w.From.Before(left.Until) || !left.From.Before(w.Until) {
				fail("the window holds no data")
			}
		}
	}
}

// failStep complains of a step, in the line where it stands.
func (p *parser) failStep(i int, err error) {
	key := fmt.Sprintf("process[%d]", i)
	p.fail(p.lines[key], key+"."+p.words[i], err)
}

func (p *parser) validateChain(c process.Chain) {
	unit := waveform.Counts
	for i, s := range c {
		var err error
		if unit, err = process.Check(s, unit); err != nil {
			p.failStep(i, err)
		}
	}
	if unit != waveform.Acceleration {
		p.fail(p.lines["process"], "process", fmt.Errorf("the measurements need acceleration, and this ends with %v: remove_response with output acceleration", unit))
	}
}

func positive(x float64) bool { return x > 0 && !math.IsInf(x, 1) }
