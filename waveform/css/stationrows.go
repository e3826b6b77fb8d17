package css

import "time"

// The rows of the tables about stations. Units are the tables': kilometres and
// degrees. What a column does not say is NaN, "", -1 for an identifier, or the
// zero time.

// Site is a place of a station for some time.
type Site struct {
	Station             string
	On, Off             time.Time // first and last day, zero if open
	Latitude, Longitude float64
	Elevation           float64 // km
	Name, Type          string
	Reference           string  // station of the array
	North, East         float64 // km from the reference
	Loaded              time.Time
}

func (*Site) table() Table { return SiteTable }

func (s *Site) scan(r *record) {
	*s = Site{Station: r.text("sta"), On: r.day("ondate"), Off: r.day("offdate"), Latitude: r.number("lat"), Longitude: r.number("lon"),
		Elevation: r.number("elev"), Name: r.text("staname"), Type: r.text("statype"), Reference: r.text("refsta"),
		North: r.number("dnorth"), East: r.number("deast"), Loaded: r.loaded()}
}

// Sitechan is a channel of a station for some time.
type Sitechan struct {
	Station, Channel string
	On               time.Time // first day, zero if open
	ID               int64     // chanid
	Off              time.Time // last day, zero if open
	Type             string    // n normal, b beam, i incoherent beam
	Depth            float64   // edepth, km
	Horizontal       float64   // hang, degrees clockwise from north
	Vertical         float64   // vang, degrees from up: 90 is horizontal
	Description      string
	Loaded           time.Time
}

func (*Sitechan) table() Table { return SitechanTable }

func (s *Sitechan) scan(r *record) {
	*s = Sitechan{Station: r.text("sta"), Channel: r.text("chan"), On: r.day("ondate"), ID: r.whole("chanid"), Off: r.day("offdate"),
		Type: r.text("ctype"), Depth: r.number("edepth"), Horizontal: r.number("hang"), Vertical: r.number("vang"), Description: r.text("descrip"), Loaded: r.loaded()}
}

// Affiliation says that a station is of a network. From and Until are NNSA's.
type Affiliation struct {
	Network, Station string
	From, Until      time.Time
	Loaded           time.Time
}

func (*Affiliation) table() Table { return AffiliationTable }

func (a *Affiliation) scan(r *record) {
	*a = Affiliation{Network: r.text("net"), Station: r.text("sta"), From: r.time("time"), Until: r.time("endtime"), Loaded: r.loaded()}
}

// Snetsta gives the SEED codes of a station: Antelope's table for those that two
// networks name alike.
type Snetsta struct {
	Network     string // snet: SEED code
	SEEDStation string // fsta
	Station     string // in the other tables
	Loaded      time.Time
}

func (*Snetsta) table() Table { return SnetstaTable }

func (s *Snetsta) scan(r *record) {
	*s = Snetsta{Network: r.text("snet"), SEEDStation: r.text("fsta"), Station: r.text("sta"), Loaded: r.loaded()}
}

// Schanloc gives the SEED codes of a channel: Antelope's table for those with
// a location code.
type Schanloc struct {
	Station               string // in the other tables
	SEEDChannel, Location string // fchan, loc
	Channel               string // in the other tables
	Loaded                time.Time
}

func (*Schanloc) table() Table { return SchanlocTable }

func (s *Schanloc) scan(r *record) {
	*s = Schanloc{Station: r.text("sta"), SEEDChannel: r.text("fchan"), Location: r.text("loc"), Channel: r.text("chan"), Loaded: r.loaded()}
}

// Sensor says which instrument a channel had, and when.
type Sensor struct {
	Station, Channel          string
	From, Until               time.Time
	Instrument, ChannelID     int64   // inid, chanid
	CalibrationRatio          float64 // to the instrument's nominal calibration
	CalibrationPeriod, TShift float64 // s
	Instant                   string
	Loaded                    time.Time
}

func (*Sensor) table() Table { return SensorTable }

func (s *Sensor) scan(r *record) {
	*s = Sensor{Station: r.text("sta"), Channel: r.text("chan"), From: r.time("time"), Until: r.time("endtime"), Instrument: r.whole("inid"), ChannelID: r.whole("chanid"),
		CalibrationRatio: r.number("calratio"), CalibrationPeriod: r.number("calper"), TShift: r.number("tshift"), Instant: r.text("instant"), Loaded: r.loaded()}
}

// Instrument is a kind of instrument with its nominal calibration.
type Instrument struct {
	ID                int64
	Name, Type        string
	Band, Digital     string
	SampleRate        float64 // Hz
	Calibration       float64 // ncalib, nm/count at the period
	CalibrationPeriod float64 // ncalper, s
	Folder, File      string  // of the response
	ResponseType      string  // rsptype
	Loaded            time.Time
}

func (*Instrument) table() Table { return InstrumentTable }

func (i *Instrument) scan(r *record) {
	*i = Instrument{ID: r.whole("inid"), Name: r.text("insname"), Type: r.text("instype"), Band: r.text("band"), Digital: r.text("digital"), SampleRate: r.number("samprate"),
		Calibration: r.number("ncalib"), CalibrationPeriod: r.number("ncalper"), Folder: r.text("dir"), File: r.text("dfile"), ResponseType: r.text("rsptype"), Loaded: r.loaded()}
}
