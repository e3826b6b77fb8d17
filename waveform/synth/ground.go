package synth

import (
	"fmt"
	"math"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/traveltime"
)

// The window in which an event is computed at a station begins leadIn before P and
// is at least windowLength long: a power of two of samples, of which the ground moves
// until codaEnd after S and the rest is for the sensor to come to rest in.
const (
	leadIn       = 20  // s
	windowLength = 300 // s
	codaFade     = 80  // s after S, where a smooth end begins
	codaEnd      = 100 // s after S
)

// highpass (Hz) takes out of the ground acceleration, causally, what would leave the
// ground displaced for ever.
const highpass = 0.05

// window gives the first sample of an event at a station and the number of samples.
func (a *Archive) window(event, station int) (first int64, n int) {
	p, _ := a.Onsets(event, station)
	rate := int64(a.Config.SampleRate)
	for n = 1; int64(n) < windowLength*rate; n *= 2 {
	}
	return a.Config.sampleAt(p) - leadIn*rate, n
}

// shaker computes ground motion and counts. It has work space and belongs to one
// goroutine at a time.
type shaker struct {
	archive  *Archive
	fft      *dsp.FFT
	scratch  dsp.Scratch
	spectrum []complex128
	x, shape []float64
	highpass dsp.Filter
}

func newShaker(a *Archive, plans *dsp.Plans) (*shaker, error) {
	_, n := 0, 0
	if len(a.Events) > 0 {
		_, n = a.window(0, 0)
	}
	hp, err := dsp.Butterworth(dsp.Highpass, 2, highpass, 0, a.Config.SampleRate)
	if err != nil {
		return nil, fmt.Errorf("synth: %w", err)
	}
	s := &shaker{archive: a, highpass: hp, x: make([]float64, n), shape: make([]float64, n)}
	if n > 0 {
		s.fft = plans.FFT(n)
		s.spectrum = make([]complex128, s.fft.Bins())
	}
	return s, nil
}

// Ground is the ground acceleration, in m/s^2, that an event causes along the
// direction of a channel: what removing the response from the channel's counts
// should bring back, but for noise and the limits of the instrument. It begins 20 s before
// P and ends when the coda has; before P it is exactly zero. It is the same for all
// instruments of a station. An unknown event or channel is an error.
func (a *Archive) Ground(event int, id waveform.SourceID) (waveform.Trace, error) {
	ref, err := a.find(id)
	if err != nil {
		return waveform.Trace{}, err
	}
	if event < 0 || event >= len(a.Events) {
		return waveform.Trace{}, fmt.Errorf("synth: no event %d among %d", event, len(a.Events))
	}
	s, err := newShaker(a, new(dsp.Plans))
	if err != nil {
		return waveform.Trace{}, err
	}
	first, n := a.window(event, ref.station)
	data := make([]float64, n)
	s.ground(data, event, ref)
	return waveform.Trace{
		ID: id, Start: a.Config.timeOf(first), SampleRate: a.Config.SampleRate, Unit: waveform.Acceleration, Data: data,
	}, nil
}

// ground fills dst, which is as long as the window, with the acceleration along a channel.
func (s *shaker) ground(dst []float64, event int, ref channelRef) {
	clear(dst)
	for axis, share := range direction(s.archive.channel(ref)) {
		if math.Abs(share) > 1e-12 {
			s.addAxis(dst, event, ref.station, axis, share)
		}
	}
	s.highpass.Apply(dst)
	s.fadeOut(dst, event, ref.station)
}

// direction is how much of the motion to the east, to the north and up a channel records.
func direction(c waveform.Channel) [3]float64 {
	sinA, cosA := math.Sincos(c.Azimuth * math.Pi / 180)
	sinD, cosD := math.Sincos(c.Dip * math.Pi / 180)
	return [3]float64{cosD * sinA, cosD * cosA, -sinD}
}

// addAxis adds share times the motion along an axis: for either wave, noise with the
// wave's spectrum under its envelope, scaled to its peak. The peaks of the axes differ
// from each other by up to 15 %.
func (s *shaker) addAxis(dst []float64, event, station, axis int, share float64) {
	a := s.archive
	r := newSource(a.Config.Seed, "ground", int64(event), int64(station), int64(axis))
	rate := a.Config.SampleRate
	for _, w := range a.waves(event, station) {
		s.colour(&r, w)
		from := int(math.Floor(w.onset*rate)) + 1
		shape := s.shape[:len(dst)-from]
		w.envelope(shape, float64(from)/rate-w.onset, 1/rate)
		peak := 0.0
		for i, x := range s.x[from:] {
			shape[i] *= x
			peak = max(peak, math.Abs(shape[i]))
		}
		scale := share * r.between(0.85, 1.15) * w.peak[axis] / peak
		for i, x := range shape {
			dst[from+i] += scale * x
		}
	}
}

// waves gives P and S of an event at a station, whose ground amplifies or deadens
// all events alike by up to a factor 1.4.
func (a *Archive) waves(event, station int) [2]wave {
	q, st := a.quake(event), a.Stations[station]
	distance, _ := traveltime.Distance(q.latitude, q.longitude, st.Latitude, st.Longitude)
	site := newSource(a.Config.Seed, "site", int64(station))
	factor := math.Pow(10, site.between(-0.15, 0.15))
	p, sOnset := a.Onsets(event, station)
	first, _ := a.window(event, station)
	start := a.Config.timeOf(first)
	return wavesAt(q.magnitude, math.Hypot(distance, q.depth), factor, p.Sub(start).Seconds(), sOnset.Sub(start).Seconds())
}

// colour fills s.x with stationary noise that has the spectrum of w.
func (s *shaker) colour(r *source, w wave) {
	df := s.archive.Config.SampleRate / float64(len(s.x))
	last := len(s.spectrum) - 1
	shape := s.shape[:len(s.spectrum)]
	w.spectrum(shape, df)
	for k, m := range shape {
		s.spectrum[k] = complex(m*r.normal(), m*r.normal())
	}
	s.spectrum[0], s.spectrum[last] = 0, 0
	s.fft.Sequence(s.x, s.spectrum, &s.scratch)
}

// fadeOut ends the coda smoothly.
func (s *shaker) fadeOut(dst []float64, event, station int) {
	onset := s.archive.waves(event, station)[1].onset
	rate := s.archive.Config.SampleRate
	for i := max(0, int((onset+codaFade)*rate)); i < len(dst); i++ {
		t := (float64(i)/rate - onset - codaFade) / (codaEnd - codaFade)
		dst[i] *= fade(t)
	}
}

// fade falls from 1 at t = 0 to 0 at t = 1 as a half cosine.
func fade(t float64) float64 {
	return 0.5 * (1 + math.Cos(math.Pi*min(1, max(0, t))))
}
