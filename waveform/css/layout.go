package css

import "slices"

// Table is the name of a table, which is the extension of its file.
type Table string

// The tables that are read.
const (
	SiteTable        Table = "site"
	SitechanTable    Table = "sitechan"
	AffiliationTable Table = "affiliation"
	SnetstaTable     Table = "snetsta"
	SchanlocTable    Table = "schanloc"
	SensorTable      Table = "sensor"
	InstrumentTable  Table = "instrument"
	WfdiscTable      Table = "wfdisc"
	OriginTable      Table = "origin"
	EventTable       Table = "event"
	AssocTable       Table = "assoc"
	ArrivalTable     Table = "arrival"
	OrigerrTable     Table = "origerr"
	NetmagTable      Table = "netmag"
)

// kind says how a column is written.
type kind uint8

const (
	text    kind = iota // left-justified, "-" for nothing
	whole               // integer, -1 for nothing
	number              // real
	instant             // seconds since 1970, beyond 9999999999 either way for nothing
	day                 // year and day of year, YYYYDDD
)

// column is a field of a table. The widths are those of the schema's two families:
// wide is NNSA's, 0 where it is the same; absent (-1) where the column is not there.
type column struct {
	name  string
	kind  kind
	width int
	wide  int
	key   bool      // a row is of no use without it
	must  bool      // it has to be there, if only to say nothing
	nulls []float64 // numbers that say nothing
}

// absent is the width of a column that a family does not have.
const absent = -1

// lddate is the last column of each table: when the row was loaded.
func lddate() column { return column{name: "lddate", kind: instant, width: 17, wide: 19} }

func keyed(c column) column { c.key, c.must = true, true; return c }

// present is a column that may say nothing, but has to be there.
func present(c column) column { c.must = true; return c }

func texts(name string, width int) column { return column{name: name, kind: text, width: width} }
func wholes(name string) column           { return column{name: name, kind: whole, width: 8} }
func times(name string) column            { return column{name: name, kind: instant, width: 17} }
func days(name string) column             { return column{name: name, kind: day, width: 8} }

// ids is an identifier of eight digits, of NNSA nine.
func ids(name string) column { return column{name: name, kind: whole, width: 8, wide: 9} }

func numbers(name string, width int, nulls ...float64) column {
	return column{name: name, kind: number, width: width, nulls: nulls}
}

// degrees is a coordinate, f9.4 or f11.6.
func degrees(name string) column {
	return column{name: name, kind: number, width: 9, wide: 11, nulls: []float64{-999}}
}

func widened(c column, wide int) column { c.wide = wide; return c }

// columnsOf gives the columns of a table in order, nil for a name that is no table's.
// Sources: Anderson, Farrell, Garcia, Given and Swanger, Center for Seismic Studies
// Version 3 Database: Schema Reference Manual, Technical Report C90-01 (1990), and for
// snetsta, schanloc and the two halves of etype the css3.0 schema of Antelope.
func columnsOf(t Table) []column {
	switch t {
	case SiteTable, SitechanTable, AffiliationTable, SnetstaTable, SchanlocTable, SensorTable, InstrumentTable:
		return stationColumns(t)
	case WfdiscTable:
		return []column{keyed(texts("sta", 6)), keyed(texts("chan", 8)), keyed(times("time")), ids("wfid"), wholes("chanid"), days("jdate"),
			times("endtime"), keyed(wholes("nsamp")), keyed(numbers("samprate", 11, -1)), numbers("calib", 16, 0), numbers("calper", 16, -1, 0),
			texts("instype", 6), texts("segtype", 1), keyed(texts("datatype", 2)), texts("clip", 1), texts("dir", 64), keyed(texts("dfile", 32)),
			present(column{name: "foff", kind: whole, width: 10}), ids("commid"), lddate()}
	}
	return eventColumns(t)
}

func stationColumns(t Table) []column {
	switch t {
	case SiteTable:
		return []column{keyed(texts("sta", 6)), days("ondate"), days("offdate"), keyed(degrees("lat")), keyed(degrees("lon")), numbers("elev", 9, -999),
			texts("staname", 50), texts("statype", 4), texts("refsta", 6), numbers("dnorth", 9), numbers("deast", 9), lddate()}
	case SitechanTable:
		return []column{keyed(texts("sta", 6)), keyed(texts("chan", 8)), days("ondate"), wholes("chanid"), days("offdate"), texts("ctype", 4),
			numbers("edepth", 9, -1, -9.9999, -99.9999, -999), numbers("hang", 6, -1, -999, -999.9), numbers("vang", 6, -1, -999, -999.9), texts("descrip", 50), lddate()}
	case AffiliationTable:
		return []column{keyed(texts("net", 8)), keyed(texts("sta", 6)),
			{name: "time", kind: instant, width: absent, wide: 17}, {name: "endtime", kind: instant, width: absent, wide: 17}, lddate()}
	case SnetstaTable:
		return []column{keyed(texts("snet", 8)), keyed(texts("fsta", 6)), keyed(texts("sta", 6)), lddate()}
	case SchanlocTable:
		return []column{keyed(texts("sta", 6)), keyed(texts("fchan", 8)), texts("loc", 8), keyed(texts("chan", 8)), lddate()}
	case SensorTable:
		return []column{keyed(texts("sta", 6)), keyed(texts("chan", 8)), times("time"), times("endtime"), present(wholes("inid")), wholes("chanid"), days("jdate"),
			numbers("calratio", 16), numbers("calper", 16, -1, 0), widened(numbers("tshift", 6), 16), texts("instant", 1), lddate()}
	}
	return []column{keyed(wholes("inid")), texts("insname", 50), texts("instype", 6), texts("band", 1), texts("digital", 1), numbers("samprate", 11, -1, 0),
		numbers("ncalib", 16, 0), numbers("ncalper", 16, -1, 0), texts("dir", 64), texts("dfile", 32), texts("rsptype", 6), lddate()}
}

func eventColumns(t Table) []column {
	switch t {
	case OriginTable:
		return []column{keyed(degrees("lat")), keyed(degrees("lon")), numbers("depth", 9, -999), keyed(times("time")), keyed(ids("orid")), ids("evid"),
			days("jdate"), {name: "nass", kind: whole, width: 4}, {name: "ndef", kind: whole, width: 4}, {name: "ndp", kind: whole, width: 4},
			wholes("grn"), wholes("srn"), texts("etype", 7), numbers("depdp", 9, -999), texts("dtype", 1),
			numbers("mb", 7, -999, -99.99), ids("mbid"), numbers("ms", 7, -999, -99.99), ids("msid"), numbers("ml", 7, -999, -99.99), ids("mlid"),
			texts("algorithm", 15), texts("auth", 15), ids("commid"), lddate()}
	case EventTable:
		return []column{keyed(ids("evid")), widened(texts("evname", 15), 32), ids("prefor"), texts("auth", 15), ids("commid"), lddate()}
	case AssocTable:
		return []column{keyed(ids("arid")), keyed(ids("orid")), texts("sta", 6), texts("phase", 8), numbers("belief", 4, 9.99, -1),
			numbers("delta", 8, -1), numbers("seaz", 7, -999, -1), numbers("esaz", 7, -999, -1), numbers("timeres", 8, -999), texts("timedef", 1),
			numbers("azres", 7, -999), texts("azdef", 1), numbers("slores", 7, -999), texts("slodef", 1), numbers("emares", 7, -999),
			numbers("wgt", 6, -1), texts("vmodel", 15), ids("commid"), lddate()}
	case ArrivalTable:
		return []column{keyed(texts("sta", 6)), keyed(times("time")), keyed(ids("arid")), days("jdate"), ids("stassid"), wholes("chanid"), texts("chan", 8),
			texts("iphase", 8), texts("stype", 1), numbers("deltim", 6, -1), numbers("azimuth", 7, -1), numbers("delaz", 7, -1), numbers("slow", 7, -1),
			numbers("delslo", 7, -1), numbers("ema", 7, -1), numbers("rect", 7, -1), widened(numbers("amp", 10, -1), 11), numbers("per", 7, -1),
			numbers("logat", 7, -999), texts("clip", 1), texts("fm", 2), numbers("snr", 10, -1), texts("qual", 1), texts("auth", 15), ids("commid"), lddate()}
	case OrigerrTable:
		c := []column{keyed(ids("orid"))}
		for _, name := range []string{"sxx", "syy", "szz", "stt", "sxy", "sxz", "syz", "stx", "sty", "stz"} {
			c = append(c, numbers(name, 15, -1, -999999999.9999, -1e8))
		}
		return append(c, numbers("sdobs", 9, -1), numbers("smajax", 9, -1), numbers("sminax", 9, -1), numbers("strike", 6, -1), numbers("sdepth", 9, -1),
			widened(numbers("stime", 8, -1), 6), numbers("conf", 5, 0, -1), ids("commid"), lddate())
	case NetmagTable:
		return []column{keyed(ids("magid")), texts("net", 8), keyed(ids("orid")), ids("evid"), texts("magtype", 6), wholes("nsta"),
			keyed(numbers("magnitude", 7, -99.99, -999)), numbers("uncertainty", 7, -1), texts("auth", 15), ids("commid"), lddate()}
	}
	return nil
}

// layout is a table as a family of databases writes it: columns of fixed widths with
// a blank between them.
type layout struct {
	columns []column
	start   []int // of each column, in bytes from 0
	end     []int
	name    string
}

// width is the length of a whole line.
func (l *layout) width() int { return l.end[len(l.end)-1] }

// layoutsOf gives the ways in which a table is written, the most usual first: CSS 3.0, which is
// Antelope's too; NNSA's with wider identifiers and coordinates; and NNSA's core
// schema, whose authors and names of events are wider still.
func layoutsOf(t Table) []*layout {
	columns := columnsOf(t)
	if columns == nil {
		return nil
	}
	css := newLayout("CSS 3.0", columns, func(c column) int { return c.width })
	nnsa := newLayout("NNSA", columns, func(c column) int {
		switch {
		case c.name == "evname":
			return c.width
		case c.wide > 0:
			return c.wide
		}
		return c.width
	})
	core := newLayout("NNSA core", columns, func(c column) int {
		switch {
		case c.name == "auth":
			return 20
		case c.wide > 0:
			return c.wide
		}
		return c.width
	})
	return []*layout{css, nnsa, core}
}

func newLayout(name string, columns []column, width func(column) int) *layout {
	l := &layout{name: name}
	at := 0
	for _, c := range columns {
		w := width(c)
		if w == absent {
			continue
		}
		c.width = w
		l.columns = append(l.columns, c)
		l.start = append(l.start, at)
		l.end = append(l.end, at+w)
		at += w + 1
	}
	return l
}

// required is the number of columns up to the last one that has to be there.
func (l *layout) required() int {
	for i := len(l.columns) - 1; i >= 0; i-- {
		if l.columns[i].must {
			return i + 1
		}
	}
	return 0
}

// index is where a column is, -1 if it is not there.
func (l *layout) index(name string) int {
	return slices.IndexFunc(l.columns, func(c column) bool { return c.name == name })
}
