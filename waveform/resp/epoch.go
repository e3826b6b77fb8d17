package resp

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

// The fields of a channel epoch that are not of its response.
const (
	stationField  = 50_03
	networkField  = 50_16
	locationField = 52_03
	channelField  = 52_04
	startField    = 52_22
	endField      = 52_23
)

// epoch is one channel epoch as far as it was read.
type epoch struct {
	at         place
	header     map[int]string
	begun      bool // blockettes of the response have started
	stages     map[int]*waveform.Stage
	open       *blockette
	references references
	wrong      *unusable // the first thing that makes the response unusable
}

// references is what a blockette 60 announces.
type references struct {
	at       place
	stage    int // to which blockettes of a dictionary belong, -1 for none
	declared int // how many there should be, -1 if not said
	met      int
}

func newEpoch(at place) *epoch {
	return &epoch{at: at, header: map[int]string{}, stages: map[int]*waveform.Stage{}, references: references{stage: -1, declared: -1}}
}

// spoil keeps the first reason why the response cannot be used.
func (e *epoch) spoil(err error) {
	var v *unusable
	if e.wrong == nil && errors.As(err, &v) {
		e.wrong = v
	}
}

// content takes a field of the response.
func (e *epoch) content(f field, at place) {
	f, dictionary, ok := canonical(f)
	if !ok {
		return
	}
	if f.blockette == reference {
		e.begun = true
		e.close()
		e.refer(f, at)
		return
	}
	if !isStage(f.blockette) {
		return
	}
	e.begun = true
	if !e.open.takes(f, dictionary) {
		e.close()
		e.open = &blockette{kind: f.blockette, dictionary: dictionary, at: at, values: map[int]value{}, rows: map[int][]row{}}
	}
	e.spoil(e.open.add(f, at))
}

// refer takes a field of blockette 60.
func (e *epoch) refer(f field, at place) {
	number := blockette{kind: reference, at: at, values: map[int]value{f.number: {f.value, at}}}
	switch f.number {
	case 3:
		e.dereference()
	case 4:
		e.dereference()
		stage, err := number.whole(4)
		e.spoil(err)
		e.references = references{at: at, stage: stage, declared: -1}
	case 5:
		declared, err := number.whole(5)
		e.spoil(err)
		e.references.declared = declared
	}
}

// dereference ends what a blockette 60 announced.
func (e *epoch) dereference() {
	if r := e.references; r.stage >= 0 && r.declared >= 0 && r.met != r.declared {
		e.spoil(bad(r.at, "stage %d refers to %d responses and %d follow it: RESP holds no dictionary, ask for a file with its responses written out", r.stage, r.declared, r.met))
	}
	e.references = references{stage: -1, declared: -1}
}

// close takes what the open blockette says into its stage.
func (e *epoch) close() {
	b := e.open
	if b == nil {
		return
	}
	e.open = nil
	n, err := e.stageOf(b)
	if err != nil {
		e.spoil(err)
		return
	}
	s := e.stages[n]
	if s == nil {
		s = &waveform.Stage{Number: n}
		e.stages[n] = s
	}
	e.spoil(b.stage(s))
}

// stageOf is the number of the stage of a blockette.
func (e *epoch) stageOf(b *blockette) (int, error) {
	if b.dictionary {
		if e.references.stage < 0 {
			return 0, bad(b.at, "a blockette of the dictionary without a blockette 60 before it: its stage is unknown")
		}
		e.references.met++
		return e.references.stage, nil
	}
	switch b.kind {
	case polesZeros, coefficients, polynomial:
		return b.whole(4)
	}
	return b.whole(3)
}

// response is what the epoch's blockettes say, nil if there are none. The error
// is an *unusable.
func (e *epoch) response() (*waveform.Response, error) {
	e.close()
	e.dereference()
	if e.wrong != nil {
		return nil, e.wrong
	}
	if len(e.stages) == 0 {
		return nil, nil
	}
	r := &waveform.Response{}
	for n, s := range e.stages {
		if n > 0 {
			r.Stages = append(r.Stages, *s)
		}
	}
	slices.SortFunc(r.Stages, func(a, b waveform.Stage) int { return a.Number - b.Number })
	return r, e.total(r)
}

// total takes stage 0, which is of the whole channel.
func (e *epoch) total(r *waveform.Response) error {
	for _, s := range r.Stages {
		if r.Sensitivity.InputUnits == "" {
			r.Sensitivity.InputUnits = s.InputUnits
		}
		if s.OutputUnits != "" {
			r.Sensitivity.OutputUnits = s.OutputUnits
		}
	}
	s := e.stages[0]
	if s == nil {
		return nil
	}
	if s.PolesZeros != nil || s.Coefficients != nil || s.FIR != nil || s.ResponseList != nil || s.Decimation != nil {
		return bad(e.at, "stage 0 has a filter: it can only have a sensitivity or a polynomial")
	}
	r.Sensitivity.Value, r.Sensitivity.Frequency, r.Polynomial = s.Gain, s.GainFrequency, s.Polynomial
	if s.Polynomial != nil {
		r.Sensitivity.InputUnits, r.Sensitivity.OutputUnits = s.InputUnits, s.OutputUnits
	}
	return nil
}

// channel is what the header says, without a response. The error is that of its
// validity.
func (e *epoch) channel() (waveform.Channel, error) {
	nan := math.NaN()
	c := waveform.Channel{
		ID: waveform.SourceID{Network: parseCode(e.header[networkField]), Station: parseCode(e.header[stationField]),
			Location: parseCode(e.header[locationField]), Channel: parseCode(e.header[channelField])},
		Latitude: nan, Longitude: nan, Elevation: nan, Depth: nan, Azimuth: nan, Dip: nan,
	}
	var err error
	if c.From, err = parseTime(e.header[startField]); err != nil {
		return c, fmt.Errorf("start date %w", err)
	}
	if c.Until, err = parseTime(e.header[endField]); err != nil {
		return c, fmt.Errorf("end date %w", err)
	}
	return c, nil
}

// sampleRate is what the last decimation leaves, 0 if there is none.
func sampleRate(r *waveform.Response) float64 {
	rate := 0.0
	for _, s := range r.Stages {
		if d := s.Decimation; d != nil {
			rate = d.InputRate / float64(d.Factor)
		}
	}
	if !(rate > 0) {
		return 0
	}
	return rate
}

// subject names an epoch in problems.
func subject(id waveform.SourceID, from time.Time) string {
	if from.IsZero() {
		return id.String()
	}
	return id.String() + " " + from.Format(time.DateOnly)
}
