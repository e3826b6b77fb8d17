package css

import (
	"cmp"
	"slices"
	"strings"

	"github.com/seisbatch/seisbatch/waveform"
)

// stationChannel is a channel as the tables name it.
type stationChannel struct{ station, channel string }

// names leads from the names in the tables to the codes of the FDSN.
type names struct {
	network      string // where nothing else is known
	seed         map[string]Snetsta
	affiliations map[string][]string // networks of a station, in order of the table
	channels     map[stationChannel]Schanloc
	reported     map[string]bool // stations without network
	unnamed      bool            // there is no table of networks
	list         *problems
	file         string // for problems
}

// names reads the tables of names. A table that cannot be read is an error: other
// names would be made without it.
func (d *Database) names(list *problems) (*names, error) {
	n := &names{network: cmp.Or(d.options.Network, DefaultNetwork), seed: map[string]Snetsta{}, affiliations: map[string][]string{},
		channels: map[stationChannel]Schanloc{}, reported: map[string]bool{}, list: list, file: d.Prefix,
		unnamed: d.Path(SnetstaTable) == "" && d.Path(AffiliationTable) == ""}
	err := load(d, list, func(_ int, s Snetsta) {
		if _, known := n.seed[s.Station]; !known {
			n.seed[s.Station] = s
		}
	})
	if err != nil {
		return nil, err
	}
	err = load(d, list, func(_ int, a Affiliation) {
		if !slices.Contains(n.affiliations[a.Station], a.Network) {
			n.affiliations[a.Station] = append(n.affiliations[a.Station], a.Network)
		}
	})
	if err != nil {
		return nil, err
	}
	err = load(d, list, func(_ int, s Schanloc) {
		if key := (stationChannel{s.Station, s.Channel}); n.channels[key].SEEDChannel == "" {
			n.channels[key] = s
		}
	})
	return n, err
}

// station gives the codes of a station.
func (n *names) station(name string) (network, code string) {
	if s, ok := n.seed[name]; ok {
		return s.Network, s.SEEDStation
	}
	if nets := n.affiliations[name]; len(nets) > 0 {
		return n.chosen(name, nets), name
	}
	if network, code, ok := strings.Cut(name, "_"); ok && isNetwork(network) && code != "" && !strings.Contains(code, "_") { // Antelope's name for a second station of the name
		return network, code
	}
	if n.unnamed && !n.reported[""] {
		n.reported[""] = true
		n.list.report(NoNetwork, n.file, "", "there is no snetsta and no affiliation: %s is taken for the network of all stations; put one beside the other tables, or name the network", n.network)
	}
	if !n.unnamed && !n.reported[name] {
		n.reported[name] = true
		n.list.report(NoNetwork, n.file, name, "neither snetsta nor affiliation has the station's network: %s is taken; complete the tables, or name the network", n.network)
	}
	return n.network, name
}

// chosen is the network of a station that is of several: the only one whose
// name can be a code of the FDSN, else the first.
func (n *names) chosen(station string, networks []string) string {
	codes := slices.DeleteFunc(slices.Clone(networks), func(s string) bool { return !isNetwork(s) })
	if len(codes) == 0 {
		codes = networks
	}
	if len(codes) > 1 && !n.reported[station] {
		n.reported[station] = true
		n.list.report(Inconsistent, n.file, station, "affiliation has it in %s: the first is taken; say in snetsta which it is", strings.Join(codes, ", "))
	}
	return codes[0]
}

// isNetwork reports whether a name can be a network code of SEED.
func isNetwork(s string) bool {
	return len(s) >= 1 && len(s) <= 2 && !strings.ContainsFunc(s, func(r rune) bool { return !(r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') })
}

// id gives the codes of a channel, which may be "".
func (n *names) id(station, channel string) waveform.SourceID {
	var id waveform.SourceID
	id.Network, id.Station = n.station(station)
	id.Channel = channel
	if s, ok := n.channels[stationChannel{station, channel}]; ok {
		id.Channel, id.Location = s.SEEDChannel, s.Location
	} else if code, location, ok := strings.Cut(channel, "_"); ok && len(code) == 3 && len(location) <= 2 { // Antelope's name for it
		id.Channel, id.Location = code, location
	}
	if id.Location == "--" {
		id.Location = ""
	}
	return id
}
