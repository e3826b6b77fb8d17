package response

import (
	"fmt"
	"math/cmplx"

	"gonum.org/v1/gonum/cmplxs"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// Simulation turns traces of one instrument and length into what another
// instrument would have recorded. It is not changed by use and may be shared by
// goroutines.
type Simulation Inverse

// NewSimulation divides by the response from and multiplies by the response to,
// for traces of n samples at intervals of dt seconds. From is the response the
// traces were recorded with, or [Motion] if that was taken out already. To is any
// response, such as [WoodAnderson]; it is used in full, its gain included.
//
// The options are those of [NewInverse]: water level and pre-filter concern from,
// in counts per Unit. Without a Unit that is the unit from which from starts, in which
// its response is usually flat. The error matches one of the Err values of the package;
// it says which of the two responses is to blame.
func NewSimulation(from, to *waveform.Response, n int, dt float64, opt Options) (*Simulation, error) {
	opt, err := opt.between(from)
	if err != nil {
		return nil, fmt.Errorf("simulation, recorded response: %w", err)
	}
	inv, step, err := newInverse(from, n, dt, opt)
	if err != nil {
		return nil, fmt.Errorf("simulation, recorded response: %w", err)
	}
	c, err := compile(to, opt.Unit)
	if err != nil {
		return nil, fmt.Errorf("simulation, response to simulate: %w", err)
	}
	target := make([]complex128, len(inv.spectrum))
	c.onGrid(target, step)
	cmplxs.Mul(inv.spectrum, target)
	for _, v := range inv.spectrum {
		if cmplx.IsNaN(v) || cmplx.IsInf(v) {
			return nil, fmt.Errorf("simulation, response to simulate: %w: the quotient is not finite", ErrStage)
		}
	}
	return (*Simulation)(inv), nil
}

// between is the options with the unit of from where they name none.
func (o Options) between(from *waveform.Response) (Options, error) {
	if o.Unit != waveform.UnitUnknown || from == nil || len(from.Stages) == 0 {
		return o, nil
	}
	name := inputName(from)
	if o.Unit, _ = waveform.ParseUnit(name); !o.Unit.IsMotion() {
		return o, fmt.Errorf("%w: it starts from %q", ErrUnits, name)
	}
	return o, nil
}

// inputName is the unit that r starts from, as [Evaluate] takes it: that of the first
// stage, else of the sensitivity.
func inputName(r *waveform.Response) string {
	if len(r.Stages) > 0 && r.Stages[0].InputUnits != "" {
		return r.Stages[0].InputUnits
	}
	return r.Sensitivity.InputUnits
}

// Apply turns x, in place, into a record of the other instrument, by the steps of
// [Inverse.Remove]: mean, taper, padded transform, multiplication, modulus of the
// Nyquist coefficient, back. The result is in the output unit of the response that is
// simulated: metres on the record for [WoodAnderson], counts for a digitizer.
//
// This is ObsPy's simulate_seismometer with sacsim=True and pitsasim=False. Its
// default, that of the program PITSA, has another taper, 0.5 (1 - cos(pi k/(w-1)))
// over w samples at each end, and subtracts the line through the first and the last
// sample from the result ([dsp.DetrendSimple]).
//
// It panics unless x has the length the Simulation was made for. An empty x is left as
// it is, NaN in x makes all of it NaN. It may be called concurrently, with plans and
// scratch of one's own.
func (s *Simulation) Apply(x []float64, plans *dsp.Plans, scratch *dsp.Scratch) {
	(*Inverse)(s).Remove(x, plans, scratch)
}

// Len is the number of samples of the traces that Apply takes.
func (s *Simulation) Len() int { return s.n }
