"""Which epoch, which times, which samples: what the recipe measures and when.

Used by recipe_golden.py. Times are integers of nanoseconds since 1970.
"""
import math
from fractions import Fraction

import numpy as np
import obspy
from obspy.geodetics import gps2dist_azimuth

VP, VS = 6500.0, 3500.0                        # m/s
NOISE_BEFORE, NOISE_GUARD, NOISE_LEAST = 22.0, 2.0, 5.0   # s before P, s before P, s
SIGNAL_AFTER, SIGNAL_LEAST = 60.0, 20.0        # s after S
PAD, PAD_LEAST = 20.0, 3.0                     # s
ON_EDGE = 1e-6                                 # samples


class Failure(Exception):
    """A channel that cannot be measured: a stable code and why."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def to_ns(seconds):
    """Seconds as whole nanoseconds."""
    return round(seconds * 1e9)


def iso(ns):
    """Nanoseconds since 1970 as ISO 8601 with all nine digits."""
    whole, rest = divmod(ns, 10**9)
    return obspy.UTCDateTime(ns=whole * 10**9).strftime("%Y-%m-%dT%H:%M:%S") + f".{rest:09d}Z"


def sample_ns(start, rate, i):
    """Time of sample i of data that starts at start, rounded once."""
    return start + math.floor(Fraction(i * 10**9) / Fraction(rate) + Fraction(1, 2))


def index(start, rate, at):
    """Index of the first sample at or after `at`, give or take a microsecond; may lie outside the data."""
    on_edge = min(ON_EDGE * max(1.0, rate), 0.25)  # samples; record times are no finer
    return math.ceil((at - start) / 1e9 * rate - on_edge)


# ------------------------------------------------------------------ metadata

def channel_epochs(inventory):
    """Channel epochs by (network, station, location, channel), in file order."""
    found = {}
    for network in inventory:
        for station in network:
            for channel in station:
                key = (network.code, station.code, channel.location_code, channel.code)
                found.setdefault(key, []).append(channel)
    return found


def path_to(origin, channel):
    """Distance, azimuth, P and S (ns) and flags from an origin to a channel."""
    distance, azimuth, _ = gps2dist_azimuth(
        origin.latitude, origin.longitude, channel.latitude, channel.longitude)
    flags = set() if origin.depth is not None else {"no_depth"}
    reach = math.hypot(distance, origin.depth or 0.0)
    return {
        "distance": distance, "azimuth": azimuth, "flags": flags,
        "p": origin.time.ns + to_ns(reach / VP), "s": origin.time.ns + to_ns(reach / VS),
    }


def choose_epoch(epochs, origin):
    """The epoch that contains its own P, the latest start winning, with its path.

    Epochs are half open; a missing date is open. Of equal starts the first counts.
    """
    best = None
    for channel in epochs:
        path = path_to(origin, channel)
        start = channel.start_date.ns if channel.start_date else -math.inf
        end = channel.end_date.ns if channel.end_date else math.inf
        if start <= path["p"] < end and (best is None or start > best[0]):
            best = (start, channel, path)
    if best is None:
        raise Failure("no_metadata", "no channel epoch contains the P time")
    return best[1], best[2]


# ------------------------------------------------------------------- windows

def segment_at(traces, at):
    """The continuous segment that contains a time; identical overlaps merged."""
    stream = obspy.Stream(traces).copy()
    stream.merge(method=-1, misalignment_threshold=0.5)
    for trace in stream:
        start, rate = trace.stats.starttime.ns, trace.stats.sampling_rate
        if 0 <= index(start, rate, at) < trace.stats.npts:
            return trace
    raise Failure("no_data", "no data at the P time")


def common_length(n):
    """The least of 32, 36, 40, 45, 48, 50, 54, 60 times a power of two, not below n."""
    return min(m * 2**k for m in (32, 36, 40, 45, 48, 50, 54, 60) for k in range(40) if m * 2**k >= n)


def cut(segment, path):
    """Read window, start and the four windows of a component.

    The read window is lengthened at its end to a common length.

    A side counts as cut where a sample of the wanted window is missing; with
    data on both sides nothing is changed and nothing is flagged.
    """
    rate, begin = segment.stats.sampling_rate, segment.stats.starttime.ns
    p, s = path["p"], path["s"]
    noise_start, noise_end = p - to_ns(NOISE_BEFORE), p - to_ns(NOISE_GUARD)
    signal_start, signal_end = p, s + to_ns(SIGNAL_AFTER)
    first = index(begin, rate, noise_start - to_ns(PAD))
    span = (signal_end - noise_start + 2 * to_ns(PAD)) / 1e9
    last = first + common_length(math.ceil(span * rate - ON_EDGE))
    cut_before, cut_after = first < 0, last > segment.stats.npts
    first, last = max(first, 0), min(last, segment.stats.npts)
    start, end = sample_ns(begin, rate, first), sample_ns(begin, rate, last)
    flags = set()
    if cut_before and start + to_ns(PAD_LEAST) > noise_start:
        noise_start = start + to_ns(PAD_LEAST)
        flags.add("short_noise")
    if cut_after and end - to_ns(PAD_LEAST) < signal_end:
        signal_end = end - to_ns(PAD_LEAST)
        flags.add("short_signal")
    least = to_ns(PAD) - 1e9 / rate
    if noise_start - start < least or end - signal_end < least:
        flags.add("short_pad")
    if noise_end - noise_start < to_ns(NOISE_LEAST):
        raise Failure("short_window", f"{(noise_end - noise_start) / 1e9:.3f} s of noise")
    if signal_end < s + to_ns(SIGNAL_LEAST):
        raise Failure("short_window", f"signal ends {(signal_end - s) / 1e9:.3f} s after S")
    windows = {"noise_start": noise_start, "noise_end": noise_end,
               "signal_start": signal_start, "signal_end": signal_end}
    return np.array(segment.data[first:last], dtype=np.float64), start, windows, flags
