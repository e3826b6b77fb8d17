// Package css reads databases in the schema CSS 3.0 of the Center for Seismic Studies, as
// flat files of fixed columns: the databases of Antelope (Datascope), and the wider
// variants of NNSA.
//
// A database is a set of files with one name, demo.site, demo.sitechan, demo.wfdisc and so
// forth. [Open] finds it from a folder, the path up to the dot, a table, or the descriptor
// file. [Database.Stations], [Database.Events] and [Database.Segments] make the nouns of
// package waveform of its tables, and [Segment.Read] reads samples. [Read] reads a single
// table, with a type for its rows: [Site], [Sitechan], [Wfdisc], [Origin] and others.
// [Sniff] tells tables from other files.
//
// # Tables
//
// Each table has its documented columns, a blank between them, a row a line. Three layouts
// are known, and told apart by what fits: CSS 3.0, and two of NNSA with wider identifiers,
// coordinates and authors. The last column, lddate, may be missing, and so may blanks at
// the end of a line; lines may end as in DOS, and a width may count characters instead of
// bytes. A line that fits nothing is read by its tabs or blanks where these give as many
// fields as there are columns, all of them readable; otherwise it is a [Problem] and left
// out.
//
// Each column has its own value for nothing: -, -1, -999, 9999999999.999 and others. In
// rows that is "", -1 for identifiers, NaN, and the zero time.
//
// # Names
//
// The tables name stations and channels in their own way. The network and station codes
// are those of snetsta; else the network is that of affiliation (the one that can be an
// FDSN code, if there are several); else that before the _ of a name such as AZ_PFO; else
// that of [Options], by default XX, which is reported. Channel and location codes are
// those of schanloc; else a channel BHZ_00 is BHZ with location 00, and any other is what
// it is, with an empty location.
//
// # Stations
//
// A row of site is an epoch of a station, from its ondate through its offdate, which is
// the last day: it ends at the midnight after that, or where the next row of the station
// begins. A row of sitechan is an epoch of a channel likewise, except that epochs of a
// channel may overlap if they say so; it is cut where its station moves, and has the
// coordinates of the site. Without a site at all it is left out, and both are reported. An
// open date is open.
//
// Elevation and depth are in metres. The azimuth is hang; the dip is vang - 90, as vang
// counts from up: 0 is up (dip -90), 90 horizontal, 180 down. A table that has a negative
// vang was written by a program that put the dip there; since a vang of 0 then means
// something else, no channel gets a dip.
//
// The description of the sensor and the sample rate are those of sensor and instrument.
// There is no response in these tables. What there is, calib of wfdisc at the period
// calper, becomes the sensitivity of a response without stages, a gain: 1e9/calib counts
// per metre (or m/s, m/s^2 where segtype says V or A, as Antelope does) at 1/calper. It is
// taken only if all rows of wfdisc of the epoch have the same, both are positive, and they
// are not 1 and 1, which programs write that know neither.
//
// # Events
//
// The origins of one evid are an event, preferred is prefor of event; an origin without
// evid is an event of its own. Public ids are a prefix, smi:local/ and the name of the
// database unless [Options] has another, and the kind and number of the row:
// smi:local/demo/event/17, .../origin/17, .../arrival/4, .../origin/17/mb. They stay the
// same as long as the database keeps its numbers. Magnitudes are those of netmag, and mb,
// ms and ml of origin that are not there; those of the preferred origin come first, and
// the first of these is preferred. Arrivals and picks are made of assoc and arrival. The
// type of the event is etype of the preferred origin where QuakeML has a word for it; l, r
// and t, of unknown origin, have none. An origin that was reviewed (Antelope's y) is
// manual and reviewed.
//
// # Waveforms
//
// A row of wfdisc is a [Segment]. Those of datatype sd are miniSEED, which the segment
// tells by [Segment.IsMiniSEED] and package mseed reads without the help of wfdisc.
// Samples of fixed size are read here; compressed ones are refused, with the reason.
//
// Values may be read concurrently. Nothing in a file makes this package panic, and a
// table's rows take no more memory than a small multiple of it.
package css
