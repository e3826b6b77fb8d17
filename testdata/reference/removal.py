"""Reference numbers for the options of response removal and for simulation, from ObsPy.

    python testdata/reference/removal.py ../shared/data

run from the root of the repository, writes waveform/response/testdata/removal.json: traces with responses taken out by
Trace.remove_response, of responses made here and of the StationXML files of shared/data (named, not copied), and traces of
other instruments by simulate_seismometer. The input is the series of response_golden.py. No more than about 20 samples of a trace are kept.
"""

import pathlib
import platform
import sys
import warnings
import json

import numpy
import obspy
import scipy
from obspy import Trace
from obspy.signal import invsim, util

from response_golden import STS2, accelerometer, channel_row, pairs, realistic, series, to_obspy

PRE = (0.0002, 0.0005, 0.425, 0.475)  # of the sample rate
TWICE = util._npts2nfft


def power(n):
    return 2 ** max(1, (int(n) - 1).bit_length())


PADDING = {"twice": TWICE, "twice_power_of_two": lambda n: power(2 * n), "power_of_two": power, "none": lambda n: n + n % 2}

# What differs from ObsPy's defaults. A level of None is water_level=None.
OPTIONS = {
    "default": {},
    "displacement": {"unit": "DISP"},
    "velocity": {"unit": "VEL"},
    "no pre-filter": {"pre": None},
    "no level": {"level": None},
    "no level, no pre-filter": {"level": None, "pre": None},
    "low level": {"level": 20.0},
    "level of the peak": {"level": 0.0},
    "mean left in": {"mean": False},
    "no taper": {"taper": None},
    "no taper, mean left in": {"taper": None, "mean": False, "pre": None},
    "taper 0.2": {"taper": 0.2},
    "taper 0.9": {"taper": 0.9},
    "padded to twice a power of two": {"padding": "twice_power_of_two"},
    "padded to a power of two": {"padding": "power_of_two"},
    "not padded": {"padding": "none"},
    "as published for nc73291880": {"taper": None, "pre": (0.001, 0.005, 0.36, 0.4)},
}


def options(name, rate):
    o = {"unit": "ACC", "level": 60.0, "pre": PRE, "mean": True, "taper": 0.05, "padding": "twice"} | OPTIONS[name]
    o["pre"] = [float("%.6g" % (p * rate)) for p in o["pre"]] if o["pre"] else []
    return o


MADE = {"realistic": realistic(), "accelerometer": accelerometer()}


def thin(data):
    step = 1 if len(data) <= 24 else max(1, len(data) // 17)
    return {"step": step, "peak": float(numpy.abs(data).max()), "samples": data[::step].tolist()}


def remove(response, n, rate, o):
    tr = Trace(series(n), {"sampling_rate": rate})
    tr.stats.response = response
    util._npts2nfft = PADDING[o["padding"]]
    try:
        tr.remove_response(output=o["unit"], water_level=o["level"], pre_filt=o["pre"] or None, zero_mean=o["mean"],
                           taper=o["taper"] is not None, taper_fraction=o["taper"] or 0.05,
                           hide_sensitivity_mismatch_warning=True)
    finally:
        util._npts2nfft = TWICE
    return tr.data


def removed():
    out = []
    lengths = (3, 4, 5, 7, 13, 101, 1000, 2557)  # 2557: a prime whose transform is longer than twice that
    for name, r in MADE.items():
        for i, option in enumerate(OPTIONS):
            for n in (lengths[i % 5], lengths[5 + i % 3]):
                o = options(option, 100.0)
                out.append({"name": "%s, %s, %d" % (name, option, n), "response": name, "n": n, "rate": 100.0, "options": o}
                           | thin(remove(to_obspy(r), n, 100.0, o)))
    for n in (1, 2):  # ObsPy's tapers of so few samples are odd
        o = options("no taper, mean left in", 100.0)
        out.append({"name": "realistic, %d" % n, "response": "realistic", "n": n, "rate": 100.0, "options": o}
                   | thin(remove(to_obspy(realistic()), n, 100.0, o)))
    return out


def span(response, n, rate, o):
    """How far the modulus of the response falls below its maximum, where nothing keeps it from being inverted."""
    if o["level"] is not None or o["pre"]:
        return {}
    h, _ = response.get_evalresp_response(1 / rate, PADDING[o["padding"]](n), output=o["unit"],
                                          hide_sensitivity_mismatch_warning=True)
    return {"span": float(abs(h[1:]).min() / abs(h).max())}


def stations(shared):
    """Of each file the first channel of each instrument that ground motion can be had from."""
    out, i = [], 0
    patterns = ("events/*/stations/*.xml", "response/**/*xml", "bad/clipped/*.xml")
    for path in sorted(p for pattern in patterns for p in shared.glob(pattern) if p.is_file()):
        seen = set()
        for network in obspy.read_inventory(path):
            for station in network:
                for channel in station:
                    key = channel.code[:2]
                    if key in seen or not channel_row(channel) or not channel.sample_rate:
                        continue
                    seen.add(key)
                    option, n = list(OPTIONS)[i % len(OPTIONS)], (997, 100, 61)[i % 3]
                    i += 1
                    o = options(option, channel.sample_rate)
                    row = {"name": option, "file": path.relative_to(shared).as_posix(), "start": str(channel.start_date),
                           "id": ".".join((network.code, station.code, channel.location_code.strip(), channel.code)),
                           "n": n, "rate": channel.sample_rate, "options": o}
                    row |= span(channel.response, n, channel.sample_rate, o)
                    out.append(row | thin(remove(channel.response, n, channel.sample_rate, o)))
    return out


# --- simulation ------------------------------------------------------------------------------------------------------

LE3D = {"zeros": [0j, 0j, 0j], "poles": [-4.21 + 4.66j, -4.21 - 4.66j, -2.105], "gain": 0.4, "sensitivity": 1.0}
BROADBAND = {"zeros": [complex(z) for z in STS2["zeros"]], "poles": [complex(p) for p in STS2["poles"]], "gain": 3.4684e17, "sensitivity": 6.3e8}
KIRNOS = {"zeros": [0j, 0j], "poles": [-0.1257 - 0.2177j, -0.1257 + 0.2177j, -83.4473, -0.3285], "gain": 1 / 1.61,
          "sensitivity": 1.0}


def wood_anderson(damping, gain, derivatives):
    w0 = 2 * numpy.pi / 0.8
    poles = [complex(-damping * w0, s * w0 * numpy.sqrt(1 - damping ** 2)) for s in (1, -1)]
    return {"zeros": [0j] * (2 - derivatives), "poles": poles, "gain": gain, "sensitivity": 1.0}


TARGETS = {  # by the unit of ground motion that they start from
    "wood_anderson": ("DISP", wood_anderson(0.7, 2080.0, 0)),
    "wood_anderson_velocity": ("VEL", wood_anderson(0.7, 2080.0, 1)),
    "wood_anderson_nominal": ("DISP", wood_anderson(0.8, 2800.0, 0)),
    "wood_anderson_obspy": ("VEL", dict(invsim.WOODANDERSON, gain=invsim.WOODANDERSON["gain"])),
    "kirnos": ("VEL", KIRNOS),
}


def paz(p):
    return p and {"zeros": pairs(p["zeros"]), "poles": pairs(p["poles"]), "gain": p["gain"] * p["sensitivity"]}


def simulated():
    """simulate_seismometer with the taper and the pre-filter of SAC, and with its default, PITSA's."""
    out = []
    for name, source, target, n, level, pre, pitsa in (
            ("LE3D to Wood-Anderson", LE3D, "wood_anderson_obspy", 1000, 600.0, None, False),
            ("LE3D to Wood-Anderson, PITSA", LE3D, "wood_anderson_obspy", 1000, 600.0, None, True),
            ("broadband to Wood-Anderson", BROADBAND, "wood_anderson_velocity", 2557, 60.0, [0.02, 0.05, 42.5, 47.5], False),
            ("broadband to Wood-Anderson of ObsPy", BROADBAND, "wood_anderson_obspy", 101, 60.0, None, False),
            ("broadband to Kirnos, PITSA", BROADBAND, "kirnos", 997, 600.0, None, True),
            ("displacement to Wood-Anderson", None, "wood_anderson", 1000, None, None, False),
            ("displacement to Wood-Anderson, odd", None, "wood_anderson", 7, None, None, False),
            ("displacement to the nominal Wood-Anderson", None, "wood_anderson_nominal", 1000, None, None, False),
            ("velocity to Wood-Anderson", None, "wood_anderson_velocity", 101, None, None, False),
            ("velocity to Wood-Anderson of ObsPy", None, "wood_anderson_obspy", 997, None, None, False),
            ("velocity to Kirnos", None, "kirnos", 1000, None, None, False)):
        unit, instrument = TARGETS[target]
        kind = dict(pitsasim=True, sacsim=False) if pitsa else dict(pitsasim=False, sacsim=True)
        data = invsim.simulate_seismometer(series(n), 100.0, paz_remove=source, paz_simulate=instrument,
                                           water_level=level or 600.0, pre_filt=pre, nfft_pow2=pitsa, **kind)
        out.append({"name": name, "from": paz(source), "unit": unit, "target": target, "to": paz(instrument), "n": n,
                    "rate": 100.0, "level": level, "pre": pre or [], "pitsa": pitsa} | thin(data))
    return out


def from_counts():
    """The whole response, as evalresp gives it, is exchanged for that of an instrument, by the functions of invsim."""
    out = []
    for name, r, target, n, level, pre in (
            ("realistic to Wood-Anderson", "realistic", "wood_anderson", 1000, 60.0, [0.02, 0.05, 42.5, 47.5]),
            ("realistic to Wood-Anderson, prime", "realistic", "wood_anderson", 2557, 60.0, [0.02, 0.05, 42.5, 47.5]),
            ("realistic to Wood-Anderson of ObsPy", "realistic", "wood_anderson_obspy", 13, None, [0.02, 0.05, 42.5, 47.5]),
            ("accelerometer to Wood-Anderson", "accelerometer", "wood_anderson", 997, None, [0.02, 0.05, 42.5, 47.5])):
        unit, instrument = TARGETS[target]
        nfft = TWICE(n)
        data = series(n)
        data = (data - data.mean()) * invsim.cosine_taper(n, 0.05, sactaper=True, halfcosine=False)
        h, f = to_obspy(MADE[r]).get_evalresp_response(0.01, nfft, output=unit, hide_sensitivity_mismatch_warning=True)
        spectrum = numpy.fft.rfft(data, nfft) * invsim.cosine_sac_taper(f, pre)
        if level is None:
            h[0], h[1:] = 0, 1 / h[1:]
        else:
            invsim.invert_spectrum(h, level)
        spectrum *= h * invsim.paz_to_freq_resp(instrument["poles"], instrument["zeros"],
                                                instrument["gain"] * instrument["sensitivity"], 0.01, nfft)
        spectrum[-1] = abs(spectrum[-1])
        out.append({"name": name, "response": r, "unit": unit, "target": target, "n": n, "rate": 100.0, "level": level, "pre": pre}
                   | thin(numpy.fft.irfft(spectrum)[:n]))
    return out


def gains(shared):
    """Trace.remove_sensitivity."""
    out = []
    for name in ("events/nc73291880/stations/BK.BRIB.xml", "events/ci38457511/overlap/CI.Q0056.xml"):
        for network in obspy.read_inventory(shared / name):
            for station in network:
                for channel in station:
                    tr = Trace(series(5), {"sampling_rate": 100.0})
                    tr.stats.response = channel.response
                    tr.remove_sensitivity()
                    out.append({"file": name, "start": str(channel.start_date), "samples": tr.data.tolist(),
                                "id": ".".join((network.code, station.code, channel.location_code.strip(), channel.code))})
    return out


def main():
    warnings.simplefilter("ignore")
    shared = pathlib.Path(sys.argv[1])
    golden = {"made_by": {"python": platform.python_version(), "numpy": numpy.__version__, "scipy": scipy.__version__,
                          "obspy": obspy.__version__},
              "responses": MADE, "removed": removed(), "stations": stations(shared), "simulated": simulated(), "from_counts": from_counts(),
              "gains": gains(shared)}
    text = json.dumps(golden, separators=(",", ":")).replace("},{\"name", "},\n{\"name")
    pathlib.Path("waveform/response/testdata/removal.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
