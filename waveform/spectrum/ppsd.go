package spectrum

import (
	"fmt"
	"iter"
	"math"
	"math/bits"

	"gonum.org/v1/gonum/floats"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// PPSDOptions says how the noise of a channel is measured. The zero value is
// McNamara and Buland's (2004).
type PPSDOptions struct {
	// Seconds is the length of a segment. Zero is 3600.
	Seconds float64
	// Overlap is the fraction of a segment that it shares with the next, below one. Zero
	// is 0.5; none at all is a negative number.
	Overlap float64
	// Shortest is the shortest period of the averages, s. Zero is that of the Nyquist
	// frequency.
	Shortest float64
	// Longest is the period, s, that the averages reach. Zero is the longest of the
	// sub-segments.
	Longest float64
	// Width of the averages and Step from one to the next, octaves. Zero are 1 and 1/8.
	Width, Step float64
}

func (o PPSDOptions) filled(dt float64, nfft int) (PPSDOptions, error) {
	for _, f := range []struct {
		field   *float64
		instead float64
	}{{&o.Overlap, 0.5}, {&o.Shortest, 2 * dt}, {&o.Longest, float64(nfft) * dt}, {&o.Width, 1}, {&o.Step, 0.125}} {
		if *f.field == 0 {
			*f.field = f.instead
		}
	}
	o.Overlap = max(0, o.Overlap)
	if !(o.Overlap < 1 && o.Shortest > 0 && o.Shortest <= o.Longest && o.Width > 0 && o.Step > 0) ||
		math.IsInf(o.Longest+o.Width+o.Step, 1) || math.Log2(o.Longest/o.Shortest)/o.Step > 1e5 {
		return o, fmt.Errorf("%w: overlap %g, periods from %g to %g s, averages over %g octaves every %g",
			ErrOptions, o.Overlap, o.Shortest, o.Longest, o.Width, o.Step)
	}
	return o, nil
}

// PPSD measures the noise of a channel as McNamara and Buland (2004) do, and PQLX
// and ObsPy after them. A recording is cut into [PPSD.Segments] of an hour. Each is
// cut again into sub-segments, overlapping by 75 %, of a length that is the
// greatest power of two in a quarter of it (13 of them, if the quarter is a power of two, else up to
// 25); from each is taken its straight line, 10 % at each end are tapered ([CosineTaper]), and the mean
// of their power spectra is the [PPSD.Density] of the segment. [PPSD.Levels] takes the instrument out
// and averages the decibels over octaves of period, every eighth of an octave.
//
// It is made for one sample interval, not changed by use, and may be shared by
// goroutines.
type PPSD struct {
	length, step int // samples
	welch        *Welch
	periods      []float64
	bins         []binRange
}

// binRange is the bins first <= k < end of an average.
type binRange struct{ first, end int }

// maxSegment bounds the samples of a segment: three days at 1000 Hz are less.
const maxSegment = 1 << 28

// NewPPSD prepares for recordings with a sample interval of dt seconds. The error
// matches [ErrOptions]; a segment must have 32 samples or more.
func NewPPSD(o PPSDOptions, dt float64) (*PPSD, error) {
	if o.Seconds == 0 {
		o.Seconds = 3600
	}
	length := math.Floor(o.Seconds / dt * (1 + 1e-9)) // the rounding of dt takes no sample away
	if !(dt > 0 && length >= 32 && length <= maxSegment) {
		return nil, fmt.Errorf("%w: segments of %g s at intervals of %g s", ErrOptions, o.Seconds, dt)
	}
	nfft := 1 << (bits.Len(uint(length)/4) - 1)
	o, err := o.filled(dt, nfft)
	if err != nil {
		return nil, err
	}
	welch, err := NewWelch(WelchOptions{Length: nfft, Overlap: nfft * 3 / 4, Window: CosineTaper(nfft, 0.1), Detrend: DetrendLinear})
	if err != nil {
		return nil, err
	}
	p := &PPSD{length: int(length), welch: welch}
	p.step = max(1, int(length*(1-o.Overlap)*(1+1e-9)))
	p.octaves(o, dt)
	return p, nil
}

// octaves lays out the averages: from Shortest, in Steps, until one reaches
// Longest, those that lie beyond the bins left out.
func (p *PPSD) octaves(o PPSDOptions, dt float64) {
	longest := float64(p.welch.NFFT()) * dt
	half := math.Exp2(o.Width / 2)
	for i := 0; ; i++ {
		period := o.Shortest * math.Exp2(float64(i)*o.Step)
		// Periods are longest/k: those above period/half and not above period*half.
		first := int(math.Ceil(longest / (period * half) * (1 - slack)))
		end := int(math.Ceil(longest / (period / half) * (1 - slack)))
		r := binRange{max(1, first), min(end, Bins(p.welch.NFFT()))}
		if period*half > 2*dt && period/half < longest*(1-slack) {
			p.periods = append(p.periods, period)
			p.bins = append(p.bins, r)
		}
		if period >= o.Longest*(1-slack) {
			return
		}
	}
}

// Len is the number of samples of a segment.
func (p *PPSD) Len() int { return p.length }

// NFFT is the length of the transforms: [PPSD.Density] has Bins(NFFT) values.
func (p *PPSD) NFFT() int { return p.welch.NFFT() }

// Periods are the centres of the averages, s, rising. The slice belongs to p and must not be
// changed.
func (p *PPSD) Periods() []float64 { return p.periods }

// Segments gives the index of the first sample of each segment in n continuous
// samples. Where a recording has a gap, each side is a recording of its own,
// so that no segment has a gap inside; what is left over at the end is not used.
func (p *PPSD) Segments(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for from := 0; from <= n-p.length; from += p.step {
			if !yield(from) {
				return
			}
		}
	}
}

// Density stores in dst the power spectral density of a segment x, in its unit
// squared over Hz, at the [Frequencies] of NFFT: see [Welch.Density]. It panics if x has not
// length Len or dst not Bins(NFFT). It may be called concurrently, each goroutine with
// its own scratch.
func (p *PPSD) Density(dst, x []float64, dt float64, plans *dsp.Plans, scratch *dsp.Scratch) {
	if len(x) != p.length {
		panic("spectrum: segment of another length than the PPSD's")
	}
	p.welch.Density(dst, x, dt, plans, scratch)
}

// Levels stores in dst, one value for each of Periods, the level of a segment in dB:
// the mean of 10 log10(density/power) over the bins of an octave (Width). An octave is
// open at its shortest period and closed at its longest, so that a bin on the edge of two
// is in one. power is the squared modulus of the response at the [Frequencies] of NFFT, in
// counts squared per (m/s^2)^2 for levels relative to 1 (m/s^2)^2/Hz; nil takes nothing out.
// Zero frequency is not used. (The mean of decibels is ObsPy's; a mean of power would be higher.)
//
// The level is -Inf where one of the densities is zero (a dead channel), +Inf where a
// response vanishes, NaN where no bin lies in the octave. It panics if dst has not the
// length of Periods, or density or power not Bins(NFFT). It may be called concurrently,
// each goroutine with its own scratch, whose samples density and power must not be.
func (p *PPSD) Levels(dst, density, power []float64, scratch *dsp.Scratch) {
	if len(dst) != len(p.periods) {
		panic("spectrum: number of levels is not that of the periods")
	}
	checkBins(density, p.NFFT())
	if power != nil {
		checkBins(power, p.NFFT())
	}
	db := scratch.Samples(len(density))
	for k, d := range density {
		if power != nil {
			d /= power[k]
		}
		db[k] = 10 * math.Log10(d)
	}
	for i, r := range p.bins {
		dst[i] = math.NaN()
		if r.first < r.end {
			dst[i] = floats.Sum(db[r.first:r.end]) / float64(r.end-r.first)
		}
	}
}
