package sac

import "strings"

// The header is 158 words of 4 bytes: 70 numbers, 40 integers (with the 5 logicals), 24
// texts of 8 bytes, the second and third of which are one of 16. Then come one or
// two data sections of NPTS words. Version 7 has 22 doubles behind them.
const (
	floatCount  = 70
	intCount    = 40
	textCount   = 23
	intsAt      = 4 * floatCount
	textsAt     = intsAt + 4*intCount
	headerSize  = textsAt + 8*(textCount+1)
	versionAt   = intsAt + 4*6
	pointsAt    = intsAt + 4*9
	typeAt      = intsAt + 4*15
	evenAt      = intsAt + 4*35
	footerCount = 22
	footerSize  = 8 * footerCount
)

// The names of the words, for messages; - is unused.
const (
	floatNames = "DELTA DEPMIN DEPMAX SCALE ODELTA B E O A INTERNAL T0 T1 T2 T3 T4 T5 T6 T7 T8 T9 F " +
		"RESP0 RESP1 RESP2 RESP3 RESP4 RESP5 RESP6 RESP7 RESP8 RESP9 STLA STLO STEL STDP EVLA EVLO EVEL EVDP MAG " +
		"USER0 USER1 USER2 USER3 USER4 USER5 USER6 USER7 USER8 USER9 DIST AZ BAZ GCARC SB SDELTA DEPMEN CMPAZ CMPINC " +
		"XMINIMUM XMAXIMUM YMINIMUM YMAXIMUM ADJTM - - - - - -"
	intNames = "NZYEAR NZJDAY NZHOUR NZMIN NZSEC NZMSEC NVHDR NORID NEVID NPTS NSNPTS NWFID NXSIZE NYSIZE - " +
		"IFTYPE IDEP IZTYPE - IINST ISTREG IEVREG IEVTYP IQUAL ISYNTH IMAGTYP IMAGSRC IBODY - - - - - - - " +
		"LEVEN LPSPOL LOVROK LCALDA -"
	textNames = "KSTNM KEVNM KHOLE KO KA KT0 KT1 KT2 KT3 KT4 KT5 KT6 KT7 KT8 KT9 KF KUSER0 KUSER1 KUSER2 " +
		"KCMPNM KNETWK KDATRD KINST"
)

func nameOf(names string, i int) string { return strings.Fields(names)[i] }

// floats are the numbers of h in the order of the file, nil for an unused word.
func (h *Header) floats() [floatCount]*float64 {
	p, u, r, s, e := &h.Picks, &h.User, &h.Response, &h.StationPlace, &h.EventPlace
	return [floatCount]*float64{
		&h.Delta, &h.Min, &h.Max, &h.Scale, &h.ObservedDelta,
		&h.Begin, &h.End, &h.Origin.Time, &h.First.Time, &h.Internal,
		&p[0].Time, &p[1].Time, &p[2].Time, &p[3].Time, &p[4].Time,
		&p[5].Time, &p[6].Time, &p[7].Time, &p[8].Time, &p[9].Time,
		&h.Finish.Time, &r[0], &r[1], &r[2], &r[3],
		&r[4], &r[5], &r[6], &r[7], &r[8],
		&r[9], &s.Latitude, &s.Longitude, &s.Elevation, &s.Depth,
		&e.Latitude, &e.Longitude, &e.Elevation, &e.Depth, &h.Magnitude,
		&u[0], &u[1], &u[2], &u[3], &u[4],
		&u[5], &u[6], &u[7], &u[8], &u[9],
		&h.Distance, &h.AzimuthTo, &h.AzimuthBack, &h.Arc, &h.SavedBegin,
		&h.SavedDelta, &h.Mean, &h.Azimuth, &h.Inclination, &h.XMin,
		&h.XMax, &h.YMin, &h.YMax, &h.TimeAdjustment,
	}
}

// footerWords are the words of [Header.floats] that the footer has in double
// precision, in its order.
func footerWords() [footerCount]int {
	return [footerCount]int{0, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 36, 35, 32, 31, 54, 55}
}

// ints are the integers of h in the order of the file, nil for an unused word and
// for NPTS.
func (h *Header) ints() [intCount]*int {
	z := &h.Reference
	return [intCount]*int{
		&z.Year, &z.Day, &z.Hour, &z.Minute, &z.Second,
		&z.Millisecond, &h.Version, &h.OriginID, &h.EventID, nil,
		&h.SavedSamples, &h.WaveformID, &h.XSize, &h.YSize, nil,
		(*int)(&h.Type), &h.Dependent, &h.ReferenceType, nil, &h.InstrumentType,
		&h.StationRegion, &h.EventRegion, &h.EventType, &h.Quality, &h.Synthetic,
		&h.MagnitudeType, &h.MagnitudeFrom, &h.Body, nil, nil,
		nil, nil, nil, nil, nil,
		&h.Even, &h.PositivePolarity, &h.Overwrite, &h.CalculateDistance, nil,
	}
}

// texts are the texts of h in the order of the file.
func (h *Header) texts() [textCount]*string {
	p := &h.Picks
	return [textCount]*string{
		&h.Station, &h.Event,
		&h.Hole, &h.Origin.Label, &h.First.Label,
		&p[0].Label, &p[1].Label, &p[2].Label,
		&p[3].Label, &p[4].Label, &p[5].Label,
		&p[6].Label, &p[7].Label, &p[8].Label,
		&p[9].Label, &h.Finish.Label, &h.UserText[0],
		&h.UserText[1], &h.UserText[2], &h.Channel,
		&h.Network, &h.DateRead, &h.Instrument,
	}
}

// textSpan is where the i-th text lies in the header.
func textSpan(i int) (at, size int) {
	switch {
	case i == 0:
		return textsAt, 8
	case i == 1:
		return textsAt + 8, 16
	}
	return textsAt + 8*(i+1), 8
}
