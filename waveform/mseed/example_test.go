package mseed_test

import (
	"bytes"
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
