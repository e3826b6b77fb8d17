package cli

import (
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/db"
)

// ageFlags choose failures by when they began.
type ageFlags struct{ onlyNew, onlyChronic bool }

func (f *ageFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVar(&f.onlyNew, "new", false, "only those that are new in the newest run")
	flags.BoolVar(&f.onlyChronic, "chronic", false, "only those that a run before it had already")
}

func (f *ageFlags) parse(skipped bool) (db.Age, error) {
	switch {
	case f.onlyNew && f.onlyChronic:
		return "", usagef("--new and --chronic: want one of them; without either all are listed, the new ones first")
	case skipped && (f.onlyNew || f.onlyChronic):
		return "", usagef("--skipped: of what is skipped it is not kept since when; leave out --new and --chronic")
	case f.onlyNew:
		return db.AgeNew, nil
	case f.onlyChronic:
		return db.AgeChronic, nil
	}
	return db.AgeAny, nil
}

// printAge prints the title above the first new and the first chronic failure of a list. A
// failure that was never seen has none.
func (a *app) printAge(all []db.Failure, i int) error {
	f := &all[i]
	if f.FirstSeen == nil || i > 0 && all[i-1].New == f.New {
		return nil
	}
	n := len(all) - i
	if next := slices.IndexFunc(all[i:], func(o db.Failure) bool { return o.New != f.New }); next > 0 {
		n = next
	}
	text, between := "chronic: %s\n", ""
	if f.New {
		text = "new: %s\n"
	}
	if i > 0 {
		between = "\n"
	}
	_, err := fmt.Fprintf(a.out, between+text, counted(n, "failure"))
	return err
}

// seenText says when a failure was met.
func seenText(f *db.Failure) string {
	if f.FirstSeen == nil {
		return ""
	}
	text := ", since " + clock(*f.FirstSeen)
	if f.LastSeen.After(*f.FirstSeen) {
		text += ", last " + clock(f.LastSeen)
	}
	return text
}

// clockOf writes a time to the second; nil is empty.
func clockOf(t *time.Time) string {
	if t == nil {
		return ""
	}
	return clock(*t)
}
