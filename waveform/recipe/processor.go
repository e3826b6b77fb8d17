package recipe

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/metric"
	"github.com/seisbatch/seisbatch/waveform/process"
	"github.com/seisbatch/seisbatch/waveform/response"
	"github.com/seisbatch/seisbatch/waveform/spectrum"
)

// Processor carries out a recipe. It holds scratch memory and belongs to one
// goroutine; what NewProcessor is given is shared by all.
type Processor struct {
	recipe      Recipe
	shared      *Shared
	worker      *process.Worker
	scratch     *metric.Scratch
	spectra     *metric.Spectra
	percentiles []float64 // of the rotations, rising
	rotator     metric.Rotator
	ratios      *spectrum.SNR
	bands       map[float64]*metric.Bands // by sample rate
	buffers     [][]float64               // velocity and displacement per component, STA/LTA
	used        int
}

// NewProcessor prepares the recipe of shared for one worker. The error is one of spectra that
// cannot be computed, which a recipe from Parse does not ask for.
func NewProcessor(shared *Shared) (*Processor, error) {
	r := shared.recipe
	p := &Processor{recipe: r, shared: shared, worker: process.NewWorker(shared.process), bands: map[float64]*metric.Bands{}}
	p.scratch = metric.NewScratch(shared.process.Plans, &p.worker.Scratch)
	for _, name := range r.Measure.Rotated {
		if percentile, ok := rotations()[name]; ok {
			p.percentiles = append(p.percentiles, percentile)
		}
	}
	slices.Sort(p.percentiles)
	var err error
	p.spectra, err = metric.NewSpectra(metric.SpectraOptions{Periods: r.Measure.Periods, Dampings: r.Measure.Dampings, Method: r.Measure.Upsampling},
		shared.process.Plans, &p.worker.Scratch)
	if err != nil {
		return nil, err
	}
	p.ratios, err = spectrum.NewSNR(shared.snr, spectrum.SNROptions{}, shared.process.Plans, &p.worker.Scratch)
	return p, err
}

// Motion is one processed component: what its measurement was made from.
type Motion struct {
	Channel      waveform.Channel
	Acceleration waveform.Trace // m/s^2, the whole read window
	Velocity     []float64      // m/s, from zero at the start of the read window
	Displacement []float64      // m
	Windows      WindowSet
	Flags        []string

	Highpass, Lowpass float64  // Hz: the band that the chain leaves
	TimingQuality     *float64 // of the component

	responseHash [32]byte
	reviewed     bool
}

// Process computes the measurements of one item, one for each component that has
// data, ordered by component, then those of both horizontals together that the recipe asks
// for (Measurements.Rotated), where two allow it. The error is a *Failure. The data of in
// are overwritten; the rows are the caller's to keep.
func (p *Processor) Process(in *Input) ([]Measurement, error) {
	_, rows, err := p.MotionsAndRows(in)
	return rows, err
}

// MotionsAndRows is Process with what the first rows were made from, for pictures
// and checks. The motions are valid until the processor's next call.
func (p *Processor) MotionsAndRows(in *Input) ([]Motion, []Measurement, error) {
	motions, err := p.motions(in)
	if err != nil {
		return nil, nil, advised(err)
	}
	rows := make([]Measurement, len(motions), len(motions)+2)
	for i := range motions {
		if rows[i], err = p.measure(in, &motions[i]); err != nil {
			return nil, nil, advised(err)
		}
	}
	rows = p.spectraOf(in, motions, rows)
	p.implausible(motions, rows)
	for i := range rows {
		slices.Sort(rows[i].Flags)
		rows[i].Flags = slices.Compact(rows[i].Flags)
	}
	return motions, rows, nil
}

// implausible flags rows of horizontals that differ by more than any ground does, and of
// instruments with a gain that cannot be.
func (p *Processor) implausible(motions []Motion, rows []Measurement) {
	var doubted bool
	channels := make([]waveform.Channel, len(motions))
	var least, most = math.Inf(1), 0.0
	for i, m := range motions {
		channels[i] = m.Channel
		if isHorizontal(m.Channel) {
			least, most = min(least, rows[i].PGA), max(most, rows[i].PGA)
		}
	}
	doubted = most > plausibleRatio*least
	for _, m := range motions {
		doubted = doubted || p.shared.hasAbsurdGain(m.responseHash, m.Channel.Response)
	}
	for _, problem := range response.CheckInstrument(channels) {
		doubted = doubted || problem.Code == response.CodeImplausible
	}
	if !doubted {
		return
	}
	for i := range rows {
		rows[i].Flags = append(rows[i].Flags, FlagImplausible)
	}
}

// mostPoints bounds the points of an interpolated trace, and with them the memory of
// a worker: half an hour down to a period of 1 ms.
const mostPoints = 40_000_000

// motions processes the components of one item to ground motion.
func (p *Processor) motions(in *Input) ([]Motion, error) {
	p.used = 0
	with, err := p.present(in)
	if err != nil {
		return nil, err
	}
	motions := make([]Motion, 0, len(with))
	for _, c := range with {
		m, err := p.motion(in, c)
		if err != nil {
			return nil, err
		}
		if len(with) < wantedOf(in) {
			m.Flags = append(m.Flags, FlagIncomplete)
		}
		motions = append(motions, m)
	}
	return motions, nil
}

// Until carries out the chain of the recipe on the components that have data up to a step, as
// the recipe's word for it names it (see [process.Chain.Until]), and gives their traces, each as long as the read window. With
// [process.Raw] they are all that there is of the read window, in pieces where it has gaps, also where the recipe would
// refuse them. The error is a *Failure, or one of the step's name. The data of in are
// overwritten, and hold the traces.
func (p *Processor) Until(in *Input, step string) ([]waveform.Trace, error) {
	steps, err := p.recipe.until(step)
	if err != nil {
		return nil, err
	}
	with, err := p.present(in)
	if err != nil {
		return nil, advised(err)
	}
	var traces []waveform.Trace
	for _, c := range with {
		if step == process.Raw {
			traces = append(traces, c.Traces...)
			continue
		}
		tr, _, _, err := p.fit(in, c)
		var chain process.Chain
		if err == nil {
			chain, err = p.chain(c, len(steps), tr.SampleRate)
		}
		if err == nil {
			err = p.apply(chain, in, c, tr)
		}
		if err != nil {
			return nil, advised(err)
		}
		traces = append(traces, *tr)
	}
	return traces, nil
}

// chain is the first n steps for a component with data of a rate, Hz. The error is a *Failure.
func (p *Processor) chain(c *Component, n int, rate float64) (process.Chain, error) {
	chain, err := c.Review.chain(p.recipe.Process, n, rate)
	if err != nil {
		return nil, failf(BadReview, "process", "%s: %v", c.Channel.ID, err)
	}
	return chain, nil
}

// apply runs steps on the piece of a component. The error is a *Failure.
func (p *Processor) apply(chain process.Chain, in *Input, c *Component, tr *waveform.Trace) error {
	steps := p.recipe.Windows.For(c.Review).widened(bound(chain, in.Onsets), in.Onsets)
	err := steps.Apply(p.worker, process.Instrument{Response: c.Channel.Response, Hash: c.ResponseHash}, tr)
	if err != nil {
		return processFailure(c, err)
	}
	return nil
}

// motion cuts, checks and processes one component.
func (p *Processor) motion(in *Input, c *Component) (Motion, error) {
	tr, fitted, flags, err := p.fit(in, c)
	if err != nil {
		return Motion{}, err
	}
	if c.EpochChange {
		flags = append(flags, FlagEpochChange)
	}
	if c.OverlapDiffers {
		flags = append(flags, FlagOverlap)
	}
	if math.IsNaN(in.Origin.Depth) {
		flags = append(flags, FlagNoDepth)
	}
	if slices.ContainsFunc(p.recipe.Process, isGainOnly) {
		flags = append(flags, FlagGainOnly)
	}
	flags = append(flags, c.Doubts...)
	if !c.Review.IsZero() {
		flags = append(flags, FlagReviewed)
	}
	flags = append(flags, p.quality(tr, fitted, c.Review)...)
	chain, err := p.chain(c, len(p.recipe.Process), tr.SampleRate)
	if err != nil {
		return Motion{}, err
	}
	highpass, lowpass := chain.Band(tr.SampleRate)
	if err := p.apply(chain, in, c, tr); err != nil {
		return Motion{}, err
	}
	dt := 1 / tr.SampleRate
	if points := float64(len(tr.Data)) * float64(p.spectra.Factor(dt)); points > mostPoints {
		return Motion{}, failf(ProcessingError, "process", "%s: response spectra of %d samples at %g Hz down to a period of %g s need %.0f points, more than the %d allowed",
			c.Channel.ID, len(tr.Data), tr.SampleRate, p.recipe.Measure.Periods[0], points, mostPoints)
	}
	m := Motion{Channel: c.Channel, Acceleration: *tr, Windows: fitted, Flags: flags, Highpass: highpass, Lowpass: lowpass, TimingQuality: c.TimingQuality, responseHash: c.ResponseHash, reviewed: !c.Review.IsZero()}
	m.Velocity = p.buffer(len(tr.Data))
	dsp.CumTrapezoid(m.Velocity, tr.Data, dt)
	m.Displacement = p.buffer(len(tr.Data))
	dsp.CumTrapezoid(m.Displacement, m.Velocity, dt)
	if last := m.Displacement[len(m.Displacement)-1]; math.IsNaN(last) || math.IsInf(last, 0) {
		return Motion{}, failf(NotFinite, "process", "%s: the data hold NaN or infinite values", c.Channel.ID)
	}
	return m, nil
}

// isGainOnly tells the step that corrects for a gain and no more.
func isGainOnly(s process.Step) bool {
	_, ok := s.(process.RemoveSensitivity)
	return ok
}

// quality looks for faults in the counts of the windows.
func (p *Processor) quality(tr *waveform.Trace, ws WindowSet, r Review) (flags []string) {
	q := p.recipe.Quality
	all := ws.Noise
	for _, w := range []waveform.Window{ws.Signal, ws.Measurement} {
		if w.Until.After(all.Until) {
			all.Until = w.Until
		}
	}
	if r.hasWindows() {
		all = hull(all, ws.Signal)
	}
	from, until := tr.Range(all)
	counts := tr.Data[from:until]
	if q.Clipping && metric.DetectClipping(counts, metric.ClippingRules{FullScale: q.FullScale}).Clipped {
		flags = append(flags, FlagClipped)
	}
	if flat := metric.LongestFlat(counts, 1/tr.SampleRate); q.FlatLine > 0 && (flat.Dead || flat.Seconds >= q.FlatLine.Seconds()) {
		flags = append(flags, FlagFlat)
	}
	return flags
}

// explained turns a window cut short by a gap or by damaged records, not by the end
// of the data, into the failure that says so.
func explained(err error, c *Component) error {
	f, ok := err.(*Failure)
	if !ok || f.Code != ShortWindow && f.Code != Gap && f.Code != NoData {
		return err
	}
	if c.Damage != nil {
		f.Code, f.File = BadRecord, c.Damage.File
		f.Message = fmt.Sprintf("%s: damaged record at byte %d of %s (%s); without it: %s; get the file again",
			c.Channel.ID, c.Damage.Offset, c.Damage.File, c.Damage.Message, f.Message)
	} else if len(c.Traces) > 1 && f.Code == ShortWindow {
		f.Code = Gap
		f.Message += fmt.Sprintf("; the window holds %d pieces of data with gaps between them", len(c.Traces))
	}
	return f
}

func processFailure(c *Component, err error) *Failure {
	code := ProcessingError
	switch {
	case errors.Is(err, response.ErrNoStages), errors.Is(err, response.ErrNoSensitivity):
		code = NoResponse
	case errors.Is(err, response.ErrUnits), errors.Is(err, process.ErrUnits):
		code = BadUnits
	case errors.Is(err, response.ErrPolynomial), errors.Is(err, response.ErrUnsupported), errors.Is(err, response.ErrStage):
		code = BadResponse
	}
	return failf(code, "process", "%s: %v", c.Channel.ID, err)
}

// buffer lends n samples of scratch memory until the next item.
func (p *Processor) buffer(n int) []float64 {
	if p.used == len(p.buffers) {
		p.buffers = append(p.buffers, nil)
	}
	b := &p.buffers[p.used]
	p.used++
	if cap(*b) < n {
		*b = make([]float64, n)
	}
	*b = (*b)[:n]
	return *b
}
