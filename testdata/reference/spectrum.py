"""Reference numbers for waveform/spectrum from NumPy, SciPy, matplotlib and ObsPy.

    python testdata/reference/spectrum.py

run from the root of the repository, writes waveform/spectrum/testdata/golden.json.
The input is the linear congruential sequence of dsp_golden.py, which the tests
generate too, with an offset where the case names one. ObsPy keeps the levels of its
PPSD in single precision, so they are stored twice: as ObsPy has them, and from
mlab.psd in double precision by the definition (mean of dB over octaves of period,
the lower edge left out, the upper one in).
"""

import json
import pathlib
import platform
import warnings

import matplotlib
import matplotlib.mlab as mlab
import numpy
import obspy
import scipy
from obspy import Stream, Trace, UTCDateTime
from obspy.signal.invsim import cosine_taper
from obspy.signal.konnoohmachismoothing import konno_ohmachi_smoothing, konno_ohmachi_smoothing_window
from obspy.signal.spectral_estimation import PPSD, get_nhnm, get_nlnm
from scipy import signal

from dsp_golden import series

DT = 0.01


def fas():
    out = []
    for n, nfft, offset in ((1, 1, 0), (1, 4, 0), (2, 2, 0), (3, 3, 0), (7, 7, 0), (7, 16, 0), (100, 100, 0), (101, 101, 0),
                            (101, 128, 1e7), (97, 97, 1e7), (50, 63, 0)):
        spectrum = numpy.abs(numpy.fft.rfft(series(n) + offset, nfft)) * DT
        out.append({"n": n, "nfft": nfft, "offset": offset, "values": spectrum.tolist()})
    return out


def direct_sum(freqs, spectrum, centre, bandwidth, reach):
    """The definition, added up in order by hand: no library but for the logarithm and the sine."""
    total, weights = 0.0, 0.0
    for f, v in zip(freqs, spectrum):
        if f == 0:
            continue
        x = bandwidth * numpy.log10(f / centre)
        if reach and abs(x) > reach:
            continue
        w = 1.0 if x == 0 else (numpy.sin(x) / x) ** 4
        total, weights = total + w * v, weights + w
    return total / weights if weights else None


def smoothed():
    """Every case but those with a reach by ObsPy's window with normalize=True too: the two must agree here."""
    out = []
    centres = [0.1, 0.3, 1.0, 2.5, 7.77, 12.5, 25.0, 49.9, 50.0]
    for n, nfft, bandwidth, reach in ((1000, 1024, 188.5, 0), (1000, 1024, 20.0, 0), (999, 1001, 40.0, 0),
                                      (1000, 1024, 20.0, 3.0), (333, 333, 188.5, 3.0), (20, 20, 40.0, 0)):
        freqs = numpy.fft.rfftfreq(nfft, DT)
        spectrum = numpy.abs(numpy.fft.rfft(series(n), nfft)) * DT
        inside = [c for c in centres if freqs[1] <= c <= freqs[-1]]
        values = [direct_sum(freqs, spectrum, c, bandwidth, reach) for c in inside]
        obspy_values = None
        if not reach:
            obspy_values = [float((konno_ohmachi_smoothing_window(freqs, c, bandwidth, normalize=True) * spectrum).sum())
                            for c in inside]
        out.append({"n": n, "nfft": nfft, "bandwidth": bandwidth, "reach": reach, "centres": inside, "values": values,
                    "obspy": obspy_values})
    return out


def smoothed_whole():
    """ObsPy's smoothing onto the spectrum's own frequencies, without the zero frequency."""
    spectrum = numpy.abs(numpy.fft.rfft(series(200), 256)) * DT
    freqs = numpy.fft.rfftfreq(256, DT)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        values = konno_ohmachi_smoothing(spectrum, freqs, 40.0, normalize=True)
    return {"n": 200, "nfft": 256, "bandwidth": 40.0, "values": values[1:].tolist()}


def welch():
    out = []
    detrends = {"mean": "constant", "line": "linear", "nought": False}
    for n, length, overlap, nfft, trend, offset in (
            (500, 100, 50, 100, "mean", 0), (500, 101, 50, 101, "mean", 0), (777, 64, 48, 64, "line", 1e7),
            (300, 60, 0, 128, "nought", 0), (256, 256, 128, 256, "mean", 1e7), (40, 7, 6, 7, "line", 0),
            (64, 33, 11, 64, "mean", 0), (10, 1, 0, 1, "nought", 0), (10, 2, 1, 2, "nought", 0)):
        x = series(n) + offset
        if offset:
            x = x + 3.0 * numpy.arange(n)
        f, p = signal.welch(x, 1 / DT, window="hann", nperseg=length, noverlap=overlap, nfft=nfft,
                            detrend=detrends[trend], scaling="density")
        out.append({"n": n, "length": length, "overlap": overlap, "nfft": nfft, "trend": trend, "offset": offset,
                    "values": p.tolist()})
    return out


def mlab_psd():
    out = []
    for n, length, overlap, pad, trend in ((600, 128, 96, 128, "line"), (600, 100, 50, 200, "mean"), (601, 75, 10, 75, "nought")):
        detrend = {"line": mlab.detrend_linear, "mean": mlab.detrend_mean, "nought": mlab.detrend_none}[trend]
        p, _ = mlab.psd(series(n), length, 1 / DT, detrend=detrend, window=numpy.hanning(length), noverlap=overlap,
                        pad_to=pad, sides="onesided", scale_by_freq=True)
        out.append({"n": n, "length": length, "overlap": overlap, "nfft": pad, "trend": trend, "values": p.tolist()})
    return out


def tapers():
    """ObsPy's p counts both ends."""
    return [{"n": n, "fraction": p, "values": cosine_taper(n, 2 * p).tolist()}
            for n, p in ((512, 0.1), (64, 0.1), (33, 0.1), (16, 0.1), (100, 0.3), (101, 0.25))]


def levels(x, rate, length, step, nfft, shortest, longest, width=1.0, every=0.125):
    """Octave means of mlab's densities, by the definition, one row a segment; periods too."""
    def taper(part):
        return part * cosine_taper(len(part), 0.2)

    centres, i = [], 0
    while True:
        centres.append(shortest * 2 ** (i * every))
        if centres[-1] >= longest * (1 - 1e-9):
            break
        i += 1
    rows = []
    periods = nfft / rate / numpy.arange(1, nfft // 2 + 1)
    kept = [c for c in centres if c * 2 ** (width / 2) > periods[-1] and c / 2 ** (width / 2) < periods[0] * (1 - 1e-9)]
    for start in range(0, len(x) - length + 1, step):
        p, _ = mlab.psd(x[start:start + length], nfft, rate, detrend=mlab.detrend_linear, window=taper,
                        noverlap=nfft * 3 // 4, sides="onesided", scale_by_freq=True)
        db = 10 * numpy.log10(p[1:])
        rows.append([float(db[(periods > c / 2 ** (width / 2) * (1 + 1e-9)) & (periods <= c * 2 ** (width / 2) * (1 + 1e-9))].mean())
                     for c in kept])
    return kept, rows


def ppsd():
    out = []
    for rate, seconds, overlap, n in ((20.0, 60.0, 0.5, 4001), (100.0, 30.0, 0.25, 10000), (1.0, 900.0, 0.5, 3333)):
        x = series(n) * 1e-9 + 1e-4
        trace = Trace(x.copy(), {"sampling_rate": rate, "starttime": UTCDateTime(2020, 1, 1), "station": "A"})
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reference = PPSD(trace.stats, {"sensitivity": 1.0, "gain": 1.0, "poles": [], "zeros": []}, special_handling="ringlaser",
                             ppsd_length=seconds, overlap=overlap, skip_on_gaps=True)
            reference.add(Stream([trace]))
        length = int(seconds * rate)
        nfft = 1 << (length // 4).bit_length() - 1
        assert (reference.nfft, reference.len) == (nfft, length)
        periods, rows = levels(x, rate, length, int(length * (1 - overlap)), nfft, 2 / rate, nfft / rate)
        reference.calculate_histogram()
        out.append({
            "rate": rate, "seconds": seconds, "overlap": overlap, "n": n, "nfft": nfft, "length": length,
            "periods": periods, "levels": rows,
            "obspy_periods": numpy.asarray(reference.period_bin_centers).tolist(),
            "obspy_levels": [[float(v) for v in row] for row in reference.psd_values],
            "histogram": [[int(i), int(j), int(reference.current_histogram[i, j])]
                          for i, j in zip(*numpy.nonzero(reference.current_histogram))],
            "mode": reference.get_mode()[1].tolist(),
            "percentiles": {str(p): reference.get_percentile(p)[1].tolist() for p in (10, 50, 90, 100)},
        })
    return out


def models():
    periods, low = get_nlnm()
    _, high = get_nhnm()
    keep = slice(None, None, 2)
    return {"periods": periods[keep].tolist(), "low": low[keep].tolist(), "high": high[keep].tolist()}


def main():
    golden = {
        "made_by": {"python": platform.python_version(), "numpy": numpy.__version__, "scipy": scipy.__version__,
                    "matplotlib": matplotlib.__version__, "obspy": obspy.__version__},
        "series": series(8).tolist(), "interval": DT,
        "fas": fas(), "smoothed": smoothed(), "smoothed_whole": smoothed_whole(), "welch": welch(), "mlab": mlab_psd(),
        "tapers": tapers(), "ppsd": ppsd(), "models": models(),
    }
    text = json.dumps(golden, separators=(",", ":")).replace("},{", "},\n{")
    pathlib.Path("waveform/spectrum/testdata/golden.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
