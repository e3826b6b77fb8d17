package cli

import (
	"slices"
	"strings"
)

// configVariable names the configuration file.
const configVariable = "SEISBATCH_CONFIG"

// knownVariables are the environment variables that mean something.
func knownVariables() []string {
	names := []string{configVariable}
	for _, s := range knownSettings() {
		names = append(names, s.env...)
	}
	return names
}

// unknownVariables picks out of an environment what looks like a setting and is none.
func unknownVariables(environ []string) []string {
	var unknown []string
	for _, line := range environ {
		name, value, _ := strings.Cut(line, "=")
		if strings.HasPrefix(name, "SEISBATCH_") && value != "" && !slices.Contains(knownVariables(), name) {
			unknown = append(unknown, name)
		}
	}
	return unknown
}

func (a *app) warnOfVariables(environ []string) {
	for _, name := range unknownVariables(environ) {
		a.log.Warn("environment variable means nothing", "name", name, "known", strings.Join(knownVariables(), " "))
	}
}
