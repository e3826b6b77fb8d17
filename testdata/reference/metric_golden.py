"""Makes waveform/metric/testdata/golden.json: reference numbers for package metric.

Run with NumPy and SciPy:  python3 metric_golden.py > ../../waveform/metric/testdata/golden.json

Integrals, quantiles, filters and interpolation are NumPy's and SciPy's; moments are exact
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
from obspy import Trace
import scipy
from scipy import fft, integrate, signal, stats

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


def history(a, dt, period, damping):
    """u'' + 2 z w u' + w^2 u = -a, at rest at the first sample: u and u' in decimals, and w."""
    w, z, dt = 2 * PI / Decimal(period), Decimal(damping), Decimal(dt)
    # state: u, v, input, change of the input over the step
    e = expm([[0, dt, 0, 0],
              [-w * w * dt, -2 * z * w * dt, -dt, 0],
              [0, 0, 0, Decimal(1)],
              [0, 0, 0, 0]])
    a11, a12, a21, a22 = e[0][0], e[0][1], e[1][0], e[1][1]
    b11, b12 = e[0][2] - e[0][3], e[0][3]
    b21, b22 = e[1][2] - e[1][3], e[1][3]
    u, v, x = Decimal(0), Decimal(0), [Decimal(float(y)) for y in a]
    us, vs = [u], [v]
    for a0, a1 in zip(x, x[1:]):
        u, v = (a11 * u + a12 * v + b11 * a0 + b12 * a1,
                a21 * u + a22 * v + b21 * a0 + b22 * a1)
        us.append(u)
        vs.append(v)
    return us, vs, w


def displacement(a, dt, period, damping):
    us, _, w = history(a, dt, period, damping)
    return us, float(w * w * max(abs(d) for d in us)), w


def upsample(a, k):
    m, n = len(a), fft.next_fast_len(len(a), real=True)
    spectrum = np.fft.rfft(a, n)
    if n % 2 == 0:
        spectrum[-1] /= 2
    return np.fft.irfft(spectrum, n * k)[: (m - 1) * k + 1] * k


def rotations(x1, x2):
    angle = np.deg2rad(np.arange(180))[:, None]
    return np.abs(x1 * np.cos(angle) + x2 * np.sin(angle)).max(axis=1)


def rotd(x1, x2):
    peaks = rotations(x1, x2)
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


def sorted_duration(a, dt):
    """The 14 shortest of the 20 times in which a twentieth of the energy comes."""
    energy = integrate.cumulative_trapezoid(a * a, dx=dt, initial=0)
    t = np.interp(np.linspace(0, energy[-1], 21), energy, np.arange(len(a)) * dt)
    return float(np.sort(np.diff(t))[:14].sum())


def above(a, dt, threshold):
    """Bracketed and uniform duration: the line through the samples is cut where it meets the threshold."""
    at = [np.arange(len(a), dtype=float)]
    for level in (threshold, -threshold):
        i = np.nonzero((a[:-1] < level) != (a[1:] < level))[0]
        at.append(i + (level - a[i]) / (a[i + 1] - a[i]))
    at = np.unique(np.concatenate(at))
    strong = np.abs(np.interp((at[:-1] + at[1:]) / 2, np.arange(len(a)), a)) >= threshold
    pieces = np.diff(at)
    first, last = np.nonzero(strong)[0][[0, -1]]
    return float((at[last + 1] - at[first]) * dt), float(pieces[strong].sum() * dt)


def standardized_cav(a, dt):
    total, k = 0.0, 1
    edges = [0]
    while edges[-1] < len(a) - 1:
        edges.append(min(len(a) - 1, int(np.floor(k / dt + 0.5))))
        k += 1
    for i, j in zip(edges, edges[1:]):
        second = np.abs(a[i:j + 1])
        if second.max() >= 0.025 * G:
            total += integrate.trapezoid(second, dx=dt)
    return float(total)


def shape(a, dt):
    """Centroid and bandwidth, and Vanmarcke's measure, of the power above zero."""
    n = fft.next_fast_len(len(a), real=True)
    p, f = np.abs(np.fft.rfft(a, n))[1:] ** 2, np.fft.rfftfreq(n, dt)[1:]
    centroid = float(np.average(f, weights=p))
    return dict(centroid=centroid, bandwidth=float(np.sqrt(np.average((f - centroid) ** 2, weights=p))),
                vanmarcke=float(np.sqrt(1 - (f @ p) ** 2 / (p.sum() * (f * f @ p)))))


def motion(n, seed, dt):
    a = quake(n, seed)
    threshold = float(np.abs(a).max() / 4)
    bracketed, uniform = above(a, dt, threshold)
    cumulative = math.pi / (2 * G) * integrate.cumulative_trapezoid(a * a, dx=dt, initial=0)
    spectrum = np.abs(np.fft.rfft(a, fft.next_fast_len(n, real=True)))
    k = int(np.argmax(spectrum[1:]) + 1)
    return dict(n=n, seed=seed, dt=dt,
                arias=float(math.pi / (2 * G) * integrate.trapezoid(a * a, dx=dt)),
                cav=float(integrate.trapezoid(np.abs(a), dx=dt)),
                d5_75=duration(a, dt, 0.05, 0.75), d5_95=duration(a, dt, 0.05, 0.95),
                dominant=k / (fft.next_fast_len(n, real=True) * dt),
                peak=float(np.abs(a).max()), peak_at=int(np.abs(a).argmax()), threshold=threshold,
                sorted=sorted_duration(a, dt), bracketed=bracketed, uniform=uniform,
                cav_standardized=standardized_cav(a, dt),
                cumulative=[float(v) for v in cumulative[:: n // 7]], **shape(a, dt))


def oscillator(n, seed, dt, period, damping):
    a = quake(n, seed)
    u, psa, _ = displacement(a, dt, period, damping)
    _, v, w = history(a, dt, period, damping)
    acc = [-(w * w * d + 2 * Decimal(damping) * w * e) for d, e in zip(u, v)]
    return dict(n=n, seed=seed, dt=dt, period=period, damping=damping, psa=psa,
                peak=float(max(abs(d) for d in u)), u=[float(d) for d in u[:: n // 25]],
                v=[float(d) for d in v[:: n // 25]], a=[float(d) for d in acc[:: n // 25]],
                sv=float(max(abs(d) for d in v)), sa=float(max(abs(d) for d in acc)))


RESPONSE_PERIODS, DAMPINGS, PERCENTILES = [0.02, 0.1, 0.15, 0.3, 1, 5], [0.005, 0.05, 0.3], [0, 0.16, 0.5, 0.84, 1]


def resampled(x, dt, factor):
    """factor times as many samples from the first to the last, as ObsPy's resampling without a window gives them."""
    interval = (len(x) - 1) * dt / (len(x) * factor - 1)
    trace = Trace(data=x.copy(), header={"delta": dt})
    trace.resample(1 / interval, window=None)
    return trace.data[:len(x) * factor], interval


def responses(n, dt, method):
    """SD, PSV, PSA, SV and SA of the first component, and percentiles over the rotations of both, of all oscillators."""
    a = [quake(n, 1), quake(n, 2)]
    points = {"fine": lambda period: math.ceil(20 * dt / period * (1 - 1e-9)),
              "gmprocess": lambda period: int(10 * dt / period - 0.01) + 1}[method]
    k = max(1, points(min(RESPONSE_PERIODS)))
    fine, interval = [upsample(x, k) for x in a], dt / k
    if method == "gmprocess":
        fine, interval = zip(*(resampled(x, dt, k) for x in a))
        interval = interval[0]
    out = dict(n=n, dt=dt, method=method, factor=k, sd=[], psv=[], psa=[], sv=[], sa=[],
               rotated_psa=[], rotated_sv=[], rotated_sa=[])
    for damping in DAMPINGS:
        for period in RESPONSE_PERIODS:
            use, step = (fine, interval) if points(period) > 1 else (a, dt)
            u, v, acc = [], [], []
            for x in use:
                us, vs, w = history(x, step, period, damping)
                u.append(np.array([float(w * w * d) for d in us]))
                v.append(np.array([float(d) for d in vs]))
                acc.append(np.array([float(w * w * d + 2 * Decimal(damping) * w * e) for d, e in zip(us, vs)]))
            psa, w = float(np.abs(u[0]).max()), float(w)
            out["psa"].append(psa)
            out["psv"].append(psa / w)
            out["sd"].append(psa / w**2)
            out["sv"].append(float(np.abs(v[0]).max()))
            out["sa"].append(float(np.abs(acc[0]).max()))
            for name, pair in ("rotated_psa", u), ("rotated_sv", v), ("rotated_sa", acc):
                out[name].append([float(p) for p in np.quantile(rotations(*pair), PERCENTILES)])
    return out


BANDS = [(0, 1), (0.1, 0.5), (1, 3), (5, 20), (20, 24.9)]


def bands(n, seed, rate):
    """Root mean squares of two windows of one trace in bands, the ratio of which is the SNR."""
    a = quake(n, seed)
    out = dict(n=n, seed=seed, rate=rate, noise=[n // 20, n // 4], signal=[n // 4, n], snr=[])
    for lo, hi in BANDS:
        if lo == 0:
            sos = signal.butter(4, hi, "lowpass", fs=rate, output="sos")
        else:
            sos = signal.butter(4, (lo, hi), "bandpass", fs=rate, output="sos")
        y = signal.sosfilt(sos, a)
        rms = [float(np.sqrt(np.mean(y[i:j] ** 2))) for i, j in (out["signal"], out["noise"])]
        out["snr"].append(rms[0] / rms[1])
    return out


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
                    statistics("quake squared", x * x), statistics("ramp", np.arange(10.0)),
                    statistics("two", np.array([3.0, -1.0])), statistics("three", np.array([1e7, 1e7 + 1, 1e7 + 4]))],
        motion=[motion(1001, 1, 0.01), motion(6500, 2, 0.01), motion(77, 4, 0.025)],
        oscillator=[oscillator(2000, 5, dt, period, damping) for dt, period, damping in [
            (0.0005, 10, 0.05), (0.0005, 0.01, 0.05), (0.0005, 0.15, 0.05), (0.01, 10, 0.05),
            (0.01, 0.05, 0.05), (0.01, 0.0628, 0.05), (0.01, 0.02, 0.05), (0.01, 0.01, 0.3),
            (0.0005, 10, 0.005), (0.01, 1, 0.7), (0.01, 20, 0.99), (0.005, 0.3, 0.05)]]
        + [oscillator(130000, 5, 0.0005, 10, damping) for damping in (0, 0.005, 0.05)],
        spectra=[spectra(600, 0.01), spectra(601, 0.005), spectra(300, 0.025)],
        responses=[responses(400, 0.01, "fine"), responses(301, 0.005, "gmprocess"), responses(400, 0.01, "gmprocess")],
        bands=[bands(4000, 6, 50), bands(2001, 7, 100)],
    ), sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
