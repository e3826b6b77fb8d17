// Package program makes a seisbatch with steps and measurements of one's own: a main package
// of a few lines,
//
//	func main() {
//		words := recipe.Language{}.WithStep("despike", newDespike).WithMeasure("energy", newEnergy)
//		os.Exit(program.Main(words))
//	}
//
// is the whole command line, database and nightly job of seisbatch, with recipes that may name
// despike and energy. What these are is in the documentation of package recipe
// (Language), with an example of both in its example_language_test.go. Other programs share such a program's database, but not the recipes that use its words.
package program

import (
	"os"
	"os/signal"
	"syscall"

	"github.com/seisbatch/seisbatch/cmd/internal/cli"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// Main runs the program with the arguments of the process and returns its exit status. The zero
// Language makes it the plain seisbatch. SIGINT and SIGTERM, and SIGHUP unless it is ignored
// as under nohup, end it in good order; a second one, at once.
func Main(words recipe.Language) int {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(signals, syscall.SIGHUP)
	}
	return cli.Execute(words, signals, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
}
