package response_test

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/response"
)

// lookup asks the cache for the inverse of the velocimeter for n samples.
func lookup(t *testing.T, c *response.Cache, n int) *response.Inverse {
	t.Helper()
	r := velocimeter()
	inv, err := c.Inverse(response.Hash(r), r, n, 0.01, options())
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

func TestCacheGivesTheSameInverseAgain(t *testing.T) {
	c := response.NewCache(1 << 20)
	first := lookup(t, c, 100)
	if lookup(t, c, 100) != first {
		t.Error("the inverse is made again")
	}
	x := series(100)
	want := remove(t, velocimeter(), x, options())
	first.Remove(x, new(dsp.Plans), new(dsp.Scratch))
	if !slices.Equal(x, want) {
		t.Error("the cached inverse gives another result than a new one")
	}
}

func TestCacheTellsKeysApart(t *testing.T) {
	c := response.NewCache(1 << 20)
	r := velocimeter()
	base := lookup(t, c, 100)
	other := velocimeter()
	other.Stages[0].Gain++
	opt := options()
	opt.WaterLevel = 50
	changed := func(change func(o *response.Options)) (*response.Inverse, error) {
		o := options()
		change(&o)
		return c.Inverse(response.Hash(r), r, 100, 0.01, o)
	}
	for name, get := range map[string]func() (*response.Inverse, error){
		"response": func() (*response.Inverse, error) { return c.Inverse(response.Hash(other), other, 100, 0.01, options()) },
		"length":   func() (*response.Inverse, error) { return c.Inverse(response.Hash(r), r, 101, 0.01, options()) },
		"interval": func() (*response.Inverse, error) { return c.Inverse(response.Hash(r), r, 100, 0.02, options()) },
		"options":  func() (*response.Inverse, error) { return c.Inverse(response.Hash(r), r, 100, 0.01, opt) },
		"taper":    func() (*response.Inverse, error) { return changed(func(o *response.Options) { o.TaperFraction = 0.1 }) },
		"ends":     func() (*response.Inverse, error) { return changed(func(o *response.Options) { o.NoTaper = true }) },
		"mean":     func() (*response.Inverse, error) { return changed(func(o *response.Options) { o.NoMean = true }) },
		"length of the transform": func() (*response.Inverse, error) {
			return changed(func(o *response.Options) { o.Padding = response.PadNone })
		},
		"Nyquist coefficient": func() (*response.Inverse, error) { return changed(func(o *response.Options) { o.RealNyquist = true }) },
	} {
		if inv, err := get(); err != nil || inv == base {
			t.Errorf("another %s gives the same inverse (%v)", name, err)
		}
	}
	if lookup(t, c, 100) != base {
		t.Error("the first inverse is lost")
	}
}

// 1000 samples take 16 KB.
func TestCacheForgetsWhatWasUnusedForLongest(t *testing.T) {
	c := response.NewCache(40 << 10)
	first, second := lookup(t, c, 1000), lookup(t, c, 1001)
	lookup(t, c, 1000)
	lookup(t, c, 1002) // no room for three
	if lookup(t, c, 1000) != first {
		t.Error("the inverse used last is forgotten")
	}
	if lookup(t, c, 1001) == second {
		t.Error("more is kept than the bound allows")
	}
}

func TestCacheGivesWhatItCannotKeep(t *testing.T) {
	c := response.NewCache(0)
	first := lookup(t, c, 100)
	if first == nil || lookup(t, c, 100) == first {
		t.Error("an inverse above the bound must be given and not kept")
	}
}

func TestCacheDoesNotKeepErrors(t *testing.T) {
	c := response.NewCache(1 << 20)
	r := velocimeter()
	hash := response.Hash(r)
	if _, err := c.Inverse(hash, &waveform.Response{}, 100, 0.01, options()); !errors.Is(err, response.ErrNoStages) {
		t.Errorf("%v", err)
	}
	if _, err := c.Inverse(hash, r, 100, 0.01, options()); err != nil {
		t.Errorf("an earlier error comes back: %v", err)
	}
}

func TestCacheSharesOneEvaluationAmongGoroutines(t *testing.T) {
	c := response.NewCache(1 << 20)
	r := velocimeter()
	hash := response.Hash(r)
	got := make([]*response.Inverse, 8)
	start := make(chan struct{})
	var group sync.WaitGroup
	for i := range got {
		group.Go(func() {
			<-start
			got[i], _ = c.Inverse(hash, r, 5000, 0.01, options())
		})
	}
	close(start)
	group.Wait()
	for _, inv := range got {
		if inv == nil || inv != got[0] {
			t.Fatal("goroutines got different inverses")
		}
	}
}

func TestCacheKeepsSimulationsApartFromInversesAndFromOneAnother(t *testing.T) {
	c := response.NewCache(1 << 20)
	inv := lookup(t, c, 100)
	r := velocimeter()
	get := func(to *waveform.Response) *response.Simulation {
		t.Helper()
		s, err := c.Simulation(response.Hash(r), r, response.Hash(to), to, 100, 0.01, options())
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s, other := get(response.WoodAnderson()), get(response.WoodAndersonObsPy())
	if get(response.WoodAnderson()) != s || lookup(t, c, 100) != inv {
		t.Error("what was asked for before is made again")
	}
	if s == other || s == (*response.Simulation)(inv) {
		t.Error("another instrument gives the same simulation")
	}
	x, want := series(100), series(100)
	s.Apply(x, new(dsp.Plans), new(dsp.Scratch))
	simulate(t, r, response.WoodAnderson(), want, 0.01, options())
	if !slices.Equal(x, want) {
		t.Error("the cached simulation gives another result than a new one")
	}
}

func TestCacheDoesNotKeepErrorsOfSimulations(t *testing.T) {
	c := response.NewCache(1 << 20)
	r, wa := velocimeter(), response.WoodAnderson()
	if s, err := c.Simulation([32]byte{1}, r, [32]byte{2}, &waveform.Response{}, 100, 0.01, options()); !errors.Is(err, response.ErrNoStages) || s != nil {
		t.Errorf("%v", err)
	}
	if _, err := c.Simulation([32]byte{1}, r, [32]byte{2}, wa, 100, 0.01, options()); err != nil {
		t.Errorf("an earlier error comes back: %v", err)
	}
	if _, err := c.Simulation([32]byte{1}, r, [32]byte{2}, wa, -1, 0.01, options()); !errors.Is(err, response.ErrOptions) {
		t.Errorf("%v", err)
	}
}

// Goroutines ask for, use and crowd out the inverses and simulations of one another,
// of short traces and long ones. Under -race this shows that the cache and what it gives may be
// shared; the results show that no one got another's.
func TestCacheServesGoroutinesThatCrowdEachOtherOut(t *testing.T) {
	lengths := []int{2, 3, 5, 8, 13, 100, 101, 997, 1000}
	r, wa := velocimeter(), response.WoodAnderson()
	hash, target := response.Hash(r), response.Hash(wa)
	removed, simulated := map[int][]float64{}, map[int][]float64{}
	for _, n := range lengths {
		removed[n], simulated[n] = remove(t, r, series(n), options()), series(n)
		simulate(t, r, wa, simulated[n], 0.01, options())
	}
	c := response.NewCache(40 << 10) // room for two of the long ones
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			var plans dsp.Plans
			var scratch dsp.Scratch
			for i := range 90 {
				n := lengths[(i*(worker+1))%len(lengths)]
				inv, err := c.Inverse(hash, r, n, 0.01, options())
				if err != nil {
					t.Error(err)
					return
				}
				x := series(n)
				inv.Remove(x, &plans, &scratch)
				s, err := c.Simulation(hash, r, target, wa, n, 0.01, options())
				if err != nil {
					t.Error(err)
					return
				}
				y := series(n)
				s.Apply(y, &plans, &scratch)
				if !slices.Equal(x, removed[n]) || !slices.Equal(y, simulated[n]) {
					t.Errorf("%d samples differ from the result of one goroutine", n)
				}
			}
		})
	}
	group.Wait()
}

func TestCacheDoesNotAllocateForWhatItHas(t *testing.T) {
	c := response.NewCache(1 << 20)
	r, wa := velocimeter(), response.WoodAnderson()
	hash, target := response.Hash(r), response.Hash(wa)
	if n := testing.AllocsPerRun(10, func() {
		if _, err := c.Inverse(hash, r, 100, 0.01, options()); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Simulation(hash, r, target, wa, 100, 0.01, options()); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%g allocations", n)
	}
}
