package job

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"runtime/debug"
	"time"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/mtp"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/archive"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// result is what a worker made of an item.
type result struct {
	*item
	dataHash []byte
	verified bool   // nothing that matters had changed
	reason   Reason // why it is due, if it is
	bytes    int64  // that were read; to be read, in a dry run
	rows     []recipe.Measurement
	took     time.Duration // of the worker's time
}

// worker computes items. It belongs to one goroutine.
type worker struct {
	recipe    *recipe.Recipe
	hash      [32]byte // of the recipe
	responses *responses
	processor *recipe.Processor
	reader    archive.Reader
	cuts      []archive.Cut // one a component, used again
	dryRun    bool
	force     bool            // compute also what is only suspected
	retry     []string        // codes that are asked for
	rereads   *rereads        // of what cannot be read; nil: none
	failed    func()          // is told of each item that fails in processing
	stop      <-chan struct{} // closed: what is not begun is left
	hook      Hook
}

// do computes one item. What is wrong with the item is in the result; the error
// is one of the database, or of ctx, and ends the run.
func (w *worker) do(ctx context.Context, it *item) (res result, err error) {
	if stopped(w.stop) {
		return res, mtp.ErrSkip // it stays due
	}
	res = result{item: it}
	defer w.measure(&res)()
	if it.isSettled() {
		res.verified = it.toVerify(w.hash, w.force) && w.unchanged(it, nil)
		res.reason = w.reason(it, nil)
		return res, nil
	}
	if w.dryRun {
		res.bytes = w.size(it)
		if !it.toVerify(w.hash, w.force) {
			res.reason = w.reason(it, nil)
			return res, nil
		}
	}
	defer func() { it.input.Components, it.sources = nil, nil }() // done with, and large
	if err := w.read(ctx, it); err != nil {
		return res, err
	}
	w.hook.at("run:read")
	hash := recipe.DataHash(it.input.Components)
	res.dataHash = hash[:]
	res.reason = w.reason(it, res.dataHash)
	if res.verified = it.toVerify(w.hash, w.force) && w.unchanged(it, res.dataHash); res.verified || w.dryRun {
		return res, nil
	}
	if err := w.respond(ctx, it); errors.Is(err, sql.ErrNoRows) {
		return res, mtp.ErrSkip // a load has just removed the epoch: the next run knows
	} else if err != nil {
		return res, err
	}
	res.rows, it.failure = w.process(it)
	if it.failure != nil && !it.failure.Code.IsSkip() {
		w.failed()
	}
	w.hook.at("run:computed")
	return res, nil
}

// respond gives the components their responses.
func (w *worker) respond(ctx context.Context, it *item) (err error) {
	for i, c := range it.channels {
		if it.input.Components[i].Channel.Response, _, err = w.responses.of(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// unchanged compares an item's fingerprint with the one it was computed from.
func (w *worker) unchanged(it *item, dataHash []byte) bool {
	k := it.known
	return bytes.Equal(k.DataHash, dataHash) && bytes.Equal(k.MetadataHash, it.metadata[:]) && bytes.Equal(k.EventHash, it.eventHash[:]) &&
		bytes.Equal(k.ReviewHash, it.reviewHash) && bytes.Equal(k.RecipeHash, w.hash[:]) && k.Algorithm == recipe.Algorithm
}

// wanted is the window that is read of a component, at the rate its data have; false
// if it has none, or is not wanted.
func (w *worker) wanted(it *item, c *recipe.Component) (waveform.Window, bool) {
	at, _ := c.Review.Anchor(it.input.Onsets)
	rate := archive.Rate(c.Channel.ID, at, it.extent, it.sources)
	if rate <= 0 || c.Review.IsRejected() {
		return waveform.Window{}, false
	}
	return w.recipe.Windows.For(c.Review).Wanted(it.input.Onsets, rate).Read, true
}

// size is how many bytes read reads.
func (w *worker) size(it *item) (n int64) {
	for i := range it.input.Components {
		c := &it.input.Components[i]
		if window, ok := w.wanted(it, c); ok {
			n += archive.Size(c.Channel.ID, window, it.sources)
		}
	}
	return n
}

// read fills the components with their data.
func (w *worker) read(ctx context.Context, it *item) error {
	in := &it.input
	for len(w.cuts) < len(in.Components) {
		w.cuts = append(w.cuts, archive.Cut{})
	}
	for i := range in.Components {
		c, cut := &in.Components[i], &w.cuts[i]
		window, ok := w.wanted(it, c)
		if !ok {
			continue // no data, or not wanted
		}
		err := w.rereads.do(ctx, w.hook, func() error { return w.reader.Read(ctx, cut, c.Channel.ID, window, it.sources) })
		if err != nil {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			c.Failure = readFailure(c.Channel.ID, err)
			continue
		}
		c.Traces, c.OverlapDiffers, c.Damage = cut.Traces, cut.Differs, damage(cut)
		c.Doubts = cut.Remarks.Doubts()
		if q := float64(cut.Remarks.TimingQuality); cut.Remarks.Timed > 0 {
			c.TimingQuality = &q
		}
	}
	return nil
}

func readFailure(id waveform.SourceID, err error) *recipe.Failure {
	f := &recipe.Failure{Code: recipe.UnreadableFile, Stage: "read", Message: fmt.Sprintf("%v: %v: check the file, or load the archive again", id, err)}
	var path *fs.PathError
	if errors.As(err, &path) {
		f.File = path.Path
	}
	if errors.Is(err, fs.ErrNotExist) {
		f.Code = recipe.FileMissing
		f.Message = fmt.Sprintf("%v: %v: it was there when the archive was loaded; bring it back and 'seisbatch retry --code file_missing', or load the archive again, which forgets it", id, err)
	}
	return f
}

// damage describes the damaged records met while reading.
func damage(cut *archive.Cut) *recipe.Damage {
	if len(cut.Bad) == 0 {
		return nil
	}
	return &recipe.Damage{File: cut.Bad[0].Path, Message: cut.Bad[0].Err.Error(), Offset: cut.Bad[0].Offset}
}

// process computes the rows of an item. A panic is the item's failure, with its
// stack, and not the end of the run.
func (w *worker) process(it *item) (rows []recipe.Measurement, failure *recipe.Failure) {
	defer func() {
		if p := recover(); p != nil {
			rows, failure = nil, &recipe.Failure{Code: recipe.Crash, Stage: "process",
				Message: fmt.Sprintf("a bug of seisbatch, please report it: %v\n%s", p, debug.Stack())}
		}
	}()
	rows, err := w.processor.Process(&it.input)
	if err != nil && !errors.As(err, &failure) {
		failure = &recipe.Failure{Code: recipe.ProcessingError, Stage: "process", Message: err.Error()}
	}
	return rows, failure
}

// row is the state of the item after this result.
func (r *result) row(label string, hash [32]byte, revision, run int64) db.WorkItem {
	if r.verified {
		k := *r.known
		k.Suspect, k.Revision = nil, revision
		k.OriginHash = r.originHash[:]
		return k
	}
	from := r.extent.From
	if origin := r.input.Origin.Time; !origin.IsZero() && origin.Before(from) {
		from = origin // by which the metadata epochs were chosen
	}
	w := db.WorkItem{Label: label, ItemKey: r.key, Status: db.ItemDone, Attempts: 1, Tries: 1, ReadFrom: nullTime(from), ReadUntil: nullTime(r.extent.Until),
		DataHash: r.dataHash, MetadataHash: r.metadata[:], EventHash: r.eventHash[:], OriginHash: r.originHash[:], ReviewHash: r.reviewHash,
		RecipeHash: hash[:], Algorithm: recipe.Algorithm,
		Revision: revision, RunID: run}
	if r.known != nil {
		w.Attempts += r.known.Attempts
	}
	if f := r.failure; f != nil {
		code := string(f.Code)
		w.Status, w.Code, w.Stage, w.File, w.Message = db.ItemFailed, &code, nullText(f.Stage), nullText(f.File), nullText(f.Message)
		if f.Code.IsSkip() {
			w.Status = db.ItemSkipped
		} else if r.known != nil {
			w.FailedSince = r.known.FailedSince // nil, for the start of this run, unless it has failed before
		}
	}
	return w
}
