package job

import (
	"context"
	"io"

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
	xml := reading{format: formatQuakeML, foreign: quakeml.ErrNotQuakeML, cut: codeBadXML, read: readQuakeML}
	return loadMetadata(ctx, pool, paths, o, metadataKind{
		takes: "QuakeML, FDSN event text, ComCat CSV and origin tables of CSS 3.0",
		formats: map[sniff.Kind]reading{sniff.QuakeML: xml, sniff.XML: xml,
			sniff.EventText: {format: formatEventText, foreign: eventtext.ErrFormat, cut: codeBadMetadata, read: o.readEventText},
			sniff.ComCat:    {format: formatComCat, foreign: eventtext.ErrFormat, cut: codeBadMetadata, read: o.readEventText}},
		main: css.OriginTable,
		tables: func(d tables) reading {
			return reading{format: formatOrigin, cut: codeBadMetadata, read: func(ctx context.Context, tx *sqlx.Tx, revision int64, _ io.Reader) (content, error) {
				events, problems, err := d.Events()
				return saveEvents(ctx, tx, revision, events, content{problems: cssTexts(problems, o), err: err})
			}}
		},
		isClaimed: isXML,
		mayBe:     func(name string) bool { return hasExtension(name, "txt", "text", "csv") },
	})
}

func readQuakeML(ctx context.Context, tx *sqlx.Tx, revision int64, r io.Reader) (content, error) {
	events, problems, err := quakeml.Read(r)
	return saveEvents(ctx, tx, revision, events, content{problems: texts(problems), err: err})
}

// readEventText reads rows of text, which say less of an event than QuakeML may: an event that
// is known with more than its row has stays as it is.
func (o *LoadOptions) readEventText(ctx context.Context, tx *sqlx.Tx, revision int64, r io.Reader) (content, error) {
	events, problems, err := eventtext.Read(r, eventtext.Options{Prefix: o.IDPrefix})
	c := content{problems: texts(problems), err: err}
	rows, kept, err := db.KeepRicher(ctx, tx, eventRows(events))
	if err != nil {
		return c, err
	}
	c.kept = kept
	c.saved, err = db.SaveEvents(ctx, tx, revision, rows)
	c.saved.Found += len(kept)
	return c, err
}

// saveEvents writes what was read of a file.
func saveEvents(ctx context.Context, tx *sqlx.Tx, revision int64, events []waveform.Event, c content) (content, error) {
	var err error
	c.saved, err = db.SaveEvents(ctx, tx, revision, eventRows(events))
	return c, err
}

func eventRows(events []waveform.Event) []db.Event {
	rows := make([]db.Event, len(events))
	for i, e := range events {
		rows[i] = eventRow(e)
	}
	return rows
}
