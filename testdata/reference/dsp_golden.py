"""Reference numbers for waveform/dsp from SciPy, NumPy and ObsPy.

    python testdata/reference/dsp_golden.py

run from the root of the repository, writes waveform/dsp/testdata/golden.json.
The input is a linear congruential sequence of integers, which the tests
generate too; a little of it is stored, so that a mistake there shows.
"""

import json
import pathlib
import platform

import numpy
import obspy
import scipy
from obspy import Trace
from obspy.signal.invsim import cosine_taper
from obspy.signal.trigger import classic_sta_lta, recursive_sta_lta
from scipy.fft import next_fast_len
from scipy.integrate import cumulative_trapezoid
from scipy.signal import butter, sosfilt


def series(n, seed=1):
    """n numbers within +-1024, multiples of 2^-20."""
    out, s = [], seed
    for _ in range(n):
        s = (1103515245 * s + 12345) % 2**31
        out.append(s / 2**20 - 1024.0)
    return numpy.array(out)


def designs():
    """Corners avoid halves and symmetric pairs, where two poles are equally far from the circle but for rounding."""
    out = []
    for order in (1, 2, 3, 4, 5, 7, 8):
        for kind, corners, rate in (
                ("lowpass", [3.7], 100.0), ("lowpass", [41.0], 100.0), ("highpass", [0.08], 200.0),
                ("highpass", [11.0], 40.0), ("bandpass", [0.5, 9.0], 100.0), ("bandstop", [4.5, 7.25], 50.0)):
            out.append((kind, order, corners, rate))
    out += [("bandpass", 4, [0.08, 0.75 * rate / 2], rate) for rate in (20.0, 40.0, 100.0, 200.0, 250.0, 500.0)]
    out += [("bandpass", 3, [0.02, 0.9 * 50], 100.0), ("bandstop", 3, [0.02, 0.9 * 50], 100.0),
            ("bandpass", 1, [0.02, 0.9 * 50], 100.0)]
    return out


def filters():
    out = []
    for kind, order, corners, rate in designs():
        sos = butter(order, corners if len(corners) > 1 else corners[0], kind, fs=rate, output="sos")
        out.append({"kind": kind, "order": order, "corners": corners, "rate": rate,
                    "sections": numpy.delete(sos, 3, axis=1).tolist()})
    return out


def filtered():
    out = []
    for kind, order, corners, rate in (("bandpass", 4, [0.08, 37.5], 100.0), ("lowpass", 3, [3.7], 100.0),
                                       ("highpass", 5, [1.0], 100.0), ("lowpass", 1, [10.0], 100.0)):
        sos = butter(order, corners if len(corners) > 1 else corners[0], kind, fs=rate, output="sos")
        x = series(200)
        both = sosfilt(sos, sosfilt(sos, x)[::-1])[::-1]
        out.append({"kind": kind, "order": order, "corners": corners, "rate": rate,
                    "sections": numpy.delete(sos, 3, axis=1).tolist(),
                    "once": sosfilt(sos, x).tolist(), "zero_phase": both.tolist()})
    return out


def ratios():
    x, out = series(300), []
    x[100:120] *= 16
    for nsta, nlta in ((5, 50), (1, 10), (20, 20), (100, 299), (10, 300)):
        out.append({"nsta": nsta, "nlta": nlta, "classic": classic_sta_lta(x, nsta, nlta).tolist(),
                    "recursive": recursive_sta_lta(x, nsta, nlta).tolist() if nlta < len(x) else []})
    return out


def hann():
    out = []
    for n, fraction, seconds in ((1, 0.5, None), (2, 0.5, None), (7, 0.3, None), (8, 0.5, None), (9, 0.5, None),
                                 (101, 0.05, None), (100, 0.5, 0.3), (200, 0.05, 0.055), (61, 1.0, None)):
        tr = Trace(numpy.ones(n), {"sampling_rate": 100.0})
        if fraction > 0.5:
            fraction = 0.5
        tr.taper(fraction, type="hann", max_length=seconds)
        out.append({"n": n, "fraction": fraction, "seconds": seconds or 0, "window": tr.data.tolist()})
    return out


def sine():
    return [{"n": n, "fraction": p, "window": cosine_taper(n, p, sactaper=True, halfcosine=False).tolist()}
            for n, p in ((3, 0.05), (4, 0.05), (19, 0.05), (20, 0.05), (59, 0.05), (60, 0.05), (61, 0.05), (401, 0.05),
                         (50, 0.3), (51, 0.6))]


def trends():
    out = []
    for n in (2, 3, 10, 301):
        x = series(n) + 1e7 + 3.0 * numpy.arange(n)
        linear, simple = Trace(x.copy()), Trace(x.copy())
        linear.detrend("linear")
        simple.detrend("simple")
        out.append({"n": n, "mean": float(x.mean()), "linear": linear.data.tolist(), "simple": simple.data.tolist()})
    return out


def upsampled():
    out = []
    for n, k in ((30, 4), (31, 4), (45, 3), (7, 10), (2, 2), (1, 5)):
        x = series(n)
        size = next_fast_len(n, real=True)
        spectrum = numpy.fft.rfft(x, size)
        if size % 2 == 0:
            spectrum[-1] /= 2
        y = numpy.fft.irfft(spectrum, size * k) * k
        out.append({"n": n, "k": k, "values": y[:(n - 1) * k + 1].tolist()})
    return out


def main():
    lengths = list(range(1, 130)) + [997, 1000, 1001, 1023, 65537, 1000001]
    golden = {
        "made_by": {"python": platform.python_version(), "numpy": numpy.__version__, "scipy": scipy.__version__,
                    "obspy": obspy.__version__},
        "series": series(8).tolist(),
        "filters": filters(), "filtered": filtered(), "ratios": ratios(), "hann": hann(), "sine": sine(),
        "trends": trends(), "upsampled": upsampled(),
        "cum_trapezoid": cumulative_trapezoid(series(50), dx=0.01, initial=0).tolist(),
        "next_fast": [[n, next_fast_len(n, real=True)] for n in lengths],
    }
    text = json.dumps(golden, separators=(",", ":")).replace("},{", "},\n{")
    pathlib.Path("waveform/dsp/testdata/golden.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
