// Package response evaluates instrument responses and takes them out of
// recordings: counts become displacement, velocity or acceleration.
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
//     sensitivity. A larger one needs a gain in each stage.
//   - Units between stages are not compared; those of the first stage count, or
//     those of the sensitivity where the first stage names none.
//
// Where evalresp goes on with a response that means nothing (units that are no
// ground motion, a sum of coefficients of zero), this package gives an error.
package response
