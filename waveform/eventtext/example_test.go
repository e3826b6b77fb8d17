package eventtext_test

import (
	"fmt"
	"strings"

	"github.com/seisbatch/seisbatch/waveform/eventtext"
)

// A catalog as a web service gives it; one of its rows has no latitude.
func ExampleRead() {
	catalog := `#EventID|Time|Latitude|Longitude|Depth/km|Author|Catalog|Contributor|ContributorID|MagType|Magnitude|MagAuthor|EventLocationName
4730151|2014-12-20T22:37:25.35|43.6097|11.2563|6.7|SURVEY-INGV||||ML|2.6|SURVEY-INGV|Firenze
4730041|2014-12-20T22:35:09.98||11.2553|10.2|SURVEY-INGV||||ML|2.0|SURVEY-INGV|Firenze
`
	events, problems, err := eventtext.Read(strings.NewReader(catalog), eventtext.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range events {
		o, m := e.Origins[0], e.Magnitudes[0]
		fmt.Printf("%s %s %s: %s %.1f, %g m deep\n", e.PublicID, o.Time.Format("2006-01-02 15:04:05"), e.Description, m.Type, m.Value, o.Depth)
	}
	for _, p := range problems {
		fmt.Println(p)
	}
	// Output:
	// smi:local/4730151 2014-12-20 22:37:25 Firenze: ML 2.6, 6700 m deep
	// line 3: 4730041: bad_row: time "2014-12-20T22:35:09.98", latitude "", longitude "11.2553": want YYYY-MM-DDThh:mm:ss and two numbers; the row was left out, get it again
}
