package export

import (
	"fmt"
	"math"
	"time"
)

// amplitude is a number of a row as QuakeML has it.
type amplitude struct {
	id             string // last part of the identifier
	kind, category string
	unit           string
	value          float64
	period         float64   // s; 0 is none
	at             time.Time // of a peak; zero: the number is of the whole window
	hint           string    // of a magnitude
}

// Units and categories of QuakeML.
const (
	perSecondSquared = "m/(s*s)"
	perSecond        = "m/s"
	inMetres         = "m"
	inSeconds        = "s"

	atPoint  = "point"
	meanOf   = "mean"
	duration = "duration"
	integral = "integral"
	other    = "other"
)

// amplitudesOf are the numbers of a row that are amplitudes.
func amplitudesOf(h *Header, r *Row) []amplitude {
	var list []amplitude
	for _, x := range []struct {
		of                   Scalar
		kind, category, unit string
	}{
		{RMS, "ARMS", meanOf, perSecondSquared},
		{PGA, "PGA", atPoint, perSecondSquared}, {PGV, "PGV", atPoint, perSecond}, {PGD, "PGD", atPoint, inMetres},
		{Arias, "ARIAS", integral, perSecond}, {CAV, "CAV", integral, perSecond},
		{D575, "D5-75", duration, inSeconds}, {D595, "D5-95", duration, inSeconds}, {SortedDuration, "SORTED_DURATION", duration, inSeconds},
		{WoodAnderson, "AML", atPoint, inMetres},
	} {
		a := amplitude{id: x.of.quantity().name, kind: x.kind, category: x.category, unit: x.unit, value: r.Numbers[x.of]}
		if at, ok := peakOf(x.of); ok {
			a.at = r.Times[at]
		}
		if x.of == WoodAnderson {
			a.hint = "ML"
		}
		list = append(list, a)
	}
	for s := range Spectra {
		list = append(list, spectrumAmplitudes(h, r, s)...)
	}
	return list
}

func spectrumAmplitudes(h *Header, r *Row, s Spectrum) []amplitude {
	q, a := s.quantity()
	if a == bands || len(r.Spectra[s]) != h.Axes.len(s) {
		return nil
	}
	x := map[Spectrum]amplitude{
		PSA: {kind: "PSA", category: atPoint, unit: perSecondSquared}, SA: {kind: "SA", category: atPoint, unit: perSecondSquared},
		SD: {kind: "SD", category: atPoint, unit: inMetres}, SV: {kind: "SV", category: atPoint, unit: perSecond},
		FAS: {kind: "FAS", category: other, unit: perSecond},
	}[s]
	list := make([]amplitude, len(r.Spectra[s]))
	for i, v := range r.Spectra[s] {
		list[i] = x
		list[i].id, list[i].value = q.name+"_"+h.Axes.at(a, i), v
		if a == frequencies {
			list[i].period = 1 / h.Axes.Frequencies[i]
			continue
		}
		list[i].period = h.Axes.Periods[i%len(h.Axes.Periods)]
		if d := h.Axes.Dampings[i/len(h.Axes.Periods)]; d != usualDamping {
			list[i].kind = fmt.Sprintf("%s(%g%%)", x.kind, percentOf(d))
		}
	}
	return list
}

// amplitudes writes those of a row, and the station magnitude.
func (p *printer) amplitudes(h *Header, r *Row) {
	of := authority + "amplitude/" + escapeID(h.Label, "") + "/" + escapeID(r.Event.ID, "/") + "/" + escapeID(r.instrumentID(), "") + "." + escapeID(r.Component, "") + "/"
	for _, a := range amplitudesOf(h, r) {
		if !math.IsNaN(a.value) && !math.IsInf(a.value, 0) {
			p.amplitude(h, r, of, a)
		}
	}
	ml := r.Numbers[LocalMagnitude]
	if math.IsNaN(ml) || math.IsInf(ml, 0) || r.Event.Time.IsZero() {
		return
	}
	p.start("stationMagnitude", "publicID", of+"local_magnitude")
	p.text("originID", eventID(r.Event.OriginID))
	p.quantity("mag", xmlNumber(ml))
	p.text("type", "ML")
	if !math.IsNaN(r.Numbers[WoodAnderson]) {
		p.text("amplitudeID", of+WoodAnderson.quantity().name)
	}
	p.text("methodID", h.methodID())
	p.waveform(r)
	p.creation(h)
	p.end()
}

func (p *printer) amplitude(h *Header, r *Row, of string, a amplitude) {
	p.start("amplitude", "publicID", of+a.id)
	p.quantity("genericAmplitude", xmlNumber(a.value))
	kind := a.kind
	if r.isRotated() {
		kind += " " + r.Component
	}
	p.text("type", atMost(kind, 32))
	p.text("category", a.category)
	p.text("unit", a.unit)
	p.text("methodID", h.methodID())
	if a.period > 0 && !math.IsInf(a.period, 0) {
		p.quantity("period", xmlNumber(a.period))
	}
	if snr := r.Numbers[SNR]; !math.IsNaN(snr) && !math.IsInf(snr, 0) {
		p.text("snr", xmlNumber(snr))
	}
	p.window(r, a.at)
	p.waveform(r)
	if !a.at.IsZero() {
		p.quantity("scalingTime", xmlTime(a.at))
	}
	p.text("magnitudeHint", a.hint)
	p.text("evaluationMode", "automatic")
	p.creation(h)
	p.end()
}

func (h *Header) methodID() string { return authority + "recipe/" + h.RecipeHash }

// window is what was measured over, around a peak if there is one.
func (p *printer) window(r *Row, peak time.Time) {
	from, until := r.Times[MeasuredStart], r.Times[MeasuredEnd]
	if from.IsZero() || until.IsZero() {
		return
	}
	if peak.IsZero() {
		peak = from
	}
	p.start("timeWindow")
	p.text("begin", xmlNumber(peak.Sub(from).Seconds()))
	p.text("end", xmlNumber(until.Sub(peak).Seconds()))
	p.text("reference", xmlTime(peak))
	p.end()
}

func (p *printer) waveform(r *Row) {
	channel := r.Instrument
	if !r.isRotated() {
		channel += r.Component
	}
	p.start("waveformID", "networkCode", atMost(r.Network, 8), "stationCode", atMost(r.Station, 8), "locationCode", atMost(r.Location, 8), "channelCode", atMost(channel, 8))
	p.end()
}

func (p *printer) creation(h *Header) {
	p.start("creationInfo")
	p.text("agencyID", atMost(h.Organization, 64))
	p.text("author", atMost("seisbatch "+h.Version, 128))
	p.end()
}
