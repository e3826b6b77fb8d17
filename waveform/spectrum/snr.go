package spectrum

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// minWindow is the least number of samples of a signal or noise window.
const minWindow = 10

// SNROptions says how signal and noise windows are compared.
type SNROptions struct {
	// Taper is the fraction of a window that is tapered at each end
	// ([dsp.TaperHann]), at most 0.5. Zero is 0.05.
	Taper float64
	// GrowNoise multiplies the noise spectrum by the square root of the signal
	// window's length over the noise window's: the amplitude that stationary noise
	// would have had in the signal window. Without it the ratio is that of the
	// windows as they are, which with a noise window shorter than the signal window
	// is larger than the ratio at any one time. The published ratios of gmprocess
	// 1.2.1 are without.
	GrowNoise bool
}

// SNR computes signal-to-noise ratios by frequency. Its work space stays from
// window to window, so it belongs to one goroutine at a time; the [Smoothers] may be
// shared.
type SNR struct {
	options   SNROptions
	smoothers *Smoothers
	plans     *dsp.Plans
	scratch   *dsp.Scratch

	samples, fas  []float64
	signal, noise []float64
}

// NewSNR prepares for windows of any length, with smoothing that the caller may
// share among workers, and transform plans and work space shared within the
// goroutine. Bandwidth 20 and Reach 3 are those of gmprocess's ratios. The error matches
// [ErrOptions].
func NewSNR(smoothers *Smoothers, o SNROptions, plans *dsp.Plans, scratch *dsp.Scratch) (*SNR, error) {
	if o.Taper == 0 {
		o.Taper = 0.05
	}
	if !(o.Taper > 0 && o.Taper <= 0.5) {
		return nil, fmt.Errorf("%w: taper of %g at each end, want at most 0.5", ErrOptions, o.Taper)
	}
	return &SNR{options: o, smoothers: smoothers, plans: plans, scratch: scratch}, nil
}

// Spectrum gives the ratio (S-N)/N at each frequency (Hz) of the smoother. N and S
// are the smoothed [FAS] of the noise and of the signal window, each less its mean
// and tapered, and padded with zeros to the same power of two: the first that
// is not below the longer one's length. The noise is taken off because the signal window
// has it too; so the ratio is negative where the signal window is the quieter (the
// published tables write 0). It is +Inf where only N is zero, and NaN where both are
// or where the smoother has no value.
//
// Both slices belong to s and hold until the next call. Neither window is changed.
// The error matches [ErrShortWindow] where a window has fewer than 10 samples, and
// [ErrOptions] where dt is not positive and finite. (gmprocess 1.2.1, compute_snr.)
func (s *SNR) Spectrum(signal, noise []float64, dt float64) (freqs, ratio []float64, err error) {
	if n := min(len(signal), len(noise)); n < minWindow {
		return nil, nil, fmt.Errorf("%w for a signal-to-noise ratio: signal of %d samples, noise of %d, want %d or more",
			ErrShortWindow, len(signal), len(noise), minWindow)
	}
	nfft := 1 << bits.Len(uint(max(len(signal), len(noise))-1))
	smoother, err := s.smoothers.Smoother(nfft, dt)
	if err != nil {
		return nil, nil, err
	}
	s.smooth(&s.signal, signal, dt, smoother)
	s.smooth(&s.noise, noise, dt, smoother)
	growth := 1.0
	if s.options.GrowNoise {
		growth = math.Sqrt(float64(len(signal)) / float64(len(noise)))
	}
	for i, n := range s.noise {
		n *= growth
		s.signal[i] = (s.signal[i] - n) / n
	}
	return smoother.Centres(), s.signal, nil
}

// smooth puts the smoothed spectrum of a window into *dst.
func (s *SNR) smooth(dst *[]float64, window []float64, dt float64, smoother *Smoother) {
	x := grow(&s.samples, len(window))
	copy(x, window)
	dsp.Demean(x)
	dsp.TaperHann(x, dsp.TaperWidth(len(x), s.options.Taper, 0, 1/dt))
	fas := grow(&s.fas, Bins(smoother.NFFT()))
	FAS(fas, x, dt, smoother.NFFT(), s.plans, s.scratch)
	smoother.Smooth(grow(dst, smoother.Len()), fas)
}

// grow gives n numbers of any value from *space, which it sets to them and
// lengthens if it must.
func grow(space *[]float64, n int) []float64 {
	if cap(*space) < n {
		*space = make([]float64, n)
	}
	*space = (*space)[:n]
	return *space
}
