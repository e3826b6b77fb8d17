package stationxml_test

import (
	"fmt"
	"strings"

	"github.com/seisbatch/seisbatch/waveform/stationxml"
)

func ExampleRead() {
	const document = `<?xml version="1.0" encoding="UTF-8"?>
<FDSNStationXML xmlns="http://www.fdsn.org/xml/station/1" schemaVersion="1.2">
 <Network code="XX">
  <Station code="MADE" startDate="2020-01-01T00:00:00">
   <Latitude>36.1</Latitude><Longitude>-117.3</Longitude><Elevation>812</Elevation>
   <Channel code="HHZ" locationCode="  " startDate="2020-01-01T00:00:00">
    <Latitude>36.1</Latitude><Longitude>-117.3</Longitude><Elevation>812</Elevation><Depth>0</Depth>
    <Azimuth>0</Azimuth><Dip>-90</Dip><SampleRate>100</SampleRate>
    <Response><InstrumentSensitivity>
     <Value>6.3E8</Value><Frequency>1</Frequency>
     <InputUnits><Name>m/s</Name></InputUnits><OutputUnits><Name>count</Name></OutputUnits>
    </InstrumentSensitivity></Response>
   </Channel>
   <Channel code="HHN" locationCode="" startDate="2020-01-01T00:00:00"/>
  </Station>
 </Network>
</FDSNStationXML>`
	stations, problems, err := stationxml.Read(strings.NewReader(document))
	for _, s := range stations {
		for _, c := range s.Channels {
			fmt.Println(c.ID, c.SampleRate, "Hz,", c.Response.Sensitivity.Value, c.Response.Sensitivity.InputUnits)
		}
	}
	for _, p := range problems {
		fmt.Println(p.Line, p.Subject, p.Code)
	}
	fmt.Println(err)
	// Output:
	// XX.MADE..HHZ 100 Hz, 6.3e+08 m/s
	// 14 XX.MADE..HHN 2020-01-01 no_coordinates
	// <nil>
}
