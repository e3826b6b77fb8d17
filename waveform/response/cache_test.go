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
	for name, get := range map[string]func() (*response.Inverse, error){
		"response": func() (*response.Inverse, error) { return c.Inverse(response.Hash(other), other, 100, 0.01, options()) },
		"length":   func() (*response.Inverse, error) { return c.Inverse(response.Hash(r), r, 101, 0.01, options()) },
		"interval": func() (*response.Inverse, error) { return c.Inverse(response.Hash(r), r, 100, 0.02, options()) },
		"options":  func() (*response.Inverse, error) { return c.Inverse(response.Hash(r), r, 100, 0.01, opt) },
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
