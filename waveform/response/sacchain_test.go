package response_test

import (
	"math"
	"math/cmplx"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
	"github.com/seisbatch/seisbatch/waveform/response"
	"github.com/seisbatch/seisbatch/waveform/sac"
)

// What the program SAC makes of a record of IU.HRV step by step: rmean; taper; transfer
// from polezero subtype hrv.bhe.sacpz to none freqlimits 0.005 0.01 1e5 1e6; and the fft of the
// raw record. SAC computes in float32, 6e-8 of a number.
const sacPrecision = 1e-7

func sacLimits() [4]float64 { return [4]float64{0.005, 0.01, 1e5, 1e6} }

func readSAC(t *testing.T, name string) *sac.File {
	t.Helper()
	file, err := os.Open(filepath.Join(agree.Shared(t, "formats/sac/iu-hrv-chain"), name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	f, err := sac.Read(file)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return f
}

func widen(x []float32) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = float64(v)
	}
	return out
}

func readSACPZ(t *testing.T, name string) *waveform.Response {
	t.Helper()
	file, err := os.Open(filepath.Join(agree.Shared(t, "formats/sac/iu-hrv-chain"), name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r, err := sac.ReadPolesZeros(file)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return r
}

func TestStepsOfAChainEqualThoseOfSAC(t *testing.T) {
	x := widen(readSAC(t, "IU.HRV.__.BHE.SAC").Data)
	ref := func(function string, within float64) agree.Reference {
		return agree.Reference{Function: function, Source: "program SAC, record of IU.HRV", Measure: "peak", Within: within}
	}

	dsp.Demean(x)
	want := widen(readSAC(t, "1_rmean.sac").Data)
	ref("dsp.Demean", 1e-8).Trace(t, "rmean", x, want)

	copy(x, want) // each step from SAC's own last one
	dsp.TaperHann(x, dsp.TaperWidth(len(x), 0.05, 0, 0))
	want = widen(readSAC(t, "2_taper.sac").Data)
	ref("dsp.TaperHann", sacPrecision).Trace(t, "taper", x, want)

	copy(x, want)
	removeSAC(t, x, "hrv.bhe.sacpz", 0.05)
	want = widen(readSAC(t, "3_transfer.sac").Data)
	ref("response.Inverse.Remove", sacPrecision).Trace(t, "transfer", x, want)

	// All steps together, in double precision.
	x = widen(readSAC(t, "IU.HRV.__.BHE.SAC").Data)
	dsp.Demean(x)
	dsp.TaperHann(x, dsp.TaperWidth(len(x), 0.05, 0, 0))
	removeSAC(t, x, "hrv.bhe.sacpz", 0.05)
	ref("response.Inverse.Remove", sacPrecision).Trace(t, "rmean, taper, transfer", x, want)
}

func removeSAC(t *testing.T, x []float64, polesZeros string, dt float64) {
	t.Helper()
	inv, err := response.NewInverse(readSACPZ(t, polesZeros), len(x), dt, response.SACTransfer(waveform.Displacement, sacLimits()))
	if err != nil {
		t.Fatal(err)
	}
	inv.Remove(x, new(dsp.Plans), new(dsp.Scratch))
}

// One zero and a sample rate of one: an integration, whose Nyquist coefficient is
// imaginary. With the modulus of that, the result would be 5e-4 of the peak off.
func TestOneZeroOfAnImpulseEqualsSAC(t *testing.T) {
	x := widen(readSAC(t, "impulse.sac").Data)
	removeSAC(t, x, "onezero.sacpz", 1)
	agree.Reference{Function: "response.Inverse.Remove", Source: "program SAC, impulse", Measure: "peak", Within: sacPrecision}.
		Trace(t, "one zero", x, widen(readSAC(t, "impulse_onezero.sac").Data))
}

func TestTaperOfAConstantEqualsSAC(t *testing.T) {
	x := widen(readSAC(t, "const100.sac").Data)
	dsp.TaperHann(x, dsp.TaperWidth(len(x), 0.05, 0, 0))
	agree.Reference{Function: "dsp.TaperHann", Source: "program SAC, constant", Measure: "peak", Within: sacPrecision}.
		Trace(t, "taper type hanning width 0.05", x, widen(readSAC(t, "taper100.sac").Data))
}

// SAC's spectrum is the transform times the sample interval, padded to a power of two.
func TestSpectrumEqualsSAC(t *testing.T) {
	raw := readSAC(t, "IU.HRV.__.BHE.SAC")
	amplitudes, phases := widen(readSAC(t, "IU.HRV.__.BHE_fft.sac.am").Data), widen(readSAC(t, "IU.HRV.__.BHE_fft.sac.ph").Data)
	n := response.PadPowerOfTwo.Length(len(raw.Data))
	x := make([]float64, n)
	copy(x, widen(raw.Data))
	spectrum := new(dsp.Plans).FFT(n).Coefficients(nil, x, nil)
	if len(spectrum) != len(amplitudes) || len(spectrum) != len(phases) {
		t.Fatalf("%d coefficients, SAC has %d and %d", len(spectrum), len(amplitudes), len(phases))
	}
	peak, worst := slices.Max(amplitudes), 0.0
	for i, v := range spectrum {
		worst = max(worst, cmplx.Abs(v*complex(raw.Header.Delta, 0)-cmplx.Rect(amplitudes[i], phases[i]))/peak)
	}
	agree.Reference{Function: "dsp.FFT.Coefficients", Source: "program SAC, record of IU.HRV", Measure: "peak", Within: sacPrecision}.
		Deviation(t, "fft", worst)
	if math.IsNaN(worst) {
		t.Error("the spectrum has NaN")
	}
}
