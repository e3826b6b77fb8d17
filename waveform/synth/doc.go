// Package synth makes a small world to try seisbatch on: a network of stations
// with instrument responses, earthquakes, and the miniSEED archive that the
// stations would have recorded, all of it from one [Config].
//
// Nothing in it was measured. The network code is SY and the place is wherever
// the configuration puts it. But the numbers hang together as real ones do:
//
//   - P and S arrive at hypocentral distance / 6500 m/s and / 3500 m/s, on the
//     WGS84 ellipsoid, to the fraction of a sample.
//   - Peaks follow a made-up attenuation relation ([PeakAcceleration]); spectra
//     are Brune's with a stress drop of 5 MPa.
//   - Counts are the ground acceleration through exactly the response written to
//     stations.xml, plus an offset and coloured noise, rounded to integers and
//     limited to 24 bits: broadband sensors clip near large events, as they do.
//   - Instruments of one station record the same ground.
//
// The same Config gives the same bytes, whatever the number of processors or the
// order of work: every block of noise, every event at every station has a random
// generator of its own, seeded by its name. (Across types of processor, samples
// may differ where a floating-point rounding falls on the edge of an integer.)
package synth
