package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/viper"
)

const configName = "seisbatch.yaml"

// readConfig finds and reads the configuration file. The path is "" if there is
// none. A file that is named must exist; unknown keys are an error.
func readConfig(cmd *cobra.Command) (path string, values map[string]any, err error) {
	if path, err = findConfig(cmd); err != nil || path == "" {
		return "", nil, err
	}
	v := viper.New()
	v.SetConfigFile(path)
	v.SetConfigType("yaml")
	if err := v.ReadInConfig(); err != nil {
		return "", nil, usagef("configuration %s: %w", path, err)
	}
	values, err = plainValues(v.AllSettings())
	if err != nil {
		return "", nil, usagef("configuration %s: %w", path, err)
	}
	return path, values, nil
}

// plainValues checks the keys, and that each has one plain value. A key without a
// value is as if it were not there.
func plainValues(all map[string]any) (map[string]any, error) {
	var known, lists []string
	for _, s := range knownSettings() {
		known = append(known, s.key)
		if s.isList {
			lists = append(lists, s.key)
		}
	}
	plain := map[string]any{}
	for key, v := range all {
		if !slices.Contains(known, key) {
			return nil, fmt.Errorf("unknown key %q; known keys: %s", key, strings.Join(known, ", "))
		}
		switch v := v.(type) {
		case nil:
		case string, bool, int, int64, uint64, float64:
			plain[key] = v
		case []any:
			if !slices.Contains(lists, key) {
				return nil, fmt.Errorf("key %q: want one plain value", key)
			}
			var parts []string
			for _, part := range v {
				parts = append(parts, fmt.Sprint(part))
			}
			plain[key] = strings.Join(parts, string(filepath.ListSeparator))
		default:
			return nil, fmt.Errorf("key %q: want one plain value", key)
		}
	}
	return plain, nil
}

// findConfig is the path of the file: named by --config or SEISBATCH_CONFIG, else
// in the current folder, else in the user's configuration folder.
func findConfig(cmd *cobra.Command) (string, error) {
	named, err := cmd.Flags().GetString(keyConfig)
	if err != nil {
		return "", err
	}
	if named == "" {
		named = os.Getenv(configVariable)
	}
	if named != "" {
		if _, err := os.Stat(named); err != nil {
			return "", usagef("configuration %w", err)
		}
		return filepath.Abs(named)
	}
	for _, path := range configPaths(os.Getenv("HOME"), os.Getenv("XDG_CONFIG_HOME")) {
		_, err := os.Stat(path)
		if err == nil {
			return filepath.Abs(path)
		}
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) {
			return "", usagef("configuration %w", err)
		}
	}
	return "", nil
}

// configPaths are the places where a file is looked for, the first counts. As the
// XDG specification says, a relative xdgConfigHome is ignored.
func configPaths(home, xdgConfigHome string) []string {
	paths := []string{configName}
	switch {
	case filepath.IsAbs(xdgConfigHome):
		paths = append(paths, filepath.Join(xdgConfigHome, "seisbatch", configName))
	case home != "":
		paths = append(paths, filepath.Join(home, ".config", "seisbatch", configName))
	}
	return paths
}
