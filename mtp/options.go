package mtp

import (
	"fmt"
	"runtime"
)

// Options are what a stage with workers may be told. The zero value is good.
type Options struct {
	// Name is the stage's in errors and counts; "map" for Map and MapLocal,
	// "work" for a Pipeline. Stages of one run that share a name are counted
	// together, as are those of Batch, which are called "batch".
	Name string
	// Workers is how many items are worked on at once; GOMAXPROCS if not positive.
	Workers int
	// Ahead bounds the items of the stage that are read and not yet handed on:
	// waiting, at work, and finished but waiting for an earlier one. Below
	// Workers it leaves workers idle. 2*Workers if not positive.
	Ahead int
	// Ordered hands on results in the order in which items were read.
	Ordered bool
	// MaxWeight, if positive, also bounds the sum of the weights (bytes, say) of
	// the items read and not yet handed on, or not yet written in a Pipeline. One
	// more item may have been read and wait for room. An item heavier than
	// MaxWeight travels alone. In a Pipeline it wants room for a batch and Ahead
	// items, or batches are written short.
	MaxWeight int64
	// Weight is the weight of an item of the stage's input: item.(Record).Size, where
	// it reads Records. Required with MaxWeight, else unused. It is called by one goroutine at a
	// time; a negative weight counts as 0.
	Weight func(item any) int64
	// Stop, once closed, drains: the sources above read nothing more (their
	// context is cancelled, and an item that is already on its way is taken), what
	// was read is finished and handed on, and the sequence ends without error.
	Stop <-chan struct{}
}

// withDefaults fills what was left open and touches nothing else.
func (o Options) withDefaults(name string) Options {
	if o.Name == "" {
		o.Name = name
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Ahead <= 0 {
		o.Ahead = 2 * o.Workers
	}
	return o
}

func (o Options) check() error {
	if o.MaxWeight > 0 && o.Weight == nil {
		return fmt.Errorf("mtp: stage %q: MaxWeight without Weight", o.Name)
	}
	return nil
}
