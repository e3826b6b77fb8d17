package mseed_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/mseed"
)

// file is 400 samples in records of 256 bytes, the second of which is damaged.
func file() []byte {
	tr := waveform.Trace{
		ID:         waveform.SourceID{Network: "XX", Station: "DEMO", Channel: "HNZ"},
		Start:      time.Date(2024, 2, 29, 23, 59, 59, 0, time.UTC),
		SampleRate: 100,
	}
	for i := range 400 {
		tr.Data = append(tr.Data, float64((i*i)%2000))
	}
	var b bytes.Buffer
	if err := mseed.Write(&b, tr, mseed.WriteOptions{RecordLength: 256}); err != nil {
		panic(err)
	}
	b.Bytes()[256+20] = 0xff // the year
	return b.Bytes()
}

func ExampleReader() {
	in := mseed.NewReader(bytes.NewReader(file()))
	var samples []float64
	for {
		r, err := in.Next()
		var bad *mseed.BadRecordError
		if err == io.EOF {
			break
		} else if errors.As(err, &bad) {
			fmt.Println(err)
			continue
		} else if err != nil {
			fmt.Println("cannot read on:", err)
			break
		}
		fmt.Println(r)
		if samples, err = r.DecodeFloat64(samples); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(len(samples), "samples")
	// Output:
	// XX.DEMO..HNZ D 2024-02-29T23:59:59.000000Z 100 Hz 136 samples STEIM2 256 bytes at 0
	// mseed: record at byte 256: implausible start: year 65512 day 61 hour 0 minute 0 second 0
	// XX.DEMO..HNZ D 2024-03-01T00:00:01.410000Z 100 Hz 86 samples STEIM2 256 bytes at 512
	// XX.DEMO..HNZ D 2024-03-01T00:00:02.270000Z 100 Hz 73 samples STEIM2 256 bytes at 768
	// 295 samples
}

func ExampleSegments() {
	segments, faults, err := mseed.Segments(bytes.NewReader(file()))
	for _, s := range segments {
		fmt.Println(s.ID, s.Start.Format(time.StampMilli), s.End().Format(time.StampMilli), s.Samples())
	}
	fmt.Println(faults, err)
	// Output:
	// XX.DEMO..HNZ Feb 29 23:59:59.000 Mar  1 00:00:00.350 136
	// XX.DEMO..HNZ Mar  1 00:00:01.410 Mar  1 00:00:02.990 159
	// [mseed: record at byte 256: implausible start: year 65512 day 61 hour 0 minute 0 second 0] <nil>
}

// A log of a station, between samples of version 2 and version 3.
func ExampleReadAll() {
	tr := waveform.Trace{
		ID:         waveform.SourceID{Network: "XX", Station: "DEMO", Channel: "HNZ"},
		Start:      time.Date(2024, 2, 29, 23, 59, 59, 0, time.UTC),
		SampleRate: 100,
		Data:       []float64{1, 2, 3, 4},
	}
	var file bytes.Buffer
	for _, version := range []int{2, 3} {
		out, err := mseed.NewWriter(&file, mseed.WriteOptions{Version: version})
		if err == nil {
			err = out.Write(tr)
		}
		if err == nil && version == 2 {
			err = out.WriteText(waveform.SourceID{Network: "XX", Station: "DEMO", Channel: "LOG"}, tr.Start, "GPS: LOCKED\n")
		}
		if err != nil {
			fmt.Println(err)
		}
		tr.Start = tr.Time(len(tr.Data))
	}
	c, err := mseed.ReadAll(&file)
	for _, s := range c.Segments {
		fmt.Println(s.ID, s.Start.Format(time.StampMilli), s.Int32)
	}
	for _, t := range c.Texts {
		fmt.Printf("%v at byte %d: %q\n", t.ID, t.Offset, t.Content)
	}
	fmt.Println(c.Version2, c.Version3, c.Faults, err)
	// Output:
	// XX.DEMO..HNZ Feb 29 23:59:59.000 [1 2 3 4 1 2 3 4]
	// XX.DEMO..LOG at byte 512: "GPS: LOCKED\n"
	// 2 1 [] <nil>
}

// The extra headers of version 3 are JSON, for whoever knows what is in them.
func ExampleRecord_ExtraHeaders() {
	tr := waveform.Trace{
		ID:         waveform.SourceID{Network: "XX", Station: "DEMO", Channel: "HNZ"},
		Start:      time.Date(2024, 2, 29, 23, 59, 59, 123456789, time.UTC),
		SampleRate: 0.1,
		Data:       []float64{1, 2, 3, 4},
	}
	var file bytes.Buffer
	opt := mseed.WriteOptions{Version: 3, ExtraHeaders: []byte(`{"FDSN":{"Time":{"Quality":90}},"Vault":{"Celsius":11.5}}`)}
	if err := mseed.Write(&file, tr, opt); err != nil {
		fmt.Println(err)
	}
	r, err := mseed.ParseRecord(file.Bytes(), 0)
	if err != nil {
		fmt.Println(err)
	}
	var extra struct{ Vault struct{ Celsius float64 } }
	err = json.Unmarshal(r.ExtraHeaders(), &extra)
	fmt.Println(r.String())
	fmt.Println(r.TimingQuality, extra.Vault.Celsius, err)
	// Output:
	// XX.DEMO..HNZ R 2024-02-29T23:59:59.123456789Z 0.1 Hz 4 samples STEIM2 180 bytes at 0, version 3
	// 90 11.5 <nil>
}
