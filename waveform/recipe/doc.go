// Package recipe says how a waveform becomes numbers, as a value: which channels
// and distances are eligible, the windows, the ordered chain of steps, and the
// measurements. A recipe is written in YAML ([Parse]), validated with line
// numbers, hashed ([Recipe.Hash]), and carried out by a [Processor].
//
// The default recipe, default.yaml, is documented line by line and is what every
// key that a recipe leaves out falls back to. [DefaultText] prints it, [Default] is
// its value.
//
// # Use
//
// [NewShared] holds what all workers of a recipe share; each worker has a [Processor] of its
// own. An [Input] is the data of one instrument for one event: [Times.Onsets] gives P
// and S, [Windows.Wanted] the window to read, and each channel with data is a [Component].
// [Processor.Process] makes a [Measurement] of each, and of both horizontals together;
// [Processor.Until] stops after a step of the chain and gives the traces. The example
// does all of it from files.
//
// A program's own steps and measurements are words added to a [Language], whose recipes
// may then use them.
//
// # Conventions
//
//   - SI units: m/s^2, m/s, m, s, Hz; distances in m, angles in degrees. A number that there
//     is none of is NaN.
//   - Why an item was not measured is a [*Failure] with a [Code]; what is doubtful about
//     a row that was is among its flags, the constants that begin with Flag.
//   - A Recipe and a Shared may be used by any number of goroutines at once. A Processor
//     belongs to one at a time. It overwrites the samples of its Input.
//   - In the steady state a Processor allocates the rows that it returns, which are the
//     caller's to keep, and nothing in proportion to the samples.
//
// # Fingerprints
//
// [Algorithm] is the version of the computation itself. It is part of every
// result's fingerprint; whoever changes numbers must raise it, and a test over a
// fixed corpus fails until they do. [Recipe.Hash], [DataHash], [MetadataHash],
// [EventHash] and [ReviewHash] are the other parts: a result is out of date where one of them differs.
package recipe
