// Package job wires the database, the waveform packages and the pipeline together:
// loading metadata and archives, and running a recipe over events and instruments.
// It reads no flags, environment or configuration, and writes to no terminal.
package job
