package recipe_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform/recipe"
)

func mustParse(t *testing.T, text string) recipe.Recipe {
	t.Helper()
	r, err := recipe.Parse("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestARecipeNamesItsTravelTimes(t *testing.T) {
	const degree = 6371e3 * math.Pi / 180
	origin := time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)
	straight := func(degrees, depth, velocity float64) float64 { return math.Hypot(degrees*degree, depth) / velocity }
	for _, c := range []struct {
		model          string
		degrees, depth float64
		p, s           float64 // layered: of ObsPy 1.5's TauP
		source         string
	}{
		{"ak135", 1, 0, 19.1713, 32.1369, "ak135"},
		{"ak135", 1, math.NaN(), 19.1713, 32.1369, "ak135"},
		{"ak135", 60, 100e3, 595.9930, 1080.7434, "ak135"},
		{"ak135", 170, 0, 1209.6027, 1634.3207, "ak135 PKP SKS"},
		{"iasp91", 1, 0, 19.1715, 33.0933, "iasp91"},
		{"iasp91", 60, 100e3, 595.9579, 1081.2837, "iasp91"},
		{"constant", 1, 10e3, straight(1, 10e3, 6500), straight(1, 10e3, 3500), "constant"},
		{"ak135", 1, 800e3, straight(1, 800e3, 6500), straight(1, 800e3, 3500), "constant"}, // below the model
	} {
		const tolerance = 0.012 // s: what package traveltime is held to
		r := mustParse(t, "times: {model: "+c.model+"}")
		on, source := r.Times.Onsets(origin, c.degrees*degree, c.depth)
		p, s := on.P.Sub(origin).Seconds(), on.S.Sub(origin).Seconds()
		if source != c.source || math.Abs(p-c.p) > tolerance || math.Abs(s-c.s) > tolerance || on.Origin != origin {
			t.Errorf("%s at %g degrees, depth %g: %q, P %g, S %g; want %q, %g, %g", c.model, c.degrees, c.depth, source, p, s, c.source, c.p, c.s)
		}
	}
}

func TestTheModelIsPartOfTheHash(t *testing.T) {
	plain := recipe.Default()
	constant, ak135, iasp91 := mustParse(t, "times: {model: constant}"), mustParse(t, "times: {model: ak135}"), mustParse(t, "times: {model: iasp91}")
	if ak135.Hash() != plain.Hash() {
		t.Error("naming the default changes the hash")
	}
	if ak135.Hash() == iasp91.Hash() || ak135.Hash() == constant.Hash() {
		t.Error("another model has the same hash")
	}
	_, err := recipe.Parse("test.yaml", []byte("times:\n  model: prem\n"))
	var bad *recipe.Error
	if !errors.As(err, &bad) || bad.Line != 2 || !strings.Contains(err.Error(), "ak135") {
		t.Errorf("model prem: %v", err)
	}
}
