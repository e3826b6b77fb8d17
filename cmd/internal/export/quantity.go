package export

// Scalar names a measurement that is one number.
type Scalar int

// The scalars of a row, in SI units.
const (
	Mean Scalar = iota
	RMS
	Min
	Max
	Std
	Skewness
	Kurtosis
	SNR
	PGA
	PGV
	PGD
	Arias
	CAV
	D575
	D595
	SortedDuration
	STALTAMax
	DominantFrequency
	SpectralCentroid
	SpectralBandwidth
	UsableLow
	UsableHigh
	WoodAnderson
	LocalMagnitude
	Moment
	CornerFrequency
	StressDrop
	Kappa
	SourceMisfit
	Scalars // how many there are
)

// Spectrum names a measurement that is a list of numbers.
type Spectrum int

// The spectra of a row, in SI units.
const (
	PSA Spectrum = iota
	SA
	SD
	SV
	FAS
	BandSNR
	Spectra // how many there are
)

// Instant names a time of a row.
type Instant int

// The times of a row.
const (
	PGAAt Instant = iota
	PGVAt
	PGDAt
	WoodAndersonAt
	PAt
	SAt
	NoiseStart
	NoiseEnd
	SignalStart
	SignalEnd
	MeasuredStart
	MeasuredEnd
	ReadStart
	ReadEnd
	Instants // how many there are
)

// axis is what the numbers of a spectrum are at.
type axis int

const (
	oscillators axis = iota // all periods with the first damping, then with the next
	frequencies
	bands
)

// quantity describes a measurement.
type quantity struct {
	name    string // of the column of the database
	of      dimension
	meaning string
}

func (s Scalar) quantity() quantity {
	return [Scalars]quantity{
		Mean:              {"mean", acceleration, "Mean of the acceleration"},
		RMS:               {"rms", acceleration, "Root mean square of the acceleration"},
		Min:               {"min", acceleration, "Least acceleration"},
		Max:               {"max", acceleration, "Greatest acceleration"},
		Std:               {"std", acceleration, "Standard deviation of the acceleration"},
		Skewness:          {"skewness", pureNumber, "Skewness of the acceleration"},
		Kurtosis:          {"kurtosis", pureNumber, "Excess kurtosis of the acceleration"},
		SNR:               {"snr", pureNumber, "Signal-to-noise ratio, of root mean squares"},
		PGA:               {"pga", acceleration, "Peak ground acceleration"},
		PGV:               {"pgv", velocity, "Peak ground velocity"},
		PGD:               {"pgd", displacement, "Peak ground displacement"},
		Arias:             {"arias", velocity, "Arias intensity"},
		CAV:               {"cav", velocity, "Cumulative absolute velocity"},
		D575:              {"d5_75", seconds, "Significant duration, 5 to 75 % of the Arias intensity"},
		D595:              {"d5_95", seconds, "Significant duration, 5 to 95 % of the Arias intensity"},
		SortedDuration:    {"sorted_duration", seconds, "Shortest time with 70 % of the Arias intensity"},
		STALTAMax:         {"stalta_max", pureNumber, "Greatest ratio of short-term to long-term average"},
		DominantFrequency: {"dominant_frequency", hertz, "Frequency of the greatest Fourier amplitude"},
		SpectralCentroid:  {"spectral_centroid", hertz, "Mean frequency of the power spectrum"},
		SpectralBandwidth: {"spectral_bandwidth", hertz, "Standard deviation of the power spectrum"},
		UsableLow:         {"usable_low", hertz, "Start of the usable band"},
		UsableHigh:        {"usable_high", hertz, "End of the usable band"},
		WoodAnderson:      {"wood_anderson", displacement, "Greatest amplitude on a Wood-Anderson seismograph of gain 2080"},
		LocalMagnitude:    {"local_magnitude", pureNumber, "Local magnitude of the component"},
		Moment:            {"moment", newtonMetres, "Seismic moment of the fit of Brune's spectrum"},
		CornerFrequency:   {"corner_frequency", hertz, "Corner frequency of the fit of Brune's spectrum"},
		StressDrop:        {"stress_drop", pascals, "Stress drop of the fit of Brune's spectrum"},
		Kappa:             {"kappa", seconds, "Kappa of the fit of Brune's spectrum"},
		SourceMisfit:      {"source_misfit", pureNumber, "Misfit of the fit of Brune's spectrum"},
	}[s]
}

func (s Spectrum) quantity() (quantity, axis) {
	switch s {
	case PSA:
		return quantity{"psa", acceleration, "Pseudo-spectral acceleration"}, oscillators
	case SA:
		return quantity{"sa", acceleration, "Spectral acceleration"}, oscillators
	case SD:
		return quantity{"sd", displacement, "Spectral displacement"}, oscillators
	case SV:
		return quantity{"sv", velocity, "Spectral velocity"}, oscillators
	case FAS:
		return quantity{"fas", velocity, "Smoothed Fourier amplitude of the acceleration"}, frequencies
	}
	return quantity{"band_snr", pureNumber, "Signal-to-noise ratio in a frequency band"}, bands
}

func (t Instant) name() string {
	return [Instants]string{"pga_at", "pgv_at", "pgd_at", "wood_anderson_at", "p_at", "s_at", "noise_start", "noise_end",
		"signal_start", "signal_end", "measured_start", "measured_end", "read_start", "read_end"}[t]
}

// peakOf is the time of a peak, false for what is none.
func peakOf(s Scalar) (Instant, bool) {
	switch s {
	case PGA:
		return PGAAt, true
	case PGV:
		return PGVAt, true
	case PGD:
		return PGDAt, true
	case WoodAnderson:
		return WoodAndersonAt, true
	}
	return 0, false
}
