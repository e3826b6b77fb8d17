package css_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/seisbatch/seisbatch/waveform/css"
)

// A database of one station and one stretch of samples, as 16-bit integers.
func ExampleOpen() {
	folder, err := os.MkdirTemp("", "css")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	for name, content := range map[string]string{
		"demo.site":     "CRY     1982274       -1   33.5654 -116.7373    1.1280 Cary Ranch                                         -    -         0.0000    0.0000  1461715727.61682\n",
		"demo.sitechan": "CRY    EHZ       1982274      772       -1 -       0.0000    0.0  180.0 -                                                   1461715729.95484\n",
		"demo.snetsta":  "AZ       CRY    CRY     1461715727.60670\n",
		"demo.wfdisc":   "CRY    EHZ        883612805.00000        1      772  1998001   883612805.02500        2  40.0000000         0.000000        -1.000000 -      - s2 - .                                                                cry.w                                     0       -1  1467148587.21158\n",
		"cry.w":         "\x00\x07\xff\xf9",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			fmt.Println(err)
			return
		}
	}
	db, err := css.Open(folder, css.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	stations, _, err := db.Stations()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range stations {
		for _, c := range s.Channels {
			fmt.Printf("%v since %s at %g m: azimuth %g, dip %g\n", c.ID, c.From.Format("2006-01-02"), c.Elevation, c.Azimuth, c.Dip)
		}
	}
	segments, _, err := db.Segments()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range segments {
		trace, err := s.Read()
		fmt.Println(trace.ID, trace.Start.Format("2006-01-02 15:04:05"), trace.Unit, trace.Data, err)
	}
	// Output:
	// AZ.CRY..EHZ since 1982-10-01 at 1128 m: azimuth 0, dip 90
	// AZ.CRY..EHZ 1998-01-01 00:00:05 counts [7 -7] <nil>
}

// A single table; a row of it is broken.
func ExampleRead() {
	table := "AZ       CRY    CRY     1461715727.60670\nAZ       LVA2\n"
	rows, problems, err := css.Read[css.Snetsta](strings.NewReader(table))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range rows {
		fmt.Println(r.Station, "is", r.SEEDStation, "of", r.Network)
	}
	for _, p := range problems {
		fmt.Println(p)
	}
	// Output:
	// CRY is CRY of AZ
	// line 2: bad_row: the row does not fit the columns of CSS 3.0: the line ends at 13, before sta does; it was left out, correct it
}
