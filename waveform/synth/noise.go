package synth

import "math"

// noiseModel is the ground and instrument noise of an instrument: rms amplitudes of
// its three parts, in the unit of the sensor's input.
type noiseModel struct {
	white      float64 // all frequencies
	cultural   float64 // below 4 Hz, falling off as 1/f above
	microseism float64 // around 0.2 Hz
}

// Noise is filtered white noise. The white noise comes in blocks, each with a
// generator seeded by its place, and the filters are run in over warmUp: so noise can begin
// anywhere and is the same, once rounded to integers, as if it had begun long before.
const (
	noiseBlock = 4096
	warmUp     = 100 // s
)

// noise gives the noise of one channel, in counts, sample after sample.
type noise struct {
	seed  uint64
	name  string
	block [noiseBlock]float64
	next  int64 // index of the next sample

	white, low, swell float64 // gains
	keep              float64 // one-pole low-pass
	c1, c2            float64 // two-pole resonator
	y, z1, z2         float64 // their state
}

// newNoise begins the noise of a channel at sample from. counts is the number of
// counts per unit of the model.
func newNoise(seed uint64, channel string, m noiseModel, counts, rate float64, from int64) *noise {
	const cultural, microseism, bandwidth = 4.0, 0.2, 0.15 // Hz
	keep := math.Exp(-2 * math.Pi * cultural / rate)
	radius := math.Exp(-math.Pi * bandwidth / rate)
	angle := 2 * math.Pi * microseism / rate
	r2 := radius * radius
	variance := (1 + r2) / ((1 - r2) * (1 + r2*r2 - 2*r2*math.Cos(2*angle))) // of an AR(2) process
	n := &noise{
		seed: seed, name: "noise " + channel,
		white: m.white * counts,
		low:   m.cultural * counts * math.Sqrt(1-keep*keep),
		swell: m.microseism * counts / math.Sqrt(variance),
		keep:  keep, c1: 2 * radius * math.Cos(angle), c2: -r2,
	}
	n.runIn(from, int64(rate*warmUp))
	return n
}

func (n *noise) runIn(from, length int64) {
	n.next = from - length
	n.load(floorDiv(n.next, noiseBlock))
	var waste [noiseBlock]float64
	for length > 0 {
		k := min(length, noiseBlock)
		n.read(waste[:k])
		length -= k
	}
}

// load makes the white noise of a block.
func (n *noise) load(block int64) {
	r := newSource(n.seed, n.name, block)
	for i := range n.block {
		n.block[i] = r.normal()
	}
}

// read fills dst with the next samples.
func (n *noise) read(dst []float64) {
	for len(dst) > 0 {
		block := floorDiv(n.next, noiseBlock)
		at := n.next - block*noiseBlock
		if at == 0 {
			n.load(block)
		}
		k := min(int64(len(dst)), noiseBlock-at)
		n.filter(dst[:k], n.block[at:at+k])
		dst, n.next = dst[k:], n.next+k
	}
}

func (n *noise) filter(dst, white []float64) {
	y, z1, z2 := n.y, n.z1, n.z2
	for i, w := range white {
		y = n.keep*y + n.low*w
		z := n.c1*z1 + n.c2*z2 + n.swell*w
		z1, z2 = z, z1
		dst[i] = n.white*w + y + z
	}
	n.y, n.z1, n.z2 = y, z1, z2
}

// floorDiv is a/b rounded down, for b > 0.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
