package metrics

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.yaml.in/yaml/v3"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/mtp"
)

// everything serves each metric that there is, with each label.
func everything(t *testing.T) families {
	t.Helper()
	m := newMetrics()
	w := m.Watch()
	w.Began(job.Beginning{RunID: 1, Kind: "run", Items: 2})
	w.Item(&job.Outcome{Status: "failed", Code: "gap", Reason: job.NeverDone})
	w.File(job.FileOutcome{Status: job.Faulty, Code: "bad_record"})
	w.Database("write_items", time.Second)
	w.Pipeline(func() mtp.Snapshot { return mtp.Snapshot{Stages: []mtp.StageStats{{Name: "process"}}} })
	m.End(time.Now(), 0, true)
	server := serve(t, m)
	defer closed(t, server)
	f := scrape(t, server)

	described := make(chan *prometheus.Desc)
	go func() {
		defer close(described)
		m.registry.Describe(described)
	}()
	for d := range described {
		name := regexp.MustCompile(`fqName: "([^"]+)"`).FindStringSubmatch(d.String())[1]
		if f[name] == nil {
			t.Errorf("%s is registered, and this test does not make it", name)
		}
	}
	return f
}

// constant are the labels of every metric.
var constant = []string{"label", "shard", "verb"}

// table is that of README.md.
func table(f families) string {
	var b strings.Builder
	b.WriteString("| metric | type | labels | meaning |\n|---|---|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if !strings.HasPrefix(name, "seisbatch_") {
			continue
		}
		labels := slices.DeleteFunc(labelsOf(f, name), func(l string) bool { return slices.Contains(constant, l) })
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", name, strings.ToLower(f[name].GetType().String()), strings.Join(labels, ", "), f[name].GetHelp())
	}
	return b.String()
}

func labelsOf(f families, name string) []string {
	labels := map[string]bool{}
	for _, m := range f[name].GetMetric() {
		for _, l := range m.GetLabel() {
			labels[l.GetName()] = true
		}
	}
	return slices.Sorted(maps.Keys(labels))
}

func TestEveryMetricIsInTheTableOfTheREADME(t *testing.T) {
	f := everything(t)
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if want := table(f); !strings.Contains(string(text), "\n\n"+want+"\n") {
		t.Errorf("README.md has another table than this:\n%s", want)
	}
	for name := range f {
		if !strings.HasPrefix(name, "seisbatch_") && !strings.HasPrefix(name, "go_") && !strings.HasPrefix(name, "process_") {
			t.Errorf("%s is nobody's", name)
		}
		if strings.HasPrefix(name, "seisbatch_") && !slices.Equal(intersect(labelsOf(f, name), constant), constant) {
			t.Errorf("%s has not the labels of every metric: %v", name, labelsOf(f, name))
		}
	}
}

func intersect(all, wanted []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(l string) bool { return !slices.Contains(wanted, l) })
}

// The operations are constants of package job: its source is the list.
func TestEveryOperationIsInTheREADME(t *testing.T) {
	source, err := os.ReadFile("../job/watch.go")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`Operation = "(\w+)"`).FindAllStringSubmatch(string(source), -1)
	if len(found) < 10 {
		t.Fatalf("only %d operations", len(found))
	}
	for _, op := range found {
		if !strings.Contains(string(text), "| `"+op[1]+"` |") {
			t.Errorf("README.md does not say what operation %s is", op[1])
		}
	}
}

// expressions are what a query asks for: names of metrics and of labels.
type expressions struct{ metrics, labels map[string]bool }

func (e expressions) add(text string) {
	text = regexp.MustCompile(`"[^"]*"`).ReplaceAllString(text, `""`)
	for _, in := range regexp.MustCompile(`\{[^}]*\}|\b(?:by|on) \([^)]*\)`).FindAllString(text, -1) {
		for _, l := range regexp.MustCompile(`\w+`).FindAllString(in, -1) {
			if l != "by" && l != "on" {
				e.labels[l] = true
			}
		}
	}
	for _, name := range regexp.MustCompile(`\b(?:seisbatch|go|process)_\w+`).FindAllString(text, -1) {
		e.metrics[name] = true
	}
}

// check wants that all of them are exported.
func (e expressions) check(t *testing.T, f families) {
	t.Helper()
	labels := map[string]bool{"job": true, "instance": true, "le": true} // Prometheus' own
	for name := range f {
		for _, l := range labelsOf(f, name) {
			labels[l] = true
		}
	}
	for name := range e.metrics {
		base := regexp.MustCompile(`_(bucket|sum|count)$`).ReplaceAllString(name, "")
		if f[name] == nil && (f[base] == nil || len(f[base].GetMetric()) == 0 || f[base].GetMetric()[0].GetHistogram() == nil) {
			t.Errorf("there is no metric %s", name)
		}
	}
	for l := range e.labels {
		if !labels[l] {
			t.Errorf("there is no label %s", l)
		}
	}
}

func TestDashboardAsksOnlyForWhatThereIs(t *testing.T) {
	var d struct {
		Title         string
		UID           string
		SchemaVersion int
		Panels        []struct {
			ID          int
			Type, Title string
			GridPos     struct{ H, W, X, Y int }
			Targets     []struct{ Expr string }
		}
		Templating struct {
			List []struct{ Name, Definition string }
		}
	}
	if err := json.Unmarshal([]byte(Dashboard()), &d); err != nil {
		t.Fatal(err)
	}
	e := expressions{map[string]bool{}, map[string]bool{}}
	ids := map[int]bool{}
	for _, p := range d.Panels {
		if ids[p.ID] || p.GridPos.W == 0 || p.GridPos.X+p.GridPos.W > 24 || p.Title == "" || (p.Type != "row") != (len(p.Targets) > 0) {
			t.Errorf("panel %d: %+v", p.ID, p)
		}
		ids[p.ID] = true
		for _, target := range p.Targets {
			e.add(target.Expr)
			for _, v := range regexp.MustCompile(`\$(\w+)`).FindAllStringSubmatch(target.Expr, -1) {
				known := v[1] == "__rate_interval"
				for _, l := range d.Templating.List {
					known = known || l.Name == v[1]
				}
				if !known {
					t.Errorf("panel %q: there is no variable %s", p.Title, v[0])
				}
			}
		}
	}
	for _, l := range d.Templating.List {
		e.add(l.Definition)
	}
	f := everything(t)
	e.check(t, f)
	if d.Title == "" || d.UID == "" || d.SchemaVersion == 0 || len(d.Templating.List) != 5 {
		t.Errorf("%+v", d)
	}
	for name := range f {
		if _, ok := f[name]; ok && strings.HasPrefix(name, "seisbatch_") && !e.metrics[name] && !e.metrics[name+"_bucket"] {
			t.Errorf("the dashboard does not show %s", name)
		}
	}
}

func TestAlertsAskOnlyForWhatThereIs(t *testing.T) {
	text, err := os.ReadFile("alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var a struct {
		Groups []struct {
			Rules []struct{ Alert, Expr string }
		}
	}
	if err := yaml.Unmarshal(text, &a); err != nil {
		t.Fatal(err)
	}
	e := expressions{map[string]bool{}, map[string]bool{}}
	for _, g := range a.Groups {
		for _, r := range g.Rules {
			if r.Alert == "" || r.Expr == "" {
				t.Errorf("%+v", r)
			}
			e.add(r.Expr)
		}
	}
	if len(e.metrics) < 4 {
		t.Errorf("only %v", e.metrics)
	}
	e.check(t, everything(t))
}
