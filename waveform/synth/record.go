package synth

import (
	"math"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// recorder turns noise and ground motion into the counts of channels. It belongs to
// one goroutine at a time.
type recorder struct {
	*shaker
	responses map[string][]complex128 // counts per m/s^2 in the bins of the transform, by instrument; shared
	station   int                     // of the channel at hand; -1 at first
	firsts    []int64                 // where the windows of the events begin there
	shakes    map[int][]float64       // what events add to the channel at hand, in counts, in their windows
	spare     [][]float64
	samples   []float64
}

// restFade (s) is how long the end of a shake is faded for, so that it ends at zero.
const restFade = 20

func newRecorder(a *Archive, responses map[string][]complex128, plans *dsp.Plans) (*recorder, error) {
	s, err := newShaker(a, plans)
	if err != nil {
		return nil, err
	}
	return &recorder{
		shaker: s, responses: responses, station: -1,
		firsts: make([]int64, len(a.Events)), shakes: make(map[int][]float64),
	}, nil
}

// begin makes the recorder ready for another channel.
func (r *recorder) begin(ref channelRef) {
	for e := range r.shakes {
		r.drop(e)
	}
	if ref.station == r.station {
		return
	}
	r.station = ref.station
	for e := range r.firsts {
		r.firsts[e], _ = r.archive.window(e, ref.station)
	}
}

func (r *recorder) drop(event int) {
	r.spare = append(r.spare, r.shakes[event])
	delete(r.shakes, event)
}

// fill computes the samples of a channel from sample from on: noise, events and the
// offset of the digitizer, not yet rounded. The channel is the one of begin, and from
// does not go back.
func (r *recorder) fill(dst []float64, ref channelRef, from int64, n *noise) {
	n.read(dst)
	offset := r.archive.offset(ref)
	for i := range dst {
		dst[i] += offset
	}
	for e, first := range r.firsts {
		common := span{first, first + int64(len(r.x))}.cut(span{from, from + int64(len(dst))})
		if common.len() > 0 {
			s := r.shake(e, ref)
			for i := common.from; i < common.until; i++ {
				dst[i-from] += s[i-first]
			}
		} else if r.shakes[e] != nil {
			r.drop(e)
		}
	}
}

// shake is what an event adds to a channel, computed once while it is needed.
func (r *recorder) shake(event int, ref channelRef) []float64 {
	if s := r.shakes[event]; s != nil {
		return s
	}
	var s []float64
	if last := len(r.spare) - 1; last >= 0 {
		s, r.spare = r.spare[last], r.spare[:last]
	} else {
		s = make([]float64, len(r.x))
	}
	r.ground(s, event, ref)
	r.digitize(s, ref)
	r.shakes[event] = s
	return s
}

// digitize turns the ground acceleration in x into counts, in place.
func (r *recorder) digitize(x []float64, ref channelRef) {
	in := r.archive.instrument(ref)
	c := r.archive.channel(ref)
	trim := complex(c.Response.Sensitivity.Value/(in.gain*in.countsPerVolt), 0)
	r.fft.Coefficients(r.spectrum, x, &r.scratch)
	for k, h := range r.responses[in.code] {
		r.spectrum[k] *= h * trim
	}
	r.fft.Sequence(x, r.spectrum, &r.scratch)
	n := min(len(x), int(restFade*r.archive.Config.SampleRate))
	for i := range n {
		x[len(x)-n+i] *= fade(float64(i+1) / float64(n))
	}
}

// offset is the reading of a channel at rest, in counts.
func (a *Archive) offset(ref channelRef) float64 {
	r := newSource(a.Config.Seed, "offset", int64(ref.station), int64(ref.channel))
	return math.Round(r.between(-3000, 3000))
}

// noise begins the noise of a channel at sample from. Quiet and loud stations
// differ by up to a factor 4.
func (a *Archive) noise(ref channelRef, from int64) *noise {
	c, in := a.channel(ref), a.instrument(ref)
	site := newSource(a.Config.Seed, "quiet", int64(ref.station))
	counts := c.Response.Sensitivity.Value * math.Pow(2, site.between(-1, 1))
	return newNoise(a.Config.Seed, c.ID.String(), in.noise, counts, a.Config.SampleRate, from)
}

// frequencies are the frequencies (Hz) of the bins of a transform of n samples.
func frequencies(n int, rate float64) []float64 {
	f := make([]float64, n/2+1)
	for k := range f {
		f[k] = float64(k) * rate / float64(n)
	}
	return f
}

// clip rounds x to counts in place and limits them to 24 bits; it returns how many
// it had to limit.
func clip(x []float64) (clipped int64) {
	for i, v := range x {
		v = math.Round(v)
		if math.Abs(v) > fullScale {
			v = math.Copysign(fullScale, v)
			clipped++
		}
		x[i] = v
	}
	return clipped
}
