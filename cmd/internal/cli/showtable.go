package cli

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// standardGravity is g, m/s^2 (CGPM 1901).
const standardGravity = 9.80665

// displayUnits turn SI into what is shown.
type displayUnits struct {
	acceleration, velocity, displacement string
	perMS2, perMS, perM                  float64 // factors
}

func unitsFor(inG bool) displayUnits {
	if inG {
		return displayUnits{"%g", "cm/s", "cm", 100 / standardGravity, 100, 100}
	}
	return displayUnits{"m/s2", "m/s", "m", 1, 1, 1}
}

// measurementTable is the table of one event.
type measurementTable struct {
	table
	units displayUnits
	psa   []int // the shown ones of the spectrum, by index
}

func newMeasurementTable(x axes, inG bool) *measurementTable {
	u := unitsFor(inG)
	t := &measurementTable{units: u, psa: shownPeriods(x.Periods)}
	t.header = []string{"instrument", "comp", ">dist km", ">pga " + u.acceleration, ">pgv " + u.velocity, ">pgd " + u.displacement,
		">arias m/s", ">d5-95 s"}
	for _, i := range t.psa {
		damping := ""
		if x.Dampings[0] != 0.05 {
			damping = fmt.Sprintf(" %g%%", 100*x.Dampings[0])
		}
		t.header = append(t.header, fmt.Sprintf(">psa %gs%s %s", x.Periods[i], damping, u.acceleration))
	}
	t.header = append(t.header, ">snr", "flags")
	return t
}

// shownPeriods picks, by index, those of a recipe's periods (s) that are the nearest to
// 0.3, 1 and 3 s by their ratio, each once; none of none.
func shownPeriods(periods []float64) []int {
	var shown []int
	for _, want := range []float64{0.3, 1, 3} {
		best := -1
		for i, p := range periods {
			if best < 0 || math.Abs(math.Log(p/want)) < math.Abs(math.Log(periods[best]/want)) {
				best = i
			}
		}
		if best >= 0 && !slices.Contains(shown, best) {
			shown = append(shown, best)
		}
	}
	return shown
}

// shownFlags leaves out the flag that most rows have.
func shownFlags(flags []string) []string {
	return slices.DeleteFunc(slices.Clone(flags), func(f string) bool { return f == recipe.FlagUpsampled })
}

func (t *measurementTable) addRow(m *db.Measurement) {
	const three = 3 // significant digits
	u := t.units
	cells := []string{
		fmt.Sprintf("%s.%s.%s.%s", m.Network, m.Station, blank(m.Location), m.Instrument), m.Component,
		fixed(m.Distance, 1e-3, 1),
		digits(m.PGA, u.perMS2, three), digits(m.PGV, u.perMS, three), digits(m.PGD, u.perM, three),
		digits(m.Arias, 1, three), fixed(m.D595, 1, 2),
	}
	for _, i := range t.psa {
		cell := ""
		if i < len(m.PSA) {
			cell = digits(&m.PSA[i], u.perMS2, three)
		}
		cells = append(cells, cell)
	}
	t.add(append(cells, digits(m.SNR, 1, three), strings.Join(shownFlags(m.Flags), ","))...)
}
