package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
)

// explain documents a code, or all of them.
func (a *app) explain(code string) error {
	all := job.Explanations()
	if code != "all" {
		named := slices.DeleteFunc(slices.Clone(all), func(e job.Explanation) bool { return e.Code != code })
		if len(named) == 0 {
			var known []string
			for _, e := range all {
				known = append(known, e.Code)
			}
			return usagef("--explain %q: want all, or one of %s", code, strings.Join(slices.Compact(known), ", "))
		}
		all = named
	}
	for i, e := range all {
		if a.json {
			if err := a.printJSON(e); err != nil {
				return err
			}
			continue
		}
		if i > 0 {
			fmt.Fprintln(a.out)
		}
		fmt.Fprintf(a.out, "%s, of %s: %s, tried again %s\n  meaning  %s\n  cause    %s\n  remedy   %s\n", e.Code, article(e.Of), e.Outcome, e.Again, e.Meaning, e.Cause, e.Remedy)
	}
	return nil
}

func article(noun string) string {
	if strings.HasPrefix(noun, "i") {
		return "an " + noun
	}
	return "a " + noun
}

// explainPage is the page of documentation that says the same.
func explainPage(w io.Writer, all []job.Explanation) {
	fmt.Fprint(w, `# Failure codes

What `+"`seisbatch failures`"+` lists by code, and what to do about it; `+"`seisbatch failures --explain CODE`"+` says the same. This page is made of
the texts in the program (`+"`go test ./cmd/internal/cli -run TestPageOfFailureCodes -update`"+`).
`)
	for _, section := range []struct{ of, title, text string }{
		{"item", "Items", "An item is an event at an instrument. One with something wrong has failed, one that lacks what may well be absent is skipped. A failed item is tried again when something that it reads changes, where not said otherwise, or with `seisbatch retry --code CODE`."},
		{"file", "Files", "A file with a fault is listed until a load finds it good, or gone. What is good in it is used."},
	} {
		fmt.Fprintf(w, "\n## %s\n\n%s\n\n| code | meaning | cause | remedy |\n|---|---|---|---|\n", section.title, section.text)
		for _, e := range all {
			if e.Of != section.of {
				continue
			}
			note := ""
			if e.Outcome == "skipped" {
				note = " (skipped)"
			} else if strings.HasPrefix(e.Again, "at ") {
				note = " (tried again " + e.Again + ")"
			}
			cells := []string{"`" + e.Code + "`" + note, e.Meaning, e.Cause, e.Remedy}
			for i := range cells {
				cells[i] = strings.ReplaceAll(cells[i], "|", `\|`)
			}
			fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | "))
		}
	}
}
