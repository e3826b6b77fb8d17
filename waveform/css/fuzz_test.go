package css

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"github.com/seisbatch/seisbatch/waveform/internal/textline"
)

// FuzzRead: whatever a table holds, nothing panics, there are no more rows than
// lines, problems and errors have their line, and texts are fit for a database.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"CRY     1982274       -1   33.5654 -116.7373    1.1280 Cary Ranch, Anza, CA, USA                          -    -         0.0000    0.0000  1461715727.61682\n",
		"AZ       CRY    CRY     1461715727.60670\nAZ       CRY    CRY     ****\nx\n",
		"  41.4875 -118.9234    1.7015  1451350620.30361  1371095   524398  2015363   21   10   -1       37        3 L  y    -999.0000 f -999.00       -1 -999.00       -1    2.42   296007 locsat:pickema2 BRTT:ken              -1  1451351165.97028\n",
		"CRY    BHE        883612805.00000       64       -1  1998001   883618319.97500   220600  40.0000000                0        -1.000000 -      - sd - 1998/001                                                         CRY.BHE.1998:001:00:00:05                 0       -1  1467148587.21158\n",
		"CRY\t1982274\t-1\t33.5654\t-116.7373\t1.1280\tSomewh\xe9re\tss\t-\t0.0\t0.0\t1461715727.61682\n",
		"schema css3.0\ndbpath ../{x}\n",
	} {
		for table := range allTables() {
			f.Add(uint8(table), []byte(seed))
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, in []byte) {
		table := allTables()[int(which)%len(allTables())]
		lines := bytes.Count(in, []byte("\n")) + 1
		var list problems
		rows := 0
		r := &tableReader{lines: textline.New(bytes.NewReader(in), maxLine), layouts: layoutsOf(table), list: &list}
		err := r.read(func(rec *record) {
			rows++
			scanAny(t, table, rec)
		})
		var at *Error
		if err != nil && (!errors.As(err, &at) || at.Line < 1 || at.Line > lines) {
			t.Fatalf("error %#v has no place in %d lines", err, lines)
		}
		if rows > lines {
			t.Fatalf("%d rows of %d lines", rows, lines)
		}
		for _, p := range list.list() {
			if p.Code != MoreProblems && (p.Line < 1 || p.Line > lines) {
				t.Fatalf("problem %v is not in %d lines", p, lines)
			}
		}
		if got, ok := Sniff("x."+string(table), in); ok && (got != table || errors.Is(err, ErrFormat)) {
			t.Fatalf("sniffed %v, and yet %v", got, err)
		}
		parseDescriptor(in)
	})
}

// scanAny makes a row of the record, whatever its table, and looks at its texts.
func scanAny(t *testing.T, table Table, rec *record) {
	var s Site
	switch table {
	case SiteTable:
		s.scan(rec)
		if math.IsNaN(s.Latitude) || s.Station == "" {
			t.Fatalf("%+v", s)
		}
	case SitechanTable:
		new(Sitechan).scan(rec)
	case AffiliationTable:
		new(Affiliation).scan(rec)
	case SnetstaTable:
		new(Snetsta).scan(rec)
	case SchanlocTable:
		new(Schanloc).scan(rec)
	case SensorTable:
		new(Sensor).scan(rec)
	case InstrumentTable:
		new(Instrument).scan(rec)
	case WfdiscTable:
		var w Wfdisc
		w.scan(rec)
		if w.Start.IsZero() || math.IsNaN(w.SampleRate) || w.File == "" {
			t.Fatalf("%+v", w)
		}
	case OriginTable:
		new(Origin).scan(rec)
	case EventTable:
		new(Event).scan(rec)
	case AssocTable:
		new(Assoc).scan(rec)
	case ArrivalTable:
		new(Arrival).scan(rec)
	case OrigerrTable:
		new(Origerr).scan(rec)
	case NetmagTable:
		new(Netmag).scan(rec)
	default:
		t.Fatalf("%s is not fuzzed", table)
	}
	for _, c := range rec.layout.columns {
		if c.kind == text {
			if v := rec.text(c.name); !utf8.ValidString(v) || bytes.ContainsAny([]byte(v), "\x00\x1b") {
				t.Fatalf("%s is %q", c.name, v)
			}
		}
	}
}

// FuzzDatabase: whatever three tables hold, the nouns are made of them without panic,
// and what is made keeps the promises of package waveform.
func FuzzDatabase(f *testing.F) {
	f.Add([]byte("CRY     1982274       -1   33.5654 -116.7373    1.1280 Cary Ranch, Anza, CA, USA                          -    -         0.0000    0.0000  1461715727.61682\n"),
		[]byte("CRY    EH2       1982274      770  1983258 -       0.0000  225.0   90.0 104367 1                                            1461715728.80614\n"),
		[]byte("CRY    EH2        402300000.00000       64       -1  1998001   402300999.00000     1000   1.0000000         0.500000         2.000000 -      - s4 - 1998/001                                                         CRY.BHE.1998:001:00:00:05                 0       -1  1467148587.21158\n"))
	f.Fuzz(func(t *testing.T, site, sitechan, wfdisc []byte) {
		prefix := filepath.Join(t.TempDir(), "x")
		for name, content := range map[string][]byte{"site": site, "sitechan": sitechan, "wfdisc": wfdisc} {
			if err := os.WriteFile(prefix+"."+name, content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		d, err := Open(prefix, Options{})
		if err != nil {
			t.Fatal(err)
		}
		stations, _, _ := d.Stations()
		for _, s := range stations {
			if !isSpan(s.From, s.Until) || math.IsNaN(s.Latitude) {
				t.Fatalf("%+v", s)
			}
			for _, c := range s.Channels {
				if !isSpan(c.From, c.Until) || c.From.Before(s.From) || math.Abs(c.Dip) > 90 || c.Azimuth < 0 || c.Azimuth > 360 || c.Response != nil && !(c.Response.Sensitivity.Value > 0) {
					t.Fatalf("%+v at %+v", c, s)
				}
			}
		}
		segments, _, _ := d.Segments()
		for _, s := range segments {
			if s.Samples < 1 || !(s.SampleRate > 0) || s.End.Before(s.Start) || s.Offset < 0 {
				t.Fatalf("%+v", s)
			}
		}
	})
}
