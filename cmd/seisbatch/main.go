// Command seisbatch measures the waveforms of earthquakes, from and to PostgreSQL.
package main

import (
	"os"
	"os/signal"
	"syscall"

	"github.com/seisbatch/seisbatch/cmd/internal/cli"
)

func main() {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // as under nohup
		signal.Notify(signals, syscall.SIGHUP)
	}
	os.Exit(cli.Execute(signals, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
