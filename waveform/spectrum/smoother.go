package spectrum

import (
	"fmt"
	"math"
	"slices"
)

// defaultBandwidth is b of the NGA ground motion tables' effective amplitude
// spectra (Goulet and others 2018; Bayless and Abrahamson 2019).
const defaultBandwidth = 188.5

// defaultCount is the number of centres where none are given.
const defaultCount = 301

// SmootherOptions says how spectra are smoothed.
type SmootherOptions struct {
	// Centres are the frequencies, Hz, that get a smoothed value, each positive and
	// finite, in any order. Nil: Count of them, evenly spaced in the logarithm
	// from the first bin above zero to the last.
	Centres []float64
	// Count is the number of centres where Centres is nil. Zero is 301.
	Count int
	// Bandwidth is b of Konno and Ohmachi: the larger, the narrower the window. Its
	// first zeros are at a distance of pi/b decades. Zero is 188.5.
	Bandwidth float64
	// Reach bounds the window: where |b log10(f/fc)| > Reach weights are zero. Zero
	// sets no bound; 3 keeps nearly all of the main lobe, and nothing else, as
	// gmprocess and pykooh do.
	Reach float64
}

func (o SmootherOptions) filled() (SmootherOptions, error) {
	if o.Bandwidth == 0 {
		o.Bandwidth = defaultBandwidth
	}
	if o.Count == 0 {
		o.Count = defaultCount
	}
	if !(o.Bandwidth > 0) || math.IsInf(o.Bandwidth, 1) {
		return o, fmt.Errorf("%w: smoothing bandwidth %g, want a positive number", ErrOptions, o.Bandwidth)
	}
	if !(o.Reach >= 0) {
		return o, fmt.Errorf("%w: reach %g of a smoothing window, want 0 or more", ErrOptions, o.Reach)
	}
	if o.Centres != nil {
		o.Count = len(o.Centres)
	}
	if o.Count < 1 {
		return o, fmt.Errorf("%w: %d centre frequencies", ErrOptions, o.Count)
	}
	for _, f := range o.Centres {
		if !(f > 0) || math.IsInf(f, 1) {
			return o, fmt.Errorf("%w: centre frequency %g Hz, want a positive number", ErrOptions, f)
		}
	}
	o.Centres = slices.Clone(o.Centres)
	return o, nil
}

// Smoother holds the weights that smooth spectra of one transform length and
// sample interval onto centre frequencies, after Konno and Ohmachi (1998):
//
//	w(f) = (sin x / x)^4,  x = b log10(f/fc),  w(0) = 0,
//
// divided by their sum over the bins, so that a constant stays what it is (ObsPy's
// normalize=True). Beyond its main lobe the window falls only as 1/x^4: the many
// bins of high frequencies together weigh up to some 1e-6 of a low centre's
// window, so that without a Reach all weights are kept, 8 bytes for each bin and
// centre: 29 MB for 111 centres and a transform of 65536 samples.
//
// It is not changed by use and may be shared by goroutines.
type Smoother struct {
	nfft    int
	dt      float64
	centres []float64
	rows    []row
}

// row is the window of one centre: weights of the bins from first on, none where
// there is no value.
type row struct {
	first   int
	weights []float64
}

// NewSmoother computes the weights for spectra of transforms of nfft samples at
// intervals of dt seconds. The time it takes is that of a sine and a logarithm for
// each weight: a tenth of a second for four million. The error matches [ErrOptions].
func NewSmoother(o SmootherOptions, nfft int, dt float64) (*Smoother, error) {
	o, err := o.filled()
	if err != nil {
		return nil, err
	}
	if nfft < 2 || !(dt > 0) || math.IsInf(dt, 1) {
		return nil, fmt.Errorf("%w: no smoothing of %d samples at intervals of %g s", ErrOptions, nfft, dt)
	}
	return newSmoother(o, nfft, dt), nil
}

func newSmoother(o SmootherOptions, nfft int, dt float64) *Smoother {
	s := &Smoother{nfft: nfft, dt: dt, centres: o.Centres}
	freqs := Frequencies(nil, nfft, dt)
	if s.centres == nil {
		s.centres = logarithmic(o.Count, freqs[1], freqs[len(freqs)-1])
	}
	s.rows = make([]row, len(s.centres))
	for i, centre := range s.centres {
		s.rows[i] = newRow(freqs, centre, o)
	}
	return s
}

// logarithmic is n frequencies, evenly spaced in the logarithm, the first of them
// low and the last high, exactly.
func logarithmic(n int, low, high float64) []float64 {
	from, until := math.Log10(low), math.Log10(high)
	freqs := make([]float64, n)
	step := (until - from) / float64(max(1, n-1))
	for i := range freqs {
		freqs[i] = math.Pow(10, from+float64(float64(i)*step))
	}
	freqs[n-1], freqs[0] = high, low
	return freqs
}

// slack is the relative distance at which a centre still counts as being on the
// first or last bin: the rounding of logarithms.
const slack = 1e-9

func newRow(freqs []float64, centre float64, o SmootherOptions) row {
	if centre < freqs[1]*(1-slack) || centre > freqs[len(freqs)-1]*(1+slack) {
		return row{}
	}
	first, last := 1, len(freqs)-1
	if o.Reach > 0 {
		widest := math.Pow(10, o.Reach/o.Bandwidth)
		for first <= last && freqs[first]/centre < 1/widest {
			first++
		}
		for last >= first && freqs[last]/centre > widest {
			last--
		}
	}
	r := row{first: first, weights: make([]float64, last-first+1)}
	sum := 0.0
	for i := range r.weights {
		r.weights[i] = window(o.Bandwidth * math.Log10(freqs[first+i]/centre))
		sum += r.weights[i]
	}
	for i := range r.weights {
		r.weights[i] /= sum
	}
	return r
}

// window is (sin x / x)^4.
func window(x float64) float64 {
	if x == 0 {
		return 1
	}
	s := math.Sin(x) / x
	return s * s * s * s
}

// Len is the number of centres.
func (s *Smoother) Len() int { return len(s.centres) }

// NFFT is the length of the transforms whose spectra it smooths.
func (s *Smoother) NFFT() int { return s.nfft }

// Centres are the centre frequencies, Hz. The slice belongs to s and must not be
// changed.
func (s *Smoother) Centres() []float64 { return s.centres }

// bytes is about the memory that s takes.
func (s *Smoother) bytes() int {
	total := 40 * len(s.rows)
	for _, r := range s.rows {
		total += 8 * len(r.weights)
	}
	return total
}

// Smooth stores in dst, one value for each centre, the weighted mean of the
// spectrum, in its unit. Where a centre lies below the first bin above zero or
// above the last one, or no bin lies within Reach of it, the value is NaN. The
// spectrum may be of amplitude, or of power for a mean of squares.
//
// Without a Reach a NaN anywhere but at zero frequency makes every value NaN. It panics if
// dst has not length Len or the spectrum not Bins(NFFT). It may be called concurrently.
func (s *Smoother) Smooth(dst, spectrum []float64) {
	if len(dst) != len(s.centres) {
		panic("spectrum: length of a smoothed spectrum is not the number of centres")
	}
	checkBins(spectrum, s.nfft)
	for i, r := range s.rows {
		if len(r.weights) == 0 {
			dst[i] = math.NaN()
			continue
		}
		dst[i] = dot(r.weights, spectrum[r.first:r.first+len(r.weights)])
	}
}

// dot is the sum of a[i] b[i], in four running sums. The lengths are equal.
func dot(a, b []float64) float64 {
	var s0, s1, s2, s3 float64
	b = b[:len(a)]
	for len(a) >= 4 && len(b) >= 4 {
		s0 += float64(a[0] * b[0])
		s1 += float64(a[1] * b[1])
		s2 += float64(a[2] * b[2])
		s3 += float64(a[3] * b[3])
		a, b = a[4:], b[4:]
	}
	for i, v := range a {
		s0 += float64(v * b[i])
	}
	return (s0 + s1) + (s2 + s3)
}
