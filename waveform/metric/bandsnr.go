package metric

import (
	"fmt"
	"math"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// bandOrder is the order of the filters of [Bands], in one pass.
const bandOrder = 4

// Band is a range of frequencies, Hz.
type Band struct{ From, Until float64 }

// Bands splits traces of one sample rate into frequency bands. It is never changed and may be used
// concurrently.
type Bands struct {
	filters []dsp.Filter // nil for a band that the rate does not reach
}

// NewBands designs a causal Butterworth bandpass of order 4 for each band, for traces
// at rate Hz. A band from 0 is a lowpass. One that does not end below the Nyquist frequency is no error,
// as recipes serve several rates: it gives NaN. It refuses a rate that is not positive and
// finite, and a band that does not rise from 0 or more to something finite.
func NewBands(bands []Band, rate float64) (*Bands, error) {
	if !positive(rate) {
		return nil, fmt.Errorf("frequency bands: rate %g Hz is not positive and finite", rate)
	}
	b := &Bands{filters: make([]dsp.Filter, len(bands))}
	for i, band := range bands {
		if !(band.From >= 0 && band.From < band.Until) || math.IsInf(band.Until, 1) {
			return nil, fmt.Errorf("frequency bands: %g to %g Hz is no band", band.From, band.Until)
		}
		if band.Until >= rate/2 {
			continue
		}
		var err error
		if band.From == 0 {
			b.filters[i], err = dsp.Butterworth(dsp.Lowpass, bandOrder, band.Until, 0, rate)
		} else {
			b.filters[i], err = dsp.Butterworth(dsp.Bandpass, bandOrder, band.From, band.Until, rate)
		}
		if err != nil {
			return nil, fmt.Errorf("frequency bands: %g to %g Hz: %w", band.From, band.Until, err)
		}
	}
	return b, nil
}

// Len is the number of bands.
func (b *Bands) Len() int { return len(b.filters) }

// Samples is a range of samples, half-open: x[From:Until].
type Samples struct{ From, Until int }

// SNR stores in dst the [SNR] of each band: the root mean square of the signal window over
// that of the noise window, both cut from the whole processed trace x after it went
// through the filter of the band, once, forward, from rest. As the filter is causal, nothing
// of the signal reaches back into noise that comes before it; and what lies before both windows takes up
// the filter's beginning, so x should begin several periods of the lowest frequency before them.
//
// (Power spectra of the two windows would be another definition: without a taper, strong long periods
// leak into all bands; with one, the onset of the signal is lost.)
//
// NaN for a band that the sample rate does not reach, and where SNR is NaN. It panics if dst has not length b.Len, or
// if a window does not lie in x.
func (b *Bands) SNR(dst, x []float64, signal, noise Samples, s *Scratch) {
	if len(dst) != len(b.filters) {
		panic("metric: signal-to-noise ratios are not as many as their bands")
	}
	y := grow(&s.input[0], len(x))[:len(x):len(x)] // a window past the end panics
	for i, filter := range b.filters {
		if filter == nil {
			dst[i] = math.NaN()
			continue
		}
		copy(y, x)
		filter.Apply(y)
		dst[i] = SNR(y[signal.From:signal.Until], y[noise.From:noise.Until])
	}
}
