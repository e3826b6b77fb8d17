"""Reference values of the default recipe for one event folder.

Usage: python recipe_golden.py SHARED_DATA_DIR EVENT > ../golden/EVENT.json

Reads SHARED_DATA_DIR/events/EVENT/{event.xml,stations/*.xml,waveforms/*} and
computes every measurement of the default recipe for every channel, and RotD50
and RotD100 for every pair of horizontals. ObsPy and SciPy do what they have
(decoding, detrend, taper, response removal, geodesic, STA/LTA, filter); the
rest is NumPy written from the definitions. It shares nothing with the Go
program, so that the two can check each other.

SI units everywhere: m, m/s, m/s^2, s, Hz, degrees. Times are integers of
nanoseconds since 1970 inside and ISO 8601 in the output. A number that does
not exist is null.
"""
import argparse
import json
import math
import platform
import sys
from pathlib import Path

import numpy as np
import obspy
import scipy
import scipy.signal
import scipy.stats
from obspy.signal.trigger import classic_sta_lta
from obspy.signal.util import _npts2nfft

from spectra import PERIODS, oscillator_responses, rotated_peaks, smooth_length
from windows import Failure, channel_epochs, choose_epoch, cut, index, iso, sample_ns, segment_at

HIGHPASS, LOWPASS_NYQUIST = 0.08, 0.75         # Hz, fraction of Nyquist
GRAVITY = 9.80665                              # m/s^2


# ----------------------------------------------------------------- the steps

def process(counts, rate, response):
    """Counts to band-passed acceleration in m/s^2: the four steps, in order."""
    nyquist = rate / 2
    trace = obspy.Trace(counts.copy())
    trace.stats.sampling_rate = rate
    trace.stats.response = response
    trace.detrend("linear")
    trace.taper(max_percentage=0.05, type="hann", max_length=3.0, side="both")
    trace.remove_response(
        output="ACC", water_level=100, zero_mean=True, taper=True, taper_fraction=0.05,
        pre_filt=(0.02, 0.05, 0.85 * nyquist, 0.95 * nyquist))
    sos = scipy.signal.butter(
        4, [HIGHPASS, LOWPASS_NYQUIST * nyquist], "bandpass", fs=rate, output="sos")
    forward = scipy.signal.sosfilt(sos, trace.data)
    return scipy.signal.sosfilt(sos, forward[::-1])[::-1].copy()


def integrate(x, dt):
    """Cumulative trapezoid from zero."""
    return np.concatenate(([0.0], np.cumsum((x[1:] + x[:-1]) * (dt / 2))))


def rms(x):
    return math.sqrt(np.mean(x * x))


def duration(energy, dt, low, high):
    """Time between two fractions of the last value of a cumulative integral.

    Linear between samples; None for a trace of zeros.
    """
    if not energy[-1] > 0:
        return None

    def crossing(fraction):
        level = fraction * energy[-1]
        i = int(np.searchsorted(energy, level))     # energy[i-1] < level <= energy[i]
        return (i - 1 + (level - energy[i - 1]) / (energy[i] - energy[i - 1])) * dt
    return crossing(high) - crossing(low)


def sorted_duration(energy, dt):
    """The 14 shortest of the times in which the integral grows by a twentieth."""
    if not energy[-1] > 0:
        return None
    levels = np.arange(1, 21) / 20 * energy[-1]
    i = np.searchsorted(energy, levels)
    times = (i - 1 + (levels - energy[i - 1]) / (energy[i] - energy[i - 1])) * dt
    return np.sort(np.diff(times, prepend=0))[:14].sum()


def shape(x, rate):
    """Mean frequency and standard deviation of |DFT|^2, bin 0 left out."""
    n = smooth_length(len(x))
    power = np.abs(np.fft.rfft(x, n))[1:] ** 2
    f = np.arange(1, len(power) + 1) * rate / n
    mean = np.sum(f * power) / np.sum(power)
    return mean, math.sqrt(np.sum((f - mean) ** 2 * power) / np.sum(power))


def dominant_frequency(x, rate):
    """Frequency of the largest DFT modulus, bin 0 left out."""
    n = smooth_length(len(x))
    return (1 + int(np.argmax(np.abs(np.fft.rfft(x, n))[1:]))) * rate / n


def peak(x, first, last, start, rate):
    """Largest modulus of x[first:last] and the time of its first occurrence."""
    i = first + int(np.argmax(np.abs(x[first:last])))
    return abs(x[i]), iso(sample_ns(start, rate, i))


# -------------------------------------------------------------- measurements

def measure(a, start, rate, windows):
    """Every number of one component, and the series that RotD needs."""
    dt = 1 / rate
    v = integrate(a, dt)
    d = integrate(v, dt)
    i0, i1 = (index(start, rate, windows[k]) for k in ("signal_start", "signal_end"))
    n0, n1 = (index(start, rate, windows[k]) for k in ("noise_start", "noise_end"))
    m = a[i0:i1]
    energy = integrate(m * m, dt)
    noise = rms(a[n0:n1])
    row = {
        "mean": np.mean(m), "rms": rms(m), "min": m.min(), "max": m.max(), "std": np.std(m),
        "skewness": scipy.stats.skew(m, bias=True),
        "kurtosis": scipy.stats.kurtosis(m, fisher=True, bias=True),
        "snr": rms(m) / noise if noise > 0 else None,
    }
    for name, x in (("pga", a), ("pgv", v), ("pgd", d)):
        row[name], row[name + "_at"] = peak(x, i0, i1, start, rate)
    row["arias"] = math.pi / (2 * GRAVITY) * energy[-1]
    row["cav"] = integrate(np.abs(m), dt)[-1]
    row["d5_75"] = duration(energy, dt, 0.05, 0.75)
    row["d5_95"] = duration(energy, dt, 0.05, 0.95)
    row["sorted_duration"] = sorted_duration(energy, dt)
    row["spectral_centroid"], row["spectral_bandwidth"] = shape(m, rate)
    displacements, factor = oscillator_responses(m, rate)
    row["psa"] = [spectral(t, np.max(np.abs(u))) for t, u in zip(PERIODS, displacements)]
    trigger = classic_sta_lta(a, round(rate), round(10 * rate))
    row["stalta_max"] = np.max(np.nan_to_num(trigger[i0:i1]))     # 0 where the LTA is 0
    row["dominant_frequency"] = dominant_frequency(m, rate)
    row.update(peak=np.max(np.abs(a)), peak_velocity=np.max(np.abs(v)),
               peak_displacement=np.max(np.abs(d)),
               signal_samples=i1 - i0, noise_samples=n1 - n0, psa_upsampling=factor)
    series = {"a": m, "v": v[i0:i1], "d": d[i0:i1], "start": sample_ns(start, rate, i0),
              "displacements": displacements}
    return row, series


def spectral(period, displacement):
    """PSA from the largest oscillator displacement."""
    return (2 * math.pi / period) ** 2 * displacement


def component(key, traces, epochs, origin):
    """One component: its row, and what RotD needs (None where it failed)."""
    network, station, location, code = key
    row = {"network": network, "station": station, "location": location,
           "instrument": code[:-1], "component": code[-1]}
    try:
        channel, path = choose_epoch(epochs, origin)
        row.update(channel_columns(channel, path))
        segment = segment_at(traces, path["p"])
        rate = segment.stats.sampling_rate
        row.update(sample_rate=rate, highpass=HIGHPASS, lowpass=LOWPASS_NYQUIST * rate / 2)
        counts, start, windows, flags = cut(segment, path)
        row.update({k: iso(t) for k, t in windows.items()})
        row.update(read_start=iso(start), samples=len(counts), nfft=_npts2nfft(len(counts)))
        if channel.response is None or not channel.response.response_stages:
            raise Failure("no_response", "the channel epoch has no response stages")
        numbers, series = measure(
            process(counts, rate, channel.response), start, rate, windows)
    except Failure as failure:
        row.update(failure=failure.code, message=str(failure))
        return row, None
    row.update(numbers)
    flags |= path["flags"] | ({"psa_upsampled"} if numbers["psa_upsampling"] > 1 else set())
    row["flags"] = sorted(flags)
    return row, {**series, "rate": rate, "windows": windows, "row": row,
                 "dip": channel.dip, "azimuth": channel.azimuth}


def channel_columns(channel, path):
    """What a row says of the channel and the way to it."""
    return {
        "distance": path["distance"], "azimuth": path["azimuth"], "time_source": "constant",
        "p_at": iso(path["p"]), "s_at": iso(path["s"]),
        "channel_dip": channel.dip, "channel_azimuth": channel.azimuth,
        "epoch_start": iso(channel.start_date.ns) if channel.start_date else None,
    }


# --------------------------------------------------------------------- RotD

def horizontals(parts):
    """The two horizontals of an instrument, or None if there are not exactly two.

    Horizontal: |dip| < 45 degrees. The two must have the same rate and azimuths
    that are perpendicular within 10 degrees.
    """
    level = [q for q in parts if abs(dip_by_letter(q)) < 45]
    if len(level) != 2 or level[0]["rate"] != level[1]["rate"]:
        return None
    if any(q["azimuth"] is None for q in level):
        return None
    between = (level[1]["azimuth"] - level[0]["azimuth"]) % 180
    return level if abs(between - 90) <= 10 else None


def common_span(one, two):
    """The same span of both measurement windows, aligned to the nearest sample."""
    shift = round((two["start"] - one["start"]) / 1e9 * one["rate"])
    from1, from2 = max(shift, 0), max(-shift, 0)
    n = min(len(one["a"]) - from1, len(two["a"]) - from2)
    return slice(from1, from1 + n), slice(from2, from2 + n)


def displacements_of(part, span):
    """Oscillator displacements over a span; those at hand where it is the whole window."""
    if span == slice(0, len(part["a"])):
        return part["displacements"]
    return oscillator_responses(part["a"][span], part["rate"])[0]


def rotated_rows(one, two):
    """The RotD50 and RotD100 rows of two horizontals."""
    span1, span2 = common_span(one, two)
    peaks = {name: rotated_peaks(one[series][span1], two[series][span2])
             for name, series in (("pga", "a"), ("pgv", "v"), ("pgd", "d"))}
    both = zip(PERIODS, displacements_of(one, span1), displacements_of(two, span2))
    psa = [spectral(t, rotated_peaks(x, y)) for t, x, y in both]
    copied = ("network", "station", "location", "instrument", "distance", "azimuth",
              "time_source", "p_at", "s_at", "sample_rate", "highpass", "lowpass")
    rows = []
    for name, statistic in (("RotD50", np.median), ("RotD100", np.max)):
        row = {k: one["row"][k] for k in copied}
        row["component"] = name
        row["signal_start"] = iso(max(q["windows"]["signal_start"] for q in (one, two)))
        row["signal_end"] = iso(min(q["windows"]["signal_end"] for q in (one, two)))
        row.update({k: statistic(x) for k, x in peaks.items()})
        row["psa"] = [statistic(x) for x in psa]
        row.update(signal_samples=span1.stop - span1.start,
                   psa_upsampling=one["row"]["psa_upsampling"],
                   horizontals=[q["row"]["component"] for q in (one, two)],
                   flags=sorted(set(one["row"]["flags"]) | set(two["row"]["flags"])))
        rows.append(row)
    return rows


def dip_by_letter(part):
    """The stated dip; where there is none, Z is vertical and the others level."""
    if part["dip"] is not None:
        return part["dip"]
    return -90.0 if part["row"]["component"] == "Z" else 0.0


def instrument_rows(members, epochs, origin):
    """All rows of one instrument. members: {channel key: traces}."""
    rows, parts = [], []
    for key in sorted(members):
        row, part = component(key, members[key], epochs.get(key, []), origin)
        rows.append(row)
        if part is not None:
            parts.append(part)
    pair = horizontals(parts)
    return rows + rotated_rows(*pair) if pair else rows


# ------------------------------------------------------------------ the file

def read_folder(folder):
    """Origin, channel epochs and {instrument key: {channel key: traces}}."""
    event = obspy.read_events(str(folder / "event.xml"))[0]
    origin = event.preferred_origin() or event.origins[0]
    if origin.arrivals:
        raise SystemExit("event.xml has arrivals: this script knows constant velocities only")
    inventory = obspy.Inventory()
    for path in sorted((folder / "stations").glob("*.xml")):
        inventory += obspy.read_inventory(str(path))
    instruments = {}
    for path in sorted((folder / "waveforms").iterdir()):
        for trace in obspy.read(str(path)):
            s = trace.stats
            key = (s.network, s.station, s.location, s.channel)
            members = instruments.setdefault(key[:3] + (s.channel[:-1],), {})
            members.setdefault(key, []).append(trace)
    return origin, channel_epochs(inventory), instruments


def plain(value):
    """NumPy scalars as Python numbers; what is not finite as null."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    return value


def made_with():
    return {"python": platform.python_version(), "obspy": obspy.__version__,
            "scipy": scipy.__version__, "numpy": np.__version__,
            "platform": f"{platform.system()} {platform.machine()}"}


def golden(shared, event):
    """The whole golden file as a value."""
    origin, epochs, instruments = read_folder(Path(shared) / "events" / event)
    rows = []
    for key in sorted(instruments):
        rows += instrument_rows(instruments[key], epochs, origin)
    return plain({
        "made_with": made_with(), "event": event,
        "origin": {"time": iso(origin.time.ns), "latitude": origin.latitude,
                   "longitude": origin.longitude, "depth": origin.depth},
        "periods": PERIODS, "rows": rows,
    })


def main():
    parser = argparse.ArgumentParser(description="reference values of the default recipe, as JSON")
    parser.add_argument("shared", metavar="SHARED_DATA_DIR", help="folder that contains events/")
    parser.add_argument("event", metavar="EVENT", help="name of the event's folder")
    args = parser.parse_args()
    json.dump(golden(args.shared, args.event), sys.stdout, indent=1, allow_nan=False)
    print()


if __name__ == "__main__":
    main()
