package job

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/cmd/internal/sniff"
	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/css"
	"github.com/seisbatch/seisbatch/waveform/resp"
	"github.com/seisbatch/seisbatch/waveform/stationxml"
)

// LoadStations reads StationXML, site tables of CSS 3.0, and responses as SEED RESP into the
// database: files, or what lies below folders. One transaction a file; a file that is
// damaged leaves what could be read of it, and a row that says what is wrong. RESP has no
// coordinates: it is read last, and gives its responses to the channel epochs that are there.
func LoadStations(ctx context.Context, pool *sqlx.DB, paths []string, o LoadOptions) (LoadSummary, error) {
	xml := reading{format: formatStationXML, foreign: stationxml.ErrNotStationXML, cut: codeBadXML, read: readStationXML}
	return loadMetadata(ctx, pool, paths, o, metadataKind{
		takes: "StationXML, SEED RESP and site tables of CSS 3.0",
		formats: map[sniff.Kind]reading{sniff.StationXML: xml, sniff.XML: xml,
			sniff.RESP: {format: formatRESP, foreign: resp.ErrNotRESP, cut: codeBadMetadata, last: true, read: o.readRESP}},
		main: css.SiteTable,
		tables: func(d tables) reading {
			return reading{format: formatSite, cut: codeBadMetadata, read: func(ctx context.Context, tx *sqlx.Tx, revision int64, _ io.Reader) (content, error) {
				stations, problems, err := d.Stations()
				return saveStations(ctx, tx, revision, stations, content{problems: cssTexts(problems, o), err: err})
			}}
		},
		isClaimed: func(name string) bool { return isXML(name) || isRESP(name) },
		mayBe:     func(name string) bool { return hasExtension(name, "txt", "text") },
	})
}

// isRESP reports whether a name is as rdseed and the data services give it: RESP.NET.STA.LOC.CHA.
func isRESP(name string) bool {
	return strings.HasPrefix(strings.ToUpper(name), "RESP.") || hasExtension(name, "resp")
}

func readStationXML(ctx context.Context, tx *sqlx.Tx, revision int64, r io.Reader) (content, error) {
	stations, problems, err := stationxml.Read(r)
	return saveStations(ctx, tx, revision, stations, content{problems: texts(problems), err: err})
}

// saveStations writes what was read of a file. Epochs that come without stages keep the ones
// they have.
func saveStations(ctx context.Context, tx *sqlx.Tx, revision int64, stations []waveform.Station, c content) (content, error) {
	rows, channels, err := stationRows(stations)
	if err != nil {
		c.err = err
		return c, nil
	}
	var without []bool
	for _, s := range stations {
		for _, ch := range s.Channels {
			without = append(without, ch.Response == nil || len(ch.Response.Stages) == 0)
		}
	}
	if err := db.KeepStages(ctx, tx, channels, without); err != nil {
		return c, err
	}
	c.epochs = channels
	c.saved, err = db.SaveStations(ctx, tx, revision, rows, channels)
	return c, err
}

func (o *LoadOptions) readRESP(ctx context.Context, tx *sqlx.Tx, revision int64, r io.Reader) (content, error) {
	stations, problems, err := resp.Read(r)
	problems = slices.DeleteFunc(problems, func(p resp.Problem) bool { return p.Code == resp.NoNetwork && o.Network != "" })
	c := content{problems: texts(problems), err: err}
	_, channels, err := stationRows(stations)
	if err != nil {
		c.err = err
		return c, nil
	}
	for i := range channels {
		channels[i].Network = cmp.Or(channels[i].Network, o.Network)
		if channels[i].Response == nil {
			channels[i].ResponseHash = nil // a fault of the file, and no reason to forget one
		}
	}
	saved, unused, err := db.SaveResponses(ctx, tx, revision, channels)
	if err != nil {
		return c, err
	}
	c.saved = saved
	for i := range unused {
		note, advice := unusedText(&unused[i])
		c.notes = append(c.notes, note)
		if !slices.Contains(c.advice, advice) {
			c.advice = append(c.advice, advice)
		}
	}
	return c, nil
}

// unusedText says why a response of a file was not used, and what to do.
func unusedText(u *db.UnusedResponse) (note, advice string) {
	id := waveform.SourceID{Network: u.Network, Station: u.Station, Location: u.Location, Channel: u.Channel.Channel}
	epoch := fmt.Sprintf("RESP epoch %v %s", id, epochOf(&u.Channel))
	if u.Known == nil {
		return epoch + ": no coordinates", "load StationXML or CSS tables of the channel first, then this file again"
	}
	advice = "nothing has to be done, unless the station metadata lack an epoch: then load StationXML or CSS tables that have it, and this file again"
	if u.Instead == nil {
		return fmt.Sprintf("%s: not used, it shares no more than a day with the channel epoch %s", epoch, epochOf(u.Known)), advice
	}
	return fmt.Sprintf("%s: not used, the channel epoch %s took the response of the RESP epoch %s", epoch, epochOf(u.Known), epochOf(u.Instead)), advice
}

func epochOf(c *db.Channel) string {
	return "from " + dayOf(c.From.Time()) + " to " + dayOf(c.Until.Time())
}

func dayOf(t time.Time) string {
	if t.IsZero() {
		return "..."
	}
	return t.Format(time.DateOnly)
}
