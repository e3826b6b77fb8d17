package mseed

import "testing"

func TestRemarksKeepTheLeastTimingQuality(t *testing.T) {
	var m Remarks
	for _, q := range []int{-1, 80, 60, -1, 90} {
		m.Add(&Record{TimingQuality: q, DataQuality: uint8(q & 1)})
	}
	if m != (Remarks{Records: 5, Timed: 3, TimingQuality: 60, DataQuality: 1}) {
		t.Errorf("%+v", m)
	}
	m.Join(Remarks{Records: 2, Timed: 1, TimingQuality: 0})
	if m.TimingQuality != 0 || m.Timed != 4 || m.Records != 7 {
		t.Errorf("joined: %+v", m)
	}
}
