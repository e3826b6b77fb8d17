"""Fourier transforms and upsampled series for waveform/dsp, from SciPy.

    python testdata/reference/fft.py

run from the root of the repository, writes waveform/dsp/testdata/fft.json.

The transforms are scipy.fft.rfft of long double, 64 bits of mantissa on amd64,
which makes them exact to 1e-18 or so for a comparison with float64: each number is
stored as the sum of two float64. The lengths are the first few, fast ones, odd
ones, primes, squares of primes and twice a prime; of long spectra a few bins are
stored. The input is the linear congruential sequence of dsp_golden.py.
"""

import json
import pathlib
import platform

import numpy
import scipy
from scipy.fft import next_fast_len, rfft
from scipy.signal import resample

LENGTHS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 47, 53, 101, 1009, 2 * 1009, 53**2, 97**2, 2 * 97**2, 53 * 59 * 61,
           30000, 32768, 60006, 65537, 2 * 65537, 99999, 2**20, 8640000, 8640001)


def series(n, seed=1):
    """n numbers within +-1024, multiples of 2^-20."""
    out, s = [], seed
    for _ in range(n):
        s = (1103515245 * s + 12345) % 2**31
        out.append(s / 2**20 - 1024.0)
    return numpy.array(out)


def bins(n):
    """All bins of short spectra; both ends, the middle and some between of long ones."""
    count = n // 2 + 1
    if count <= 9:
        return list(range(count))
    between = [int(k) for k in (series(16, 7) + 1024) / 2048 * count]
    return sorted({0, 1, 2, count // 2, count - 3, count - 2, count - 1, *between})


def split(v):
    """A long double as the sum of two floats."""
    high = float(v)
    return [high, float(v - numpy.longdouble(high))]


def transforms():
    assert numpy.finfo(numpy.longdouble).nmant == 63, "long double must have 64 bits"
    whole, out = series(max(LENGTHS)).astype(numpy.longdouble), []
    for n in LENGTHS:
        spectrum = rfft(whole[:n])
        assert spectrum.dtype == numpy.clongdouble
        values = [split(spectrum[k].real) + split(spectrum[k].imag) for k in bins(n)]
        out.append({"n": n, "bins": bins(n), "values": values})
    return out


def upsampled():
    """resample of the series padded with zeros to a fast length, as far as the last sample. offset is added first."""
    out = []
    for n, k, offset in ((1, 5, 0.0), (2, 2, 0.0), (3, 7, 0.0), (7, 10, 0.0), (30, 4, 0.0), (31, 4, 0.0), (31, 4, 1e7),
                         (45, 3, 0.0), (101, 20, 0.0), (1009, 2, 0.0), (1009, 3, 1e7)):
        size = next_fast_len(n, real=True)
        x = numpy.zeros(size)
        x[:n] = series(n) + offset
        out.append({"n": n, "k": k, "offset": offset, "values": resample(x, size * k)[:(n - 1) * k + 1].tolist()})
    return out


def main():
    golden = {
        "made_by": {"python": platform.python_version(), "numpy": numpy.__version__, "scipy": scipy.__version__},
        "transforms": transforms(), "upsampled": upsampled(),
    }
    text = json.dumps(golden, separators=(",", ":")).replace("},{", "},\n{")
    pathlib.Path("waveform/dsp/testdata/fft.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
