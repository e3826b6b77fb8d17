package export

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
)

// metric is a number, or an array of them, in a Ground Motion Packet.
type metric struct {
	Properties struct {
		Description string `json:"description"`
		Name        string `json:"name"`
		Units       string `json:"units"`
		Peak        any    `json:"time_of_peak,omitempty"`
	} `json:"properties"`
	Dimensions *dimensions `json:"dimensions,omitempty"`
	Values     any         `json:"values"` // decimalNumber, or as many levels of arrays as there are dimensions
}

type dimensions struct {
	Number int               `json:"number"`
	Names  []string          `json:"names"`
	Units  []string          `json:"units"`
	Axes   [][]decimalNumber `json:"axis_values"`
}

// metricsOf are those that a row has.
func metricsOf(h *Header, r *Row) []metric {
	list := []metric{}
	for s := range Scalars {
		if s == D575 || s == D595 || math.IsNaN(r.Numbers[s]) || math.IsInf(r.Numbers[s], 0) {
			continue
		}
		m := newMetric(h, s.quantity(), packetName(s), r.Numbers[s])
		if at, ok := peakOf(s); ok {
			m.Properties.Peak = packetTime(r, at)
		}
		list = append(list, m)
	}
	list = append(list, durations(h, r)...)
	for s := range Spectra {
		if r.Spectra[s] != nil {
			list = append(list, spectrumMetrics(h, r, s)...)
		}
	}
	return append(append(list, extraMetrics(r)...), flagMetrics(h, r)...)
}

func newMetric(h *Header, q quantity, name string, values ...float64) metric {
	var m metric
	u := q.of.in(h.Units)
	m.Properties.Description, m.Properties.Name, m.Properties.Units = q.meaning, name, u.name
	if u.name == "" {
		m.Properties.Units = "dimensionless"
	}
	converted := make([]decimalNumber, len(values))
	for i, v := range values {
		converted[i] = decimalNumber(v * u.factor)
	}
	m.Values = converted
	if len(values) == 1 {
		m.Values = converted[0]
	}
	return m
}

// packetName is the name of a scalar: those that gmprocess has as there, others as in the database.
func packetName(s Scalar) string {
	switch s {
	case PGA:
		return "PGA"
	case PGV:
		return "PGV"
	case PGD:
		return "PGD"
	case Arias:
		return "Arias"
	case CAV:
		return "CAV"
	case SortedDuration:
		return "SortedDuration"
	}
	return s.quantity().name
}

// durations are the significant durations, by the shares of the Arias intensity at which they start and end.
func durations(h *Header, r *Row) []metric {
	short, long := r.Numbers[D575], r.Numbers[D595]
	if math.IsNaN(short) && math.IsNaN(long) {
		return nil
	}
	m := newMetric(h, quantity{"duration", seconds, "Significant duration"}, "Duration", 0)
	m.Dimensions = &dimensions{2, []string{"start percentage", "end percentage"}, []string{"%", "%"}, [][]decimalNumber{{5}, {75, 95}}}
	m.Values = [][]decimalNumber{{decimalNumber(short), decimalNumber(long)}}
	return []metric{m}
}

// spectrumMetrics are a spectrum as an array, or one number for each band.
func spectrumMetrics(h *Header, r *Row, s Spectrum) []metric {
	q, a := s.quantity()
	values := r.Spectra[s]
	if len(values) == 0 || len(values) != h.Axes.len(s) {
		return nil
	}
	name := map[Spectrum]string{PSA: "PSA", SA: "SA", SD: "SD", SV: "SV", FAS: "FAS"}[s]
	u := q.of.in(h.Units)
	switch a {
	case oscillators:
		n := len(h.Axes.Periods)
		m := newMetric(h, q, name, 0)
		m.Dimensions = &dimensions{2, []string{"critical damping", "period"}, []string{"%", "s"},
			[][]decimalNumber{inPercent(h.Axes.Dampings), scaled(h.Axes.Periods, 1)}}
		table := make([][]decimalNumber, len(h.Axes.Dampings))
		for i := range table {
			table[i] = scaled(values[i*n:(i+1)*n], u.factor)
		}
		m.Values = table
		return []metric{m}
	case frequencies:
		m := newMetric(h, q, name, 0)
		m.Dimensions = &dimensions{1, []string{"frequency"}, []string{"Hz"}, [][]decimalNumber{scaled(h.Axes.Frequencies, 1)}}
		m.Values = scaled(values, u.factor)
		return []metric{m}
	}
	var list []metric
	for i, b := range h.Axes.Bands {
		if !math.IsNaN(values[i]) && !math.IsInf(values[i], 0) {
			list = append(list, newMetric(h, q, fmt.Sprintf("snr %g-%g Hz", b.From, b.Until), values[i]))
		}
	}
	return list
}

func scaled(values []float64, factor float64) []decimalNumber {
	out := make([]decimalNumber, len(values))
	for i, v := range values {
		out[i] = decimalNumber(v * factor)
	}
	return out
}

func inPercent(fractions []float64) []decimalNumber {
	out := make([]decimalNumber, len(fractions))
	for i, d := range fractions {
		out[i] = decimalNumber(percentOf(d))
	}
	return out
}

// flagMetrics are the flags of a row, each a number 1: a packet has no other place for them.
func flagMetrics(h *Header, r *Row) []metric {
	list := make([]metric, len(r.Flags))
	for i, f := range r.Flags {
		list[i] = newMetric(h, quantity{meaning: "Flag of seisbatch, about all metrics of the trace"}, "flag_"+f, 1)
	}
	return list
}

// extraMetrics are the numbers that a program added, of which the units are not known.
func extraMetrics(r *Row) []metric {
	var numbers map[string]*float64
	if r.Extra == nil || json.Unmarshal(r.Extra, &numbers) != nil {
		return nil
	}
	var list []metric
	for _, name := range slices.Sorted(maps.Keys(numbers)) {
		if v := numbers[name]; v != nil {
			var m metric
			m.Properties.Name, m.Properties.Description, m.Properties.Units = name, "Measurement of the program's own", "unknown"
			m.Values = decimalNumber(*v)
			list = append(list, m)
		}
	}
	return list
}
