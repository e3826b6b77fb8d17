package job

import (
	"context"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
)

// write writes one batch of results.
func (r *run) write(ctx context.Context, results []result) error {
	b := r.batch(results)
	if !r.o.DryRun {
		r.batches++
		b.Number = r.batches
		if err := r.patience.do(ctx, func() error { return r.save(ctx, b) }); err != nil {
			return err
		}
		r.o.Hook.at("run:after-write")
		r.tell(results)
	}
	r.tally(results, &b)
	c := &r.result.Counts
	r.o.Progress(Progress{Done: c.Due + c.Verified, Total: r.total, Failed: c.Failed, Note: results[len(results)-1].key.EventID})
	return nil
}

// tally adds to the result what was written, or planned.
func (r *run) tally(results []result, b *db.Batch) {
	c := &r.result.Counts
	c.Due, c.Done, c.Failed = c.Due+b.Counts.Due, c.Done+b.Counts.Done, c.Failed+b.Counts.Failed
	c.Skipped, c.Verified = c.Skipped+b.Counts.Skipped, c.Verified+b.Counts.Verified
	if !r.o.DryRun {
		r.result.Left -= int64(len(results))
	}
	r.result.Removed += int64(len(b.Obsolete))
	for reason, n := range b.Reasons {
		r.result.Reasons[Reason(reason)] += n
	}
	for code, n := range b.Codes {
		r.result.Codes[code] += n
	}
	computed := b.Items
	for i := range results {
		switch res := &results[i]; {
		case res.obsolete && res.known.Status == db.ItemFailed && !r.o.DryRun:
			r.result.recovered(res.known)
		case !res.obsolete && !res.verified && len(computed) > 0:
			r.result.note(res.known, &computed[0])
			computed = computed[1:]
		}
	}
}

// save writes a batch under the lock. It may be repeated.
func (r *run) save(ctx context.Context, b db.Batch) error {
	asked := r.o.Watch.clock(opLock)
	err := r.lock.Held(ctx)
	if asked(); err != nil {
		return err
	}
	r.o.Hook.at("run:before-write")
	defer r.o.Watch.clock(opItemBatch)()
	return inTx(ctx, r.pool, func(tx *sqlx.Tx) error {
		if err := db.SaveBatch(ctx, tx, r.result.RunID, b); err != nil {
			return err
		}
		r.o.Hook.at("run:in-write")
		return nil
	})
}

// batch turns results into rows.
func (r *run) batch(results []result) db.Batch {
	var b db.Batch
	for i := range results {
		res := &results[i]
		row := res.row(r.o.Label, r.hash, r.revision, r.result.RunID)
		switch {
		case res.obsolete:
			b.Obsolete = append(b.Obsolete, row)
			if p := r.result.Plan; p != nil {
				p.Obsolete++
			}
			continue
		case res.verified:
			b.Verified = append(b.Verified, row)
			b.Counts.Verified++
			continue
		}
		res.schedule(&row, r.o.Now())
		b.Counts.Due++
		b.Reasons.Add(string(res.reason))
		if r.o.DryRun {
			r.result.Plan.add(res)
			continue
		}
		b.Items = append(b.Items, row)
		if row.Code != nil {
			b.Codes.Add(*row.Code)
		}
		switch row.Status {
		case db.ItemDone:
			b.Counts.Done++
		case db.ItemSkipped:
			b.Counts.Skipped++
		default:
			b.Counts.Failed++
		}
		for k := range res.rows {
			b.Measurements = append(b.Measurements, measurementRow(r.o.Label, res.key, &res.rows[k], r.result.RunID))
		}
	}
	return b
}

// add counts a due item.
func (p *Plan) add(res *result) {
	station := ""
	if res.key.Station != "" {
		station = res.key.Network + "." + res.key.Station
	}
	p.Stations[station]++
	p.Bytes += res.bytes
}
