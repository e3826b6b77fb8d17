package cli

import (
	"fmt"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/db"
)

// markGivenUp marks the failures of items that may pass but have been tried as often as
// the settings let them.
func (a *app) markGivenUp(all []db.Failure) {
	most := a.settings.maxAttempts()
	for i := range all {
		f := &all[i]
		f.GivenUp = f.EventID != "" && job.IsPassing(f.Code) && most > 0 && f.Attempts >= most
		if f.NextTry != nil {
			utc := f.NextTry.UTC()
			f.NextTry = &utc
		}
		if f.GivenUp {
			f.NextTry = nil
		}
	}
}

// triesText says how often an item was tried in vain, and what comes of it.
func triesText(f *db.Failure) string {
	switch {
	case f.GivenUp:
		return fmt.Sprintf(", given up after %s: 'seisbatch retry --code %s' tries again", counted(f.Attempts, "attempt"), f.Code)
	case f.Attempts > 1 && f.NextTry != nil:
		return fmt.Sprintf(", tried %d times, again from %s on", f.Attempts, clock(*f.NextTry))
	case f.Attempts > 1:
		return fmt.Sprintf(", tried %d times", f.Attempts)
	}
	return ""
}
