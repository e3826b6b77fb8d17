package sac

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

// ReadPolesZeros reads a pole-zero file of SAC (SACPZ) that holds one response:
//
//	constant prod(s-zero)/prod(s-pole), s = i w in rad/s, from displacement in m to counts
//
// as one stage of [waveform.PolesZeros], whose numbers are used as given. The
// commands are ZEROS n, POLES n and CONSTANT v, in any order and case; fewer than n
// lines of real and imaginary parts leave the other roots at zero; without CONSTANT it is
// 1. This is the response that SAC's TRANSFER FROM POLEZERO divides by; SAC knows no unit of
// it, and a file may be made for nanometres, which nothing in it tells.
//
// Errors are an [*Error] with the command and the place of its line, also where there is no response or
// more than one: those are read by [ReadChannels].
func ReadPolesZeros(r io.Reader) (*waveform.Response, error) {
	channels, err := ReadChannels(r)
	if err != nil {
		return nil, err
	}
	if len(channels) != 1 {
		return nil, &Error{"ZEROS", 0, fmt.Errorf("%d responses where one was asked for", len(channels))}
	}
	return channels[0].Response, nil
}

// ReadChannels reads a pole-zero file with the comments that data centres write
// into it, * NETWORK, STATION, START and so on: each of its responses as a
// channel epoch. What the comments do not tell, or not legibly, is zero or NaN. An INPUT
// UNIT is used instead of metres, and SENSITIVITY, at no known frequency, is that of the response.
// A response begins where a command is given again or with a comment on the network.
// DIP counts where it is said to be that of SEED. An end beyond the year 2500 stays as it is.
// Errors are as of [ReadPolesZeros]. A file of nothing but empty responses takes up to about a
// hundred times its size in memory.
func ReadChannels(r io.Reader) ([]waveform.Channel, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("sac: reading: %w", err)
	}
	p := poleZeroReader{lines: textReader{rest: data}, budget: mostImplied + len(data)/bytesRoot}
	p.start()
	for {
		line, ok := p.lines.next()
		if !ok {
			break
		}
		if err := p.line(strings.TrimSpace(line)); err != nil {
			return nil, &Error{p.command, p.lines.line, err}
		}
	}
	p.finish()
	if len(p.channels) == 0 {
		return nil, &Error{"ZEROS", 0, fmt.Errorf("%w: no ZEROS, POLES or CONSTANT", ErrFormat)}
	}
	return p.channels, nil
}

const (
	mostRoots = 256 // in one list; SAC takes 30
	// Roots in one file, with those at zero that have no line: so many, and one for
	// each so many bytes, the least that a line takes.
	mostImplied, bytesRoot = 4096, 4
)

// poleZeroReader collects one response after the other.
type poleZeroReader struct {
	lines    textReader
	channels []waveform.Channel

	command string // the last one
	current waveform.Channel
	pz      *waveform.PolesZeros
	input   string
	seen    [3]bool       // commands of this response: ZEROS, POLES, CONSTANT
	roots   *[]complex128 // the list that lines of numbers belong to
	filled  int           // of it
	budget  int           // roots that may yet come
}

func (p *poleZeroReader) start() {
	nan := math.NaN()
	p.current = waveform.Channel{Latitude: nan, Longitude: nan, Elevation: nan, Depth: nan, Azimuth: nan, Dip: nan}
	p.pz = &waveform.PolesZeros{Type: waveform.LaplaceRadians, Normalization: 1}
	p.current.Response = &waveform.Response{Sensitivity: waveform.Sensitivity{Frequency: nan}}
	p.input, p.seen, p.roots = "M", [3]bool{}, nil
}

// finish adds the response read so far, if any.
func (p *poleZeroReader) finish() {
	if p.seen == [3]bool{} {
		return
	}
	p.current.Response.Stages = []waveform.Stage{{Number: 1, InputUnits: p.input, OutputUnits: "COUNTS", Gain: 1, PolesZeros: p.pz}}
	if p.current.Response.Sensitivity.Value == 0 {
		p.current.Response.Sensitivity = waveform.Sensitivity{}
	}
	p.channels = append(p.channels, p.current)
}

func (p *poleZeroReader) line(line string) error {
	fields := strings.Fields(line)
	switch {
	case len(fields) == 0:
		return nil
	case strings.HasPrefix(line, "*"):
		name, value, found := strings.Cut(strings.TrimSpace(line[1:]), ":")
		if found {
			p.comment(strings.ToUpper(strings.Join(strings.Fields(name), " ")), strings.TrimSpace(value))
		}
		return nil
	}
	for i, command := range []string{"ZEROS", "POLES", "CONSTANT"} {
		if strings.EqualFold(fields[0], command) {
			p.command = command
			return p.order(i, fields[1:])
		}
	}
	return p.root(fields)
}

// order is the command of that number with what follows it.
func (p *poleZeroReader) order(command int, arguments []string) error {
	if p.seen[command] {
		p.finish()
		p.start()
	}
	p.seen[command] = true
	if len(arguments) == 0 {
		return fmt.Errorf("a number is missing")
	}
	p.roots, p.filled = nil, 0
	if command == 2 {
		v, err := number(arguments[0])
		if err == nil && v == 0 {
			err = fmt.Errorf("a constant of zero")
		}
		p.pz.Normalization = v
		return err
	}
	n, err := strconv.Atoi(arguments[0])
	if err != nil || n < 0 || n > mostRoots {
		return fmt.Errorf("%q: want a number of roots, 0 to %d", arguments[0], mostRoots)
	}
	if p.budget -= n; p.budget < 0 {
		return fmt.Errorf("too many roots without a line")
	}
	p.roots = &p.pz.Zeros
	if command == 1 {
		p.roots = &p.pz.Poles
	}
	*p.roots = make([]complex128, n)
	return nil
}

// root is a line of numbers.
func (p *poleZeroReader) root(fields []string) error {
	if p.roots == nil || p.filled == len(*p.roots) || len(fields) < 2 {
		return fmt.Errorf("%q is no command and no root that was announced", fields[0])
	}
	re, err := number(fields[0])
	if err != nil {
		return err
	}
	im, err := number(fields[1])
	if err != nil {
		return err
	}
	(*p.roots)[p.filled] = complex(re, im)
	p.filled++
	return nil
}

// number is a finite one, with the exponents of Fortran too.
func number(s string) (float64, error) {
	v, err := strconv.ParseFloat(strings.Map(exponent, s), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, fmt.Errorf("%q is no finite number", s)
	}
	return v, nil
}

func exponent(r rune) rune {
	if r == 'D' || r == 'd' {
		return 'e'
	}
	return r
}

// comment takes what a comment says about the channel. It never fails: comments are
// for people first.
func (p *poleZeroReader) comment(name, value string) {
	if strings.HasPrefix(name, "NETWORK") && p.seen != [3]bool{} {
		p.finish()
		p.start()
	}
	c, first := &p.current, ""
	if f := strings.Fields(value); len(f) > 0 {
		first = f[0]
	}
	base, _, _ := strings.Cut(name, " (")
	switch base {
	case "NETWORK":
		c.ID.Network = first
	case "STATION":
		c.ID.Station = first
	case "LOCATION":
		if c.ID.Location = first; first == "--" {
			c.ID.Location = ""
		}
	case "CHANNEL":
		c.ID.Channel = first
	case "START":
		c.From = commentTime(first)
	case "END":
		c.Until = commentTime(first)
	case "INSTTYPE":
		c.Sensor = value
	case "INPUT UNIT":
		if first != "" {
			p.input = first
		}
	case "SENSITIVITY":
		p.sensitivity(value)
	default:
		p.place(name, first)
	}
}

// place takes the numbers of the channel's position.
func (p *poleZeroReader) place(name, value string) {
	v, err := number(value)
	if err != nil {
		return
	}
	switch c := &p.current; name {
	case "LATITUDE":
		c.Latitude = v
	case "LONGITUDE":
		c.Longitude = v
	case "ELEVATION":
		c.Elevation = v
	case "DEPTH":
		c.Depth = v
	case "DIP (SEED)":
		c.Dip = v
	case "AZIMUTH":
		c.Azimuth = v
	case "SAMPLE RATE":
		c.SampleRate = v
	}
}

// sensitivity is a number and its input unit in parentheses.
func (p *poleZeroReader) sensitivity(value string) {
	text, unit, _ := strings.Cut(value, "(")
	v, err := number(strings.TrimSpace(text))
	if err != nil {
		return
	}
	s := &p.current.Response.Sensitivity
	s.Value, s.OutputUnits = v, "COUNTS"
	s.InputUnits, _, _ = strings.Cut(unit, ")")
}

// commentTime is zero where the text is no time.
func commentTime(s string) time.Time {
	for _, layout := range []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
