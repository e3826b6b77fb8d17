package export

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"time"
)

// definition is what the specification of the Ground Motion Packet demands of an object, by key: a
// definition, a list of one element that all elements are as, or a check of a value.
type (
	definition map[string]any
	check      func(any) bool
)

func word(v any) bool  { _, ok := v.(string); return ok }
func truth(v any) bool { _, ok := v.(bool); return ok }

// float wants a number that is none of an integer's form.
func float(v any) bool {
	n, ok := v.(json.Number)
	return ok && strings.ContainsAny(n.String(), ".e")
}

func integer(v any) bool {
	n, ok := v.(json.Number)
	return ok && !strings.ContainsAny(n.String(), ".e")
}

func exactly(want string) check { return func(v any) bool { return v == want } }

func instantText(v any) bool {
	s, _ := v.(string)
	_, err := time.Parse("2006-01-02T15:04:05.999999Z", s)
	return err == nil
}

func place(v any) bool {
	list, ok := v.([]any)
	return ok && len(list) == 3 && float(list[0]) && float(list[1]) && float(list[2])
}

// packetDefinition is after the specification's pages (base, event, provenance, station, streams and traces, metrics).
func packetDefinition() definition {
	geometry := definition{"type": exactly("Point"), "coordinates": check(place)}
	agent := check(func(v any) bool {
		a, ok := v.(map[string]any)
		kind, _ := a["prov:type"].(map[string]any)
		return ok && word(a["prov:label"]) && kind["type"] == "prov:QUALIFIED_NAME" &&
			(kind["$"] == "prov:SoftwareAgent" && word(a["seis_prov:software_name"]) && word(a["seis_prov:software_version"]) ||
				kind["$"] == "prov:Organization" && word(a["seis_prov:name"]) && a["seis_prov:role"] == "data processor")
	})
	metric := definition{
		"properties":  definition{"description": check(word), "name": check(word), "units": check(word), "time_of_peak?": check(instantText)},
		"dimensions?": definition{"number": check(integer), "names": []any{check(word)}, "units": []any{check(word)}, "axis_values": []any{[]any{check(float)}}},
		"values":      check(func(v any) bool { _, isList := v.([]any); return isList || float(v) }),
	}
	trace := definition{
		"properties": definition{"channel_code": check(word), "location_code": check(word), "as_recorded": check(truth), "azimuth": check(float), "dip": check(float),
			"start_time": check(instantText), "end_time": check(instantText)},
		"metrics": []any{metric},
	}
	stream := definition{
		"properties": definition{"band_code": check(word), "instrument_code": check(word), "samples_per_second": check(float),
			"stream_housing": definition{"cosmos_code": check(integer), "description": check(word), "stream_depth": check(float)}},
		"traces": []any{trace},
	}
	return definition{
		"type": exactly("FeatureCollection"), "version": check(word), "creation_time": check(instantText),
		"event": definition{"type": exactly("Feature"), "properties": definition{"id": check(word), "time": check(instantText), "magnitude": check(float)}, "geometry": geometry},
		"provenance": definition{"prefix": definition{"seis_prov": exactly("http://seisprov.org/seis_prov/0.1/#")},
			"agent": definition{"seis_prov:sp000_sa_0000000": agent, "seis_prov:sp000_og_0000000": agent}},
		"features": []any{definition{"type": exactly("Feature"), "geometry": geometry,
			"properties": definition{"network_code": check(word), "station_code": check(word), "name": check(word), "streams": []any{stream}}}},
	}
}

// differences lists where a value is not as defined, nor has what the definition does not know.
func differences(at string, as, v any) (list []string) {
	switch as := as.(type) {
	case check:
		if !as(v) {
			list = append(list, fmt.Sprintf("%s is %v", at, v))
		}
	case []any:
		elements, ok := v.([]any)
		if !ok {
			return []string{at + " is no list"}
		}
		for i, e := range elements {
			list = append(list, differences(fmt.Sprintf("%s[%d]", at, i), as[0], e)...)
		}
	case definition:
		object, ok := v.(map[string]any)
		if !ok {
			return []string{at + " is no object"}
		}
		known := map[string]bool{}
		for key, of := range as {
			name, optional := strings.CutSuffix(key, "?")
			known[name] = true
			if value, ok := object[name]; ok || !optional {
				list = append(list, differences(at+"."+name, of, value)...)
			}
		}
		for key := range object {
			if !known[key] {
				list = append(list, at+"."+key+" is not defined")
			}
		}
	}
	return list
}

func decode(t *testing.T, text string) (packet map[string]any) {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&packet); err != nil {
		t.Fatal(err)
	}
	return packet
}

// at goes down keys and indexes.
func at(v any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			v = v.(map[string]any)[step]
		case int:
			v = v.([]any)[step]
		}
	}
	return v
}

func TestPacketIsAsItsSpecificationSays(t *testing.T) {
	e := event("smi:local/e")
	slow := row(e, "A", "N")
	slow.SampleRate = 50
	blank := row(e, "B", "Z")
	blank.Location, blank.Elevation, blank.Spectra = "", math.NaN(), [Spectra][]float64{}
	text := written(t, GeoJSON, header(G), row(e, "A", "E"), slow, row(e, "A", "RotD50"), blank)
	if strings.Count(text, "\n") != 1 || !strings.HasSuffix(text, "\n") {
		t.Error("a packet is not one line")
	}
	packet := decode(t, text)
	for _, d := range differences("packet", packetDefinition(), packet) {
		t.Error(d)
	}
	if got := fmt.Sprint(at(packet, "event", "geometry", "coordinates")); got != "[178.0 -33.5 -12500.0]" { // depth is up in GeoJSON
		t.Errorf("event at %s", got)
	}
	stations := at(packet, "features").([]any)
	if len(stations) != 2 || len(at(stations[0], "properties", "streams").([]any)) != 2 || len(at(stations[0], "properties", "streams", 0, "traces").([]any)) != 2 {
		t.Fatalf("stations: %v", stations)
	}
	rotated := at(stations[0], "properties", "streams", 0, "traces", 1, "properties")
	if at(rotated, "channel_code") != "RotD50" || at(rotated, "as_recorded") != false {
		t.Errorf("rotated: %v", rotated)
	}
	if got := at(stations[1], "properties", "streams", 0, "traces", 0, "properties", "location_code"); got != "--" {
		t.Errorf("empty location: %v", got)
	}
}

func TestPacketMetricsHaveUnitsTimesAndAxes(t *testing.T) {
	packet := decode(t, written(t, GeoJSON, header(G), row(event("e"), "A", "E")))
	byName := map[string]any{}
	for _, m := range at(packet, "features", 0, "properties", "streams", 0, "traces", 0, "metrics").([]any) {
		byName[at(m, "properties", "name").(string)] = m
	}
	for name, want := range map[string]string{
		"PGV": `{"properties":{"description":"Peak ground velocity","name":"PGV","time_of_peak":"2024-03-01T12:00:01.123456Z","units":"cm/s"},"values":1000.0}`,
		"SD": `{"dimensions":{"axis_values":[[7.0,5.0],[0.3,1.0,10.0]],"names":["critical damping","period"],"number":2,"units":["%","s"]},` +
			`"properties":{"description":"Spectral displacement","name":"SD","units":"cm"},"values":[[10.0,20.0,30.0],[40.0,50.0,null]]}`,
		"FAS": `{"dimensions":{"axis_values":[[0.25,4.0]],"names":["frequency"],"number":1,"units":["Hz"]},` +
			`"properties":{"description":"Smoothed Fourier amplitude of the acceleration","name":"FAS","units":"cm/s"},"values":[800.0,900.0]}`,
		"Duration": `{"dimensions":{"axis_values":[[5.0],[75.0,95.0]],"names":["start percentage","end percentage"],"number":2,"units":["%","%"]},` +
			`"properties":{"description":"Significant duration","name":"Duration","units":"s"},"values":[[14.0,15.0]]}`,
		"snr 0.1-1 Hz": `{"properties":{"description":"Signal-to-noise ratio in a frequency band","name":"snr 0.1-1 Hz","units":"dimensionless"},"values":2.0}`,
		"mine":         `{"properties":{"description":"Measurement of the program's own","name":"mine","units":"unknown"},"values":2.5}`,
		"flag_clipped": `{"properties":{"description":"Flag of seisbatch, about all metrics of the trace","name":"flag_clipped","units":"dimensionless"},"values":1.0}`,
	} {
		got, err := json.Marshal(byName[name])
		if err != nil || string(got) != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if byName["none"] != nil || byName["SA"] != nil {
		t.Error("there are metrics of what there is not")
	}
}

func TestPacketIsOfOneEvent(t *testing.T) {
	if err := GeoJSON(io.Discard, header(SI), rowsOf(row(event("e"), "A", "E"), row(event("f"), "A", "E"))); !errors.Is(err, ErrSecondEvent) {
		t.Errorf("of two events: %v", err)
	}
	if text := written(t, GeoJSON, header(SI)); text != "" {
		t.Errorf("of none: %q", text)
	}
	unknown := event("e")
	unknown.Depth, unknown.Magnitude = math.NaN(), math.NaN()
	packet := decode(t, written(t, GeoJSON, header(SI), empty(unknown)))
	if at(packet, "event", "properties", "magnitude") != nil || fmt.Sprint(at(packet, "event", "geometry", "coordinates", 2)) != "0.0" {
		t.Errorf("event %v", at(packet, "event"))
	}
}
