package recipe

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"math"
	"time"
	"unsafe"

	"github.com/seisbatch/seisbatch/waveform"
)

// digest writes values in one canonical form into a hash.
type digest struct{ hash.Hash }

func newDigest() digest { return digest{sha256.New()} }

func (d digest) number(v uint64) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], v)
	d.Write(b[:])
}

func (d digest) float(v float64) { d.number(math.Float64bits(v)) }

func (d digest) text(s string) {
	d.number(uint64(len(s)))
	d.Write([]byte(s))
}

func (d digest) time(t time.Time) {
	if t.IsZero() {
		d.number(1)
		return
	}
	d.number(uint64(t.UnixNano()))
}

func (d digest) sum() (s [32]byte) {
	d.Sum(s[:0])
	return s
}

// DataHash is the fingerprint of what was read for an item: the samples of every
// continuous piece with their times, and where records were damaged.
func DataHash(components []Component) [32]byte {
	d := newDigest()
	for _, c := range components {
		d.text(c.Channel.ID.String())
		d.number(uint64(len(c.Traces)))
		for _, tr := range c.Traces {
			d.time(tr.Start)
			d.float(tr.SampleRate)
			d.number(uint64(len(tr.Data)))
			d.floats(tr.Data)
		}
		d.has(c.OverlapDiffers)
		if d.has(c.TimingQuality != nil) {
			d.float(*c.TimingQuality)
		}
		d.number(uint64(len(c.Doubts)))
		for _, name := range c.Doubts {
			d.text(name)
		}
		if d.has(c.Damage != nil) {
			d.text(c.Damage.File)
			d.number(uint64(c.Damage.Offset))
			d.text(c.Damage.Message)
		}
		if d.has(c.Failure != nil) {
			d.text(string(c.Failure.Code))
			d.text(c.Failure.Message)
		}
	}
	return d.sum()
}

// has writes whether what follows is there.
func (d digest) has(there bool) bool {
	if there {
		d.number(1)
	} else {
		d.number(0)
	}
	return there
}

// floats hashes the samples' bytes as they lie in memory: of a size that makes a
// conversion per sample felt.
func (d digest) floats(x []float64) {
	if len(x) > 0 {
		d.Write(unsafe.Slice((*byte)(unsafe.Pointer(&x[0])), 8*len(x)))
	}
}

// MetadataHash is the fingerprint of the metadata that an item reads: codes,
// coordinates, orientation, responses, and whether they hold throughout.
func MetadataHash(components []Component) [32]byte {
	d := newDigest()
	for _, c := range components {
		d.text(c.Channel.ID.String())
		for _, v := range []float64{c.Channel.Latitude, c.Channel.Longitude, c.Channel.Azimuth, c.Channel.Dip} {
			d.float(v)
		}
		d.Write(c.ResponseHash[:])
		d.has(c.EpochChange)
	}
	return d.sum()
}

// OriginHash is the fingerprint of the origin and magnitude alone: where [EventHash] differs
// and this does not, the picks have changed.
func OriginHash(o waveform.Origin, magnitude *float64) [32]byte {
	return EventHash(o, magnitude, Onsets{})
}

// EventHash is the fingerprint of the event as an item reads it.
func EventHash(o waveform.Origin, magnitude *float64, picked Onsets) [32]byte {
	d := newDigest()
	d.time(o.Time)
	for _, v := range []float64{o.Latitude, o.Longitude, o.Depth} {
		d.float(v)
	}
	if d.has(magnitude != nil) {
		d.float(*magnitude)
	}
	d.time(picked.P)
	d.time(picked.S)
	return d.sum()
}
