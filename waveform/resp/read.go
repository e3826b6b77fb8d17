package resp

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/capped"
)

// Read reads a RESP file. It returns one station for each network and station
// code, in the order in which they are first met, with its channel epochs in the
// order of the file, identical and overlapping ones too, and what was wrong with
// parts that were left out.
//
// The error is not nil where the content is not RESP (it matches [ErrNotRESP]),
// is empty (io.ErrUnexpectedEOF), or the reader fails. It is an [*Error]. What was read
// before stays valid and is returned too, without the epoch that was cut off.
func Read(r io.Reader) ([]waveform.Station, []Problem, error) {
	d := &decoder{lines: newLines(r), index: map[[2]string]int{}}
	err := d.file()
	return d.stations, d.problems.Closed(moreProblems), err
}

// decoder reads one file.
type decoder struct {
	lines    *lines
	problems capped.List[Problem]
	stations []waveform.Station
	index    map[[2]string]int // of stations by network and station code
	epoch    *epoch            // nil before the first
	fields   int
	junk     string // the first line before the first channel that is no field; told when a channel comes
	junkAt   place
}

func (d *decoder) report(at place, code Code, subject, format string, args ...any) {
	d.problems.Add(Problem{code, subject, at.Line, at.Offset, fmt.Sprintf(format, args...)})
}

func (d *decoder) file() error {
	for d.lines.advance() {
		f, ok := parseField(d.lines.text)
		switch {
		case d.fields == 0 && !(ok && opens(f)):
			return failure(d.lines.at, foreign(d.lines.text))
		case ok:
			d.fields++
			d.field(f)
		case d.epoch == nil:
			if d.junk == "" {
				d.junk, d.junkAt = quote(d.lines.text), d.lines.at
			}
		default:
			d.epoch.spoil(bad(d.lines.at, "%s is no field of RESP (want B050F03 and so on): the file is damaged, fetch it again", quote(d.lines.text)))
		}
	}
	if err := d.lines.scan.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			err = fmt.Errorf("%w: a line is longer than %d bytes", ErrNotRESP, maxLine)
		}
		return failure(place{Line: d.lines.at.Line + 1, Offset: d.lines.at.Offset}, err)
	}
	d.end()
	if d.fields == 0 {
		return failure(place{Line: d.lines.at.Line + 1, Offset: d.lines.next}, empty(d.lines.next))
	}
	if len(d.stations) == 0 {
		d.report(d.lines.at, NoStation, "", "the file holds no usable channel: ask the service for level=response")
	}
	return nil
}

// empty is the error for content without a field.
func empty(bytes int64) error {
	if bytes == 0 {
		return fmt.Errorf("the file is empty: a data service sends nothing where it has nothing that matches: %w", io.ErrUnexpectedEOF)
	}
	return fmt.Errorf("%w: it holds no field, only blank lines and comments", ErrNotRESP)
}

// foreign is the error for content that starts with a line of something else.
func foreign(line string) error {
	advice := "want a line such as B050F03     Station:     ANMO"
	lower := strings.ToLower(line)
	switch {
	case strings.HasPrefix(lower, "error"), strings.HasPrefix(lower, "<!doctype html"), strings.HasPrefix(lower, "<html"):
		advice = "this is the error page of a data service: correct the request and fetch it again"
	case strings.HasPrefix(line, "<"):
		advice = "this is XML: read it as StationXML"
	}
	return fmt.Errorf("%w: the content starts with %s; %s", ErrNotRESP, quote(line), advice)
}

// field takes one field, which may start a new epoch.
func (d *decoder) field(f field) {
	key := 100*f.blockette + f.number
	switch key {
	case stationField, networkField, locationField, channelField, startField, endField:
	default:
		if d.epoch == nil {
			d.stray()
			return
		}
		d.epoch.content(f, d.lines.at)
		return
	}
	if d.epoch == nil || d.epoch.begun || d.has(key) {
		before := d.epoch
		d.end()
		d.epoch = newEpoch(d.lines.at)
		if before == nil && d.junk != "" {
			d.report(d.junkAt, BadLine, "", "%s is no field of RESP: ignored, as is what else comes before the first channel", d.junk)
		}
		if before != nil && f.blockette == 52 { // a next channel of the same station
			d.epoch.header[stationField], d.epoch.header[networkField] = before.header[stationField], before.header[networkField]
		}
	}
	d.epoch.header[key] = f.value
}

// stray reports the first field that belongs to no channel.
func (d *decoder) stray() {
	if d.fields == 1 {
		d.report(d.lines.at, NoCode, "", "fields before the first channel were ignored: want B050F03 first; the file may be a part of another one")
	}
}

func (d *decoder) has(key int) bool {
	_, ok := d.epoch.header[key]
	return ok
}

// end takes the epoch read last into its station, unless it is unusable, which
// is reported.
func (d *decoder) end() {
	e := d.epoch
	if e == nil {
		return
	}
	d.epoch = nil
	c, err := e.channel()
	name := subject(c.ID, c.From)
	if c.ID.Station == "" || c.ID.Channel == "" {
		d.report(e.at, NoCode, name, "a channel without station or channel code was left out: add B050F03 and B052F04")
		return
	}
	if err != nil {
		d.report(e.at, BadTime, name, "%v: the channel was left out, its validity is unknown", err)
		return
	}
	if c.ID.Network == "" {
		d.report(e.at, NoNetwork, name, "the channel names no network: kept without; add B050F16")
	}
	c.Response = d.response(e, name)
	if c.Response != nil {
		c.SampleRate = sampleRate(c.Response)
	}
	d.add(c)
}

// response is that of an epoch, nil if it is unusable or absent, which is reported.
func (d *decoder) response(e *epoch, name string) *waveform.Response {
	r, err := e.response()
	var v *unusable
	switch {
	case errors.As(err, &v):
		d.report(v.at, BadResponse, name, "%s: the channel is kept without response; ask the operator for correct metadata", v.message)
		return nil
	case r == nil:
		d.report(e.at, NoResponse, name, "the channel has no response: kept without; the file may be cut off")
	case r.Sensitivity.Value == 0 && r.Polynomial == nil:
		d.report(e.at, Incomplete, name, "the response has no total sensitivity (stage 0): kept; the file may be cut off")
	}
	return r
}

// add adds a channel to its station.
func (d *decoder) add(c waveform.Channel) {
	key := [2]string{c.ID.Network, c.ID.Station}
	i, ok := d.index[key]
	if !ok {
		i = len(d.stations)
		d.index[key] = i
		nan := math.NaN()
		d.stations = append(d.stations, waveform.Station{Network: c.ID.Network, Code: c.ID.Station, Latitude: nan, Longitude: nan, Elevation: nan})
	}
	d.stations[i].Channels = append(d.stations[i].Channels, c)
}
