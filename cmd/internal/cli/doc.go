// Package cli is the command line of seisbatch: flags, environment and
// configuration in, exit status out. Each verb has a file of its own; the work is
// done by package job and what lies below it, to which resolved values are passed.
//
// Results go to stdout, logs and progress to stderr.
package cli
