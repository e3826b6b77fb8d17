package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/cmd/internal/metrics"
)

// registerMetrics registers the flags of the metrics. Verbs that have them are measured: see
// [app.measured].
func registerMetrics(cmd *cobra.Command) {
	cmd.Flags().String(keyMetricsListen, "", "serve metrics for Prometheus at this `ADDRESS`, as :9464, while it works (path /metrics)")
	cmd.Flags().String(keyMetricsFile, "", "write the metrics to this `FILE`, NAME.prom, at the end: for node_exporter's textfile collector")
}

// measured does the work of a verb and, where metrics are asked for, measures what it does
// through [app.process] and [app.load].
func (a *app) measured(cmd *cobra.Command, work func() error) error {
	listen, file := a.settings.text(keyMetricsListen), a.settings.text(keyMetricsFile)
	if cmd.Flags().Lookup(keyMetricsListen) == nil || listen == "" && file == "" {
		return work()
	}
	m := metrics.New(a.metricsCommand(cmd))
	if err := a.recallMetrics(m, file); err != nil {
		return err
	}
	server, err := a.serveMetrics(m, listen)
	if err != nil {
		return err
	}
	if server != nil {
		defer a.endServer(server)
	}
	a.watch = m.Watch()
	err = work()
	status := exitStatus(cmd.Context(), err)
	m.End(time.Now(), status, status == exitDone || status == exitSomeFailed)
	return errors.Join(err, writeMetrics(m, file))
}

// metricsCommand names what is measured, by the flags that the verb has.
func (a *app) metricsCommand(cmd *cobra.Command) metrics.Command {
	c := metrics.Command{Verb: strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" "), Version: readVersion().Version, Start: time.Now()}
	if cmd.Flags().Lookup(keyLabel) != nil {
		c.Label = a.settings.text(keyLabel)
	}
	if shard := cmd.Flags().Lookup("shard"); shard != nil {
		c.Shard = shard.Value.String()
	}
	return c
}

// recallMetrics sees that the file can be written, and reads what it has of the last time.
func (a *app) recallMetrics(m *metrics.Metrics, file string) error {
	if file == "" {
		return nil
	}
	switch dir, err := os.Stat(filepath.Dir(file)); {
	case errors.Is(err, fs.ErrNotExist):
		return usagef("--%s %s: there is no folder %s: make it first", keyMetricsFile, file, filepath.Dir(file))
	case err != nil:
		return usagef("--%s: %w", keyMetricsFile, err)
	case !dir.IsDir():
		return usagef("--%s %s: %s is no folder", keyMetricsFile, file, filepath.Dir(file))
	}
	if to, err := os.Stat(file); err == nil && !to.Mode().IsRegular() {
		return usagef("--%s %s: it is there, and is no file: name another", keyMetricsFile, file)
	}
	if err := m.Recall(file); err != nil {
		a.log.Warn("the metrics file of the last time cannot be read, and will be replaced", "error", err)
	}
	return nil
}

// serveMetrics serves them, unless the address is "".
func (a *app) serveMetrics(m *metrics.Metrics, address string) (*metrics.Server, error) {
	if address == "" {
		return nil, nil
	}
	s, err := m.Listen(address, a.log)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, usagef("--%s: %w: another program, maybe another seisbatch, listens there; give another address, or port 0 for any that is free", keyMetricsListen, err)
	case err != nil:
		return nil, usagef("--%s: %w", keyMetricsListen, err)
	}
	a.log.Info("metrics are served", "address", s.Address(), "path", "/metrics")
	return s, nil
}

func (a *app) endServer(s *metrics.Server) {
	if err := s.Close(); err != nil {
		a.log.Warn("ending the server of metrics", "error", err)
	}
}

func writeMetrics(m *metrics.Metrics, file string) error {
	if file == "" {
		return nil
	}
	if err := m.WriteFile(file); err != nil {
		return fmt.Errorf("--%s: %w", keyMetricsFile, err)
	}
	return nil
}

// checkListen sees whether an address has the form of one.
func checkListen(text string) error {
	if text == "" {
		return nil
	}
	_, port, err := net.SplitHostPort(text)
	if n, errPort := strconv.Atoi(port); cmp.Or(err, errPort) != nil || n < 0 || n > 65535 {
		return fmt.Errorf("%q: want HOST:PORT, such as 127.0.0.1:9464, or :9464 for every address of this machine", text)
	}
	return nil
}
