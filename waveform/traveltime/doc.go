// Package traveltime says how far a station is from an event, and when the P
// and S waves arrive there.
//
// # Use
//
// [Load] makes a layered Earth, ak135 or iasp91, in some 15 ms and 2 MB; [Earth.First] then
// looks up the first P or S in one to ten microseconds, without allocating. Its
// distance is what [Distance] gives, in m. [Constant] has straight rays at one velocity;
// both are a [Model].
//
// # Definitions
//
// The first P is the earliest of P, Pdiff and PKP, the first S the earlier of S and SKS; the
// answer names it. A phase is all its branches, up and down: P is also p, Pg, Pb and Pn, PKP
// is PKPab, PKPbc and PKPdf (PKIKP), S and SKS likewise (SKIKS). Head waves are the
// limits of rays that turn below a discontinuity, which are never later, and are not
// tabulated; nor are reflections (PcP, PKiKP) and conversions at other boundaries, which
// are never first.
//
// Pdiff has no end in ray theory. It is followed for 60 degrees along the core, to about
// 158 degrees from the epicentre, where the first P therefore jumps by some 115 s from Pdiff
// to PKP. Long before that, from about 120 degrees, Pdiff is seldom seen at short periods:
// who wants what is seen asks [Earth.Time] for PKP. Sdiff is always later than SKS.
//
// Distance (m along the WGS84 ellipsoid) over 6371 km is the angle at the centre of the
// model. There is no correction for the ellipticity of the discontinuities. This angle is
// right for the length of local paths; it differs from the angle between geocentric
// positions by up to 0.02 degrees at 10, 0.07 at 30 and 0.15 at 100 degrees, that is 0.2,
// 0.6 and 0.7 s of P. Depth is below the surface of the models, which is also where
// stations are: elevations are not used. Sources up to 10 km above are taken as at it, as
// bulletins have negative depths; sources below 760 km have no times.
//
// # Method
//
// In layers of at most 25 km, fitted to the published velocities at their ends, velocity is a
// power of radius (Bullen's law), so that distance and the delay tau = t - p x of a ray of
// parameter p are arc tangents and square roots. Where velocity is constant, and at the
// centre, the power is zero. For each phase some 500 rays from surface to surface are tabulated by p,
// every layer boundary among them, and for each of them what lies above each boundary
// down to 760 km. The part above the source is taken off exactly, which keeps distance
// falling with p on the branches that can be first (Buland and Chapman 1983); on each of
// these the two rays around the distance are found by bisection and the time between them
// is the cubic with their times and slopes, to 1 ms. Rays that leave the source upwards
// are found by Newton's method.
//
// # Accuracy
//
// Times agree with TauP (ObsPy 1.5) to 0.005 s for ak135 and 0.011 s for iasp91, for both
// waves, over depths of 0 to 700 km and distances of 0 to 180 degrees. Of the 0.011 s all but
// 0.005 is that TauP has iasp91 from a table, linear between depths 50 km apart, this package
// from its polynomials.
//
// # Sources
//
// Kennett, B. L. N. and Engdahl, E. R. (1991), Geophys. J. Int. 105, 429-465: iasp91.
// Kennett, B. L. N., Engdahl, E. R. and Buland, R. (1995), Geophys. J. Int. 122, 108-124: ak135.
// Buland, R. and Chapman, C. H. (1983), Bull. Seismol. Soc. Am. 73, 1271-1302: travel times
// from tau(p). Bullen, K. E. and Bolt, B. A. (1985), An Introduction to the Theory of
// Seismology, 4th ed., Cambridge: velocity as a power of radius. Storchak, D. A., Schweitzer, J.
// and Bormann, P. (2003), Seismol. Res. Lett. 74, 761-772: names of phases. Vincenty, T.
// (1975), Survey Review 23, 88-93: the geodesic.
package traveltime
