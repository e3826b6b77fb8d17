package quakeml_test

import (
	"fmt"
	"strings"

	"github.com/seisbatch/seisbatch/waveform/quakeml"
)

func ExampleRead() {
	const document = `<q:quakeml xmlns="http://quakeml.org/xmlns/bed/1.2" xmlns:q="http://quakeml.org/xmlns/quakeml/1.2">
 <eventParameters publicID="smi:local/catalog">
  <event publicID="smi:local/2019/1">
   <origin publicID="smi:local/2019/1/origin">
    <time><value>2019-07-06T03:19:53.04Z</value></time>
    <latitude><value>35.7695</value></latitude><longitude><value>-117.5993</value></longitude>
    <depth><value>8000</value></depth>
   </origin>
   <magnitude publicID="smi:local/2019/1/magnitude"><mag><value>high</value></mag></magnitude>
  </event>
 </eventParameters>
</q:quakeml>`
	events, problems, err := quakeml.Read(strings.NewReader(document))
	for _, e := range events {
		o, _ := e.PreferredOrigin()
		fmt.Println(e.PublicID, o.Time, o.Latitude, o.Longitude, o.Depth, "m")
	}
	for _, p := range problems {
		fmt.Println(p)
	}
	fmt.Println(err)
	// Output:
	// smi:local/2019/1 2019-07-06 03:19:53.04 +0000 UTC 35.7695 -117.5993 8000 m
	// line 9: smi:local/2019/1: bad_magnitude: mag is "high": want a number: the magnitude was left out
	// <nil>
}
