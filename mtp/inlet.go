package mtp

import (
	"context"
	"sync"
	"sync/atomic"
)

// A stage finds what the stages below it share in its context, as a link. Work and
// Output get a context without it, so that a pipeline inside Work is its own.
type linkKey struct{}

// link is what a stage tells the sources it reads.
//
// A drain has to stop the reading at the top only: a stage in the middle goes on
// until the stages above have handed down what they hold. So a stage claims the
// link it is started under, and who owns a claimed link does not stop reading.
type link struct {
	run    *run            // nil outside a Pipeline
	below  *link           // nil for the lowest stage
	stop   <-chan struct{} // Options.Stop of the link's owner, or nil
	drain  chan struct{}   // closed soon after a stop here or below; nil if there is none
	claims atomic.Int32    // stages reading on behalf of the link's owner
}

func linkOf(ctx context.Context) *link {
	l, _ := ctx.Value(linkKey{}).(*link)
	return l
}

// unlinked is ctx for functions that are no source.
func unlinked(ctx context.Context) context.Context {
	return context.WithValue(ctx, linkKey{}, (*link)(nil))
}

// stopping reports a closed Stop at once, before the drain has gone round.
func (l *link) stopping() bool {
	for ; l != nil; l = l.below {
		select {
		case <-l.stop:
			return true
		default:
		}
	}
	return false
}

// inlet is the reading end of a stage.
type inlet struct {
	link
	ctx    context.Context // for the source
	cancel context.CancelFunc
	watch  sync.WaitGroup
}

// openInlet claims the link in ctx; stop may be nil. The caller closes it.
func openInlet(ctx context.Context, stop <-chan struct{}) *inlet {
	in := &inlet{link: link{below: linkOf(ctx), stop: stop}}
	var drainBelow chan struct{}
	if in.below != nil {
		in.below.claims.Add(1) // before this stage first looks for a stop: see watchStop
		in.run = in.below.run
		drainBelow = in.below.drain
	}
	in.ctx, in.cancel = context.WithCancel(context.WithValue(ctx, linkKey{}, &in.link))
	if stop != nil || drainBelow != nil {
		in.drain = make(chan struct{})
		in.watch.Go(func() { in.watchStop(drainBelow) })
	}
	return in
}

// watchStop passes a stop on to the stages above and, where there is none, wakes a
// source that waits for its next item. A stage that claims the link only after the
// look at claims finds the stop closed and reads nothing.
func (in *inlet) watchStop(drainBelow <-chan struct{}) {
	select {
	case <-in.stop:
	case <-drainBelow:
	case <-in.ctx.Done():
		return
	}
	close(in.drain)
	if in.claims.Load() == 0 {
		in.cancel()
	}
}

// drained reports that this stage is to read nothing more.
func (in *inlet) drained() bool {
	return in.drain != nil && in.stopping() && in.claims.Load() == 0
}

func (in *inlet) close() {
	in.cancel()
	in.watch.Wait()
	if in.below != nil {
		in.below.claims.Add(-1)
	}
}
