package process

import (
	"errors"
	"math"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// AmplitudeHighpass has the gain of a Butterworth high-pass and no phase: it works on the whole
// spectrum, without padding, as the published tables of the USGS were made. See
// [dsp.AmplitudeButterworth].
type AmplitudeHighpass struct {
	Corner Corner
	Order  int
}

// AmplitudeLowpass is the low-pass of the kind of AmplitudeHighpass.
type AmplitudeLowpass struct {
	Corner Corner
	Order  int
}

// Name is "amplitude_highpass".
func (AmplitudeHighpass) Name() string { return "amplitude_highpass" }

// Name is "amplitude_lowpass".
func (AmplitudeLowpass) Name() string { return "amplitude_lowpass" }

// Check wants a corner between 0 and Nyquist and an order from 1 to 100.
func (h AmplitudeHighpass) Check() error { return checkAmplitude(h.Corner, h.Order) }

// Check is that of AmplitudeHighpass.
func (l AmplitudeLowpass) Check() error { return checkAmplitude(l.Corner, l.Order) }

// checkAmplitude allows steeper filters than recursive ones can be: gmprocess has one of
// order 40 before it removes responses.
func checkAmplitude(corner Corner, order int) error {
	if order < 1 || order > 100 || !isInside(corner) {
		return errors.New("want 0 < corner < 1 nyquist and order 1 to 100")
	}
	return nil
}

// Band gives the corner.
func (h AmplitudeHighpass) Band(rate float64) (low, high float64) {
	return h.Corner.At(rate), math.Inf(1)
}

// Band gives the corner.
func (l AmplitudeLowpass) Band(rate float64) (low, high float64) { return 0, l.Corner.At(rate) }

// Apply fails where the corner does not fit the sample rate.
func (h AmplitudeHighpass) Apply(w *Worker, _ Instrument, tr *waveform.Trace) error {
	return w.weaken(dsp.Highpass, h.Order, h.Corner, tr)
}

// Apply fails where the corner does not fit the sample rate.
func (l AmplitudeLowpass) Apply(w *Worker, _ Instrument, tr *waveform.Trace) error {
	return w.weaken(dsp.Lowpass, l.Order, l.Corner, tr)
}

func (w *Worker) weaken(kind dsp.Kind, order int, corner Corner, tr *waveform.Trace) error {
	f, err := dsp.AmplitudeButterworth(kind, order, corner.At(tr.SampleRate), 0, tr.SampleRate)
	if err != nil {
		return err
	}
	f.Apply(tr.Data, w.Plans, &w.Scratch)
	return nil
}
