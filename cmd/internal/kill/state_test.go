package kill_test

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/seisbatch/seisbatch/db"
)

// state is what a database holds, in one snapshot, without ids, runs and clock
// times. Rows are text, with every digit.
type state struct {
	tables map[string][]string
	items  map[string]string // by key: a work item and its measurements, without suspect
	files  map[string]string // by path: a file and its segments
	runs   []db.Run          // the newest first
	faults []string          // rows that contradict each other
}

// contents are the rows of each table. A revision counts transactions of loads: jobs
// that load the same number of times have the same.
var contents = map[string]string{
	"work_item":   `SELECT to_jsonb(w) - '{run_id, failed_since}'::text[] FROM work_item w`,
	"measurement": `SELECT to_jsonb(m) - 'run_id' FROM measurement m`,
	"label":       `SELECT to_jsonb(l) FROM label l`,
	"file":        `SELECT to_jsonb(f) - '{id, loaded_at, error_since}'::text[] FROM file f`,
	"segment":     `SELECT (to_jsonb(s) - '{id, file_id}'::text[]) || jsonb_build_object('path', f.path) FROM segment s JOIN file f ON f.id = s.file_id`,
	"station":     `SELECT to_jsonb(s) FROM station s`,
	"channel":     `SELECT (to_jsonb(c) - '{id, response}'::text[]) || jsonb_build_object('response', md5(c.response::text)) FROM channel c`,
	"event":       `SELECT to_jsonb(e) FROM event e`,
	"event_alias": `SELECT to_jsonb(a) FROM event_alias a`,
	"origin":      `SELECT to_jsonb(o) FROM origin o`,
	"magnitude":   `SELECT to_jsonb(m) FROM magnitude m`,
	"arrival":     `SELECT to_jsonb(a) FROM arrival a`,
}

const itemStates = `
SELECT concat_ws(' ', w.label, w.event_id, w.network, w.station, w.location, w.instrument) AS key,
    (to_jsonb(w) - '{run_id, suspect, failed_since}'::text[])::text || COALESCE(string_agg((to_jsonb(m) - 'run_id')::text, '' ORDER BY m.component), '') AS value
FROM work_item w LEFT JOIN measurement m USING (label, event_id, network, station, location, instrument)
GROUP BY w.label, w.event_id, w.network, w.station, w.location, w.instrument, w.*`

const fileStates = `
SELECT f.path AS key, (to_jsonb(f) - '{id, loaded_at, error_since}'::text[])::text
    || COALESCE(string_agg((to_jsonb(s) - '{id, file_id}'::text[])::text, '' ORDER BY s.channel, s.start_time), '') AS value
FROM file f LEFT JOIN segment s ON s.file_id = f.id
GROUP BY f.path, f.*`

// faults finds rows that contradict each other, whatever the moment. (That no
// measurement is without its item, the schema sees to.)
const faults = `
SELECT 'item is ' || status || ' and has ' || count(m) || ' measurements: ' || w::text
FROM work_item w LEFT JOIN measurement m USING (label, event_id, network, station, location, instrument)
GROUP BY w.*, status HAVING (status = 'done') <> (count(m) > 0)
UNION ALL
SELECT 'measurement of another run than its item: ' || w::text
FROM work_item w JOIN measurement m USING (label, event_id, network, station, location, instrument)
WHERE m.run_id <> w.run_id
UNION ALL
SELECT 'item that is ' || w.status || ' has code ' || COALESCE(w.code, 'NULL') || ': ' || w::text
FROM work_item w WHERE (w.status = 'done') <> (w.code IS NULL)
UNION ALL
SELECT 'item that is ' || w.status || ' fails since ' || COALESCE(w.failed_since::text, 'NULL') || ': ' || w::text
FROM work_item w JOIN run r ON r.id = w.run_id
WHERE (w.status = 'failed') <> (w.failed_since IS NOT NULL) OR w.failed_since > r.started_at
UNION ALL
SELECT 'run counts ' || r.due || ' due items, and by reason and code others: ' || r::text FROM run r
WHERE r.due <> (SELECT COALESCE(sum(n::bigint), 0) FROM jsonb_each_text(r.reasons) AS t (name, n))
   OR r.failed + r.skipped <> (SELECT COALESCE(sum(n::bigint), 0) FROM jsonb_each_text(r.codes) AS t (name, n))`

// read reads the state of a database, except the columns named, and closes its
// connection to it.
func read(t *testing.T, dsn string, except ...string) state {
	t.Helper()
	pool := open(t, dsn)
	defer pool.Close()
	tx, err := pool.BeginTxx(context.Background(), &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	s := state{tables: map[string][]string{}, items: pairs(t, tx, itemStates), files: pairs(t, tx, fileStates)}
	for table, query := range contents {
		s.tables[table] = texts(t, tx, `SELECT row - $1::text[] FROM (`+query+`) AS t (row)`, pq.Array(append([]string{}, except...)))
	}
	s.faults = texts(t, tx, faults)
	if s.runs, err = db.Runs(context.Background(), tx, 0); err != nil {
		t.Fatal(err)
	}
	return s
}

func texts(t *testing.T, tx *sqlx.Tx, query string, args ...any) []string {
	t.Helper()
	var rows []string
	if err := tx.Select(&rows, query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	slices.Sort(rows)
	return rows
}

func pairs(t *testing.T, tx *sqlx.Tx, query string) map[string]string {
	t.Helper()
	var rows []struct{ Key, Value string }
	if err := tx.Select(&rows, query); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	m := make(map[string]string, len(rows))
	for _, r := range rows {
		m[r.Key] = r.Value
	}
	return m
}

// differences describes how the rows of two states differ, at most some of each table.
func differences(got, want state) []string {
	const most = 3
	var all []string
	for _, table := range slices.Sorted(maps.Keys(want.tables)) {
		g, w := got.tables[table], want.tables[table]
		if slices.Equal(g, w) {
			continue
		}
		all = append(all, fmt.Sprintf("%s has %d rows, want %d", table, len(g), len(w)))
		for _, side := range []struct {
			name       string
			rows, than []string
		}{{"unexpected", g, w}, {"missing", w, g}} {
			n := 0
			for _, row := range side.rows {
				if _, found := slices.BinarySearch(side.than, row); !found && n < most {
					all = append(all, side.name+": "+row)
					n++
				}
			}
		}
	}
	return all
}
