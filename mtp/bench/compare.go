package main

import "slices"

// perItem gives the median time of one item by contender k, in nanoseconds.
func (m measurement) perItem(k int) float64 { return median(m.times[k]) }

// ratio compares two contenders in each round, when both had the same disturbances,
// and gives the median.
func (m measurement) ratio(k, to int) float64 {
	ratios := make([]float64, len(m.times[k]))
	for round := range ratios {
		ratios[round] = m.times[k][round] / m.times[to][round]
	}
	return median(ratios)
}

// reference gives the hand-written contender, the faster one if there are two.
func (m measurement) reference() int {
	return m.fastest(func(c contender) bool { return c.hand })
}

// bestOther gives the fastest contender that is not mtp.
func (m measurement) bestOther() int {
	return m.fastest(func(c contender) bool { return c.name != "mtp" })
}

// fastest gives the contender of the least median among those of which is true; there
// is one.
func (m measurement) fastest(of func(contender) bool) int {
	best := -1
	for k, c := range m.contenders {
		if of(c) && (best < 0 || m.perItem(k) < m.perItem(best)) {
			best = k
		}
	}
	return best
}

// median of a list that is not empty; the mean of the two in the middle if their
// number is even.
func median(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}
