package dsp_test

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
)

// steps is testdata/steps.json, made by testdata/reference/dsp_steps.py with the
// versions it names.
type steps struct {
	Filtered []struct {
		design
		shifted
		Sections    [][5]float64
		Once, Twice string
	}
	Amplitude []struct {
		design
		shifted
		Values []float64
	}
	Chebyshev struct {
		Orders []struct {
			Pass, Stop, Loss, Attenuation, Rate float64
			Order                               int
			Edge                                float64
		}
		Designs []struct {
			Order                   int
			Attenuation, Stop, Rate float64
			Sections                [][5]float64
		}
	}
	Decimated []struct {
		shifted
		Factor int
		Values []float64
	}
	Resampled []struct {
		shifted
		M           int
		Plain, Hann []float64
	}
	ResampledByObsPy []struct {
		shifted
		Rate, To    float64
		Plain, Hann []float64
	} `json:"resampled_by_obspy"`
	ResampledByRatio []struct {
		shifted
		Up, Down int
		Values   []float64
	} `json:"resampled_by_ratio"`
	Derivatives []struct {
		shifted
		Gradient, Spectral, Integral []float64
	}
	Polynomials struct {
		Exact, Legendre, ObsPy []struct {
			shifted
			Order, Every int
			Values       []float64
		}
	}
	Cosine []struct {
		N        int
		Fraction float64
		Window   []float64
	}
	Baselines []struct {
		shifted
		Every  int
		Values []float64
		Source string
	}
	Envelopes []struct {
		shifted
		Hilbert, Envelope []float64
	}
	Rotations struct {
		Flat []struct {
			BackAzimuth float64 `json:"back_azimuth"`
			RT, NE      [2][]float64
		}
		Ray []struct {
			BackAzimuth float64 `json:"back_azimuth"`
			Incidence   float64
			LQT, ZNE    [3][]float64
		}
		Axes []struct {
			Azimuths, Dips [3]float64
			ZNE            [3][]float64
		}
	}
}

// shifted is the input of an entry: series(N) on an offset.
type shifted struct {
	N      int
	Offset float64
}

func (s shifted) String() string { return fmt.Sprintf("%d samples on %g", s.N, s.Offset) }

func (d design) String() string {
	return fmt.Sprintf("%s of order %d at %v Hz of %g Hz", d.Kind, d.Order, d.Corners, d.Rate)
}

func (s shifted) samples() []float64 { return onOffset(series(s.N), s.Offset) }

func onOffset(x []float64, offset float64) []float64 {
	for i := range x {
		x[i] += offset
	}
	return x
}

func readSteps(t testing.TB) (s steps) {
	t.Helper()
	agree.Golden(t, "steps.json", &s)
	return s
}

// seeded is series from another seed, as in dsp_steps.py.
func seeded(n int, seed uint64) []float64 {
	x := make([]float64, n)
	for i := range x {
		seed = (1103515245*seed + 12345) % (1 << 31)
		x[i] = float64(seed)/(1<<20) - 1024
	}
	return x
}

// digest is the SHA-256 of the samples as little-endian doubles.
func digest(x []float64) string {
	h := sha256.New()
	for _, v := range x {
		var b [8]byte
		binary.LittleEndian.PutUint64(b[:], math.Float64bits(v))
		h.Write(b[:])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// every is the samples 0, step, 2 step ..
func every(x []float64, step int) (thin []float64) {
	for i := 0; i < len(x); i += step {
		thin = append(thin, x[i])
	}
	return thin
}

// workspace is what one worker has.
type workspace struct {
	plans   dsp.Plans
	scratch dsp.Scratch
	space   []float64
}

// relative is a reference whose deviations are relative to the peak.
func relative(function, source string, within float64) agree.Reference {
	return agree.Reference{Function: function, Source: source, Measure: "peak", Within: within}
}
