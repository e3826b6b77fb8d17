package response

import (
	"github.com/seisbatch/seisbatch/waveform"
)

// Evaluation says what of a response is evaluated, with the options of evalresp.
// The zero value is the whole of it, in the unit that the metadata name.
type Evaluation struct {
	// Unit of the input: displacement, velocity or acceleration. The zero value is
	// the input unit of the first stage evaluated, in SI where it is ground motion
	// and as named where it is anything else, such as pascals or volts (-u def).
	Unit waveform.Unit
	// First and Last are the numbers of the first and last stage evaluated; 0, the
	// default, is open (-stage). The reference frequency stays that of the
	// whole response. Unit counts from the input of First: where
	// that is volts or counts, no Unit can be asked for. (evalresp takes the unit of
	// stage 1 then.)
	First, Last int
	// TotalSensitivity puts the total sensitivity in the place of the gains of the
	// stages evaluated, with these normalised at its frequency (-ts). The
	// default is the product of the gains.
	TotalSensitivity bool
	// Linear replaces each polynomial by its tangent where its input, which is the
	// output of the stage, is At (volts, or counts in the last stage): the gain of
	// the stage is one over the slope, and the offset is left out. The default is
	// [ErrPolynomial]. (ObsPy does so for polynomials of two coefficients. By its
	// manual evalresp -b62_x takes the slope itself for the gain, which is input
	// per output.)
	Linear bool
	At     float64
}

// Transfer is a response made ready for evaluation. It is not changed by use and
// may be shared by goroutines.
type Transfer struct{ cascade cascade }

// Compile makes what e asks for of the response r ready for evaluation. The
// error matches one of the Err values of the package.
func (e Evaluation) Compile(r *waveform.Response) (*Transfer, error) {
	c, err := e.compile(r)
	if err != nil {
		return nil, err
	}
	return &Transfer{c}, nil
}

// Evaluate stores in dst the response at freqs (Hz): output counts (or what the
// last stage evaluated puts out) per unit of the input, with the sign
// convention exp(+i w t). Between units the response is multiplied or divided
// by (i w); at zero frequency it is then 0. The response at a negative frequency
// is the complex conjugate; that at NaN is NaN, but for a response list, which
// is 0 wherever it lists nothing.
//
// It panics if dst and freqs differ in length. It does not allocate.
func (t *Transfer) Evaluate(dst []complex128, freqs []float64) {
	if len(dst) != len(freqs) {
		panic("response: lengths of Evaluate differ")
	}
	t.cascade.evaluate(dst, freqs)
}
