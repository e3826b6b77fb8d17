package cli

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// statusesOf reads what each exit status means, from lines that a pattern with the status and the
// meaning fits.
func statusesOf(text, pattern string) map[string]string {
	found := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)`+pattern).FindAllStringSubmatch(text, -1) {
		found[m[1]] = strings.TrimSpace(m[2])
	}
	return found
}

// readmeStatuses is the table of exit statuses in the README.
func readmeStatuses(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Exit status\n")
	section, _, _ = strings.Cut(section, "\n## ")
	return statusesOf(section, `^\| ([0-9]+) \| (.*) \|$`)
}

// The script of a row begins with its text, so that who changes the one looks at the other.
func TestEveryExitStatusOfTheReadmeHasItsScript(t *testing.T) {
	rows := readmeStatuses(t)
	if len(rows) < 6 {
		t.Fatalf("the README has the exit statuses %v", rows)
	}
	scripts, err := filepath.Glob("testdata/database/exit*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	tested := map[string]string{}
	for _, name := range scripts {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		status := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(name), "exit"), ".txtar")
		if !regexp.MustCompile(`(?m)^(status ` + status + ` seisbatch|ended ` + status + ` )`).Match(text) {
			t.Errorf("%s: nothing ends with status %s", name, status)
		}
		maps.Copy(tested, statusesOf(strings.SplitAfterN(string(text), "\n", 2)[0], `^# (`+status+`): (.*)$`))
	}
	for _, status := range slices.Sorted(maps.Keys(rows)) {
		if tested[status] != rows[status] {
			t.Errorf("README: status %s is %q; exit%s.txtar begins with %q: test what the row says, and begin with it", status, rows[status], status, tested[status])
		}
		delete(tested, status)
	}
	for status := range tested {
		t.Errorf("exit%s.txtar: the README does not have this status", status)
	}
}

func TestHelpHasTheExitStatusesOfTheReadme(t *testing.T) {
	want, got := readmeStatuses(t), statusesOf(exitHelp, `^  ([0-9]+)  (.*)$`)
	if !slices.Equal(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))) {
		t.Errorf("the help has %v, the README %v", got, want)
	}
}
