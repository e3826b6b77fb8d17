"""Reference numbers for the processing steps of waveform/dsp from SciPy, NumPy, ObsPy and exact fractions.

    python testdata/reference/dsp_steps.py

run from the root of the repository, writes waveform/dsp/testdata/steps.json. The
input is the sequence of dsp_golden.py, with other seeds and offsets as each entry
says. Long results are stored as the SHA-256 of their little-endian doubles, where the
tests ask for every bit, or thinned out.
"""

import hashlib
import json
import math
import pathlib
import platform
import warnings
from fractions import Fraction

import numpy
import obspy
import scipy
from numpy.polynomial import legendre
from obspy import Trace
from obspy.signal.filter import envelope
from obspy.signal.rotate import rotate2zne, rotate_lqt_zne, rotate_ne_rt, rotate_rt_ne, rotate_zne_lqt
from scipy import fftpack, signal
from scipy.integrate import cumulative_trapezoid

from dsp_golden import series


def shifted(n, offset=0.0, seed=1):
    return series(n, seed) + offset


def digest(x):
    return hashlib.sha256(numpy.asarray(x, dtype="<f8").tobytes()).hexdigest()


def filter_designs():
    """Corners avoid symmetric pairs, where two poles are equally far from the circle but for rounding."""
    out = []
    for order in range(1, 11):
        for kind, corners, rate in (
                ("lowpass", [12.5], 100.0), ("lowpass", [49.7], 100.0), ("lowpass", [0.9], 200.0),
                ("highpass", [0.02], 40.0), ("highpass", [9.3], 20.0), ("highpass", [0.5], 100.0),
                ("bandpass", [0.1, 19.0], 40.0), ("bandpass", [1.0, 49.5], 100.0), ("bandpass", [9.0, 11.5], 250.0),
                ("bandstop", [0.3, 22.0], 50.0), ("bandstop", [7.0, 24.6], 50.0), ("bandstop", [48.0, 52.5], 200.0)):
            out.append((kind, order, corners, rate))
    for order in (1, 2, 3, 4):
        out += [("lowpass", order, [0.01], 100.0), ("highpass", order, [0.001], 100.0),
                ("bandpass", order, [0.001, 0.011], 100.0), ("highpass", order, [49.99], 100.0)]
    return out


def filtered():
    out = []
    for i, (kind, order, corners, rate) in enumerate(filter_designs()):
        sos = signal.butter(order, corners if len(corners) > 1 else corners[0], kind, fs=rate, output="sos")
        n = (1, 2, 3)[i // 3 % 3] if i % 17 == 0 else 1500 + i % 3
        offset = 1e7 if i % 5 == 0 else 0.0
        x = shifted(n, offset)
        once = signal.sosfilt(sos, x)
        out.append({"kind": kind, "order": order, "corners": corners, "rate": rate, "n": n, "offset": offset,
                    "sections": numpy.delete(sos, 3, axis=1).tolist(),
                    "once": digest(once), "twice": digest(signal.sosfilt(sos, once[::-1])[::-1])})
    return out


def amplitude():
    """The spectrum over the square root of the definition; at zero a highpass has none."""
    out = []
    for kind, order, corners, rate, n, offset in (
            ("highpass", 5, [0.08], 100.0, 121, 1e7), ("lowpass", 5, [37.5], 100.0, 120, 0.0),
            ("bandpass", 5, [0.4, 8.0], 40.0, 97, 0.0), ("bandpass", 2, [1.0, 9.0], 50.0, 100, 1e7),
            ("highpass", 1, [20.0], 100.0, 3, 0.0), ("lowpass", 4, [20.0], 100.0, 2, 0.0),
            ("lowpass", 4, [20.0], 100.0, 1, 0.0), ("highpass", 4, [20.0], 100.0, 1, 0.0),
            ("highpass", 10, [9.9], 20.0, 64, 0.0), ("lowpass", 10, [0.01], 100.0, 64, 0.0)):
        spectrum = numpy.fft.rfft(shifted(n, offset))
        f = numpy.fft.rfftfreq(n, 1 / rate)
        if kind != "lowpass":
            with numpy.errstate(divide="ignore"):
                spectrum /= numpy.sqrt(1 + (corners[0] / f) ** (2 * order))
            spectrum[0] = 0
        if kind != "highpass":
            spectrum /= numpy.sqrt(1 + (f / corners[-1]) ** (2 * order))
        out.append({"kind": kind, "order": order, "corners": corners, "rate": rate, "n": n, "offset": offset,
                    "values": numpy.fft.irfft(spectrum, n).tolist()})
    return out


def chebyshev():
    orders = []
    for passing, stop, loss, attenuation, rate in (
            (8.0, 10.0, 1.0, 96.0, 100.0), (1.0, 40.0, 0.1, 60.0, 100.0), (45.0, 49.9, 3.0, 40.0, 100.0),
            (0.01, 0.02, 1.0, 96.0, 200.0), (3.0, 4.0, 0.5, 120.0, 20.0)):
        order, edge = signal.cheb2ord(passing, stop, loss, attenuation, fs=rate)
        orders.append({"pass": passing, "stop": stop, "loss": loss, "attenuation": attenuation, "rate": rate,
                       "order": int(order), "edge": float(edge)})
    designs = []
    for order, attenuation, stop, rate in [(n, 96.0, 11.0, 100.0) for n in range(1, 13)] + [
            (12, 96.0, 48.0, 100.0), (6, 40.0, 0.1, 100.0), (7, 20.0, 49.0, 100.0), (4, 3.0, 5.0, 20.0)]:
        sos = signal.cheby2(order, attenuation, stop, "lowpass", fs=rate, output="sos")
        designs.append({"order": order, "attenuation": attenuation, "stop": stop, "rate": rate,
                        "sections": numpy.delete(sos, 3, axis=1).tolist()})
    return {"orders": orders, "designs": designs}


def decimated():
    out = []
    for factor in range(2, 17):
        for n, offset in ((40 * factor, 0.0), (40 * factor + factor // 2 + 1, 1e7), (1, 0.0), (2, 0.0), (3, 1e7)):
            tr = Trace(shifted(n, offset), {"sampling_rate": 100.0})
            tr.decimate(factor)
            out.append({"factor": factor, "n": n, "offset": offset, "values": tr.data.tolist()})
    return out


def resampled():
    out = []
    for n, m in ((60, 45), (60, 46), (61, 45), (61, 46), (45, 60), (45, 61), (46, 60), (46, 61), (60, 60), (61, 61),
                 (60, 61), (61, 60), (1, 5), (5, 1), (2, 3), (3, 2), (2, 4), (4, 2), (53, 97), (97, 53)):
        x = shifted(n, 1e7 if n % 4 == 1 else 0.0)
        out.append({"n": n, "m": m, "offset": 1e7 if n % 4 == 1 else 0.0, "plain": signal.resample(x, m).tolist(),
                    "hann": signal.resample(x, m, window="hann").tolist()})
    return out


def resampled_by_obspy():
    """Where both definitions are the same: see ResampleHann in resample.go."""
    out = []
    for n, rate, to, names in ((60, 20.0, 50.0, ["hann"]), (64, 100.0, 125.0, ["hann"]), (90, 100.0, 10.0, ["hann", None]),
                               (45, 50.0, 30.0, [None]), (75, 100.0, 20.0, [None])):
        windows = {}
        for name in names:
            tr = Trace(shifted(n), {"sampling_rate": rate})
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tr.resample(to, window=name)
            windows[name or "plain"] = tr.data.tolist()
        out.append({"n": n, "rate": rate, "to": to, **windows})
    return out


def resampled_by_ratio():
    """Zero padding to a multiple of down, as the definition of ResampleRatio says, then SciPy."""
    out = []
    for n, up, down in ((50, 2, 5), (51, 5, 2), (49, 3, 7), (7, 1, 3), (1, 3, 2), (2, 2, 3), (31, 4, 1)):
        blocks = scipy.fft.next_fast_len(-(-n // down), real=True)
        x = numpy.zeros(blocks * down)
        x[:n] = shifted(n)
        y = signal.resample(x, blocks * up)[:(n - 1) * up // down + 1]
        out.append({"n": n, "up": up, "down": down, "values": y.tolist()})
    return out


def derivatives():
    out = []
    for n, offset in ((2, 0.0), (3, 0.0), (60, 0.0), (61, 1e7)):
        tr = Trace(shifted(n, offset), {"delta": 0.01})
        tr.differentiate()
        x, period = shifted(n, offset), n * 0.01
        out.append({"n": n, "offset": offset, "gradient": tr.data.tolist(),
                    "spectral": fftpack.diff(x, 1, period=period).tolist(),
                    "integral": fftpack.diff(x, -1, period=period).tolist()})
    return out


def exact_residual(x, columns):
    """x less its projection on the columns, in fractions: Gram-Schmidt without rounding."""
    rest, basis = [Fraction(float(v)) for v in x], []
    for c in columns:
        c = [Fraction(v) for v in c]
        for b, norm in basis:
            w = sum(p * q for p, q in zip(b, c)) / norm
            c = [p - w * q for p, q in zip(c, b)]
        norm = sum(p * p for p in c)
        if norm == 0:
            continue
        w = sum(p * q for p, q in zip(c, rest)) / norm
        rest = [p - w * q for p, q in zip(rest, c)]
        basis.append((c, norm))
    return [float(v) for v in rest]


def polynomials():
    exact = []
    for n, order, offset in ((1, 3, 0.0), (2, 1, 1e7), (3, 1, 0.0), (5, 4, 1e7), (12, 3, 0.0), (25, 12, 0.0), (25, 20, 0.0),
                             (31, 29, 1e7), (60, 20, 1e7), (61, 30, 0.0)):
        x = shifted(n, offset)
        columns = ([Fraction(2 * i - n + 1) ** k for i in range(n)] for k in range(order + 1))
        exact.append({"n": n, "order": order, "offset": offset, "values": exact_residual(x, columns)})
    fitted = []
    for n, order, offset in ((2001, 20, 0.0), (2000, 7, 1e7), (2000, 30, 0.0)):
        x, t = shifted(n, offset) + numpy.linspace(-5e3, 2e4, n) ** 2 / 1e4, numpy.linspace(-1, 1, n)
        rest = x - legendre.legval(t, legendre.legfit(t, x, order))
        fitted.append({"n": n, "order": order, "offset": offset, "every": 40, "values": rest[::40].tolist()})
    detrended = []
    for n, order in ((50, 1), (51, 2), (100, 3), (101, 4), (100, 5), (7, 3)):
        tr = Trace(shifted(n))
        tr.detrend("polynomial", order=order)
        detrended.append({"n": n, "order": order, "values": tr.data.tolist()})
    return {"exact": exact, "legendre": fitted, "obspy": detrended}


def cosine():
    out = []
    for n, fraction in ((20, 0.05), (21, 0.1), (50, 0.05), (51, 0.3), (60, 0.5), (61, 0.5)):
        tr = Trace(numpy.ones(n))
        tr.taper(fraction, type="cosine")
        out.append({"n": n, "fraction": fraction, "window": tr.data.tolist()})
    return out


def baselines():
    """Exact fractions where n is small; else columns of t in [0, 1] by NumPy's lstsq."""
    out = []
    for n, offset in ((7, 0.0), (8, 0.0), (40, 0.0), (41, 1e7)):
        x = shifted(n, offset)
        a = [Fraction(float(v)) for v in x]
        v, d = [Fraction(0)], [Fraction(0)]
        for i in range(1, n):
            v.append(v[-1] + (a[i - 1] + a[i]) / 2)
            d.append(d[-1] + (v[-2] + v[-1]) / 2)
        c = exact_solution([[Fraction(i) ** k for i in range(n)] for k in range(2, 7)], d)
        rest = [float(a[i] - sum(k * (k - 1) * c[k - 2] * Fraction(i) ** (k - 2) for k in range(2, 7))) for i in range(n)]
        out.append({"n": n, "offset": offset, "every": 1, "values": rest, "source": "exact"})
    for n, offset in ((4000, 0.0), (4001, 3.0), (60006, 0.0)):
        x, t = shifted(n, offset), numpy.linspace(0, 1, n)
        d = cumulative_trapezoid(cumulative_trapezoid(x, dx=0.01, initial=0), dx=0.01, initial=0)
        c = numpy.linalg.lstsq(numpy.column_stack([t**k for k in range(2, 7)]), d, rcond=None)[0]
        bend = sum(k * (k - 1) * c[k - 2] * t ** (k - 2) for k in range(2, 7)) / ((n - 1) * 0.01) ** 2
        every = n // 60
        out.append({"n": n, "offset": offset, "every": every, "values": (x - bend)[::every].tolist(), "source": "lstsq"})
    return out


def exact_solution(columns, d):
    """Normal equations in fractions."""
    m = [[sum(p * q for p, q in zip(a, b)) for b in columns] + [sum(p * q for p, q in zip(a, d))] for a in columns]
    size = len(m)
    for i in range(size):
        pivot = m[i][i]
        m[i] = [v / pivot for v in m[i]]
        for j in range(size):
            if j != i:
                f = m[j][i]
                m[j] = [a - f * b for a, b in zip(m[j], m[i])]
    return [row[-1] for row in m]


def envelopes():
    return [{"n": n, "offset": offset, "hilbert": signal.hilbert(shifted(n, offset)).imag.tolist(),
             "envelope": envelope(shifted(n, offset)).tolist()}
            for n, offset in ((1, 0.0), (2, 0.0), (3, 0.0), (60, 0.0), (61, 0.0), (97, 1e7))]


def rotations():
    a, b, c = shifted(12), shifted(12, seed=7), shifted(12, 1e7, seed=19)
    flat = []
    for angle in (0.0, 30.0, 90.0, 123.4, 180.0, 270.0, 359.9, 360.0):
        flat.append({"back_azimuth": angle, "rt": numpy.array(rotate_ne_rt(a, b, angle)).tolist(),
                     "ne": numpy.array(rotate_rt_ne(a, b, angle)).tolist()})
    ray = []
    for angle, incidence in ((0.0, 0.0), (30.0, 20.0), (210.0, 60.0), (60.0, 130.0), (359.0, 90.0)):
        ray.append({"back_azimuth": angle, "incidence": incidence,
                    "lqt": numpy.array(rotate_zne_lqt(a, b, c, angle, incidence)).tolist(),
                    "zne": numpy.array(rotate_lqt_zne(a, b, c, angle, incidence)).tolist()})
    axes = []
    for directions in (((0, -90), (0, 0), (90, 0)), ((0, 90), (45, 0), (135, 0)), ((30, -35.264389682754654),
                       (150, -35.264389682754654), (270, -35.264389682754654)), ((12.5, -88), (101, 3), (200, -10)),
                       ((0, -60), (10, 20), (-80, 5)), ((0, -90), (30, 0), (70, 0))):
        (az1, dip1), (az2, dip2), (az3, dip3) = directions
        zne = rotate2zne(a, az1, dip1, b, az2, dip2, c, az3, dip3)
        axes.append({"azimuths": [az1, az2, az3], "dips": [dip1, dip2, dip3], "zne": numpy.array(zne).tolist()})
    return {"flat": flat, "ray": ray, "axes": axes}


def main():
    golden = {
        "made_by": {"python": platform.python_version(), "numpy": numpy.__version__, "scipy": scipy.__version__,
                    "obspy": obspy.__version__},
        "filtered": filtered(), "amplitude": amplitude(), "chebyshev": chebyshev(), "decimated": decimated(),
        "resampled": resampled(), "resampled_by_obspy": resampled_by_obspy(), "resampled_by_ratio": resampled_by_ratio(),
        "derivatives": derivatives(), "polynomials": polynomials(), "cosine": cosine(), "baselines": baselines(),
        "envelopes": envelopes(), "rotations": rotations(),
    }
    text = json.dumps(golden, separators=(",", ":"), allow_nan=False).replace("},{", "},\n{")
    pathlib.Path("waveform/dsp/testdata/steps.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
