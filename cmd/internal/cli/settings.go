package cli

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/viper"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/pgserver"
)

// The keys of the settings: names of flags, and of keys in the file.
const (
	keyConfig   = "config" // a flag and a variable, but no key of the file
	keyDB       = "db"
	keyDataDir  = "data-dir"
	keyLogLevel = "log-level"
	keyLabel    = "label"
	keyRecipe   = "recipe"
	keyWorkers  = "workers"

	keyLogFormat     = "log-format"
	keyMetricsListen = "metrics-listen"
	keyMetricsFile   = "metrics-file"
)

// setting is a value that can be given in four ways.
type setting struct {
	key      string
	env      []string // variables, the first that is set counts
	fallback string
	check    func(string) error // nil: anything goes
	isPath   bool               // in a file, relative to the file's folder
	isList   bool               // several, as in PATH; a list in a file
}

// knownSettings lists the settings in the order in which they are shown.
func knownSettings() []setting {
	dataDir := pgserver.DefaultDir(os.Geteuid(), os.Getenv("HOME"), os.Getenv("XDG_DATA_HOME"))
	return append([]setting{
		{key: keyDB, env: []string{"SEISBATCH_DB"}, check: checkDSN},
		{key: keyDataDir, env: []string{"SEISBATCH_DATA", "SEISBATCH_DATA_DIR"}, fallback: dataDir, isPath: true},
		{key: keyLabel, env: []string{"SEISBATCH_LABEL"}, fallback: "default"},
		{key: keyRecipe, env: []string{"SEISBATCH_RECIPE"}, isPath: true},
		{key: keyWorkers, env: []string{"SEISBATCH_WORKERS"}, fallback: "0", check: checkWorkers},
		{key: keyLogLevel, env: []string{"SEISBATCH_LOG_LEVEL"}, fallback: "info", check: checkLevel},
		{key: keyLogFormat, env: []string{"SEISBATCH_LOG_FORMAT"}, fallback: formatAuto, check: checkLogFormat},
		{key: keyMetricsListen, env: []string{"SEISBATCH_METRICS_LISTEN"}, check: checkListen},
		{key: keyMetricsFile, env: []string{"SEISBATCH_METRICS_FILE"}, isPath: true},
	}, append(databaseSettings(), nightlySettings()...)...)
}

// value is what a setting came to, and where from.
type value struct {
	Key    string `json:"key"`
	Value  string `json:"value"`
	Source string `json:"source"`
}

// settings are those in force, by key.
type settings struct {
	file   string // the configuration file; "" if there is none
	values []value
}

// find is the setting of a key, which is a known one.
func (s settings) find(key string) value {
	return s.values[slices.IndexFunc(s.values, func(v value) bool { return v.Key == key })]
}

func (s settings) text(key string) string { return s.find(key).Value }

// list is a setting of several values.
func (s settings) list(key string) []string {
	if s.text(key) == "" {
		return nil
	}
	return filepath.SplitList(s.text(key))
}

// with gives the settings with another value of one.
func (s settings) with(key, text string) settings {
	s.values = slices.Clone(s.values)
	for i := range s.values {
		if s.values[i].Key == key {
			s.values[i].Value = text
		}
	}
	return s
}

func (s settings) workers() int {
	n, _ := strconv.Atoi(s.text(keyWorkers)) // was checked
	return n
}

func (s settings) level() slog.Level {
	var l slog.Level
	_ = l.UnmarshalText([]byte(s.text(keyLogLevel))) // was checked
	return l
}

// resolve finds the value of every setting: flag, environment, file, default.
func resolve(cmd *cobra.Command) (settings, error) {
	file, fileValues, err := readConfig(cmd)
	if err != nil {
		return settings{}, err
	}
	v := viper.New()
	if err := v.MergeConfigMap(fileValues); err != nil {
		return settings{}, usagef("configuration %s: %w", file, err)
	}
	s := settings{file: file}
	for _, known := range knownSettings() {
		one, err := known.resolve(cmd, v, file)
		if err != nil {
			return settings{}, err
		}
		s.values = append(s.values, one)
	}
	return s, nil
}

func (s setting) resolve(cmd *cobra.Command, v *viper.Viper, file string) (value, error) {
	v.SetDefault(s.key, s.fallback)
	if err := v.BindEnv(append([]string{s.key}, s.env...)...); err != nil {
		return value{}, err
	}
	if s.isFlagOf(cmd) {
		if err := v.BindPFlag(s.key, cmd.Flags().Lookup(s.key)); err != nil {
			return value{}, err
		}
	}
	out := value{Key: s.key, Value: v.GetString(s.key), Source: s.source(cmd, v, file)}
	if out.Source == file && s.isPath {
		out.Value = s.below(filepath.Dir(file), out.Value)
	}
	if s.check != nil {
		if err := s.check(out.Value); err != nil {
			return value{}, usagef("%s (%s): %w", s.key, out.Source, err)
		}
	}
	return out, nil
}

// below makes relative paths those below a folder.
func (s setting) below(folder, value string) string {
	paths := []string{value}
	if s.isList {
		paths = filepath.SplitList(value)
	}
	for i, p := range paths {
		if p != "" && !filepath.IsAbs(p) {
			paths[i] = filepath.Join(folder, p)
		}
	}
	return strings.Join(paths, string(filepath.ListSeparator))
}

// isFlagOf reports whether the command has the setting as a flag. A switch of the
// same name, as config has, or a number, as synth has, is something else.
func (s setting) isFlagOf(cmd *cobra.Command) bool {
	f := cmd.Flags().Lookup(s.key)
	return f != nil && f.Value.Type() == "string"
}

func flagSource(key string) string { return "flag --" + key }

// source tells where viper took the value from.
func (s setting) source(cmd *cobra.Command, v *viper.Viper, file string) string {
	if s.isFlagOf(cmd) && cmd.Flags().Changed(s.key) {
		return flagSource(s.key)
	}
	for _, name := range s.env {
		if os.Getenv(name) != "" { // viper takes an empty one for unset
			return "environment " + name
		}
	}
	if v.InConfig(s.key) {
		return file
	}
	return "default"
}

func logLevels() []string { return []string{"debug", "info", "warn", "error"} }

func checkLevel(text string) error {
	if !slices.Contains(logLevels(), text) {
		return fmt.Errorf("%q: want debug, info, warn or error", text)
	}
	return nil
}

func checkWorkers(text string) error {
	if n, err := strconv.Atoi(text); err != nil || n < 0 {
		return fmt.Errorf("%q: want a number of workers, 0 for one per processor", text)
	}
	return nil
}

// checkDSN sees whether a DSN has the form of one, without trying it.
func checkDSN(dsn string) error {
	scheme, _, isURL := strings.Cut(dsn, "://")
	switch {
	case dsn == "":
		return nil
	case isURL && !strings.ContainsAny(scheme, " =") && scheme != "postgres" && scheme != "postgresql",
		!strings.Contains(dsn, "=") && !isURL:
		return fmt.Errorf(`%q is no database: write postgres://USER:PASSWORD@HOST:PORT/DATABASE or "host=HOST dbname=DATABASE user=USER"`, db.RedactDSN(dsn))
	case isURL && strings.HasSuffix(db.RedactDSN(dsn), "://(unreadable)"):
		return errors.New("not a valid URL: write postgres://USER:PASSWORD@HOST:PORT/DATABASE, and / @ : ? # % in a password as %2F, %40 and so on")
	}
	return nil
}
