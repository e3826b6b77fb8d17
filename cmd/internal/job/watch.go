package job

import (
	"time"

	"github.com/seisbatch/seisbatch/mtp"
)

// Watch is told what a job does while it goes on: for metrics. A nil *Watch, and a nil
// function of one, is nobody, and costs nothing. The functions are called by the goroutine that
// writes, unless said otherwise, and hold it up.
type Watch struct {
	// Began is told of a run that has its row and knows what there is to do.
	Began func(Beginning)
	// Item is told what became of an item, when that is written. A dry run tells of none.
	Item func(*Outcome)
	// File is told what became of a file that a load met.
	File func(FileOutcome)
	// Database is told how long an operation on the database took, failed or not. It is called
	// concurrently.
	Database func(op Operation, took time.Duration)
	// Pipeline is given the counts of a pipeline that begins, which may be asked for at any time
	// by anyone; what it returns is called when the pipeline has ended.
	Pipeline func(snapshot func() mtp.Snapshot) (ended func())
}

// Beginning is a run that begins.
type Beginning struct {
	RunID       int64
	Kind, Label string
	Items       int64 // to look at
}

// The states of an item and of a file beside those of their rows.
const (
	Verified  = "verified"  // looked at, and still right
	Removed   = "removed"   // none any more: its row is gone
	Loaded    = "loaded"    // read, without fault
	Unchanged = "unchanged" // known, and not read
	Faulty    = "failed"    // read, or not to be read, with a code
)

// Outcome is what became of an item.
type Outcome struct {
	Event, Instrument string
	Status            string        // done, failed, skipped, verified or removed
	Code              string        // of failed and skipped, else ""
	Message           string        // likewise
	Reason            Reason        // why it was due; "" if it was not
	Rows              int           // measurements written
	Bytes             int64         // of waveforms read
	Took              time.Duration // of a worker's time
}

// FileOutcome is what became of a file.
type FileOutcome struct {
	Path   string
	Format string // "" if it is not known
	Status string // loaded, unchanged, failed or removed
	Code   string // of failed, else ""
	Bytes  int64  // read
}

// Operation is what a job asks of the database. The names are promised to scripts.
type Operation string

// The operations.
const (
	opPrepare    Operation = "prepare"         // what changed is marked, the inventory read
	opEvents     Operation = "plan_events"     // a page of events is read
	opItems      Operation = "plan_items"      // the state of the items of a page
	opArrivals   Operation = "plan_arrivals"   // the arrivals of a page
	opOrphans    Operation = "plan_orphans"    // data without metadata, of a page
	opSegments   Operation = "plan_segments"   // where the waveforms of an event are
	opResponse   Operation = "read_response"   // one response
	opLock       Operation = "ask_lock"        // whether the lock is held still: the shortest question there is
	opItemBatch  Operation = "write_items"     // a batch of items, one transaction
	opFileBatch  Operation = "write_files"     // a batch of waveform files, one transaction
	opMetadata   Operation = "load_metadata"   // a metadata file is read and written, one transaction
	opKnownFiles Operation = "read_files"      // the files that are known below a path
	opRemove     Operation = "remove_files"    // files that are gone are forgotten
	opStatistics Operation = "make_statistics" // of the query planner
)

// nothing is what there is to do for nobody.
func nothing() {}

// clock starts the clock of an operation; what it returns stops it.
func (w *Watch) clock(op Operation) (stop func()) {
	if w == nil || w.Database == nil {
		return nothing
	}
	began := time.Now()
	return func() { w.Database(op, time.Since(began)) }
}

func (w *Watch) pipeline(snapshot func() mtp.Snapshot) (ended func()) {
	if w == nil || w.Pipeline == nil {
		return nothing
	}
	return w.Pipeline(snapshot)
}

func (w *Watch) began(b Beginning) {
	if w != nil && w.Began != nil {
		w.Began(b)
	}
}

func (w *Watch) item(o *Outcome) {
	if w != nil && w.Item != nil {
		w.Item(o)
	}
}

func (w *Watch) file(f FileOutcome) {
	if w != nil && w.File != nil {
		w.File(f)
	}
}

// watchesItems reports whether anybody wants to know what becomes of items.
func (w *Watch) watchesItems() bool { return w != nil && w.Item != nil }
