// Command agreement runs the tests of the waveform packages, collects how far each
// function was from its reference, and writes that as the table of waveform/README.md,
// between its two marks. It must be run from the root of the repository.
package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seisbatch/seisbatch/waveform/internal/agree"
)

const (
	readme = "waveform/README.md"
	begin  = "<!-- agreement: made by make agreement -->"
	end    = "<!-- end of agreement -->"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "agreement:", err)
		os.Exit(1)
	}
}

func run() error {
	folder, err := os.MkdirTemp("", "agreement-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	test := exec.Command("go", "test", "-count=1", "./waveform/...")
	test.Env = append(os.Environ(), agree.EnvFolder+"="+folder, "CI=true")
	test.Stdout, test.Stderr = os.Stderr, os.Stderr
	if err := test.Run(); err != nil {
		return fmt.Errorf("go test: %w: a table of what does not agree is not made", err)
	}
	lines, err := collect(folder)
	if err != nil {
		return err
	}
	return write(lines)
}

// line is one line of the table.
type line struct {
	agree.Reference
	cases int
	worst float64
}

// collect adds up the comparisons by function and source, in their order.
func collect(folder string) ([]line, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.jsonl"))
	if err != nil {
		return nil, err
	}
	byKey := map[[3]string]*line{}
	for _, name := range files {
		if err := read(name, byKey); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	if len(byKey) == 0 {
		return nil, errors.New("no test noted a comparison")
	}
	var lines []line
	for _, l := range byKey {
		lines = append(lines, *l)
	}
	slices.SortFunc(lines, func(a, b line) int {
		return cmp.Or(strings.Compare(a.Function, b.Function), strings.Compare(a.Source, b.Source), strings.Compare(a.Measure, b.Measure))
	})
	return lines, nil
}

func read(name string, byKey map[[3]string]*line) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	for in.Scan() {
		var n agree.Noted
		if err := json.Unmarshal(in.Bytes(), &n); err != nil {
			return err
		}
		key := [3]string{n.Function, n.Source, n.Measure}
		l := byKey[key]
		if l == nil {
			l = &line{Reference: n.Reference}
			byKey[key] = l
		}
		l.cases++
		l.worst = max(l.worst, n.Deviation)
		l.Within = max(l.Within, n.Within)
	}
	return in.Err()
}

func write(lines []line) error {
	text, err := os.ReadFile(readme)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no %s: run it from the root of the repository", readme)
	} else if err != nil {
		return err
	}
	head, rest, ok := bytes.Cut(text, []byte(begin))
	_, tail, ok2 := bytes.Cut(rest, []byte(end))
	if !ok || !ok2 {
		return fmt.Errorf("%s: the marks %q and %q are not there", readme, begin, end)
	}
	var b bytes.Buffer
	b.Write(head)
	fmt.Fprintf(&b, "%s\n\n| function | reference | cases | worst | of | allowed |\n|---|---|---:|---:|---|---:|\n", begin)
	for _, l := range lines {
		fmt.Fprintf(&b, "| %s | %s | %d | %s | %s | %.0e |\n", l.Function, l.Source, l.cases, worst(l.worst), l.Measure, l.Within)
	}
	fmt.Fprintf(&b, "\n%s", end)
	b.Write(tail)
	return os.WriteFile(readme, b.Bytes(), 0o644)
}

// worst has one digit: the next ones differ between processors.
func worst(v float64) string {
	if v == 0 {
		return "0"
	}
	return fmt.Sprintf("%.0e", v)
}
