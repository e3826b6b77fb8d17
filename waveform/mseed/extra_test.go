package mseed

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestExtraHeadersThatAreNoJSONChangeNothing(t *testing.T) {
	for _, s := range []string{"", "{", "}", "[]", "null", "{}", `{"FDSN"`, `{"FDSN":`, `{"FDSN":{"Time":{"Quality":90`, `{"FDSN":{"DataQuality":"X"}}`,
		`{"FDSN":{"DataQuality":"MM"}}`, `{"FDSN":[{"DataQuality":"M"}]}`, `{"DataQuality":"M"}`, `{"X":{"FDSN":{"DataQuality":"M"}}}`, `{"\`, `{"X":"\"`,
		`{"FDSN":{"Time":{"Quality":101,"Correction":1e300,"LeapSecond":"1"},"Sequence":-1,"Event":{"Begin":"true"},"Flags":{"Spikes":1}}}`,
		strings.Repeat("{\"FDSN\":", 5000), strings.Repeat("[", 60000)} {
		r := Record{Quality: 'D', Sequence: -1, TimingQuality: -1}
		r.takeExtra([]byte(s))
		if r.Quality != 'D' || r.Sequence != -1 || r.TimingQuality != -1 || r.TimeCorrection != 0 || r.Activity|r.IOClock|r.DataQuality != 0 {
			t.Errorf("%.80s: %+v", s, r)
		}
	}
}

func TestExtraHeadersAreFoundAmongOthers(t *testing.T) {
	s := " {\n \"A}\\\"\" : [1, {\"FDSN\":{}}, \"],\"] ,\"FDSN\" : { \"DataQuality\":\"M\" , \"Time\" : {\"Exception\":[{\"Quality\":1}], \"Quality\" :\t90.5, \"Correction\":-0.25,\"LeapSecond\":-1}," +
		` "Event":{"Detection":[{"Begin":true}],"InProgress":true,"End":false}, "Flags":{"Glitches":true,"Spikes":false}, "Sequence":7 }, "Z":null}`
	if !json.Valid([]byte(s)) {
		t.Fatal("the test's own JSON is none")
	}
	r := Record{Quality: 'D', Sequence: -1, TimingQuality: -1}
	r.takeExtra([]byte(s))
	if r.Quality != 'M' || r.Sequence != 7 || r.TimingQuality != 90 || r.TimeCorrection != -250*time.Millisecond ||
		r.Activity != ActivityEvent|ActivityNegativeLeap|ActivityTimeCorrected || r.IOClock != 0 || r.DataQuality != DataQualityGlitches {
		t.Errorf("%+v", r)
	}
}

// FuzzMembers: the members of a JSON object are those that encoding/json finds.
func FuzzMembers(f *testing.F) {
	f.Add([]byte(`{"FDSN":{"Time":{"Quality":90}},"B":[1,"x,}",{"y":2}],"C":-1.5e3}`))
	f.Add([]byte(`{"a\"b":"\\","c":true}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var want map[string]json.RawMessage
		valid := json.Unmarshal(b, &want) == nil && want != nil
		got := map[string]json.RawMessage{}
		members(b, func(name, value []byte) {
			var s string
			if json.Unmarshal([]byte(`"`+string(name)+`"`), &s) == nil {
				got[s] = value
			} else if valid {
				t.Errorf("name %q", name)
			}
		})
		if !valid {
			return
		}
		if len(got) != len(want) {
			t.Fatalf("%q: %d members, want %d", b, len(got), len(want))
		}
		for name, value := range want {
			if !bytes.Equal(bytes.TrimSpace(got[name]), bytes.TrimSpace(value)) {
				t.Errorf("%q: %s is %q, want %q", b, name, got[name], value)
			}
		}
	})
}
