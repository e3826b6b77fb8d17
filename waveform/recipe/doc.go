// Package recipe says how a waveform becomes numbers, as a value: which channels
// and distances are eligible, the windows, the ordered chain of steps, and the
// measurements. A recipe is written in YAML ([Parse]), validated with line
// numbers, hashed ([Recipe.Hash]), and carried out by a [Processor].
//
// The default recipe, default.yaml, is documented line by line and is what every
// key that a recipe leaves out falls back to.
//
// [Algorithm] is the version of the computation itself. It is part of every
// result's fingerprint; whoever changes numbers must raise it, and a test over a
// fixed corpus fails until they do.
package recipe
