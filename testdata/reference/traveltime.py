"""Makes waveform/traveltime/testdata/golden.json: first P and S as ObsPy's TauP has them.

Run with ObsPy:  python3 traveltime.py > ../../waveform/traveltime/testdata/golden.json

The first P is the earliest of TauP's p, P, Pn, Pg, Pdiff, PKP and PKIKP, the first S
of s, S, Sn, Sg, SKS and SKIKS. Times are whole milliseconds. "phases" are times of
phases that are not always the first, null where TauP has no such arrival.
"""

import json
import math
import platform
import sys

import numpy
import obspy
import scipy
from obspy.taup import TauPyModel

WAVES = {
    "P": {"p": "P", "P": "P", "Pn": "P", "Pg": "P", "Pdiff": "Pdiff", "PKP": "PKP", "PKIKP": "PKP"},
    "S": {"s": "S", "S": "S", "Sn": "S", "Sg": "S", "SKS": "SKS", "SKIKS": "SKS"},
}
NAMES = [n for w in WAVES.values() for n in w]

DEPTHS = [0, 1, 5, 10, 15, 20, 33, 35, 50, 100, 200, 400, 410, 500, 660, 700,  # km
          0.37, 7.3, 19.99, 27.8, 34.9, 35.1, 76.5, 137.6, 210, 283.1, 411.7, 587.9, 689.9]


def distances():
    """Degrees: dense near the triplications and at the edges of the shadow."""
    d = [0, 0.03, 0.1, 0.2, 0.45, 0.7]
    d += [1 + 0.37 * i for i in range(24)]  # to 9.5
    d += [10 + 0.61 * i for i in range(35)]  # to 30.7
    d += [33, 41.3, 52.9, 60, 66.6, 75.2, 78, 80.3, 82, 83.7, 85.1, 88.8, 90, 92.4, 94, 95.5]
    d += [96 + 0.47 * i for i in range(10)]  # to 100.2
    d += [103.3, 110, 113.7, 118.2, 123.4, 130.1, 135, 138.8, 141, 143.1, 144.4, 145.3, 148.9, 152, 153.6, 155.2]
    d += [156.5, 157.3, 160.1, 164.9, 171.7, 177, 179.3, 180]
    return [round(x, 4) for x in d]


def arrivals(model, depth, distance):
    """The earliest time of each phase, by name."""
    times = {}
    for a in model.get_travel_times(depth, distance, NAMES):
        for names in WAVES.values():
            phase = names.get(a.name)
            if phase:
                times[phase] = min(float(a.time), times.get(phase, math.inf))
    return times


def first(times, wave):
    return min((t, phase) for phase, t in times.items() if phase in set(WAVES[wave].values()))


def milliseconds(t):
    return None if t is None else round(1000 * t)


def table(model):
    rows, phases = [], []
    for depth in DEPTHS:
        row = {"depth_km": depth}
        got = [arrivals(model, depth, d) for d in distances()]
        for wave in WAVES:
            row[wave] = [milliseconds(first(t, wave)[0]) for t in got]
            row[wave + "_phase"] = " ".join(first(t, wave)[1] for t in got)
        rows.append(row)
        if depth in (0, 100, 689.9):
            for d, t in zip(distances(), got):
                if d >= 60 and d not in (180,):
                    phases.append({"depth_km": depth, "degrees": d,
                                   **{p: milliseconds(t.get(p)) for p in ("P", "Pdiff", "PKP", "S", "SKS")}})
    return {"rows": rows, "phases": phases}


out = {"made_by": "testdata/reference/traveltime.py", "python": platform.python_version(),
       "numpy": numpy.__version__, "scipy": scipy.__version__, "obspy": obspy.__version__,
       "degrees": distances(), "models": {m: table(TauPyModel(m)) for m in ("ak135", "iasp91")}}
text = json.dumps(out, separators=(",", ":"))
for mark in ('{"depth_km"', '"rows"', '"phases"', '"ak135"', '"iasp91"', '"P":[', '"S":[', '"P_phase"', '"S_phase"'):
    text = text.replace(mark, "\n" + mark)
sys.stdout.write(text + "\n")
