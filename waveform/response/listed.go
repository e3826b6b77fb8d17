package response

import (
	"cmp"
	"fmt"
	"math"
	"math/cmplx"
	"slices"

	"gonum.org/v1/gonum/interp"

	"github.com/seisbatch/seisbatch/waveform"
)

// fewestPoints make a cubic.
const fewestPoints = 4

// listed is a response list: amplitude and phase as cubic splines over frequency.
type listed struct {
	lowest, highest  float64 // Hz
	amplitude, phase interp.NotAKnotCubic
}

// newListed takes the points in any order.
func newListed(points []waveform.ResponsePoint) (filter, error) {
	if len(points) < fewestPoints {
		return nil, fmt.Errorf("%w: its response list has %d points, too few to interpolate: want %d", ErrStage, len(points), fewestPoints)
	}
	points = slices.Clone(points)
	slices.SortStableFunc(points, func(a, b waveform.ResponsePoint) int { return cmp.Compare(a.Frequency, b.Frequency) })
	x, a, p := make([]float64, len(points)), make([]float64, len(points)), make([]float64, len(points))
	for i, v := range points {
		x[i], a[i], p[i] = v.Frequency, v.Amplitude, v.Phase
		switch {
		case !(math.Abs(x[i])+math.Abs(a[i])+math.Abs(p[i]) <= math.MaxFloat64):
			return nil, fmt.Errorf("%w: its response list holds %v", ErrStage, v)
		case i > 0 && x[i] == x[i-1]:
			return nil, fmt.Errorf("%w: its response list names %g Hz twice", ErrStage, x[i])
		case i > 0:
			p[i] = p[i-1] + math.Remainder(p[i]-p[i-1], 360)
		}
	}
	l := &listed{lowest: x[0], highest: x[len(x)-1]}
	if err := l.amplitude.Fit(x, a); err != nil {
		return nil, fmt.Errorf("%w: its response list: %w", ErrStage, err)
	}
	if err := l.phase.Fit(x, p); err != nil {
		return nil, fmt.Errorf("%w: its response list: %w", ErrStage, err)
	}
	return l, nil
}

func (l *listed) multiply(dst []complex128, freqs []float64) {
	for i, f := range freqs {
		x := math.Abs(f)
		if !(x >= l.lowest && x <= l.highest) {
			dst[i] = 0
			continue
		}
		phase := l.phase.Predict(x) * (math.Pi / 180)
		dst[i] *= cmplx.Rect(l.amplitude.Predict(x), math.Copysign(1, f)*phase)
	}
}
