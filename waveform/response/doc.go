// Package response evaluates instrument responses, takes them out of recordings
// (counts become displacement, velocity or acceleration) or exchanges them for
// those of other instruments, and looks for contradictions in metadata.
//
// [NewInverse] makes an operator for one response, length and sample interval, whose
// [Inverse.Remove] turns traces into ground motion; [Options] says how. [NewSimulation]
// does the same for another instrument, such as [WoodAnderson]. Making them takes longer than
// using them, so a [Cache] shares them among goroutines. [Evaluate] gives the response itself.
// [RemoveSensitivity] divides by one number, where the metadata have no more or
// no more is wanted. [Encode], [Decode] and [Hash] store a response and name it by its values.
//
// # Conventions
//
// The response of a channel is the product of its stages. What A0, stage gains,
// FIR sums and delays mean where the metadata contradict themselves is a
// convention, and this package follows evalresp:
//
//   - The reference frequency is that of the sensitivity or, if there is none,
//     the last stage-gain frequency that is not zero (zero if all are).
//   - A0 is used as given if its frequency and the stage-gain frequency both equal
//     the reference frequency. Else the stage is normalised to |H| = 1 at its
//     stage-gain frequency. Likewise a FIR or recursive filter is used as given if
//     its stage-gain frequency is the reference frequency, else normalised.
//   - Coefficients written down in full (Symmetry Asymmetric, or a digital
//     Coefficients stage without denominator) are divided by their sum if that is
//     off one by more than 2 percent. If they read the same backward they are
//     taken as a symmetric filter, which has zero phase here.
//   - An asymmetric FIR filter is delayed by its coefficients and advanced by the
//     correction that was applied to the time stamps. Estimated delays are not used.
//   - A response of one stage without a gain takes value and frequency of the
//     sensitivity. A larger one needs a gain in each stage, but for a response list,
//     where none is one.
//   - A response list is used as given, never normalised. Between its points amplitude
//     and phase are cubic splines over frequency (not-a-knot, as ObsPy has them),
//     with steps of the phase of more than 180 degrees taken for wraps, which
//     ObsPy does not. Outside of its points it is 0, so that nothing is
//     removed there and nothing kept: evalresp gives no output there, ObsPy
//     extrapolates.
//   - Analogue coefficients, which evalresp refuses, are a quotient of polynomials in
//     s, normalised as digital ones are.
//   - A polynomial is refused, or replaced by its tangent where
//     [Evaluation] asks for that.
//   - Units between stages are not compared; those of the first stage count, or
//     those of the sensitivity where the first stage names none.
//
// Where evalresp goes on with a response that means nothing (units that are no
// ground motion, a sum of coefficients of zero), this package gives an error.
//
// [Evaluation] has the options of evalresp: ranges of stages, total sensitivity,
// units as the metadata name them. [RemoveSensitivity] is for metadata that stop at a
// total sensitivity.
//
// # Problems of metadata
//
// [Check] and [CheckInstrument] say what is wrong by these codes, which do not change.
// A modulus that is compared is off by more than 5 percent, a sample rate by more
// than 1e-4 of itself.
//
//	no_response            neither stages nor a sensitivity
//	gain_only              a sensitivity without stages
//	polynomial             a stage is a polynomial: the response is not linear
//	unusable               the response cannot be evaluated; the message is why
//	no_sensitivity         stages without a total sensitivity
//	sensitivity            the response at the sensitivity's frequency is not the sensitivity
//	sensitivity_frequency  the sensitivity is that at a frequency beyond Nyquist
//	gain_product           the stage gains, at the sensitivity's frequency, do not multiply to the sensitivity
//	stage_gain             a stage has no gain
//	stage_sequence         a stage is missing, or stages are out of order
//	stage_units            a stage does not take what the one before gives, or the sensitivity spans other units
//	normalization          poles and zeros with their A0 are not 1 at its frequency, by more than 1 percent
//	stage_rate             a stage does not take the sample rate that the one before gives
//	response_rate          the last stage does not give the sample rate of the data, or of the channel
//	channel_rate           the channel does not have the sample rate of the data
//	instrument_units       the units do not fit the instrument code (FDSN Source Identifiers 1.0)
//	orientation            azimuth or dip are missing or out of range
//	orientation_code       N, E or Z is more than 5 degrees off its direction
//	not_orthogonal         two channels of an instrument are more than 5 degrees off a right angle
//	sibling_rate           two channels of an instrument have different sample rates
//	sibling_units          two channels of an instrument have different units
//	sibling_gain           a gain is more than a factor 2 off that of the other channels of its instrument
//	implausible            a gain is more than a factor 100 off that of the other channels of its instrument
package response
