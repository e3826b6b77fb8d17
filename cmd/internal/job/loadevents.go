package job

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/cmd/internal/sniff"
	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/css"
	"github.com/seisbatch/seisbatch/waveform/eventtext"
	"github.com/seisbatch/seisbatch/waveform/quakeml"
)

// LoadEvents reads QuakeML, the text of FDSN event services, ComCat's CSV, and origin tables of
// CSS 3.0 into the database, as LoadStations does its formats.
func LoadEvents(ctx context.Context, pool *sqlx.DB, paths []string, o LoadOptions) (LoadSummary, error) {
	deleted := deletions{}
	xml := reading{format: formatQuakeML, foreign: quakeml.ErrNotQuakeML, cut: codeBadXML, read: deleted.readQuakeML}
	text := func(ctx context.Context, tx *sqlx.Tx, revision int64, r io.Reader) (content, error) {
		return o.readEventText(ctx, tx, revision, r, deleted)
	}
	return loadMetadata(ctx, pool, paths, o, metadataKind{
		takes: "QuakeML, FDSN event text, ComCat CSV and origin tables of CSS 3.0",
		formats: map[sniff.Kind]reading{sniff.QuakeML: xml, sniff.XML: xml,
			sniff.EventText: {format: formatEventText, foreign: eventtext.ErrFormat, cut: codeBadMetadata, read: text},
			sniff.ComCat:    {format: formatComCat, foreign: eventtext.ErrFormat, cut: codeBadMetadata, read: text}},
		main: css.OriginTable,
		tables: func(d tables) reading {
			return reading{format: formatOrigin, cut: codeBadMetadata, read: func(ctx context.Context, tx *sqlx.Tx, revision int64, _ io.Reader) (content, error) {
				events, problems, err := d.Events()
				return deleted.save(ctx, tx, revision, events, content{problems: cssTexts(problems, o), err: err})
			}}
		},
		isClaimed: isXML,
		mayBe:     func(name string) bool { return hasExtension(name, "txt", "text", "csv") },
	})
}

func (d deletions) readQuakeML(ctx context.Context, tx *sqlx.Tx, revision int64, r io.Reader) (content, error) {
	events, problems, err := quakeml.Read(r)
	return d.save(ctx, tx, revision, events, content{problems: texts(problems), err: err})
}

// readEventText reads rows of text, which say less of an event than QuakeML may: an event that
// is known with more than its row has stays as it is.
func (o *LoadOptions) readEventText(ctx context.Context, tx *sqlx.Tx, revision int64, r io.Reader, d deletions) (content, error) {
	events, problems, err := eventtext.Read(r, eventtext.Options{Prefix: o.IDPrefix})
	c := content{problems: texts(problems), err: err}
	rows, kept, err := db.KeepRicher(ctx, tx, d.rows(events))
	if err != nil {
		return c, err
	}
	c.kept = kept
	c.saved, err = db.SaveEvents(ctx, tx, revision, rows)
	c.saved.Found += len(kept)
	return c, err
}

// saveEvents writes what was read of a file.
func (d deletions) save(ctx context.Context, tx *sqlx.Tx, revision int64, events []waveform.Event, c content) (content, error) {
	var err error
	c.saved, err = db.SaveEvents(ctx, tx, revision, d.rows(events))
	return c, err
}

// deletions are the events, by public id, that a file of this load says do not exist. Others of its
// files that still have them are older, in whatever order they are read.
type deletions map[string]bool

// rows are the events without those that are older.
func (d deletions) rows(events []waveform.Event) []db.Event {
	rows := eventRows(events)
	for i := range rows {
		if strings.EqualFold(rows[i].Type, db.NotExisting) {
			d[rows[i].ID] = true
		}
	}
	return slices.DeleteFunc(rows, func(e db.Event) bool { return d[e.ID] && !strings.EqualFold(e.Type, db.NotExisting) })
}

func eventRows(events []waveform.Event) []db.Event {
	rows := make([]db.Event, len(events))
	for i, e := range events {
		rows[i] = eventRow(e)
	}
	return rows
}
