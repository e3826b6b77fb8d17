// Package mtp runs a process of three parts, an input, a pool of workers and an
// output, and stages composed of such parts. It depends on the standard library only
// and knows nothing of what the items are.
//
//	p := &mtp.Pipeline[Job, Row]{
//		Input:     mtp.FromSlice(jobs),
//		Work:      compute,               // Job -> Row, by Workers at once
//		Output:    write,                 // []Row, by one goroutine at a time
//		BatchSize: 1000,
//		BatchWait: time.Second,
//		Options:   mtp.Options{Workers: 8, Stop: interrupted}, // a channel, closed by the first Ctrl-C
//	}
//	stats, err := p.Run(ctx)
//
// # Sources and stages
//
// A [Source] is a function from a context to a sequence. [FromSlice], [FromSeq] and
// [FromFunc] make one; so does any function of that type. [Map], [MapLocal],
// [Expand] and [Batch] take a Source and return one, so stages compose, and what
// they make is either ranged over or is the Input of a [Pipeline]:
//
//	for row, err := range mtp.Map(src, work, mtp.Options{})(ctx) { ... }
//
// A bare range is not counted: use a Pipeline where the accounts matter.
//
// Nothing starts before the range does. Leaving the loop cancels every stage above
// and returns when all their goroutines have ended. A stage waits for a source that
// is slow to notice: a source should watch its context.
//
// # How it ends
//
//   - The input ends: what was read is finished and written. That holds also for
//     an input that ends by an error, which comes last.
//   - Options.Stop is closed: the sources read nothing more, what was read is
//     finished and written, and there is no error. Stop of a lower stage or of the
//     Pipeline drains all stages above it, from the top down.
//   - The context is cancelled: Work and Output see it at once through their own,
//     what is not written is aborted, and the error is [context.Cause].
//   - An error of Output or of a worker's factory, MaxErrors, or a panic (as a
//     [*PanicError]): as if cancelled, with that error. In a source or a stage above,
//     that is an error of the input: what lower stages have read is finished.
//
// A program that gives its first interrupt to Stop and its second to cancel ends
// politely or at once, as its user likes.
//
// # Errors
//
// One bad item does not end a run. What Work returns is wrapped as an [*ItemError]
// that takes the item's place in the sequence and passes all further stages by; an
// error matching [ErrSkip] drops the item instead. Any other error in a sequence
// is terminal and last. [Stats] has full counts and the first 100 item errors.
//
// Retries, time-outs and rate limits are functions from Work to Work, and nest:
//
//	Work: mtp.Retry(mtp.Limit(mtp.Timeout(compute, time.Minute), limiter), mtp.Backoff{Attempts: 5})
//
// # Bounds
//
// Ahead bounds the items of a stage, read and not yet handed on, wherever they
// are; MaxWeight bounds the sum of their weights as well. Memory depends on these
// bounds and not on the number of items. The Ahead of composed stages adds up.
//
// A lone item never waits for company: only a batch waits, and no longer than its
// time, if it has one. Where items take no more than some microseconds a worker takes
// several waiting ones at once, never more than its share of them, so that there is
// something left for every other worker. A big one among small ones can hold up the
// few that were taken with it. So Work must not wait for the Work of another item; it
// may wait for what Output does, as each result is handed on at once.
//
// # Counts
//
// Within a Pipeline.Run, [Pipeline.Snapshot] shows each stage and the totals at
// any time: enough for a progress bar, a log line or metrics. While a loop's body keeps
// a stage waiting, its counts may lag by the last few items. At the end
// Read = Written + Failed + Skipped + Aborted: no item is lost in silence. Stages find each other through the context, so a hand-written Source
// between two stages must pass its context up. The context of Work, Output and
// Expand's open does not count: a pipeline run in there is its own.
package mtp
