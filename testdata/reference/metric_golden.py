"""Makes waveform/metric/testdata/golden.json: reference numbers for package metric.

Run with NumPy and SciPy:  python3 metric_golden.py > ../../waveform/metric/testdata/golden.json

Integrals, quantiles and interpolation are NumPy's and SciPy's; moments are exact
fractions checked against SciPy's. The oscillators are none of theirs: the exact discretisation for input linear between samples by the
matrix exponential of the augmented system (Van Loan), in decimal arithmetic of 50
digits, step by step in the same arithmetic. Inputs are made of additions,
multiplications and divisions alone, so that Go makes the same bits (input_test.go).
"""

import json
import math
import platform
import sys
from decimal import Decimal, getcontext
from fractions import Fraction

import numpy as np
import scipy
from scipy import fft, integrate, stats

getcontext().prec = 50
PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494")
PERIODS = [0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5,
           0.75, 1, 1.5, 2, 3, 4, 5, 7.5, 10]
G = 9.80665


def quake(n, seed):
    """Noise that rises and falls like an earthquake."""
    x, state, last = np.zeros(n), seed, 0.0
    for i in range(n):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        last = 0.6 * last + (float(state >> 11) / 2.0**53 - 0.5)
        at = 8 * float(i) / float(n)
        square = at * at
        x[i] = last * (0.01 + square / (1 + square * square))
    return x


def matmul(a, b):
    return [[sum(x * y for x, y in zip(row, col)) for col in zip(*b)] for row in a]


def expm(a):
    """Matrix exponential by scaling, Taylor series and squaring."""
    n, halvings = len(a), 12
    a = [[Decimal(v) / 2**halvings for v in row] for row in a]
    term = [[Decimal(int(i == j)) for j in range(n)] for i in range(n)]
    total = [row[:] for row in term]
    for k in range(1, 40):
        term = [[v / k for v in row] for row in matmul(term, a)]
        total = [[x + y for x, y in zip(r, s)] for r, s in zip(total, term)]
    for _ in range(halvings):
        total = matmul(total, total)
    return total


def displacement(a, dt, period, damping):
    """u'' + 2 z w u' + w^2 u = -a, at rest at the first sample; decimals."""
    w, z, dt = 2 * PI / Decimal(period), Decimal(damping), Decimal(dt)
    # state: u, v, input, change of the input over the step
    e = expm([[0, dt, 0, 0],
              [-w * w * dt, -2 * z * w * dt, -dt, 0],
              [0, 0, 0, Decimal(1)],
              [0, 0, 0, 0]])
    a11, a12, a21, a22 = e[0][0], e[0][1], e[1][0], e[1][1]
    b11, b12 = e[0][2] - e[0][3], e[0][3]
    b21, b22 = e[1][2] - e[1][3], e[1][3]
    u, v, out, x = Decimal(0), Decimal(0), [Decimal(0)], [Decimal(float(y)) for y in a]
    for a0, a1 in zip(x, x[1:]):
        u, v = (a11 * u + a12 * v + b11 * a0 + b12 * a1,
                a21 * u + a22 * v + b21 * a0 + b22 * a1)
        out.append(u)
    return out, float(w * w * max(abs(d) for d in out)), w


def upsample(a, k):
    m, n = len(a), fft.next_fast_len(len(a), real=True)
    spectrum = np.fft.rfft(a, n)
    if n % 2 == 0:
        spectrum[-1] /= 2
    return np.fft.irfft(spectrum, n * k)[: (m - 1) * k + 1] * k


def rotd(x1, x2):
    angle = np.deg2rad(np.arange(180))[:, None]
    peaks = np.abs(x1 * np.cos(angle) + x2 * np.sin(angle)).max(axis=1)
    return float(np.median(peaks)), float(peaks.max())


def statistics(name, x):
    """Moments in exact fractions: SciPy's keep 11 digits with an offset of 1e7."""
    exact = [Fraction(float(v)) for v in x]
    mean = sum(exact) / len(x)
    m2, m3, m4 = [float(sum((v - mean) ** k for v in exact) / len(x)) for k in (2, 3, 4)]
    out = dict(input=name, n=len(x), mean=float(mean),
               rms=math.sqrt(sum(v * v for v in exact) / len(x)),
               min=float(x.min()), max=float(x.max()), std=math.sqrt(m2),
               skewness=m3 / m2**1.5, kurtosis=m4 / m2**2 - 3,
               quantiles=[float(v) for v in np.quantile(x, [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1])])
    assert math.isclose(out["skewness"], stats.skew(x), rel_tol=1e-6, abs_tol=1e-9)
    assert math.isclose(out["kurtosis"], stats.kurtosis(x), rel_tol=1e-6)
    assert math.isclose(out["std"], np.std(x), rel_tol=1e-9)
    return out


def duration(a, dt, lo, hi):
    energy = integrate.cumulative_trapezoid(a * a, dx=dt, initial=0)
    t = np.interp([lo * energy[-1], hi * energy[-1]], energy, np.arange(len(a)) * dt)
    return float(t[1] - t[0])


def motion(n, seed, dt):
    a = quake(n, seed)
    spectrum = np.abs(np.fft.rfft(a, fft.next_fast_len(n, real=True)))
    k = int(np.argmax(spectrum[1:]) + 1)
    return dict(n=n, seed=seed, dt=dt,
                arias=float(math.pi / (2 * G) * integrate.trapezoid(a * a, dx=dt)),
                cav=float(integrate.trapezoid(np.abs(a), dx=dt)),
                d5_75=duration(a, dt, 0.05, 0.75), d5_95=duration(a, dt, 0.05, 0.95),
                dominant=k / (fft.next_fast_len(n, real=True) * dt))


def oscillator(n, seed, dt, period, damping):
    u, psa, _ = displacement(quake(n, seed), dt, period, damping)
    return dict(n=n, seed=seed, dt=dt, period=period, damping=damping, psa=psa,
                peak=float(max(abs(d) for d in u)), u=[float(d) for d in u[:: n // 25]])


def spectra(n, dt):
    a = [quake(n, 1), quake(n, 2)]
    k = math.ceil(20 * dt / min(PERIODS) * (1 - 1e-9))
    fine = [upsample(x, k) for x in a]
    out = dict(n=n, dt=dt, factor=k, psa1=[], psa2=[], rotd50=[], rotd100=[])
    for period in PERIODS:
        use, step = (fine, dt / k) if period < 20 * dt * (1 - 1e-9) else (a, dt)
        (u1, p1, w), (u2, p2, _) = [displacement(x, step, period, 0.05) for x in use]
        out["psa1"].append(p1)
        out["psa2"].append(p2)
        d50, d100 = rotd(*[np.array([float(w * w * d) for d in u]) for u in (u1, u2)])
        out["rotd50"].append(d50)
        out["rotd100"].append(d100)
    return out


def main():
    x = quake(1001, 3)
    json.dump(dict(
        made_by="testdata/reference/metric_golden.py",
        python=platform.python_version(), numpy=np.__version__, scipy=scipy.__version__,
        statistics=[statistics("quake", x), statistics("quake+1e7", x + 1e7),
                    statistics("quake squared", x * x), statistics("ramp", np.arange(10.0))],
        motion=[motion(1001, 1, 0.01), motion(6500, 2, 0.01), motion(77, 4, 0.025)],
        oscillator=[oscillator(2000, 5, dt, period, damping) for dt, period, damping in [
            (0.0005, 10, 0.05), (0.0005, 0.01, 0.05), (0.0005, 0.15, 0.05), (0.01, 10, 0.05),
            (0.01, 0.05, 0.05), (0.01, 0.0628, 0.05), (0.01, 0.02, 0.05), (0.01, 0.01, 0.3),
            (0.0005, 10, 0.005), (0.01, 1, 0.7), (0.01, 20, 0.99), (0.005, 0.3, 0.05)]],
        spectra=[spectra(600, 0.01), spectra(601, 0.005), spectra(300, 0.025)],
    ), sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
