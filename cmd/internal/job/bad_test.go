package job

import (
	"cmp"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
)

// badFiles is what becomes of each file of the folder of bad data: the code of its
// failure, or why there is none.
var badFiles = map[string]string{
	"clipped/KO.KIZT..HHE.mseed": "", // well formed; the ground moved too much
	"clipped/KO.KIZT..HHN.mseed": "",
	"clipped/KO.KIZT..HHZ.mseed": "",
	"clipped/KO.KIZT.xml":        "",
	"clipped/event.json":         codeNotMiniSEED,

	"made/bad-year.mseed":             codeBadRecord,
	"made/duplicate-records.mseed":    "", // the same samples twice
	"made/empty.mseed":                codeEmpty,
	"made/flipped-payload-byte.mseed": codeBadRecord,
	"made/html-error.mseed":           codeNotMiniSEED,
	"made/mseed3-bad-crc.mseed3":      codeBadRecord,
	"made/record-missing.mseed":       "", // a gap
	"made/records-reversed.mseed":     "", // the order of records is free
	"made/truncated-mid-record.mseed": codeBadRecord,
	"made/truncated-station.xml":      codeBadXML,

	"obspy-mseed/TM.SKLT.__.BHZ_faulty_response.xml":      "", // a fault of values, met when it is used
	"obspy-mseed/brokenlastrecord.mseed":                  codeBadRecord,
	"obspy-mseed/corrupt_one_extra_byte_at_end.mseed":     codeBadRecord,
	"obspy-mseed/infinite-loop.mseed":                     codeBadRecord,
	"obspy-mseed/not.mseed":                               codeNotMiniSEED,
	"obspy-mseed/not2.mseed":                              codeNotMiniSEED,
	"obspy-mseed/not3.mseed":                              codeNotMiniSEED,
	"obspy-mseed/not4.mseed":                              codeNotMiniSEED,
	"obspy-mseed/record_with_invalid_word_order.mseed":    "", // the order is seen from the header
	"obspy-mseed/single_record_plus_noise_record.mseed":   "", // a blank record is none
	"obspy-mseed/three_records_zero_data_in_middle.mseed": "", // neither is one without samples
	"obspy-mseed/various_noise_records.mseed":             "",
	"obspy-mseed/wrong_blockette_numbers_specified.mseed": "", // the chain is followed, not counted
	"quakeml/invalid_enum.xml":                            "", // in an element that is not read
	"quakeml/invalid_id.xml":                              codeBadMetadata,
	"real/RESP.KAPI.II.00.BHZ.txt":                        codeUnsupported, // an error message by the name of RESP
	"stationxml/channel_without_coordinates.xml":          codeBadMetadata,
	"stationxml/empty_channel.xml":                        codeBadMetadata,
	"stationxml/no_default_namespace.xml":                 codeBadMetadata,
	"stationxml/version20.xml":                            codeBadXML,
}

// advice is what a message has to hold to be of help.
var advice = []string{"get it again", "get the file again", "fetch it again", "correct the file", "want ", "remove it"}

// loadBad loads the folder of bad data with every kind of load.
func loadBad(t *testing.T, pool *sqlx.DB, dir string) {
	t.Helper()
	for _, load := range []loader{LoadStations, LoadEvents, LoadWaveforms} {
		sum, err := load(t.Context(), pool, []string{dir}, LoadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if sum.Failed == 0 || sum.Failed == sum.Files {
			t.Errorf("some files are bad, and some are not: %+v", sum)
		}
	}
}

func TestEveryBadFileHasAFailureThatHelps(t *testing.T) {
	dir, pool := filepath.Join(sharedData(t), "bad"), dbtest.New(t)
	loadBad(t, pool, dir)
	failures, err := db.Failures(t.Context(), pool, "default")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		rel, relErr := filepath.Rel(dir, name)
		if err == nil && !d.IsDir() {
			got[rel] = ""
		}
		return cmp.Or(err, relErr)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range failures {
		rel, err := filepath.Rel(dir, f.File)
		if err != nil {
			t.Fatal(err)
		}
		got[rel] = f.Code
		if f.Stage != "load" || f.Attempts != 1 || f.ItemKey != (db.ItemKey{}) {
			t.Errorf("%+v", f)
		}
		helps := false
		for _, a := range advice {
			helps = helps || strings.Contains(f.Message, a)
		}
		if !helps || strings.Contains(f.Message, dir) {
			t.Errorf("%s: %q does not say what to do, or repeats the path", rel, f.Message)
		}
	}
	if diff := gocmp.Diff(badFiles, got); diff != "" {
		t.Errorf("codes (-want +got):\n%s", diff)
	}
}

// Files of the bad folder have the same samples as the good CI.CLC..HNE, where they
// can be read: nothing changes for it, whatever was loaded first.
func TestBadFilesBesideGoodOnesChangeNoResult(t *testing.T) {
	data := sharedData(t)
	events := []string{"ci38457511", "nc73291880"}
	good := func(pool *sqlx.DB) {
		for _, e := range events {
			loadEvent(t, pool, filepath.Join(data, "events", e))
		}
	}
	results := func(pool *sqlx.DB) map[string]string {
		mustRun(t, pool, RunOptions{})
		all := measurementsOf(t, pool, "default")
		for k := range all {
			if !strings.HasPrefix(k, events[0]) && !strings.HasPrefix(k, events[1]) {
				delete(all, k)
			}
		}
		return all
	}
	alone := dbtest.New(t)
	good(alone)
	want := results(alone)
	if len(want) != 19*5 { // 11 and 8 instruments of three components
		t.Errorf("%d rows", len(want))
	}
	for name, load := range map[string]func(*sqlx.DB){
		"good first": func(p *sqlx.DB) { good(p); loadBad(t, p, filepath.Join(data, "bad")) },
		"bad first":  func(p *sqlx.DB) { loadBad(t, p, filepath.Join(data, "bad")); good(p) },
	} {
		t.Run(name, func(t *testing.T) {
			pool := dbtest.New(t)
			load(pool)
			if diff := gocmp.Diff(want, results(pool)); diff != "" {
				t.Errorf("measurements (-good alone +with bad ones):\n%s", diff)
			}
		})
	}
}
