package synth

// Summary is what Write made, or found made.
type Summary struct {
	Stations, Channels, Events int
	Picks                      int
	Gaps                       int   // as planned
	Files                      int   // miniSEED files
	Bytes                      int64 // of the miniSEED files
	Samples                    int64
	Clipped                    int64 // samples at the limit of the digitizer
	Existing                   bool  `json:"-"` // everything was there already; nothing was written
}

func (a *Archive) summary() Summary {
	s := Summary{Stations: len(a.Stations), Channels: len(a.refs()), Events: len(a.Events), Gaps: len(a.Gaps)}
	for _, e := range a.Events {
		s.Picks += len(e.Picks)
	}
	return s
}

func (s *Summary) add(f Summary) {
	s.Files += f.Files
	s.Bytes += f.Bytes
	s.Samples += f.Samples
	s.Clipped += f.Clipped
}
