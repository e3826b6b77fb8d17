package cli

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"math"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/mseed"
)

// segmentSummary is one line of inspect --json; its names are promised to scripts.
type segmentSummary struct {
	ID         string    `json:"id"`
	Start      time.Time `json:"start"`
	End        time.Time `json:"end"` // of the last sample
	SampleRate float64   `json:"sample_rate"`
	Samples    int       `json:"samples"`
	Gap        *float64  `json:"gap"` // s between the last segment of the channel and this, beyond a sample interval
	Encoding   string    `json:"encoding"`
	Records    int       `json:"records"`
	Min        number    `json:"min"`
	Max        number    `json:"max"`
	Mean       number    `json:"mean"`
	RMS        number    `json:"rms"`    // the mean is not taken away
	SHA256     string    `json:"sha256"` // of the samples, little-endian, in their native type

	TimingQuality *int     `json:"timing_quality"` // percent, the least; null if no header gives one
	Flags         []string `json:"flags"`          // what headers say against the data
	Activity      uint8    `json:"activity_flags"`
	IOClock       uint8    `json:"io_clock_flags"`
	DataQuality   uint8    `json:"data_quality_flags"`

	File         string `json:"file"`          // as it was given, or was found below a folder
	ExtraHeaders raw    `json:"extra_headers"` // of the first record of miniSEED 3 that has any; null if there is none
}

// textSummary is the line of a record of text; its names are promised to scripts.
type textSummary struct {
	File  string    `json:"file"`
	ID    string    `json:"id"`
	Start time.Time `json:"start"`
	Text  string    `json:"text"`
}

// raw is JSON out of a file, printed as it is but for blanks and what is not UTF-8; what is no JSON is
// printed as a string.
type raw []byte

// MarshalJSON gives the JSON, null if there is none.
func (r raw) MarshalJSON() ([]byte, error) {
	text := bytes.ToValidUTF8(r, []byte("\uFFFD"))
	switch {
	case len(text) == 0:
		return []byte("null"), nil
	case !json.Valid(text):
		return json.Marshal(string(text))
	}
	return text, nil
}

// UnmarshalJSON takes the JSON as it is.
func (r *raw) UnmarshalJSON(text []byte) error {
	*r = bytes.Clone(text)
	return nil
}

func summarise(file string, s *mseed.Segment) segmentSummary {
	out := segmentSummary{File: file, ExtraHeaders: s.ExtraHeaders, ID: s.ID.String(), Start: s.Start.UTC(), End: s.End().UTC(), SampleRate: s.SampleRate,
		Samples: s.Samples(), Encoding: s.Encoding.String()}
	m := s.Remarks
	out.Records, out.Flags, out.Activity, out.IOClock, out.DataQuality = m.Records, append([]string{}, m.Doubts()...), m.Activity, m.IOClock, m.DataQuality
	if m.Timed > 0 {
		out.TimingQuality = &m.TimingQuality
	}
	switch {
	case s.Int32 != nil:
		out.describe(statisticsOf(s.Int32), hashOf(s.Int32, func(b []byte, v int32) []byte { return binary.LittleEndian.AppendUint32(b, uint32(v)) }))
	case s.Float32 != nil:
		out.describe(statisticsOf(s.Float32), hashOf(s.Float32, func(b []byte, v float32) []byte {
			return binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
		}))
	default:
		out.describe(statisticsOf(s.Float64), hashOf(s.Float64, func(b []byte, v float64) []byte {
			return binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}))
	}
	return out
}

// follows tells how far the segment is from the one before it.
func (s *segmentSummary) follows(before *mseed.Segment) {
	next := waveform.SampleTime(before.Start, before.SampleRate, int64(before.Samples()))
	gap := s.Start.Sub(next).Seconds()
	s.Gap = &gap
}

func (s *segmentSummary) describe(v statistics, hash string) {
	s.Min, s.Max, s.Mean, s.RMS, s.SHA256 = number(v.min), number(v.max), number(v.mean), number(v.rms), hash
}

// statistics of samples; all are NaN if there is none, or one is NaN.
type statistics struct{ min, max, mean, rms float64 }

// statisticsOf scales by the greatest value, so that squares do not overflow.
func statisticsOf[T int32 | float32 | float64](samples []T) statistics {
	if len(samples) == 0 {
		return statistics{math.NaN(), math.NaN(), math.NaN(), math.NaN()}
	}
	s := statistics{min: math.Inf(1), max: math.Inf(-1)}
	for _, v := range samples {
		s.min, s.max = math.Min(s.min, float64(v)), math.Max(s.max, float64(v))
	}
	scale := math.Max(math.Abs(s.min), math.Abs(s.max))
	if scale == 0 || math.IsNaN(scale) || math.IsInf(scale, 0) {
		s.mean, s.rms = scale-scale, scale-scale // 0, or NaN
		return s
	}
	var values, squares sum
	for _, v := range samples {
		x := float64(v) / scale
		values.add(x)
		squares.add(x * x)
	}
	n := float64(len(samples))
	s.mean, s.rms = values.total()/n*scale, math.Sqrt(squares.total()/n)*scale
	return s
}

// sum adds up with the rounding errors kept apart (Neumaier 1974): a day of samples
// would cost the last four digits otherwise.
type sum struct{ s, lost float64 }

func (s *sum) add(x float64) {
	t := s.s + x
	if math.Abs(s.s) >= math.Abs(x) {
		s.lost += (s.s - t) + x
	} else {
		s.lost += (x - t) + s.s
	}
	s.s = t
}

func (s *sum) total() float64 { return s.s + s.lost }

func hashOf[T any](samples []T, appendTo func([]byte, T) []byte) string {
	h := sha256.New()
	w := bufio.NewWriter(h) // writing to a hash does not fail
	for _, v := range samples {
		_, _ = w.Write(appendTo(w.AvailableBuffer(), v))
	}
	_ = w.Flush()
	return hex.EncodeToString(h.Sum(nil))
}
