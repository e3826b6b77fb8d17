package resp_test

import (
	"fmt"
	"strings"

	"github.com/seisbatch/seisbatch/waveform/resp"
)

func ExampleRead() {
	const file = `#		<< a RESP file of one channel >>
B050F03     Station:     MADE
B050F16     Network:     XX
B052F03     Location:    ??
B052F04     Channel:     BHZ
B052F22     Start date:  2010,001,12:30
B052F23     End date:    No Ending Time
#
B053F03     Transfer function type:                A [Laplace Transform (Rad/sec)]
B053F04     Stage sequence number:                 1
B053F05     Response in units lookup:              M/S - Velocity in Meters Per Second
B053F06     Response out units lookup:             V - Volts
B053F07     A0 normalization factor:               1.0
B053F08     Normalization frequency:               1.0
B053F09     Number of zeroes:                      2
B053F14     Number of poles:                       2
B053F10-13    0  0.000000E+00  0.000000E+00  0.000000E+00  0.000000E+00
B053F10-13    1  0.000000E+00  0.000000E+00  0.000000E+00  0.000000E+00
B053F15-18    0 -3.700000E-02  3.700000E-02  0.000000E+00  0.000000E+00
B053F15-18    1 -3.700000E-02 -3.700000E-02  0.000000E+00  0.000000E+00
#
B058F03     Stage sequence number:                 1
B058F04     Gain:                                  1.500000E+03
B058F05     Frequency of gain:                     1.000000E+00 HZ
`
	stations, problems, err := resp.Read(strings.NewReader(file))
	for _, s := range stations {
		for _, c := range s.Channels {
			stage := c.Response.Stages[0]
			fmt.Println(c.ID, c.From, stage.InputUnits, stage.Gain, stage.PolesZeros.Poles)
		}
	}
	for _, p := range problems {
		fmt.Println(p)
	}
	fmt.Println(err)
	// Output:
	// XX.MADE..BHZ 2010-01-01 12:30:00 +0000 UTC M/S 1500 [(-0.037+0.037i) (-0.037-0.037i)]
	// line 2: XX.MADE..BHZ 2010-01-01: incomplete: the response has no total sensitivity (stage 0): kept; the file may be cut off
	// <nil>
}
