// Package source says how large an earthquake was, from what one station recorded: by
// fitting the source spectrum of Brune (1970) to a Fourier amplitude spectrum, which gives
// seismic moment, corner frequency, stress drop and kappa; and by the amplitude on a
// Wood-Anderson seismograph, which gives the local magnitude.
//
// # Spectra
//
// A [Model] is everything between the source and the spectrum that is taken as known:
// distance, spreading, attenuation, radiation, the medium at the source and the
// amplification under the station. Every constant is a field of [Options] with its
// default. [Model.Spectrum] is the forward model,
//
//	A(f) = C M0 (2 pi f)^k / (1+(f/fc)^2) G(R) exp(-pi f R/(Q(f) v)) D(f) exp(-pi kappa f)
//	C    = radiation * partition * free surface / (4 pi density beta^3 R0)
//
// with k = 0, 1, 2 for displacement, velocity, acceleration, and [Model.Fit] inverts it by
// least squares of logarithms. Spectra are moduli of the Fourier transform, |DFT| dt,
// not doubled: m s, m and m/s at the frequencies given.
//
// # Local magnitude
//
// [Zero] and [Swing] measure the amplitude of a Wood-Anderson trace, a [Scale] makes
// the magnitude of it at one station, and [Network] that of the event.
//
// # Conventions
//
//   - SI: moment in N m, stress drop in Pa, distances in m, velocities in m/s,
//     density in kg/m^3, kappa in s. One dyn cm is 1e-7 N m, one bar 1e5 Pa.
//   - What comes from a file or a setting and makes no sense is an error that matches one of
//     the Err values. Slices of different length are a mistake of the caller, and panic.
//   - Nothing given is modified or kept. Functions and methods may be called concurrently.
//
// # Sources
//
// Brune, J. N. (1970), J. Geophys. Res. 75, 4997-5009, and (1971) 76, 5002: the
// spectrum. Boore, D. M. (2003), Pure Appl. Geophys. 160, 635-676: the constants and
// the form of path and site. Anderson, J. G. and Hough, S. E. (1984), Bull. Seismol. Soc.
// Am. 74, 1969-1993: kappa. Raoof, M., Herrmann, R. B. and Malagnini, L. (1999),
// Bull. Seismol. Soc. Am. 89, 888-902: spreading and Q. Boore, D. M. and Thompson,
// E. M. (2015), Bull. Seismol. Soc. Am. 105, 1029-1041: amplification. Golub, G. H.
// and Pereyra, V. (1973), SIAM J. Numer. Anal. 10, 413-432: fits that are linear in some
// of their parameters. Hutton, L. K. and Boore, D. M. (1987), Bull. Seismol. Soc. Am.
// 77, 2074-2094: local magnitude. IASPEI (2013), Summary of Magnitude Working Group
// Recommendations: its standard form, and that of Mw.
package source
