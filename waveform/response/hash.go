package response

import (
	"crypto/sha256"
	"encoding/binary"
	"math"

	"github.com/seisbatch/seisbatch/waveform"
)

// Hash is the SHA-256 of the values of r, in a binary form of their own that
// depends neither on the text they were read from nor on what package encodes
// them. All NaN are one value; a nil slice and an empty one are the same, a nil
// and a zero filter are not. Hash(nil) is a hash too.
func Hash(r *waveform.Response) [32]byte {
	var w canonical
	w.present(r != nil)
	if r != nil {
		w.response(r)
	}
	return sha256.Sum256(w)
}

// canonical is the values so far: numbers of 8 bytes, big endian; lengths before
// strings and slices; a byte for the presence of each optional part.
type canonical []byte

func (w *canonical) whole(v int) { *w = binary.BigEndian.AppendUint64(*w, uint64(v)) }

// text writes s as JSON would give it back: bytes that are not UTF-8 become U+FFFD.
func (w *canonical) text(s string) {
	s = string([]rune(s))
	w.whole(len(s))
	*w = append(*w, s...)
}

func (w *canonical) kind(v uint8)         { *w = append(*w, v) }
func (w *canonical) complex(z complex128) { w.numbers(real(z), imag(z)) }

func (w *canonical) present(p bool) {
	if p {
		w.kind(1)
		return
	}
	w.kind(0)
}

func (w *canonical) numbers(vs ...float64) {
	for _, v := range vs {
		if math.IsNaN(v) {
			v = math.NaN()
		}
		*w = binary.BigEndian.AppendUint64(*w, math.Float64bits(v))
	}
}

func (w *canonical) list(vs []float64) {
	w.whole(len(vs))
	w.numbers(vs...)
}

func (w *canonical) roots(vs []complex128) {
	w.whole(len(vs))
	for _, v := range vs {
		w.complex(v)
	}
}

func (w *canonical) response(r *waveform.Response) {
	s := r.Sensitivity
	w.numbers(s.Value, s.Frequency)
	w.text(s.InputUnits)
	w.text(s.OutputUnits)
	w.whole(len(r.Stages))
	for _, s := range r.Stages {
		w.stage(s)
	}
	if r.Polynomial != nil { // nothing where it is nil: hashes made before there was one stay what they were
		w.present(true)
		w.polynomial(r.Polynomial)
	}
}

func (w *canonical) polynomial(p *waveform.Polynomial) {
	w.list(p.Coefficients)
	w.numbers(p.Lower, p.Upper)
}

func (w *canonical) stage(s waveform.Stage) {
	w.whole(s.Number)
	w.text(s.InputUnits)
	w.text(s.OutputUnits)
	w.numbers(s.Gain, s.GainFrequency)
	if w.present(s.PolesZeros != nil); s.PolesZeros != nil {
		w.kind(uint8(s.PolesZeros.Type))
		w.numbers(s.PolesZeros.Normalization, s.PolesZeros.NormalizationFrequency)
		w.roots(s.PolesZeros.Zeros)
		w.roots(s.PolesZeros.Poles)
	}
	if w.present(s.Coefficients != nil); s.Coefficients != nil {
		w.kind(uint8(s.Coefficients.Type))
		w.list(s.Coefficients.Numerator)
		w.list(s.Coefficients.Denominator)
	}
	if w.present(s.FIR != nil); s.FIR != nil {
		w.kind(uint8(s.FIR.Symmetry))
		w.list(s.FIR.Coefficients)
	}
	if w.present(s.Polynomial != nil); s.Polynomial != nil {
		w.polynomial(s.Polynomial)
	}
	w.whole(len(s.ResponseList))
	for _, p := range s.ResponseList {
		w.numbers(p.Frequency, p.Amplitude, p.Phase)
	}
	if w.present(s.Decimation != nil); s.Decimation != nil {
		w.decimation(s.Decimation)
	}
}

func (w *canonical) decimation(d *waveform.Decimation) {
	w.numbers(d.InputRate)
	w.whole(d.Factor)
	w.whole(d.Offset)
	w.numbers(d.Delay, d.Correction)
}
