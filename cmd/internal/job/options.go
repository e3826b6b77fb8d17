package job

import (
	"log/slog"
	"time"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/mtp"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// LoadOptions of the load functions. The zero value is good.
type LoadOptions struct {
	Workers  int             // files read at once; default GOMAXPROCS
	Known    bool            // files of metadata that are as they were when they were read are not read again
	Forget   bool            // an archive without a file is one whose files were removed
	Network  string          // of stations in tables of CSS 3.0 that name none; default css.DefaultNetwork
	IDPrefix string          // of the public ids of events that come without; default smi:local/
	Stop     <-chan struct{} // closed: finish what is begun
	Progress func(Progress)  // called now and then by one goroutine
	Log      *slog.Logger    // default: discard
	Watch    *Watch
	Hook     Hook
	InWork   func(count func() int64) // see [RunOptions]
	Reconnect
}

// LoadSummary is what a load came to. Failed files have a row that says why.
type LoadSummary struct {
	Files     int   `json:"files"`     // looked at
	Unchanged int   `json:"unchanged"` // known, and not read again
	Loaded    int   `json:"loaded"`    // read, new or changed
	Removed   int   `json:"removed"`   // known, and gone
	Failed    int   `json:"failed"`    // of the loaded, with something wrong in them
	Found     int   `json:"found"`     // channel epochs, events or segments in what was read
	Changed   int   `json:"changed"`   // of these, new or different
	Merged    int   `json:"merged"`    // events that are part of others now
	Deleted   int   `json:"deleted"`   // events that do not exist any more
	Restored  int   `json:"restored"`  // events that are active again
	Replaced  int   `json:"replaced"`  // channel epochs that gave way to others of their file
	Bytes     int64 `json:"bytes"`     // read
}

// RunOptions of [Run].
type RunOptions struct {
	Kind       string // run, demo ...
	Label      string
	RecipeName string // of RecipeText, for messages
	RecipeText []byte // nil: the label's own recipe, or the default for a new label
	Words      recipe.Language
	Selection  Selection
	Force      bool          // compute also what is not due
	Retry      []string      // codes: compute again what failed or was skipped with one of them, and nothing else
	DryRun     bool          // count what is due and write nothing
	Wait       bool          // wait for the label's lock
	StopAfter  time.Duration // then stop as Stop does; 0 is never
	// MaxFailures stops the run when more items have failed; nil is never.
	MaxFailures *MaxFailures
	Workers     int // default GOMAXPROCS
	BatchSize   int // items written at once; default 200
	Now         func() time.Time
	Version     string
	Stop        <-chan struct{} // closed: finish what is begun and write it
	Progress    func(Progress)
	Log         *slog.Logger
	Watch       *Watch
	Hook        Hook

	// MaxAttempts is how often in a row an item is tried by itself that fails with a code which may
	// pass; 0 is no limit.
	MaxAttempts int
	// Rereads says how a file that cannot be read is read again within the run.
	Rereads mtp.Backoff
	// InWork, if not nil, is given once the work has begun what counts the items that are begun
	// and not written. That may be called at any time.
	InWork func(count func() int64)
	Reconnect
}

// RunResult is what a run came to.
type RunResult struct {
	RunID       int64 `json:"run"` // 0 if nothing was written
	Considered  int64 `json:"considered"`
	db.Counts         // Due counts what was computed, or would be
	Left        int64 `json:"left"` // items that an early end left for the next run
	Interrupted bool  `json:"interrupted"`
	// Budget is the one that ended the run early; "" if none did.
	Budget Budget `json:"budget,omitempty"`
	// Removed counts items that are none any more, of a merged or deleted event among others.
	Removed int64 `json:"removed"`
	// Reasons counts the due items by why they are.
	Reasons map[Reason]int64 `json:"reasons"`
	// Plan has more of what is due, if nothing was computed.
	Plan *Plan `json:"plan,omitempty"`
	// Codes counts the skipped and failed items by code.
	Codes map[string]int64 `json:"codes"`
	Turns
}

// Plan is what a run would do.
type Plan struct {
	Stations map[string]int64 `json:"stations"` // due items, by network.station; "" of events without an origin
	Obsolete int64            `json:"obsolete"` // items that are none any more: their rows would be removed
	Bytes    int64            `json:"bytes"`    // of waveforms to read
	Expected *float64         `json:"expected"` // s that it will take, by the label's runs so far; nil: there were none to tell
}

// Progress is how far a load or run is.
type Progress struct {
	Done, Total int64 // files or items; Total 0 is not known
	Failed      int64
	Bytes       int64
	Note        string // what is being done
}

// Hook is told of the named points that a job passes, so that a test can end the
// program there. Nil is no hook.
type Hook func(point string)

func (h Hook) at(point string) {
	if h != nil {
		h(point)
	}
}
