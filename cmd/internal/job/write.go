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
	c := &r.result.Counts
	c.Due, c.Done, c.Failed = c.Due+b.Counts.Due, c.Done+b.Counts.Done, c.Failed+b.Counts.Failed
	c.Skipped, c.Verified = c.Skipped+b.Counts.Skipped, c.Verified+b.Counts.Verified
	if !r.o.DryRun {
		r.result.Left -= int64(len(results))
	}
	for _, it := range b.Items {
		if it.Code != nil {
			r.result.Codes[*it.Code]++
		}
	}
	r.o.Progress(Progress{Done: c.Due + c.Verified, Total: r.total, Failed: c.Failed, Note: results[len(results)-1].key.EventID})
	return nil
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
			r.result.Removed++
			if p := r.result.Plan; p != nil {
				p.Obsolete++
			} else if row.Status == db.ItemFailed {
				r.result.recovered(&row)
			}
			continue
		case res.verified:
			b.Verified = append(b.Verified, row)
			b.Counts.Verified++
			continue
		}
		res.schedule(&row, r.o.Now())
		b.Counts.Due++
		r.result.Reasons[res.reason]++
		b.Reasons.Add(string(res.reason))
		if r.o.DryRun {
			r.result.Plan.add(res)
			continue
		}
		b.Items = append(b.Items, row)
		r.result.note(res.known, &row)
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
