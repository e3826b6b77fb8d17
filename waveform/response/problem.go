package response

// Code says what is wrong with the metadata of a channel. Codes are stable and may
// be stored; the table is in the package documentation.
type Code string

// The codes of [Check].
const (
	CodeNoResponse           Code = "no_response"
	CodeGainOnly             Code = "gain_only"
	CodePolynomial           Code = "polynomial"
	CodeUnusable             Code = "unusable"
	CodeNoSensitivity        Code = "no_sensitivity"
	CodeSensitivity          Code = "sensitivity"
	CodeSensitivityFrequency Code = "sensitivity_frequency"
	CodeGainProduct          Code = "gain_product"
	CodeStageGain            Code = "stage_gain"
	CodeStageSequence        Code = "stage_sequence"
	CodeStageUnits           Code = "stage_units"
	CodeNormalization        Code = "normalization"
	CodeStageRate            Code = "stage_rate"
	CodeResponseRate         Code = "response_rate"
	CodeChannelRate          Code = "channel_rate"
	CodeInstrumentUnits      Code = "instrument_units"
	CodeOrientation          Code = "orientation"
	CodeOrientationCode      Code = "orientation_code"
)

// The codes of [CheckInstrument].
const (
	CodeNotOrthogonal Code = "not_orthogonal"
	CodeSiblingRate   Code = "sibling_rate"
	CodeSiblingUnits  Code = "sibling_units"
	CodeSiblingGain   Code = "sibling_gain"
	CodeImplausible   Code = "implausible"
)

// Problem is one thing that is wrong, with a message for people that says where and
// how far it is off.
type Problem struct {
	Code    Code
	Message string
}

// String is code and message.
func (p Problem) String() string { return string(p.Code) + ": " + p.Message }

// How far metadata may be off before it is a problem.
const (
	gainTolerance = 0.05 // of a sensitivity: where evalresp warns
	a0Tolerance   = 0.01 // of a modulus that should be one
	rateTolerance = 1e-4 // of a sample rate: nine seconds a day
	axisTolerance = 5.0  // degrees: the rule of FDSN source identifiers for N, E and Z
	siblingFactor = 2.0  // between gains of one instrument
	absurdFactor  = 100.0
)
