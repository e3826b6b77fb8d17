package metrics

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// maxFile bounds what is read of a metrics file, in bytes.
const maxFile = 4 << 20

// WriteFile writes the metrics as text, in place of what the file had, at once: for
// node_exporter's textfile collector. Those of the Go runtime and the process are left out,
// because node_exporter has some of the same names.
func (m *Metrics) WriteFile(path string) error { return prometheus.WriteToTextfile(path, m.registry) }

// Recall reads from the metrics file of an earlier command of the same verb, label and shard when it
// last finished. A file that is not there is no error.
func (m *Metrics) Recall(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(io.LimitReader(f, maxFile))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for _, metric := range families["seisbatch_last_finished_timestamp_seconds"].GetMetric() {
		if m.isOwn(metric) {
			m.ends.finished.WithLabelValues().Set(metric.GetGauge().GetValue())
		}
	}
	return nil
}

// isOwn reports whether a metric has the labels of every metric of this command. A label
// without a value is as good as none.
func (m *Metrics) isOwn(metric *dto.Metric) bool {
	found := map[string]string{}
	for _, l := range metric.GetLabel() {
		found[l.GetName()] = l.GetValue()
	}
	for name, value := range m.labels() {
		if found[name] != value {
			return false
		}
	}
	return true
}
