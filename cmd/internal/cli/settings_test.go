package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// resolveFor resolves the settings of run in an empty folder, with a configuration
// file in it unless that is empty.
func resolveFor(t *testing.T, file string, args ...string) (settings, error) {
	t.Helper()
	t.Chdir(t.TempDir())
	if file != "" {
		if err := os.WriteFile(configName, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	root := (&app{}).rootCommand()
	cmd, rest, err := root.Find(append([]string{"run"}, args...))
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.ParseFlags(rest); err != nil {
		t.Fatal(err)
	}
	return resolve(cmd)
}

// clearEnvironment leaves nothing that could be a setting.
func clearEnvironment(t *testing.T) {
	t.Helper()
	for _, s := range knownSettings() {
		for _, name := range s.env {
			t.Setenv(name, "")
		}
	}
	t.Setenv(configVariable, "")
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", "")
}

func TestFlagBeatsEnvironmentBeatsFileBeatsDefault(t *testing.T) {
	clearEnvironment(t)
	s, err := resolveFor(t, "")
	if got := s.find("label"); err != nil || got.Value != "default" || got.Source != "default" {
		t.Error(got, err)
	}
	s, err = resolveFor(t, "label: from-file\nworkers: 3\n")
	if got := s.find("label"); err != nil || got.Value != "from-file" || filepath.Base(got.Source) != configName {
		t.Error(got, err)
	}
	if s.workers() != 3 {
		t.Error(s.find("workers"))
	}
	t.Setenv("SEISBATCH_LABEL", "from-env")
	s, err = resolveFor(t, "label: from-file\n")
	if got := s.find("label"); err != nil || got.Value != "from-env" || got.Source != "environment SEISBATCH_LABEL" {
		t.Error(got, err)
	}
	s, err = resolveFor(t, "label: from-file\n", "--label", "from-flag")
	if got := s.find("label"); err != nil || got.Value != "from-flag" || got.Source != "flag --label" {
		t.Error(got, err)
	}
}

func TestEveryPlaceOfTheFileIsLookedAt(t *testing.T) {
	clearEnvironment(t)
	config := t.TempDir()
	write := func(path, text string) string {
		t.Helper()
		path = filepath.Join(config, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	label := func(file string, args ...string) string {
		t.Helper()
		s, err := resolveFor(t, file, args...)
		if err != nil {
			t.Fatal(err)
		}
		return s.text("label")
	}
	t.Setenv("HOME", config)
	write(".config/seisbatch/seisbatch.yaml", "label: home\n")
	if got := label(""); got != "home" {
		t.Error(got)
	}
	t.Setenv("XDG_CONFIG_HOME", config)
	write("seisbatch/seisbatch.yaml", "label: xdg\n")
	if got := label(""); got != "xdg" {
		t.Error(got)
	}
	if got := label("label: here\n"); got != "here" {
		t.Error(got)
	}
	t.Setenv("SEISBATCH_CONFIG", write("env.yaml", "label: env\n"))
	if got := label("label: here\n"); got != "env" {
		t.Error(got)
	}
	if got := label("label: here\n", "--config", write("flag.yaml", "label: flag\n")); got != "flag" {
		t.Error(got)
	}
}

func TestPathsInTheFileAreRelativeToIt(t *testing.T) {
	clearEnvironment(t)
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	folder := filepath.Join(os.Getenv("XDG_CONFIG_HOME"), "seisbatch")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, configName), []byte("recipe: own.yaml\ndata-dir: /abs\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := resolveFor(t, "")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := s.text("recipe"), filepath.Join(folder, "own.yaml"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := s.text("data-dir"); got != "/abs" {
		t.Error(got)
	}
	s, err = resolveFor(t, "", "--recipe", "own.yaml")
	if got := s.text("recipe"); err != nil || got != "own.yaml" {
		t.Error(got, err)
	}
}

func TestBadConfigurationIsAUsageErrorThatNamesTheKey(t *testing.T) {
	clearEnvironment(t)
	for file, want := range map[string]string{
		"lable: x\n":             `unknown key "lable"`,
		"db:\n  host: x\n":       `key "db"`,
		"label: [a, b]\n":        `key "label"`,
		"workers: many\n":        "workers",
		"workers: -1\n":          "workers",
		"log-level: loud\n":      "log-level",
		"db: nonsense\n":         "db",
		"label: x\nlabel: y\n":   "label",
		"label: x\n\tbad: y\n":   "line 2",
		"- a\n- b\n":             configName,
		"db: mysql://h/d\n":      "postgres://",
		"db: 'postgres://h:x'\n": "not a valid URL",
	} {
		_, err := resolveFor(t, file)
		if exitStatus(t.Context(), err) != exitUsage || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", file, err)
		}
	}
	if _, err := resolveFor(t, "", "--config", "nowhere.yaml"); exitStatus(t.Context(), err) != exitUsage {
		t.Error(err)
	}
}

func TestKeyWithoutValueIsNotSet(t *testing.T) {
	clearEnvironment(t)
	s, err := resolveFor(t, "label:\ndb: \n")
	if got := s.find("label"); err != nil || got.Value != "default" || got.Source != "default" {
		t.Error(got, err)
	}
}

func TestVariablesThatMeanNothingAreNamed(t *testing.T) {
	got := unknownVariables([]string{"SEISBATCH_DB=x", "SEISBATCH_CONFIG=y", "SEISBATCH_DATABASE=x=y", "SEISBATCH_EMPTY=", "SEIS=1", "SEISBATCH_LABLE=a"})
	if d := cmp.Diff([]string{"SEISBATCH_DATABASE", "SEISBATCH_LABLE"}, got); d != "" {
		t.Error(d)
	}
}

func TestDSNOfEitherFormIsTaken(t *testing.T) {
	for _, dsn := range []string{"", "postgres://u:p@h:5432/d?sslmode=disable", "postgresql://h/d", "host=/tmp dbname=d",
		"password='a://b' host=h", "postgres:///d?host=/tmp"} {
		if err := checkDSN(dsn); err != nil {
			t.Errorf("%q: %v", dsn, err)
		}
	}
}

func TestMessageAboutADSNHidesItsPassword(t *testing.T) {
	for _, dsn := range []string{"mysql://u:secret@h/d", "postgres://u:secret@h:x/d", "postgres://u:%zzsecret@h/d"} {
		if err := checkDSN(dsn); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", dsn, err)
		}
	}
}
