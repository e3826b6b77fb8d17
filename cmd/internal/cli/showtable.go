package cli

import (
	"fmt"
	"strings"

	"github.com/seisbatch/seisbatch/db"
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
	units   displayUnits
	periods []float64 // of the recipe, s
}

func newMeasurementTable(periods []float64, inG bool) *measurementTable {
	u := unitsFor(inG)
	t := &measurementTable{units: u, periods: periods}
	t.header = []string{"instrument", "comp", ">dist km", ">pga " + u.acceleration, ">pgv " + u.velocity, ">pgd " + u.displacement,
		">arias m/s", ">d5-95 s"}
	for _, p := range shownPeriods() {
		t.header = append(t.header, fmt.Sprintf(">psa %gs %s", p, u.acceleration))
	}
	t.header = append(t.header, ">snr", "flags")
	return t
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
	for _, p := range shownPeriods() {
		cell := ""
		if i := periodIndex(t.periods, p); i >= 0 && i < len(m.PSA) {
			cell = digits(&m.PSA[i], u.perMS2, three)
		}
		cells = append(cells, cell)
	}
	t.add(append(cells, digits(m.SNR, 1, three), strings.Join(m.Flags, ","))...)
}
