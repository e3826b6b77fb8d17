package mseed

// Remarks is what the headers of some records say about their samples. The zero value
// is of no record.
type Remarks struct {
	Records       int
	Timed         int // of them, those that give a timing quality
	TimingQuality int // the least of these, in percent of what the vendor takes for the best; 0 if there is none
	// Bits set in any of the records: see the constants.
	Activity, IOClock, DataQuality uint8
}

// Add takes what the header of a record says.
func (m *Remarks) Add(r *Record) {
	one := Remarks{Records: 1, Activity: r.Activity, IOClock: r.IOClock, DataQuality: r.DataQuality}
	if r.TimingQuality >= 0 {
		one.Timed, one.TimingQuality = 1, r.TimingQuality
	}
	m.Join(one)
}

// Join takes the remarks of other records.
func (m *Remarks) Join(o Remarks) {
	if o.Timed > 0 && (m.Timed == 0 || o.TimingQuality < m.TimingQuality) {
		m.TimingQuality = o.TimingQuality
	}
	m.Records += o.Records
	m.Timed += o.Timed
	m.Activity |= o.Activity
	m.IOClock |= o.IOClock
	m.DataQuality |= o.DataQuality
}

// Doubts names what the headers say against the data, in the words of the SEED manual
// and in order of the bits: "calibration" of the activity flags, and the data quality flags. The
// other flags (events, leap seconds, a locked clock) say nothing against them.
func (m Remarks) Doubts() []string {
	var names []string
	if m.Activity&ActivityCalibration != 0 {
		names = append(names, "calibration")
	}
	for _, d := range [...]struct {
		bit  uint8
		name string
	}{
		{DataQualitySaturated, "amplifier_saturated"},
		{DataQualityClipped, "digitizer_clipped"},
		{DataQualitySpikes, "spikes"},
		{DataQualityGlitches, "glitches"},
		{DataQualityMissing, "padded"},
		{DataQualityTelemetry, "telemetry_error"},
		{DataQualityCharging, "filter_charging"},
		{DataQualityTimeSuspect, "time_questionable"},
	} {
		if m.DataQuality&d.bit != 0 {
			names = append(names, d.name)
		}
	}
	return names
}
