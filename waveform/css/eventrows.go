package css

import "time"

// The rows of the tables about waveforms and events; units and what is not given
// as in those about stations.

// Wfdisc is a stretch of samples in a file.
type Wfdisc struct {
	Station, Channel   string
	Start              time.Time // of the first sample
	ID, ChannelID      int64     // wfid, chanid
	End                time.Time // of the last sample
	Samples            int64
	SampleRate         float64 // Hz
	Calibration        float64 // calib, nm/count at the period
	CalibrationPeriod  float64 // calper, s
	Instrument         string  // instype
	SegmentType        string  // segtype; of Antelope V, A or D: what a count is of
	Datatype           string
	Clip, Folder, File string
	Offset             int64 // foff, byte of the file; -1 if not given
	Loaded             time.Time
}

func (*Wfdisc) table() Table { return WfdiscTable }

func (w *Wfdisc) scan(r *record) {
	*w = Wfdisc{Station: r.text("sta"), Channel: r.text("chan"), Start: r.time("time"), ID: r.whole("wfid"), ChannelID: r.whole("chanid"), End: r.time("endtime"),
		Samples: r.whole("nsamp"), SampleRate: r.number("samprate"), Calibration: r.number("calib"), CalibrationPeriod: r.number("calper"),
		Instrument: r.text("instype"), SegmentType: r.text("segtype"), Datatype: r.text("datatype"), Clip: r.text("clip"),
		Folder: r.text("dir"), File: r.text("dfile"), Offset: r.whole("foff"), Loaded: r.loaded()}
}

// Origin is a place and time of an event, with up to three magnitudes.
type Origin struct {
	Latitude, Longitude          float64
	Depth                        float64 // km
	Time                         time.Time
	ID, Event                    int64  // orid, evid
	EventType, Review            string // the two halves of etype that Antelope makes of it; Review is "" where it is whole
	DepthType                    string // dtype
	Mb, Ms, Ml                   float64
	MbID, MsID, MlID             int64 // rows of netmag
	Associated, Defining, Depths int64 // nass, ndef, ndp: numbers of arrivals
	Algorithm, Author            string
	Loaded                       time.Time
}

func (*Origin) table() Table { return OriginTable }

func (o *Origin) scan(r *record) {
	*o = Origin{Latitude: r.number("lat"), Longitude: r.number("lon"), Depth: r.number("depth"), Time: r.time("time"), ID: r.whole("orid"), Event: r.whole("evid"),
		DepthType: r.text("dtype"), Mb: r.number("mb"), MbID: r.whole("mbid"), Ms: r.number("ms"), MsID: r.whole("msid"), Ml: r.number("ml"), MlID: r.whole("mlid"),
		Associated: r.whole("nass"), Defining: r.whole("ndef"), Depths: r.whole("ndp"), Algorithm: r.text("algorithm"), Author: r.text("auth"), Loaded: r.loaded()}
	o.EventType, o.Review = splitEventType(r.text("etype"))
}

// Event names the preferred one of an event's origins.
type Event struct {
	ID        int64 // evid
	Name      string
	Preferred int64 // prefor: an orid
	Author    string
	Loaded    time.Time
}

func (*Event) table() Table { return EventTable }

func (e *Event) scan(r *record) {
	*e = Event{ID: r.whole("evid"), Name: r.text("evname"), Preferred: r.whole("prefor"), Author: r.text("auth"), Loaded: r.loaded()}
}

// Assoc ties an arrival to an origin.
type Assoc struct {
	Arrival, Origin int64 // arid, orid
	Station, Phase  string
	Belief          float64
	Distance        float64 // delta, degrees
	BackAzimuth     float64 // seaz, degrees, station to event
	Azimuth         float64 // esaz, degrees, event to station
	Residual        float64 // timeres, s
	Defining        string  // timedef
	Weight          float64
	Model           string // vmodel
	Loaded          time.Time
}

func (*Assoc) table() Table { return AssocTable }

func (a *Assoc) scan(r *record) {
	*a = Assoc{Arrival: r.whole("arid"), Origin: r.whole("orid"), Station: r.text("sta"), Phase: r.text("phase"), Belief: r.number("belief"), Distance: r.number("delta"),
		BackAzimuth: r.number("seaz"), Azimuth: r.number("esaz"), Residual: r.number("timeres"), Defining: r.text("timedef"), Weight: r.number("wgt"), Model: r.text("vmodel"), Loaded: r.loaded()}
}

// Arrival is a time that was picked at a station.
type Arrival struct {
	Station       string
	Time          time.Time
	ID, ChannelID int64 // arid, chanid
	Channel       string
	Phase         string  // iphase
	Uncertainty   float64 // deltim, s
	Azimuth, Slow float64 // degrees, s/degree
	Amplitude     float64 // nm
	Period        float64 // s
	FirstMotion   string
	SNR           float64
	Quality       string
	Author        string
	Loaded        time.Time
}

func (*Arrival) table() Table { return ArrivalTable }

func (a *Arrival) scan(r *record) {
	*a = Arrival{Station: r.text("sta"), Time: r.time("time"), ID: r.whole("arid"), ChannelID: r.whole("chanid"), Channel: r.text("chan"), Phase: r.text("iphase"),
		Uncertainty: r.number("deltim"), Azimuth: r.number("azimuth"), Slow: r.number("slow"), Amplitude: r.number("amp"), Period: r.number("per"),
		FirstMotion: r.text("fm"), SNR: r.number("snr"), Quality: r.text("qual"), Author: r.text("auth"), Loaded: r.loaded()}
}

// Origerr has the errors of an origin.
type Origerr struct {
	Origin               int64      // orid
	Covariance           [4]float64 // sxx, syy, szz, stt: km^2, s^2
	Observations         float64    // sdobs, s
	Major, Minor, Strike float64    // smajax and sminax, km; degrees
	Depth, Time          float64    // sdepth, km; stime, s
	Confidence           float64
	Loaded               time.Time
}

func (*Origerr) table() Table { return OrigerrTable }

func (e *Origerr) scan(r *record) {
	*e = Origerr{Origin: r.whole("orid"), Covariance: [4]float64{r.number("sxx"), r.number("syy"), r.number("szz"), r.number("stt")},
		Observations: r.number("sdobs"), Major: r.number("smajax"), Minor: r.number("sminax"), Strike: r.number("strike"),
		Depth: r.number("sdepth"), Time: r.number("stime"), Confidence: r.number("conf"), Loaded: r.loaded()}
}

// Netmag is a magnitude of an origin.
type Netmag struct {
	ID            int64 // magid
	Network       string
	Origin, Event int64 // orid, evid
	Type          string
	Stations      int64
	Value         float64
	Uncertainty   float64
	Author        string
	Loaded        time.Time
}

func (*Netmag) table() Table { return NetmagTable }

func (m *Netmag) scan(r *record) {
	*m = Netmag{ID: r.whole("magid"), Network: r.text("net"), Origin: r.whole("orid"), Event: r.whole("evid"), Type: r.text("magtype"), Stations: r.whole("nsta"),
		Value: r.number("magnitude"), Uncertainty: r.number("uncertainty"), Author: r.text("auth"), Loaded: r.loaded()}
}
