package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/seisbatch/seisbatch/waveform/synth"
)

// script is the ObsPy script and the Python that runs it.
type script struct {
	python string
	path   string
	dir    string // of the archive
}

// counted is what the script prints.
type counted struct {
	Items    int               `json:"items"`
	Windows  int               `json:"windows"`
	Failed   int               `json:"failed"`
	Seconds  float64           `json:"seconds"`
	MadeWith map[string]string `json:"made_with"`
}

// findObsPy looks for a Python that has ObsPy: PYTHON, else python3.
func findObsPy(ctx context.Context, path, dir string) (*script, error) {
	python := os.Getenv("PYTHON")
	if python == "" {
		python = "python3"
	}
	if _, err := output(ctx, python, "-c", "import obspy"); err != nil {
		return nil, err
	}
	return &script{python: python, path: path, dir: dir}, nil
}

// run has the script do everything, with so many processes. Rows go to the file
// named, unless that is "".
func (s *script) run(ctx context.Context, processes int, rows string) (counted, error) {
	args := []string{s.path, "--archive", filepath.Join(s.dir, synth.ArchiveDir), "--stations", filepath.Join(s.dir, synth.StationFile),
		"--events", filepath.Join(s.dir, synth.EventFile), "--processes", strconv.Itoa(processes)}
	if rows != "" {
		args = append(args, "--output", rows)
	}
	text, err := output(ctx, s.python, args...)
	if err != nil {
		return counted{}, err
	}
	var c counted
	if err := json.Unmarshal(text, &c); err != nil {
		return c, fmt.Errorf("%s printed %q: %w", s.path, text, err)
	}
	if c.Failed > 0 || c.Windows == 0 {
		return c, fmt.Errorf("%s came to %+v: all should be done", s.path, c)
	}
	return c, nil
}

// referenceRow is what is compared of a row that the script writes.
type referenceRow struct {
	Network, Station, Location, Instrument, Component string

	P   string    `json:"p_at"`
	PGA float64   `json:"pga"`
	PGV float64   `json:"pgv"`
	PSA []float64 `json:"psa"`
}

func readRows(name string) ([]referenceRow, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var rows []referenceRow
	for dec := json.NewDecoder(bufio.NewReader(f)); dec.More(); {
		var r referenceRow
		if err := dec.Decode(&r); err != nil {
			return nil, fmt.Errorf("rows of the script: %w", err)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// output runs a program and gives what it prints. Its error ends with the last line
// that the program had to say. When ctx ends, its processes go too.
func output(ctx context.Context, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	text, err := cmd.Output()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		said := strings.Split(strings.TrimSpace(string(exit.Stderr)), "\n")
		return nil, fmt.Errorf("%s: %w: %s", name, err, said[len(said)-1])
	}
	return bytes.TrimSpace(text), err
}
