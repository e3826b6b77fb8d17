package spectrum

import (
	"fmt"
	"math"
	"slices"
)

// PDFOptions says which levels are told apart.
type PDFOptions struct {
	// From, Until and Step are the levels, dB, and how finely they are counted. All
	// zero: -200 to -50 in steps of 1.
	From, Until, Step float64
}

// PDF counts, period by period, how often each level occurred (McNamara and
// Buland's probability density function). It belongs to one goroutine at a time;
// workers count on their own and [PDF.Merge] at the end.
type PDF struct {
	from, step    float64
	periods, bins int
	counts        []int // bins of the first period, of the second ..
	totals        []int // by period
}

// NewPDF prepares for levels at as many periods. The error matches [ErrOptions].
func NewPDF(periods int, o PDFOptions) (*PDF, error) {
	if o == (PDFOptions{}) {
		o = PDFOptions{From: -200, Until: -50, Step: 1}
	}
	bins := math.Ceil((o.Until - o.From) / o.Step * (1 - slack))
	if periods < 0 || !(o.Step > 0 && bins >= 1 && bins <= 1e6) {
		return nil, fmt.Errorf("%w: levels from %g to %g dB in steps of %g at %d periods",
			ErrOptions, o.From, o.Until, o.Step, periods)
	}
	n := int(bins)
	return &PDF{from: o.From, step: o.Step, periods: periods, bins: n,
		counts: make([]int, periods*n), totals: make([]int, periods)}, nil
}

// Add counts one segment's levels (dB), one for each period. A level counts in the bin
// with From + i Step < level <= From + (i+1) Step; those below the first or above the last, -Inf and +Inf
// too, count in it. NaN does not count. It panics if there is not one level for each period.
func (p *PDF) Add(levels []float64) {
	if len(levels) != p.periods {
		panic("spectrum: number of levels is not that of the periods")
	}
	for i, v := range levels {
		if math.IsNaN(v) {
			continue
		}
		at := max(0, min(float64(p.bins-1), math.Ceil((v-p.from)/p.step)-1))
		p.counts[i*p.bins+int(at)]++
		p.totals[i]++
	}
}

// Merge adds the counts of other. It panics if the two were made with different
// options.
func (p *PDF) Merge(other *PDF) {
	if p.from != other.from || p.step != other.step || p.periods != other.periods || p.bins != other.bins {
		panic("spectrum: merging counts of different periods or levels")
	}
	for i, n := range other.counts {
		p.counts[i] += n
	}
	for i, n := range other.totals {
		p.totals[i] += n
	}
}

// Bins is the number of bins of level.
func (p *PDF) Bins() int { return p.bins }

// Level is the level at the middle of a bin, dB.
func (p *PDF) Level(bin int) float64 { return p.from + float64((float64(bin)+0.5)*p.step) }

// Counts are how often the levels of each bin occurred at a period. The slice
// belongs to p, changes with it, and must not be changed.
func (p *PDF) Counts(period int) []int { return p.counts[period*p.bins : (period+1)*p.bins] }

// Total is how many levels were counted at a period.
func (p *PDF) Total(period int) int { return p.totals[period] }

// Mode stores in dst, for each period, the level at the middle of the bin that occurred most
// often, the lowest of equals, and NaN where nothing was counted. It panics if dst has not one value for
// each period.
func (p *PDF) Mode(dst []float64) {
	p.each(dst, func(counts []int, _ int) float64 {
		return p.Level(slices.Index(counts, slices.Max(counts)))
	})
}

// Percentile stores in dst, for each period, the lower edge of the first bin up to
// which at least percent of the levels occurred (ObsPy's get_percentile), and NaN where nothing was
// counted. It panics unless 0 < percent <= 100 and dst has one value for each period.
func (p *PDF) Percentile(dst []float64, percent float64) {
	if !(percent > 0 && percent <= 100) {
		panic("spectrum: percentile outside (0, 100]")
	}
	p.each(dst, func(counts []int, total int) float64 {
		below, bin := 0, 0
		for ; bin < len(counts)-1; bin++ {
			below += counts[bin]
			if float64(below)/float64(total) >= percent/100 {
				break
			}
		}
		return p.from + float64(float64(bin)*p.step)
	})
}

// each stores what number makes of the counts of each period.
func (p *PDF) each(dst []float64, number func(counts []int, total int) float64) {
	if len(dst) != p.periods {
		panic("spectrum: number of values is not that of the periods")
	}
	for i := range dst {
		dst[i] = math.NaN()
		if p.totals[i] > 0 {
			dst[i] = number(p.Counts(i), p.totals[i])
		}
	}
}
