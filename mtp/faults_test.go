package mtp_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// seededFaults are what the property test must notice. Each replaces text that is
// in its file once; after a change of the code, change it here too, to the same fault.
var seededFaults = []struct{ name, file, old, faulty string }{
	{
		"an item dropped at drain", "reader.go",
		"\t\tswitch {\n\t\tcase err != nil:",
		"\t\tif f.in.stopping() {\n\t\t\treturn nil\n\t\t}\n\t\tswitch {\n\t\tcase err != nil:",
	},
	{
		"one worker too many", "options.go",
		"\tif o.Ahead <= 0 {",
		"\to.Workers++\n\tif o.Ahead <= 0 {",
	},
	{
		"a chunk over the bound", "pipeline.go",
		"b := &batcher[Out]{flow: w.flow, size: size,",
		"b := &batcher[Out]{flow: w.flow, size: size + 1,",
	},
	{
		"a lost error", "reader.go",
		"\t\t\tif f.in.ctx.Err() != nil {\n",
		"\t\t\tif f.in.ctx.Err() != nil || index > 1 {\n",
	},
	{
		"a wrong order after a retry", "flow.go",
		"if opt.Ordered {",
		"if opt.Ordered && opt.Workers < 2 {",
	},
	{
		"a goroutine left behind", "inlet.go",
		"in.watch.Go(func() { in.watchStop(drainBelow) })",
		"in.watch.Go(func() { in.watchStop(drainBelow) })\n\t\tgo func() { <-stop }()",
	},
	{
		"a source that is not waited for", "flow.go",
		"\t\tf.wg.Wait()\n",
		"",
	},
	{
		"weight over the bound", "budget.go",
		"weight > b.limit-b.used {",
		"weight > b.limit-b.used+5 {",
	},
	{
		"a chunk over the worker's share", "queue.go",
		"waiting/q.workers",
		"waiting",
	},
	{
		"an item over the bound", "slots.go",
		"s.limit = s.freed.Load() + s.size\n",
		"s.limit = s.freed.Load() + s.size + 1\n",
	},
	{
		"a slot kept back", "flow.go",
		"\t\t\tf.settle()\n\t\t\truntime.Gosched()",
		"\t\t\truntime.Gosched()",
	},
	{
		"a worker that is not woken", "queue.go",
		"\tif waiting > int64(n) {",
		"\tif waiting > int64(n)+2 {",
	},
	{
		"a taker that is not woken", "flow.go",
		"f.asleep.CompareAndSwap(true, false) {",
		"f.asleep.CompareAndSwap(true, false) && len(f.outs) > 3 {",
	},
	{
		"a lone item kept waiting", "batch.go",
		"if len(b.batch) == 1 && b.wait > 0 {",
		"if len(b.batch) == 2 && b.wait > 0 {",
	},
	{
		"a double write", "batch.go",
		"if !b.write(b.batch) {",
		"if !b.write(b.batch) || len(b.batch) > 1 && b.flow.in.stopping() && !b.write(b.batch) {",
	},
}

func TestSeededFaultsAreCaught(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs the property test for each fault: not in short mode")
	}
	goTool, err := exec.LookPath("go") // go test puts its own first
	if err != nil {
		t.Fatal(err)
	}
	if out, err := propertyTest(t, goTool, nil); err != nil {
		t.Fatalf("the property test fails without a fault: %v\n%s", err, out)
	}
	violation := regexp.MustCompile(`violation: .*seed \d+`)
	for _, f := range seededFaults {
		t.Run(strings.ReplaceAll(f.name, " ", "-"), func(t *testing.T) {
			out, err := propertyTest(t, goTool, overlay(t, f.file, f.old, f.faulty))
			if err == nil || !violation.MatchString(out) {
				t.Fatalf("not caught: %v\n%s", err, out)
			}
			t.Log(symptom(out))
		})
	}
}

// overlay gives the flag that has the compiler read the faulty file in place of file.
func overlay(t *testing.T, file, old, faulty string) []string {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), old); n != 1 {
		t.Fatalf("%s has %q %d times, want once: update the table of faults", file, old, n)
	}
	path, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	patched, table := filepath.Join(dir, file), filepath.Join(dir, "overlay.json")
	write(t, patched, []byte(strings.Replace(string(text), old, faulty, 1)))
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {path: patched}})
	if err != nil {
		t.Fatal(err)
	}
	write(t, table, replace)
	return []string{"-overlay", table}
}

func write(t *testing.T, path string, data []byte) {
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// propertyTest runs a part of it: enough for each class to come.
func propertyTest(t *testing.T, goTool string, flags []string) (out string, err error) {
	args := append([]string{"test", "-count=1", "-timeout=60s", "-run=^TestProperty"}, flags...)
	cmd := exec.CommandContext(t.Context(), goTool, append(args, ".")...)
	cmd.Env = append(os.Environ(), "MTP_RUNS=4000", "MTP_BASE=1", "MTP_SEED=", "MTP_TRACE=")
	text, err := cmd.CombinedOutput()
	return string(text), err
}

// symptom is what the property test said, without its plan.
func symptom(out string) string {
	_, after, found := strings.Cut(out, "plan {")
	if !found {
		_, after, _ = strings.Cut(out, "violation: ")
		line, _, _ := strings.Cut(after, "\n")
		return line
	}
	_, after, _ = strings.Cut(after, "\n")
	line, _, _ := strings.Cut(strings.TrimSpace(after), "\n")
	return line
}
