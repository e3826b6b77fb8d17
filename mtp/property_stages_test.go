package mtp_test

import (
	"context"
	"iter"

	"github.com/seisbatch/seisbatch/mtp"
)

// input composes the stages above the last, with a tap between any two.
func (a *attempt) input() mtp.Source[item] {
	src := mtp.Source[item](a.source)
	var up *station
	var batches mtp.Source[[]item]
	for _, st := range a.stations {
		if st.kind != "unbatch" {
			src = a.tap(src, up, st)
		}
		up = st
		if st == a.last() {
			break
		}
		switch st.kind {
		case "map":
			src = a.mapped(src, st)
		case "fan":
			src = mtp.Expand(src, st.name, a.open(st))
		case "batch":
			batches = a.tapBatches(mtp.Batch(src, st.size, st.wait), st)
		case "unbatch":
			src = mtp.Expand(batches, st.name, unbatch)
		}
	}
	return src
}

func (a *attempt) mapped(src mtp.Source[item], st *station) mtp.Source[item] {
	if st.local {
		return mtp.MapLocal(src, a.factory(st), a.options(st))
	}
	return mtp.Map(src, a.work(st), a.options(st))
}

func (a *attempt) options(st *station) mtp.Options {
	opt := mtp.Options{Name: st.name, Workers: st.workers, Ahead: st.ahead, Ordered: st.ordered}
	if st.maxWeight > 0 {
		opt.MaxWeight = st.maxWeight
		opt.Weight = func(v any) int64 { return a.weight(v.(item)) }
	}
	if a.event.kind == "drain" && a.stopAt == st.at {
		opt.Stop = a.stop
	}
	return opt
}

// tap books what goes from one stage to the next.
func (a *attempt) tap(src mtp.Source[item], up, down *station) mtp.Source[item] {
	return func(ctx context.Context) iter.Seq2[item, error] {
		return func(yield func(item, error) bool) {
			defer a.inside("the tap above " + down.name)()
			for it, err := range src(ctx) {
				key, held := a.cross(up, down, it, err)
				more := yield(it, err)
				if held {
					a.leave(up, key)
				}
				if !more {
					return
				}
			}
		}
	}
}

func (a *attempt) tapBatches(src mtp.Source[[]item], st *station) mtp.Source[[]item] {
	return func(ctx context.Context) iter.Seq2[[]item, error] {
		return func(yield func([]item, error) bool) {
			defer a.inside("the tap below batch")()
			for batch, err := range src(ctx) {
				if err != nil {
					a.cross(st, nil, item{}, err)
				} else {
					a.checkBatch(st, batch)
					a.emerge(st, batch)
				}
				more := yield(batch, err)
				a.leave(st, batch...)
				a.handedOn(st, err == nil)
				if !more {
					return
				}
			}
		}
	}
}

func (a *attempt) pipeline() *mtp.Pipeline[item, item] {
	own := a.last()
	p := &mtp.Pipeline[item, item]{
		Input: a.input(), Output: a.output, OnError: a.observe,
		BatchSize: own.size, BatchWait: own.wait, Options: a.options(own),
	}
	if own.local {
		p.NewWork = a.factory(own)
	} else {
		p.Work = a.work(own)
	}
	if a.event.kind == "max errors" {
		p.MaxErrors = a.event.nth
	}
	a.snapshot = p.Snapshot
	return p
}

func (a *attempt) output(ctx context.Context, batch []item) error {
	if !a.deliver(ctx, batch) && a.event.kind == "output error" {
		return errOutput
	}
	a.emerge(a.last(), batch)
	a.checkSnapshot(a.snapshot())
	a.write(batch)
	a.leave(a.last(), batch...)
	a.handedOn(a.last(), true)
	return nil
}

func (a *attempt) observe(err *mtp.ItemError) {
	defer a.sole(a.last())()
	key, held := a.cross(a.last(), nil, item{}, err)
	a.reject(err, key)
	a.reach(inObserver, a.last().at)
	if held {
		a.leave(a.last(), key)
	}
}

// loop ranges over the last stage, a Map.
func (a *attempt) loop(ctx context.Context, src mtp.Source[item]) {
	own := a.last()
	for it, err := range src(ctx) {
		if a.isLast(err) {
			continue
		}
		key, held := a.cross(own, nil, it, err)
		if err != nil {
			a.reject(err, key)
		}
		more := a.body(ctx, key)
		if err == nil {
			a.write([]item{it})
		}
		if held {
			a.leave(own, key)
		}
		if !more {
			return
		}
	}
}

func (a *attempt) body(ctx context.Context, key item) (more bool) {
	a.rest(ctx, a.sleep(a.sinkDelay, ofSleep, -2, key.id, key.part))
	return !a.reach(inSink, a.last().at) || a.event.kind != "early break"
}

// batchLoop ranges over the last stage, a Batch.
func (a *attempt) batchLoop(ctx context.Context, src mtp.Source[[]item]) {
	own := a.last()
	for batch, err := range src(ctx) {
		if a.isLast(err) {
			continue
		}
		if err != nil {
			key, _ := a.cross(own, nil, item{}, err)
			a.reject(err, key)
			continue
		}
		more := a.deliver(ctx, batch)
		a.emerge(own, batch)
		a.write(batch)
		a.leave(own, batch...)
		a.handedOn(own, true)
		if !more && a.event.kind == "early break" {
			return
		}
	}
}

// isLast keeps the terminal error, after which nothing may come.
func (a *attempt) isLast(err error) bool {
	if a.err != nil {
		a.wrong("%v came after the terminal error %v", err, a.err)
	}
	if err == nil || a.faultOf(err) != nil {
		return false
	}
	a.err = err
	return true
}
