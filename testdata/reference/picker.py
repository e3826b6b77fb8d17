"""Reference numbers for waveform/picker, and for STA/LTA of waveform/dsp, from ObsPy, SciPy and NumPy.

    python testdata/reference/picker.py SHARED_DATA_DIR

run from the root of the repository, writes waveform/picker/testdata/golden.json.
Made series are those of the linear congruential sequence that the tests generate
too. Of recordings every so many values are kept. The delayed STA/LTA is summed from its
definition, since ObsPy's adds what leaves the window; kurtosis comes from SciPy and,
where an offset leaves SciPy few digits, in exact fractions, as does the criterion of Maeda.
"""

import json
import math
import pathlib
import platform
import sys
from fractions import Fraction

import numpy
import obspy
import scipy
from obspy.signal.trigger import aic_simple, classic_sta_lta, recursive_sta_lta, trigger_onset, z_detect
from scipy.stats import kurtosis

RECORDINGS = [
    "events/nc73291880/waveforms/BK.BRIB.01.HHZ__20191015T053312Z__20191015T054042Z.mseed",
    "events/nc73291880/waveforms/NP.1847.10.HNZ__20191015T053312Z__20191015T054042Z.mseed",
    "events/ci38457511/waveforms/CI.CCC..HNZ.mseed",
]
STEP = 499


def series(n, seed=1):
    """n numbers within +-1024, multiples of 2^-20."""
    out, s = [], seed
    for _ in range(n):
        s = (1103515245 * s + 12345) % 2**31
        out.append(s / 2**20 - 1024.0)
    return numpy.array(out)


def made(name, n):
    """The inputs, as made() of golden_test.go has them."""
    x = series(n)
    if name == "burst":
        x[n // 2:n // 2 + n // 5] *= 16
    elif name == "offset":
        x /= 1024
        x[2 * n // 3:] *= 8
        x += 1e7
    elif name == "spike":
        x[n // 3] = 2.0**30
    elif name == "first":
        x[0] = 2.0**60
    elif name == "constant":
        x[:] = 0.1
    elif name == "silence":
        x[:n // 2] = 0
    elif name != "plain":
        raise ValueError(name)
    return x


def delayed(x, nsta, nlta):
    out = [0.0] * len(x)
    q = [float(v) * float(v) for v in x]
    for i in range(nsta + nlta - 1, len(x)):
        long = math.fsum(q[i - nsta - nlta + 1:i - nsta + 1]) / nlta
        short = math.fsum(q[i - nsta + 1:i + 1]) / nsta
        out[i] = short / long if long > 0 else 0.0
    return out


def exact_kurtosis(window):
    v = [Fraction(float(a)) for a in window]
    mean = sum(v) / len(v)
    m2 = sum((a - mean)**2 for a in v) / len(v)
    m4 = sum((a - mean)**4 for a in v) / len(v)
    return float(m4 / (m2 * m2) - 3) if m2 else math.nan


def sliding(x, n, function, at=None):
    out = [0.0] * len(x)
    for i in range(n - 1, len(x)) if at is None else at:
        if i >= n - 1:
            out[i] = float(function(x[i - n + 1:i + 1]))
    return out


def ratios():
    out = []
    for name, n, nsta, nlta in (("burst", 150, 5, 50), ("plain", 61, 1, 1), ("plain", 61, 7, 60), ("offset", 101, 3, 30),
                                ("spike", 90, 4, 20), ("constant", 50, 3, 7), ("burst", 50, 10, 49), ("plain", 3, 1, 2)):
        x = made(name, n)
        out.append({"input": name, "n": n, "nsta": nsta, "nlta": nlta,
                    "classic": classic_sta_lta(x, nsta, nlta).tolist(),
                    "recursive": recursive_sta_lta(x, nsta, nlta).tolist()})
    return out


def delays():
    out = []
    for name, n, nsta, nlta in (("burst", 150, 5, 50), ("plain", 40, 1, 1), ("plain", 61, 20, 7), ("offset", 101, 3, 30),
                                ("spike", 90, 4, 20), ("silence", 60, 3, 11), ("plain", 10, 4, 7), ("plain", 11, 4, 7),
                                ("plain", 1, 1, 1)):
        x = made(name, n)
        out.append({"input": name, "n": n, "nsta": nsta, "nlta": nlta, "values": delayed(x, nsta, nlta)})
    return out


def detectors():
    out = []
    for name, n, nsta in (("burst", 150, 10), ("plain", 61, 1), ("offset", 101, 7), ("spike", 90, 13), ("silence", 60, 59),
                          ("plain", 3, 2), ("plain", 2, 1)):
        out.append({"input": name, "n": n, "nsta": nsta, "values": z_detect(made(name, n), nsta).tolist()})
    return out


def kurtoses():
    out = []
    for name, n, window in (("burst", 150, 30), ("plain", 61, 2), ("plain", 61, 61), ("plain", 62, 5), ("spike", 90, 12),
                            ("silence", 60, 10), ("plain", 3, 3), ("plain", 3, 4)):
        x = made(name, n)
        with numpy.errstate(all="ignore"):
            out.append({"input": name, "n": n, "window": window, "exact": False,
                        "values": numbers(sliding(x, window, kurtosis))})
    for name, n, window in (("offset", 151, 30), ("offset", 101, 7), ("spike", 90, 12), ("first", 60, 9), ("constant", 30, 6)):
        x = made(name, n)
        out.append({"input": name, "n": n, "window": window, "exact": True,
                    "values": numbers(sliding(x, window, exact_kurtosis))})
    return out


def numbers(values):
    """NaN and infinities as strings, which JSON has."""
    return [v if math.isfinite(v) else str(v) for v in map(float, values)]


def exact_criterion(x):
    """The definition, its variances in exact fractions."""
    v, n = [Fraction(float(a)) for a in x], len(x)

    def part(a, factor):
        if len(a) < 2:
            return 0.0
        mean = sum(a) / len(a)
        variance = sum((b - mean)**2 for b in a) / len(a)
        return factor * (math.log(variance) if variance else -math.inf)

    if n <= 2:
        return [0.0] * n
    out = [part(v[:k], k) + part(v[k:], n - k - 1) for k in range(1, n)]
    return out + out[-1:]


def criteria():
    out = []
    for name, n in (("burst", 150), ("plain", 61), ("offset", 101), ("spike", 90), ("first", 60), ("silence", 60), ("constant", 10),
                    ("plain", 1), ("plain", 2), ("plain", 3), ("plain", 4)):
        out.append({"input": name, "n": n, "values": numbers(aic_simple(made(name, n))),
                    "exact": numbers(exact_criterion(made(name, n)))})
    return out


def triggers():
    """Spans of classic ratios, of a constant function and of one that is on at both ends."""
    out, seed = [], 7
    for k in range(24):
        seed = (1103515245 * seed + 12345) % 2**31
        n = 20 + seed % 180
        function = series(n, seed)
        function[n // 4:n // 2] /= 8 if k % 3 else 1
        function = numpy.convolve(function, [0.25, 0.5, 0.25], "same") if k % 2 else function
        on, off = [600.0, 250.0, 50.0, -20.0][k % 4], [100.0, 250.0, -300.0, -20.0][k % 4]
        if off > on:
            off = on
        for longest in (0, 1, 3, 10):
            for drop in (False, True):
                if longest == 0 and drop:
                    continue
                spans = trigger_onset(function, on, off, max_len=longest or 9e99, max_len_delete=drop)
                out.append({"k": k, "n": n, "seed": seed, "on": on, "off": off, "longest": longest, "drop": drop,
                            "spans": numpy.asarray(spans, dtype=int).reshape(-1, 2).tolist()})
    return out


def recordings(folder):
    out = []
    for name in RECORDINGS:
        tr = obspy.read(str(pathlib.Path(folder) / name))[0]
        x = tr.data.astype(float)
        rate = tr.stats.sampling_rate
        nsta, nlta, window = int(0.5 * rate), int(10 * rate), int(5 * rate)
        at = range(0, len(x), STEP)
        pick = lambda values: [float(values[i]) for i in at]
        classic = classic_sta_lta(x - x[0], nsta, nlta)
        out.append({
            "name": name, "n": len(x), "first": float(x[0]), "nsta": nsta, "nlta": nlta, "window": window, "step": STEP,
            "classic": pick(classic_sta_lta(x, nsta, nlta)), "recursive": pick(recursive_sta_lta(x, nsta, nlta)),
            "z": pick(z_detect(x, nsta)), "kurtosis": pick(sliding(x, window, kurtosis, at)),
            "aic": pick(aic_simple(x)), "aic_least": int(numpy.argmin(aic_simple(x)[:-1])),
            "triggers": numpy.asarray(trigger_onset(classic, 3.0, 1.0)).reshape(-1, 2).tolist(),
        })
    return out


def main():
    golden = {
        "made_by": {"python": platform.python_version(), "numpy": numpy.__version__, "scipy": scipy.__version__,
                    "obspy": obspy.__version__},
        "series": series(8).tolist(),
        "ratios": ratios(), "delayed": delays(), "z": detectors(), "kurtosis": kurtoses(), "aic": criteria(),
        "triggers": triggers(), "recordings": recordings(sys.argv[1]),
    }
    text = json.dumps(golden, separators=(",", ":"), allow_nan=False).replace("},{", "},\n{")
    pathlib.Path("waveform/picker/testdata/golden.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
