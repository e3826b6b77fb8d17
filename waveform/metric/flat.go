package metric

// FlatLine is the longest run of identical samples in a trace.
type FlatLine struct {
	From, Samples int     // its first sample, and how many there are
	Seconds       float64 // from its first sample to its last
	Dead          bool    // the whole trace, of two samples or more, is one value: its standard deviation is 0
}

// LongestFlat finds the first of the longest runs of identical samples in x, of interval dt (s):
// a sensor that is unplugged, a digitizer that stands still, or a gap that somebody
// filled with a number. Raw counts of a quiet channel repeat for some samples; a second is
// long. A NaN is identical to nothing. An empty x gives the zero value, one sample a run of one. It may
// be called concurrently.
func LongestFlat(x []float64, dt float64) FlatLine {
	var f FlatLine
	for from := 0; from < len(x); {
		until := from + 1
		for until < len(x) && x[until] == x[from] {
			until++
		}
		if until-from > f.Samples {
			f.From, f.Samples = from, until-from
		}
		from = until
	}
	if f.Samples > 0 {
		f.Seconds = float64(f.Samples-1) * dt
	}
	f.Dead = len(x) >= 2 && f.Samples == len(x)
	return f
}
