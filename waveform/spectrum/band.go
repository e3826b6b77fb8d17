package spectrum

import (
	"fmt"
	"math"
)

// Band is a range of frequencies, Hz.
type Band struct{ Low, High float64 }

// Octaves is log2(High/Low): the width. It is negative where High is below Low,
// and NaN of an empty Band.
func (b Band) Octaves() float64 { return math.Log2(b.High / b.Low) }

// Intersect is the part that b and c share: what two horizontal components must
// have in common before they are rotated. High is below Low where they share none.
func (b Band) Intersect(c Band) Band { return Band{max(b.Low, c.Low), min(b.High, c.High)} }

// BandOptions says which band is wanted.
type BandOptions struct {
	// Threshold is the least ratio of signal to noise. Zero is 3.
	Threshold float64
	// Must is the band that must be inside: both of its ends the same for one
	// reference frequency. gmprocess takes it from Brune's corner frequency of the
	// event, between 0.1 and 2 Hz, to 5 Hz.
	Must Band
	// Floor and Ceiling bound the result: Floor should be at least one over the
	// length of the noise window and of the signal, Ceiling a fraction of Nyquist.
	// Zero: no bound.
	Floor, Ceiling float64
	// Octaves is the least width of the result. Zero asks for none.
	Octaves float64
}

func (o BandOptions) filled() (BandOptions, error) {
	if o.Threshold == 0 {
		o.Threshold = 3
	}
	if o.Ceiling == 0 {
		o.Ceiling = math.Inf(1)
	}
	if !(o.Threshold > 0) || !(o.Must.Low > 0 && o.Must.High >= o.Must.Low) || !(o.Floor >= 0 && o.Ceiling > o.Floor) || !(o.Octaves >= 0) {
		return o, fmt.Errorf("%w: threshold %g, band %g to %g Hz within %g to %g Hz, %g octaves",
			ErrOptions, o.Threshold, o.Must.Low, o.Must.High, o.Floor, o.Ceiling, o.Octaves)
	}
	return o, nil
}

// BandError says that no band will do. It matches [ErrNoSignal] where the ratio
// reaches the threshold nowhere, else [ErrNarrowBand].
type BandError struct {
	Threshold float64
	Must      Band
	Octaves   float64
	// Found is the band nearest to what was wanted: that which has most octaves of Must, or
	// begins or ends nearest to it. Zero if there is none.
	Found Band
}

// Error says what was found and what was wanted.
func (e *BandError) Error() string {
	if e.Found == (Band{}) {
		return fmt.Sprintf("%v: no ratio of %g or more", ErrNoSignal, e.Threshold)
	}
	return fmt.Sprintf("%v: ratio of %g or more from %.4g to %.4g Hz, want it from %.4g to %.4g Hz and over %g octaves",
		ErrNarrowBand, e.Threshold, e.Found.Low, e.Found.High, e.Must.Low, e.Must.High, e.Octaves)
}

// Unwrap is [ErrNoSignal] or [ErrNarrowBand].
func (e *BandError) Unwrap() error {
	if e.Found == (Band{}) {
		return ErrNoSignal
	}
	return ErrNarrowBand
}

// SelectBand gives the corner frequencies of a record from its signal-to-noise
// ratios snr at the rising frequencies freqs (Hz): of the bands in which every
// ratio is Threshold or more, the one around Must, cut to Floor and Ceiling. A band begins at its
// first frequency of such a ratio, and ends at the first one after without, or at the
// last of freqs. It holds Must if its Low is not above Must.Low and its High is
// above Must.High; the cut comes after. This is gmprocess's method "snr" (1.2.1).
//
// A NaN ratio is below any threshold. The error is a [*BandError] where no band
// holds Must or the band is less than Octaves wide, and matches [ErrOptions] where the
// options contradict themselves. It panics if the slices differ in length.
func SelectBand(freqs, snr []float64, o BandOptions) (Band, error) {
	if len(freqs) != len(snr) {
		panic("spectrum: lengths of frequencies and ratios differ")
	}
	o, err := o.filled()
	if err != nil {
		return Band{}, err
	}
	var found Band
	nearest := math.Inf(-1)
	for from := 0; from < len(snr); {
		if !(snr[from] >= o.Threshold) {
			from++
			continue
		}
		end := from
		for end < len(snr) && snr[end] >= o.Threshold {
			end++
		}
		b := Band{freqs[from], freqs[min(end, len(freqs)-1)]}
		if b.Low <= o.Must.Low && b.High > o.Must.High {
			return o.cut(b)
		}
		if shared := b.Intersect(o.Must).Octaves(); shared > nearest {
			nearest, found = shared, b
		}
		from = end
	}
	return Band{}, o.failure(found)
}

// cut brings b within Floor and Ceiling, and fails where too little is left.
func (o BandOptions) cut(b Band) (Band, error) {
	b = Band{max(b.Low, o.Floor), min(b.High, o.Ceiling)}
	if !(b.Low < b.High && b.Octaves() >= o.Octaves) {
		return Band{}, o.failure(b)
	}
	return b, nil
}

func (o BandOptions) failure(found Band) error {
	return &BandError{Threshold: o.Threshold, Must: o.Must, Octaves: o.Octaves, Found: found}
}
