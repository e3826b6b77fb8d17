package dsp

// STALTAClassic stores in dst the classic short-term to long-term average ratio
// of the energy: the mean of x^2 over the last nsta samples divided by the mean
// over the last nlta, both including the sample itself. It is 0 for the first
// nlta-1 samples and where the long-term average is not above zero. The sums are
// updated from sample to sample, so that after a very large sample they carry
// its rounding error on; after a NaN everything is NaN. (Allen 1978; Withers and others
// 1998, who compare both.)
//
// dst must not overlap x. It panics if the lengths differ or unless
// 1 <= nsta <= nlta.
func STALTAClassic(dst, x []float64, nsta, nlta int) {
	checkSTALTA(dst, x, nsta, nlta)
	clear(dst[:min(nlta-1, len(dst))])
	if len(x) < nlta {
		return
	}
	ratio := float64(nlta) / float64(nsta)
	short, long := 0.0, 0.0
	for i, v := range x {
		q := float64(v * v)
		if i < nsta {
			short += q
		} else {
			short += q - float64(x[i-nsta]*x[i-nsta])
		}
		if i < nlta {
			long += q
		} else {
			long += q - float64(x[i-nlta]*x[i-nlta])
		}
		switch {
		case i < nlta-1:
		case long <= 0:
			dst[i] = 0
		default:
			dst[i] = short / long * ratio
		}
	}
}

// STALTARecursive stores in dst the ratio of two running averages of the energy
// that forget exponentially: s = x^2/nsta + (1-1/nsta) s, likewise l with nlta,
// both from zero and from the second sample on. It is 0 for the first nlta
// samples; after a NaN everything is NaN. (Withers and others 1998.)
//
// dst may be x. It panics if the lengths differ or unless 1 <= nsta <= nlta.
func STALTARecursive(dst, x []float64, nsta, nlta int) {
	checkSTALTA(dst, x, nsta, nlta)
	newShort, newLong := 1/float64(nsta), 1/float64(nlta)
	oldShort, oldLong := 1-newShort, 1-newLong
	short, long := 0.0, 0.0
	for i, v := range x {
		if i > 0 {
			q := float64(v * v)
			short = float64(newShort*q) + float64(oldShort*short)
			long = float64(newLong*q) + float64(oldLong*long)
		}
		dst[i] = 0
		if i >= nlta && long != 0 {
			dst[i] = short / long
		}
	}
}

func checkSTALTA(dst, x []float64, nsta, nlta int) {
	if len(dst) != len(x) {
		panic("dsp: lengths of STA/LTA differ")
	}
	if nsta < 1 || nlta < nsta {
		panic("dsp: STA/LTA windows must satisfy 1 <= nsta <= nlta")
	}
}
