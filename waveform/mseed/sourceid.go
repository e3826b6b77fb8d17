package mseed

import (
	"fmt"
	"strings"

	"github.com/seisbatch/seisbatch/waveform"
)

// idCache keeps the identifiers met last of each version, so that the records of a
// channel share its strings, also where the channels of a station take turns.
type idCache struct {
	version2, version3 lastIDs
}

// lastIDs are as many as two instruments of three components have.
type lastIDs struct {
	known [6]knownID
	next  int // to be forgotten
}

// knownID is an identifier with the bytes of the header that it was made of.
type knownID struct {
	text string // "" where there is none
	id   waveform.SourceID
}

func (l *lastIDs) find(b []byte) *knownID {
	for i := range l.known {
		if k := &l.known[i]; k.text != "" && string(b) == k.text {
			return k
		}
	}
	return nil
}

func (l *lastIDs) keep(text string, id waveform.SourceID) {
	l.known[l.next] = knownID{text, id}
	l.next = (l.next + 1) % len(l.known)
}

// sourceID reads the codes in a header of miniSEED 2.
func (c *idCache) sourceID(b []byte) waveform.SourceID {
	if k := c.version2.find(b[8:20]); k != nil {
		return k.id
	}
	trim := func(s string) string { return strings.Trim(s, " \x00") }
	s := string(b[8:20])
	id := waveform.SourceID{Station: trim(s[:5]), Location: trim(s[5:7]), Channel: trim(s[7:10]), Network: trim(s[10:])}
	c.version2.keep(s, id)
	return id
}

// identifier reads the source identifier of miniSEED 3.
func (c *idCache) identifier(b []byte) (waveform.SourceID, error) {
	if k := c.version3.find(b); k != nil {
		return k.id, nil
	}
	s := string(b)
	id, err := parseIdentifier(s)
	if err == nil {
		c.version3.keep(s, id)
	}
	return id, err
}

// An FDSN Source Identifier (FDSN Source Identifiers 1.0) is
//
//	FDSN:network_station_location_band_source_subsource
//
// A channel is the last three: together, HHZ, where each has one character, as in
// SEED; and otherwise as they are, with the underscores, H_OT1_Z.
const identifierPrefix = "FDSN:"

func parseIdentifier(s string) (waveform.SourceID, error) {
	codes, ok := strings.CutPrefix(s, identifierPrefix)
	if p := strings.SplitN(codes, "_", 4); ok && len(p) == 4 && strings.Count(p[3], "_") == 2 && isPrintable(codes) {
		return waveform.SourceID{Network: p[0], Station: p[1], Location: p[2], Channel: joinChannel(p[3])}, nil
	}
	return waveform.SourceID{}, fmt.Errorf("source identifier %q is none of the form FDSN:NETWORK_STATION_LOCATION_BAND_SOURCE_SUBSOURCE", s)
}

// joinChannel makes HHZ of H_H_Z, and nothing of __.
func joinChannel(s string) string {
	switch {
	case s == "__":
		return ""
	case len(s) == 5 && s[1] == '_' && s[3] == '_' && s[0] != '_' && s[2] != '_' && s[4] != '_':
		return string([]byte{s[0], s[2], s[4]})
	}
	return s
}

// formatIdentifier is the identifier of a channel, as parseIdentifier reads it.
func formatIdentifier(id waveform.SourceID) (string, error) {
	channel := id.Channel
	switch n := strings.Count(channel, "_"); {
	case channel == "":
		channel = "__"
	case n == 0 && len(channel) == 3:
		channel = channel[:1] + "_" + channel[1:2] + "_" + channel[2:]
	case n != 2 || joinChannel(channel) != channel:
		return "", fmt.Errorf("channel code %q is neither of three characters nor BAND_SOURCE_SUBSOURCE", channel)
	}
	for _, f := range []struct{ name, code string }{{"network", id.Network}, {"station", id.Station}, {"location", id.Location}} {
		switch {
		case len(f.code) > 8:
			return "", fmt.Errorf("%s code %q is longer than 8", f.name, f.code)
		case strings.Contains(f.code, "_"):
			return "", fmt.Errorf("%s code %q has an underscore", f.name, f.code)
		}
	}
	s := identifierPrefix + id.Network + "_" + id.Station + "_" + id.Location + "_" + channel
	switch {
	case !isPrintable(s):
		return "", fmt.Errorf("source identifier %q is not printable", s)
	case len(s) > 255:
		return "", fmt.Errorf("source identifier %q is longer than 255", s)
	}
	return s, nil
}

// isPrintable reports whether s is of visible ASCII.
func isPrintable(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
