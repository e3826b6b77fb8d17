package job

import (
	"context"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform/metric"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// axesOf is what the arrays of a recipe's measurements are at, as a label's row keeps it. What
// the recipe does not ask for is empty, not nil.
func axesOf(r *recipe.Recipe) db.Axes {
	m := r.Measure
	x := db.Axes{Spectra: spectraOf(m.Spectra), Periods: append(db.Floats{}, m.Periods...), Dampings: append(db.Floats{}, m.Dampings...),
		Frequencies: db.Floats{}, BandFrom: db.Floats{}, BandUntil: db.Floats{}}
	if m.FAS != nil {
		x.Frequencies = append(x.Frequencies, m.FAS.Frequencies...)
	}
	for _, b := range m.Bands {
		x.BandFrom, x.BandUntil = append(x.BandFrom, b.From), append(x.BandUntil, b.Until)
	}
	return x
}

// spectraOf are the columns of response spectra that there are.
func spectraOf(asked metric.Quantities) db.Texts {
	names := db.Texts{}
	for _, s := range []struct {
		of   metric.Quantities
		name string
	}{{metric.PSA, "psa"}, {metric.SA, "sa"}, {metric.SD, "sd"}, {metric.SV, "sv"}} {
		if asked&s.of != 0 {
			names = append(names, s.name)
		}
	}
	return names
}

// saveLabel writes a label with its recipe and the axes of its arrays.
func (r *run) saveLabel(ctx context.Context, tx *sqlx.Tx, text []byte) error {
	return db.SaveLabel(ctx, tx, db.Label{Name: r.o.Label, Recipe: string(text), RecipeHash: r.hash[:], Axes: axesOf(&r.recipe)})
}
