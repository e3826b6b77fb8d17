// Package process makes the order of processing a value: a [Chain] of named
// [Step]s, each turning a trace into the next. A recipe describes a chain; a
// library user may write one down directly:
//
//	chain := process.Chain{
//		process.Detrend{},
//		process.Taper{Fraction: 0.05, Longest: 3},
//		process.RemoveResponse{Output: waveform.Acceleration, WaterLevel: 60, PreFilter: corners},
//		process.Bandpass{Low: process.Hertz(0.08), High: process.OfNyquist(0.75), Order: 4, Passes: 2},
//	}
//	err := chain.Apply(worker, instrument, &trace)
//
// Steps are immutable values and may be shared. A [Worker] holds scratch memory
// and belongs to one goroutine; the inverse responses and transform plans are in a
// [Shared], one for all workers of a program.
package process
