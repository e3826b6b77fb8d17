package db

import "slices"

// Age says which failures are wanted, by when they began.
type Age string

// The ages. A failure is new if the last run that ended well, before the newest run of
// the label, ended before it began; what a run that ended early has met is still new in the
// one that goes on from there. Of parts of a label, the newest run of each counts.
const (
	AgeAny     Age = ""
	AgeNew     Age = "new"
	AgeChronic Age = "chronic"
)

// Of gives the failures of the age, in their order. It takes the slice over.
func (a Age) Of(all []Failure) []Failure {
	if a == AgeAny {
		return all
	}
	return slices.DeleteFunc(all, func(f Failure) bool { return f.New != (a == AgeNew) })
}

// isNew is the condition that a failure of label $1 is new, by the time when it began; false for
// NULL. A run of a part is followed by one of the same part, of the whole, or of parts of
// another count.
func isNew(since string) string {
	return `COALESCE(` + since + ` > (SELECT COALESCE(max(r.finished_at), '-infinity') FROM run r
		WHERE r.label = $1 AND r.status = 'done' AND EXISTS (
			SELECT FROM (SELECT shard, max(id) AS id FROM run WHERE label = $1 GROUP BY shard) AS newest
			WHERE newest.id > r.id AND (newest.shard = r.shard OR split_part(newest.shard, '/', 2) <> split_part(r.shard, '/', 2)))), false)`
}
