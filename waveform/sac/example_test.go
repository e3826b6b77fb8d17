package sac_test

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/sac"
)

// trace is three seconds that begin at an odd time.
func trace() waveform.Trace {
	tr := waveform.Trace{
		ID:         waveform.SourceID{Network: "XX", Station: "DEMO", Channel: "HNZ"},
		Start:      time.Date(2024, 2, 29, 23, 59, 59, 123456789, time.UTC),
		SampleRate: 100,
	}
	for i := range 300 {
		tr.Data = append(tr.Data, float64((i*i)%2000))
	}
	return tr
}

// A trace becomes a file, gets a pick and the place of its station, and is written.
func ExampleNewFile() {
	f, err := sac.NewFile(trace(), sac.Options{BigEndian: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	h := &f.Header
	h.StationPlace.Latitude, h.StationPlace.Longitude = 37.87, -122.25
	h.First = sac.Pick{Time: 1.25, Label: "IPU0"}
	var b bytes.Buffer
	n, err := f.WriteTo(&b)
	fmt.Println(n, "bytes, version", h.Version, err)
	fmt.Printf("%+v and %.6f s\n", h.Reference, h.Begin)
	// Output:
	// 1832 bytes, version 6 <nil>
	// {Year:2024 Day:60 Hour:23 Minute:59 Second:59 Millisecond:123} and 0.000457 s
}

func ExampleRead() {
	var b bytes.Buffer
	if err := sac.Write(&b, trace(), sac.Options{}); err != nil {
		fmt.Println(err)
	}
	f, err := sac.Read(&b)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("DELTA is %.17g, STLA %v, IZTYPE %d\n", f.Header.Delta, f.Header.StationPlace.Latitude, f.Header.ReferenceType)
	tr, err := f.Trace()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(tr.ID, tr.Start.Format(time.RFC3339Nano), tr.SampleRate, "Hz", len(tr.Data), "samples")
	// Output:
	// DELTA is 0.0099999997764825821, STLA NaN, IZTYPE 5
	// XX.DEMO..HNZ 2024-02-29T23:59:59.123456789Z 100 Hz 300 samples
}

// A file that is cut off comes with the samples that are there.
func ExampleRead_cutOff() {
	var b bytes.Buffer
	if err := sac.Write(&b, trace(), sac.Options{}); err != nil {
		fmt.Println(err)
	}
	f, err := sac.Read(bytes.NewReader(b.Bytes()[:1000]))
	fmt.Println(err)
	if errors.Is(err, sac.ErrTruncated) && f != nil {
		fmt.Println(len(f.Data), "samples")
	}
	// Output:
	// sac: NPTS at byte 316: file is cut off: 300 samples from byte 632 need 1200 bytes, 368 are there
	// 92 samples
}

func ExampleHeader_At() {
	h := sac.NewHeader()
	h.Reference = sac.NewReference(time.Date(1981, 3, 29, 10, 38, 14, 0, time.UTC))
	h.First.Time = float64(float32(10.47))
	at, err := h.At(h.First.Time)
	fmt.Println(at.Format(time.RFC3339Nano), err)
	_, err = h.At(h.Picks[0].Time)
	fmt.Println(err)
	// Output:
	// 1981-03-29T10:38:24.47Z <nil>
	// sac: NaN s after the reference time is no time
}

func ExampleSniff() {
	var b bytes.Buffer
	if err := sac.Write(&b, trace(), sac.Options{}); err != nil {
		fmt.Println(err)
	}
	first := b.Bytes()[:min(b.Len(), sac.SniffSize)]
	fmt.Println(sac.Sniff(first), sac.Sniff([]byte("<html>")))
	// Output: true false
}
