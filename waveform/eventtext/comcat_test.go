package eventtext_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/eventtext"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
)

func TestOnlyTheColumnsOfComCatMakeItsTable(t *testing.T) {
	for _, c := range []struct{ header, missing string }{
		{"time,latitude,longitude,depth,mag,net,id", ""},
		{"ID,Time,Latitude,Longitude,Depth,Mag,MagType", ""},
		{"\ufeff\"updated\",time,latitude,longitude,depth,mag,id", ""},
		{"id,time,latitude,longitude,depth,magnitude,magnitude_type", "mag, and one of magType, net and updated"},
		{"id,time,latitude,longitude", "depth, mag, and one of magType, net and updated"},
		{"time,latitude,longitude,depth,mag,id", "one of magType, net and updated"},
		{"time,latitude,longitude,depth,mag,updated", "id"},
		{"station,latitude,longitude,phase,time,id,net", "depth, mag"},
	} {
		head := []byte(c.header + "\n2019-01-01T00:00:00Z,1,2,3,4,5,6\n")
		events, _, err := eventtext.Read(strings.NewReader(string(head)), eventtext.Options{})
		format := eventtext.Sniff(head)
		if got := eventtext.Missing(head); got != c.missing || (format == eventtext.ComCat) != (c.missing == "") || errors.Is(err, eventtext.ErrFormat) != (c.missing != "") {
			t.Errorf("%s: %v lacks %q, want %q; %v", c.header, format, got, c.missing, err)
		}
		if c.missing != "" && (len(events) > 0 || !strings.Contains(err.Error(), "lacks the columns "+c.missing)) {
			t.Errorf("%s: %d events, %v", c.header, len(events), err)
		}
	}
	for _, head := range []string{"", "\n", "name,phone\n", "#EventID | Time | Latitude | Longitude\n", "latitude of the place, and longitude\n"} {
		if got := eventtext.Missing([]byte(head)); got != "" {
			t.Errorf("%q lacks %q", head, got)
		}
	}
}

// The shared recordings have a table of another program, whose magnitudes have another name.
func TestATableOfAnotherProgramIsNoEventText(t *testing.T) {
	head, err := os.ReadFile(agree.Shared(t, "events/nc73291880/expected/events.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if f := eventtext.Sniff(head); f != eventtext.Unknown {
		t.Errorf("it is taken for %v", f)
	}
	if got := eventtext.Missing(head); !strings.HasPrefix(got, "mag, and one of") {
		t.Errorf("it lacks %q", got)
	}
}
