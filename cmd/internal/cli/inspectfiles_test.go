package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/mseed"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// inspect runs the verb, and gives exit status, stdout and stderr.
func inspect(t *testing.T, arguments ...string) (status int, out, said string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status = Execute(recipe.Language{}, nil, append([]string{"inspect"}, arguments...), strings.NewReader(""), &stdout, &stderr)
	return status, stdout.String(), stderr.String()
}

// madeFiles writes a file of miniSEED 3 with extra headers, and one of miniSEED 2 with a log.
func madeFiles(t *testing.T) (three, log string) {
	t.Helper()
	dir := t.TempDir()
	three, log = filepath.Join(dir, "three.mseed3"), filepath.Join(dir, "log.mseed")
	at := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	tr := waveform.Trace{ID: waveform.SourceID{Network: "XX", Station: "ABC", Channel: "HNZ"}, SampleRate: 100, Start: at, Data: []float64{1, 2, 3}}
	var b bytes.Buffer
	if err := mseed.Write(&b, tr, mseed.WriteOptions{Version: 3, ExtraHeaders: []byte("{\"b\": [1.50, \"<x>\"],\n \"a\":null}")}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(three, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	b.Reset()
	w, err := mseed.NewWriter(&b, mseed.WriteOptions{TimingQuality: -1})
	if err == nil {
		err = w.Write(tr)
	}
	if err == nil {
		err = w.WriteText(waveform.SourceID{Network: "XX", Station: "ABC", Channel: "LOG"}, at, "clock \"locked\"\r\nend")
	}
	if err == nil {
		err = os.WriteFile(log, b.Bytes(), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return three, log
}

func TestInspectTellsOfWhichFileASegmentIs(t *testing.T) {
	three, log := madeFiles(t)
	status, out, said := inspect(t, three, log)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if status != exitDone || len(lines) != 3 || !strings.HasSuffix(lines[0], " file") || !strings.HasSuffix(lines[1], " "+three) || !strings.HasSuffix(lines[2], " "+log) {
		t.Errorf("status %d: %s%s", status, out, said)
	}
	if _, out, _ = inspect(t, filepath.Dir(log)); !strings.Contains(out, filepath.Join(filepath.Dir(log), "log.mseed")) {
		t.Errorf("of a folder: %s", out)
	}
	if _, out, _ = inspect(t, log); strings.Contains(out, "file") || !strings.Contains(out, " STEIM2 ") {
		t.Errorf("of one file: %s", out)
	}
}

func TestInspectPrintsTextsAndExtraHeadersAsJSON(t *testing.T) {
	three, log := madeFiles(t)
	status, out, said := inspect(t, "--json", three, log)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if status != exitDone || len(lines) != 3 {
		t.Fatalf("status %d: %s%s", status, out, said)
	}
	name := func(path string) string {
		b, err := json.Marshal(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for i, want := range []string{
		`,"file":` + name(three) + `,"extra_headers":{"b":[1.50,"<x>"],"a":null}}`,
		`"timing_quality":null,"flags":[],"activity_flags":0,"io_clock_flags":0,"data_quality_flags":0,"file":` + name(log) + `,"extra_headers":null}`,
		`{"file":` + name(log) + `,"id":"XX.ABC..LOG","start":"2024-01-01T00:00:00Z","text":"clock \"locked\"\r\nend"}`,
	} {
		if !strings.HasSuffix(lines[i], want) {
			t.Errorf("line %d is %s, want %s", i, lines[i], want)
		}
	}
}

// Extra headers are what a file has, which need not be JSON.
func TestExtraHeadersThatAreNoJSONAreAString(t *testing.T) {
	for text, want := range map[string]string{"": "null", `{"a":`: `"{\"a\":"`, "{\"a\":\"\xff\"}": `{"a":"\ufffd"}`, " {}": "{}"} {
		var b bytes.Buffer
		a := app{out: bufio.NewWriter(&b)}
		if err := a.printJSON(struct{ X raw }{raw(text)}); err != nil {
			t.Fatal(err)
		}
		if err := a.out.Flush(); err != nil {
			t.Fatal(err)
		}
		var got, expected struct{ X any }
		if json.Unmarshal(b.Bytes(), &got) != nil || json.Unmarshal([]byte(`{"X":`+want+`}`), &expected) != nil {
			t.Fatalf("%q gives %s", text, b.String())
		}
		one, _ := json.Marshal(got)
		two, _ := json.Marshal(expected)
		if !bytes.Equal(one, two) {
			t.Errorf("%q gives %s, want %s", text, one, two)
		}
	}
}

func TestInspectSaysWhatAForeignFileIs(t *testing.T) {
	three, _ := madeFiles(t)
	good, err := os.ReadFile(three)
	if err != nil {
		t.Fatal(err)
	}
	broken := bytes.Clone(good)
	broken[len(broken)-1] ^= 1
	for name, c := range map[string]struct{ content, want, not string }{
		"README.md": {"# What is here\n" + strings.Repeat("text ", 2000), "no waveforms: the file is text that starts with", "bad stretch"},
		"SACPZ.XX":  {"* **********************************\n* NETWORK   (KNETWK): XX\nZEROS 2\n", "no waveforms: the file is text that starts with", "miniSEED header"},
		"a.bin":     {"\x00\x01\x02" + strings.Repeat("\xfe\x07", 3000), "no waveforms: the file is of no kind that is known here", "bad stretch"},
		"cut.mseed": {string(good[:len(good)-5]), "bad stretch", "no waveforms: the file"},
		"log.txt":   {strings.Repeat("text\n", 5000) + string(good[:len(good)-5]), "cut off", "no waveforms: the file"}, // of what is behind the text
		"bad.mseed": {string(broken), "checksum", "no waveforms: the file"},
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		status, out, said := inspect(t, path)
		if status != exitFailed || out != "" || !strings.Contains(said, c.want) || strings.Contains(said, c.not) || strings.Count(said, name) != 1+strings.Count(c.content[:5], "text") { // a line each
			t.Errorf("%s: status %d: %s%s", name, status, out, said)
		}
	}
}
