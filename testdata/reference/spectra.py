"""Oscillators, band-limited upsampling and rotation, from the definitions.

Used by recipe_golden.py. SI units; a period is in s, a rate in Hz.
"""
import math

import numpy as np
import scipy.linalg
import scipy.signal

PERIODS = [0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5,
           0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.5, 10.0]
DAMPING = 0.05
SAMPLES_PER_PERIOD = 20        # fewer than this are upsampled first
ANGLES = np.radians(np.arange(180))
BLOCK = 4096                   # samples rotated at a time: stays in the cache


def smooth_length(n):
    """The least 2^a 3^b 5^c that is not less than n."""
    best = 1 << (n - 1).bit_length()
    five = 1
    while five < best:
        three = five
        while three < best:
            quotient = -(-n // three)
            best = min(best, three << (quotient - 1).bit_length())
            three *= 3
        five *= 5
    return best


def upsample(x, factor):
    """Band-limited: the spectrum of the zero-padded series, extended by zeros."""
    n = smooth_length(len(x))
    spectrum = np.fft.rfft(x, n)
    if n % 2 == 0:
        spectrum[-1] /= 2
    return (np.fft.irfft(spectrum, n * factor) * factor)[:(len(x) - 1) * factor + 1]


def oscillator(a, dt, period):
    """Displacement of an oscillator at rest at the first sample, at the samples.

    u'' + 2 z w u' + w^2 u = -a, with a linear between samples. The matrix
    exponential of the state (u, u'/w, a, slope of a) is the exact step. Its
    eigenvectors part it into two conjugate first-order recursions
    y[n+1] = lam y[n] + c0 a[n] + c1 a[n+1], of which one is run.
    """
    w = 2 * math.pi / period
    system = np.zeros((4, 4))
    system[0, 1] = w
    system[1, :3] = -w, -2 * DAMPING * w, -1 / w
    system[2, 3] = 1 / dt
    step = scipy.linalg.expm(system * dt)
    eigenvalues, vectors = np.linalg.eig(step[:2, :2])
    keep = int(np.argmax(eigenvalues.imag))
    lam = eigenvalues[keep]
    to_modes = np.linalg.inv(vectors)[keep]
    c1 = to_modes @ step[:2, 3]                        # the slope's unit is a[n+1] - a[n]
    c0 = to_modes @ step[:2, 2] - c1
    rest = np.array([-c1 * a[0]])                      # makes y[0] zero
    y, _ = scipy.signal.lfilter([c1, c0], [1.0, -lam], a, zi=rest)
    return 2 * (vectors[0, keep] * y).real


def oscillator_responses(a, rate):
    """Displacement series at every period, and the upsampling used (1: none)."""
    short = [t * rate < SAMPLES_PER_PERIOD - 1e-9 for t in PERIODS]
    factor, fine = 1, None
    if any(short):
        factor = math.ceil(SAMPLES_PER_PERIOD / (rate * min(PERIODS)) - 1e-9)
        fine = upsample(a, factor)
    series = [oscillator(fine, 1 / (rate * factor), t) if is_short
              else oscillator(a, 1 / rate, t) for t, is_short in zip(PERIODS, short)]
    return series, factor


def rotated_peaks(x1, x2):
    """max |x1 cos + x2 sin| at each of the 180 angles."""
    turn = np.column_stack((np.cos(ANGLES), np.sin(ANGLES)))
    both = np.vstack((x1, x2))
    peaks = np.zeros(len(ANGLES))
    for i in range(0, both.shape[1], BLOCK):
        turned = turn @ both[:, i:i + BLOCK]
        np.maximum(peaks, np.maximum(turned.max(axis=1), -turned.min(axis=1)), out=peaks)
    return peaks
