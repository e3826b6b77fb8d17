package process_test

import (
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
	"github.com/seisbatch/seisbatch/waveform/process"
)

// activity is one step of a processing that somebody published: its label and its attributes.
type activity struct {
	label      string
	attributes map[string]string
}

func (a activity) number(t *testing.T, name string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(a.attributes[name], 64)
	if err != nil {
		t.Fatalf("%s: %s is %q", a.label, name, a.attributes[name])
	}
	return v
}

func (a activity) corner(t *testing.T, name string) process.Corner {
	return process.Hertz(a.number(t, name))
}

// readProvenanceTable reads the steps of each record of a table with a row for each attribute.
// A step ends where the label changes or an attribute comes a second time.
func readProvenanceTable(t *testing.T, name string) map[string][]activity {
	t.Helper()
	f, err := os.Open(agree.Shared(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	records := map[string][]activity{}
	for _, row := range rows[1:] {
		record, label, attribute, value := row[0], row[1], row[2], row[3]
		steps := records[record]
		if n := len(steps); n == 0 || steps[n-1].label != label || steps[n-1].attributes[attribute] != "" {
			steps = append(steps, activity{label, map[string]string{}})
		}
		steps[len(steps)-1].attributes[attribute] = value
		records[record] = steps
	}
	return records
}

// readProvenance reads the steps of one record from a SEIS-PROV document.
func readProvenance(t *testing.T, name string) (steps []activity) {
	t.Helper()
	f, err := os.Open(agree.Shared(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var element string
	inside := false
	for decoder := xml.NewDecoder(f); ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return steps
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if element = e.Name.Local; element == "activity" {
				steps, inside = append(steps, activity{"", map[string]string{}}), true
			}
		case xml.EndElement:
			inside = inside && e.Name.Local != "activity"
			element = ""
		case xml.CharData:
			if !inside {
				continue
			}
			switch last := &steps[len(steps)-1]; element {
			case "", "activity":
			case "label":
				last.label = string(e)
			default:
				last.attributes[element] = string(e)
			}
		}
	}
}

// times is what gmprocess knew of a record and wrote down in whole seconds only, or
// elsewhere.
type times struct {
	split      time.Time // between noise and signal
	start, end time.Time // of the last cut, if there is one
	common     time.Time // what the three components of an instrument were cut to before; zero: not cut
}

// nearest is the window of the samples nearest to two times and of those between, as ObsPy cuts;
// an open side is the zero time.
func nearest(from, until time.Time, rate float64) waveform.Window {
	half := time.Duration(0.5e9 / rate)
	w := waveform.Window{Until: until.Add(half)}
	if !from.IsZero() {
		w.From = from.Add(-half)
	}
	return w
}

// replay makes a chain of the steps as gmprocess wrote them down.
func replay(t *testing.T, steps []activity, at times, rate float64) (c process.Chain) {
	t.Helper()
	cuts := 0
	for _, s := range steps {
		if s.label == "Cut" {
			cuts++
		}
	}
	for _, s := range steps {
		switch s.label {
		case "Cut":
			cut := nearest(time.Time{}, at.common, rate)
			if cuts--; cuts == 0 {
				cut = nearest(at.start, at.end, rate)
			}
			c = append(c, process.Cut{Window: cut})
		case "Detrend":
			c = append(c, detrend(t, s, at, rate))
		case "Remove Response":
			c = append(c, removal(t, s))
		case "Differentiate":
			c = append(c, process.Differentiate{Spectral: s.attributes["differentiation_method"] == "frequency"})
		case "Taper":
			if s.attributes["window_type"] != "Hann" || s.attributes["side"] != "both" {
				t.Fatalf("a taper with %v", s.attributes)
			}
			c = append(c, process.Taper{Fraction: s.number(t, "taper_width")})
		case "Highpass Filter", "Lowpass Filter":
			c = append(c, oneCorner(t, s))
		default:
			t.Fatalf("there is no step for %q", s.label)
		}
	}
	return c
}

func detrend(t *testing.T, s activity, at times, rate float64) process.Step {
	t.Helper()
	switch method := s.attributes["detrending_method"]; method {
	case "linear":
		return process.Detrend{}
	case "demean":
		return process.Demean{}
	case "pre":
		return process.DemeanPart{Window: nearest(time.Time{}, at.split, rate)}
	case "baseline_sixth_order":
		return process.CorrectBaseline{}
	default:
		t.Fatalf("detrending by %q", method)
		return nil
	}
}

func removal(t *testing.T, s activity) process.Step {
	t.Helper()
	units := map[string]waveform.Unit{"cm/s": waveform.Velocity, "cm/s^2": waveform.Acceleration}
	r := process.RemoveResponse{Output: units[s.attributes["output_units"]], WaterLevel: s.number(t, "water_level"), NoTaper: true}
	list := strings.Trim(s.attributes["pre_filt_freqs"], "()")
	if list == "None" {
		return r
	}
	var f [4]float64
	if _, err := fmt.Sscan(strings.ReplaceAll(list, ",", " "), &f[0], &f[1], &f[2], &f[3]); err != nil {
		t.Fatalf("corners %q: %v", list, err)
	}
	for i := range f {
		r.PreFilter[i] = process.Hertz(f[i])
	}
	return r
}

func oneCorner(t *testing.T, s activity) process.Step {
	t.Helper()
	corner, order, passes := s.corner(t, "corner_frequency"), int(s.number(t, "filter_order")), int(s.number(t, "number_of_passes"))
	amplitude := s.attributes["filter_type"] == "Butterworth gmprocess"
	switch {
	case s.label == "Highpass Filter" && amplitude:
		return process.AmplitudeHighpass{Corner: corner, Order: order}
	case s.label == "Highpass Filter":
		return process.Highpass{Corner: corner, Order: order, Passes: passes}
	case amplitude:
		return process.AmplitudeLowpass{Corner: corner, Order: order}
	default:
		return process.Lowpass{Corner: corner, Order: order, Passes: passes}
	}
}
