package css

import (
	"fmt"
	"math"
	"path/filepath"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

// Segment is a row of wfdisc: a stretch of samples of one channel in a file.
type Segment struct {
	ID         waveform.SourceID
	Start, End time.Time // of the first and the last sample; End is computed from Start
	SampleRate float64   // Hz
	Samples    int64
	Path       string // of the file; it need not exist
	Offset     int64  // byte of the file at which the samples begin
	Datatype   string // s4, t4, sd and so forth
	Clipped    bool   // wfdisc says that samples are

	// Calibration is what a count is worth at CalibrationPeriod (s), in nm of
	// CalibrationUnit: nm, nm/s or nm/s^2. NaN where it is not known.
	Calibration, CalibrationPeriod float64
	CalibrationUnit                waveform.Unit

	// Station and Channel are the names in the tables.
	Station, Channel string
}

// IsMiniSEED reports whether the samples are in miniSEED records (datatype sd), from which
// the file is read without the help of wfdisc.
func (s Segment) IsMiniSEED() bool { return s.Datatype == "sd" }

// Segments reads the wfdisc table, in its order. Paths are folder and file of the
// row, from the folder of the table on. The network, station, location and channel codes are made as [Database.Stations] does.
//
// Start, rate and number of samples of a row are believed; where endtime differs by more
// than half a sample from what follows from them it is reported. A rate whose seven
// decimals are those of a period with few digits is taken for that: 0.3333333 Hz is a third.
func (d *Database) Segments() ([]Segment, []Problem, error) {
	if err := d.need(WfdiscTable); err != nil {
		return nil, nil, err
	}
	var list problems
	n, err := d.names(&list)
	if err != nil {
		return nil, list.list(), err
	}
	var segments []Segment
	path := d.Path(WfdiscTable)
	err = load(d, &list, func(line int, w Wfdisc) {
		place := Problem{File: path, Line: line, Subject: w.Station + "." + w.Channel}
		if w.Samples < 1 || !(w.SampleRate > 0) {
			place.Code, place.Message = BadRow, fmt.Sprintf("%d samples at %v Hz are no segment: left out", w.Samples, w.SampleRate)
			list.Add(place)
			return
		}
		s := segment(w, n.id(w.Station, w.Channel), filepath.Dir(path))
		if off := w.End.Sub(s.End).Seconds() * s.SampleRate; !w.End.IsZero() && math.Abs(off) > 0.5 {
			place.Code, place.Message = Inconsistent, fmt.Sprintf("endtime is %.1f samples off what start, rate and number of samples make: these are believed; correct the row", off)
			list.Add(place)
		}
		segments = append(segments, s)
	})
	return segments, list.list(), err
}

func segment(w Wfdisc, id waveform.SourceID, folder string) Segment {
	s := Segment{ID: id, Start: w.Start, SampleRate: exactRate(w.SampleRate), Samples: w.Samples, Path: w.File, Offset: max(0, w.Offset),
		Datatype: w.Datatype, Clipped: w.Clip == "c", Station: w.Station, Channel: w.Channel}
	s.End = waveform.SampleTime(s.Start, s.SampleRate, s.Samples-1)
	s.Calibration, s.CalibrationPeriod, s.CalibrationUnit = calibration(w)
	if !filepath.IsAbs(w.Folder) {
		s.Path = filepath.Join(folder, w.Folder, w.File)
	} else {
		s.Path = filepath.Join(w.Folder, w.File)
	}
	return s
}

// calibration is calib and calper where they say something: positive both, and not
// one and one, which is what programs write that know neither. Antelope says in segtype what a
// count is of; otherwise it is displacement, as the schema has it.
func calibration(w Wfdisc) (value, period float64, unit waveform.Unit) {
	value, period = w.Calibration, w.CalibrationPeriod
	if !(value > 0) || !(period > 0) || value == 1 && period == 1 {
		return math.NaN(), math.NaN(), waveform.UnitUnknown
	}
	switch w.SegmentType {
	case "V":
		return value, period, waveform.Velocity
	case "A":
		return value, period, waveform.Acceleration
	case "D", "", "o", "v", "s", "d":
		return value, period, waveform.Displacement
	}
	return math.NaN(), math.NaN(), waveform.UnitUnknown // pressure and the like
}

// exactRate is the rate that was written with seven decimals: that of a period of
// up to five digits, where the rate has no end.
func exactRate(rate float64) float64 {
	const decimals = 1e7
	if n := math.Round(rate * decimals); math.Mod(n, 10) == 0 || rate > 1e4 {
		return rate
	}
	scale := math.Pow(10, 4-math.Floor(math.Log10(1/rate)))
	period := math.Round(scale/rate) / scale
	if math.Round(decimals/period) == math.Round(rate*decimals) {
		return 1 / period
	}
	return rate
}
