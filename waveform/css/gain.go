package css

import (
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

// channelEpoch is a row of sitechan.
type channelEpoch struct {
	stationChannel
	on time.Time
}

// gain is the calibration that the rows of wfdisc give for a channel epoch.
type gain struct {
	value, period float64 // nm of the unit a count, s
	unit          waveform.Unit
	contradicted  bool // by another row, or one that has none
}

// addGain notes the calibration of a row of wfdisc with the channel epochs in which
// the row begins.
func (b *stationBuilder) addGain(_ int, w Wfdisc) {
	key := stationChannel{w.Station, w.Channel}
	for i := range b.rows[key] {
		row := &b.rows[key][i]
		if !(waveform.Window{From: row.On, Until: after(row.Off, time.Time{})}).Contains(w.Start) {
			continue
		}
		var g gain
		g.value, g.period, g.unit = calibration(w)
		g.contradicted = g.unit == waveform.UnitUnknown
		epoch := channelEpoch{key, row.On}
		known, ok := b.gains[epoch]
		if ok && (known.value != g.value || known.period != g.period || known.unit != g.unit) {
			g.contradicted = true
		}
		g.contradicted = g.contradicted || known.contradicted
		b.gains[epoch] = g
	}
}

// response is the gain of a channel epoch as a response without stages, nil if the
// rows of wfdisc have none, or not one.
func (b *stationBuilder) response(epoch channelEpoch) *waveform.Response {
	g, ok := b.gains[epoch]
	if !ok || g.contradicted {
		return nil
	}
	units := map[waveform.Unit]string{waveform.Displacement: "M", waveform.Velocity: "M/S", waveform.Acceleration: "M/S**2"}
	return &waveform.Response{Sensitivity: waveform.Sensitivity{Value: 1e9 / g.value, Frequency: 1 / g.period, InputUnits: units[g.unit], OutputUnits: "COUNTS"}}
}
