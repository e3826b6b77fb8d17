package response

import (
	"fmt"
	"math"

	"github.com/seisbatch/seisbatch/waveform"
)

// DefaultTaper is the part of the samples that is tapered before a response is
// removed, both ends together, unless the options say otherwise.
const DefaultTaper = 0.05

// Options says how a response is removed. With nothing but Unit, WaterLevel and
// PreFilter set, the mean is subtracted, 2.5 percent are tapered at each end, and
// the samples are padded to [Length]: ObsPy's Trace.remove_response with its
// defaults. Options can be compared and be part of a map key.
type Options struct {
	// Unit of the result: displacement, velocity or acceleration.
	Unit waveform.Unit
	// WaterLevel is how far below its maximum (dB) the modulus of the response
	// may fall before it is raised to that level, so that the inverse does not
	// blow up noise. +Inf sets no level. There is no default: 0 levels all.
	WaterLevel float64
	// NoWaterLevel makes the inverse the plain one and zero at zero frequency, as
	// ObsPy does for water_level=None. (WaterLevel +Inf inverts the value at zero
	// frequency too, where an accelerometer has one.) WaterLevel must then be 0.
	NoWaterLevel bool
	// PreFilter is four rising frequencies (Hz): the spectrum is multiplied by a
	// cosine rise from the first to the second, one up to the third, a cosine
	// fall to the fourth, and is zero outside. All zero: no pre-filter.
	PreFilter [4]float64
	// NoMean leaves the mean of the samples in.
	NoMean bool
	// TaperFraction is the part of the samples that is tapered ([dsp.TaperSine]),
	// both ends together, up to 1. 0 is [DefaultTaper].
	TaperFraction float64
	// NoTaper leaves the ends as they are. TaperFraction must then be 0.
	NoTaper bool
	// Padding is the rule for the length of the transforms.
	Padding Padding
	// RealNyquist keeps the real part of the coefficient at the Nyquist frequency, as
	// a convolution in time would, instead of replacing it by its modulus.
	RealNyquist bool
}

// SACTransfer is the options of the command TRANSFER of SAC (from POLEZERO or
// EVALRESP, with FREQLIMITS if there are any): neither mean nor taper is touched, the
// transform has the least power of two that holds the samples, and there is no water
// level. SAC's RMEAN is [dsp.Demean]; its TAPER of type HANNING and width p is
// [dsp.TaperHann] over int(p n) samples a side, that of type COSINE is [dsp.TaperSine] with
// the fraction 2p.
func SACTransfer(unit waveform.Unit, freqLimits [4]float64) Options {
	return Options{Unit: unit, PreFilter: freqLimits, NoWaterLevel: true, NoMean: true, NoTaper: true,
		Padding: PadPowerOfTwo, RealNyquist: true}
}

// taper is the part of the samples to taper, 0 for none.
func (o Options) taper() float64 {
	switch {
	case o.NoTaper:
		return 0
	case o.TaperFraction == 0:
		return DefaultTaper
	}
	return o.TaperFraction
}

func (o Options) check(n int, dt float64) error {
	p := o.PreFilter
	switch {
	case n < 0 || !(dt > 0) || math.IsInf(dt, 0):
		return fmt.Errorf("%w: %d samples at intervals of %g s", ErrOptions, n, dt)
	case math.IsNaN(o.WaterLevel) || math.IsInf(o.WaterLevel, -1):
		return fmt.Errorf("%w: water level %g dB", ErrOptions, o.WaterLevel)
	case o.NoWaterLevel && o.WaterLevel != 0:
		return fmt.Errorf("%w: water level %g dB together with none", ErrOptions, o.WaterLevel)
	case p != [4]float64{} && !(0 <= p[0] && p[0] < p[1] && p[1] <= p[2] && p[2] < p[3]):
		return fmt.Errorf("%w: pre-filter frequencies %g Hz do not rise", ErrOptions, p)
	case !(0 <= o.TaperFraction && o.TaperFraction <= 1):
		return fmt.Errorf("%w: taper fraction %g", ErrOptions, o.TaperFraction)
	case o.NoTaper && o.TaperFraction != 0:
		return fmt.Errorf("%w: taper fraction %g together with no taper", ErrOptions, o.TaperFraction)
	case o.Padding > PadNone:
		return fmt.Errorf("%w: padding %d", ErrOptions, o.Padding)
	}
	return nil
}
