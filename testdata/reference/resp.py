"""Reference numbers for waveform/resp and for waveform/response on every response of shared/data.

    python testdata/reference/resp.py ../shared/data

run from the root of the repository, writes

- waveform/resp/testdata/every.resp: a RESP file made here that has every blockette.
- waveform/stationxml/testdata/every.xml: a StationXML document that ObsPy writes, with every kind of stage;
  every.json beside it: the same as ObsPy reads it, in the form of stationxml_golden.py.
- waveform/resp/testdata/golden.json: that file and those of shared/data as ObsPy reads them; a list of numbers as
  its length and the SHA-256 of its values as little-endian float64.
- waveform/response/testdata/responses.json: every response of shared/data at a few frequencies, RESP by the
  program evalresp (the library that ObsPy bundles reads the file itself), StationXML by ObsPy's calls into it.
- waveform/response/testdata/forms.json: responses made here, in the JSON form of the Go package: response
  lists, linear polynomials, ranges of stages, total sensitivity (evalresp), analogue coefficients (SciPy).
"""

import ctypes
import hashlib
import json
import os
import pathlib
import platform
import struct
import sys
import tempfile
import warnings

import numpy
import obspy
import scipy
import scipy.signal
from obspy.core.inventory import response as rsp
from obspy.signal.headers import clibevresp

import response_golden as made
import stationxml_golden

EVALRESP = "3.3.3"  # what libevresp of ObsPy 1.5 says of itself
MOTION = ("M", "M/S", "M/S**2", "NM", "NM/S", "NM/S**2", "CM", "CM/S", "CM/S**2")


def pairs(values):
    return [[complex(v).real, complex(v).imag] for v in values]


# --- a RESP file with every blockette ----------------------------------------------------------------------------------

def header(station, location, channel, start="2010,001", end="No Ending Time", network="XX"):
    return (f"#\n#\t\t======== CHANNEL RESPONSE DATA ========\nB050F03     Station:     {station}\n"
            f"B050F16     Network:     {network}\nB052F03     Location:    {location}\n"
            f"B052F04     Channel:     {channel}\nB052F22     Start date:  {start}\nB052F23     End date:    {end}\n"
            "#\t\t=======================================\n")


def fields(number, values):
    return "#\n#\t\t+                  +---------------------------+                  +\n#\n" + "".join(f"B{number:03d}F{k:02d}     {label:<38} {v}\n" for k, label, v in values)


def rows(number, name, values):
    return "".join(f"B{number:03d}F{name}  {i:3d} " + " ".join(f"{v: .6E}" for v in r) + "\n"
                   for i, r in enumerate(values))


def units(first, ins, outs):
    return [(first, "Response in units lookup:", ins), (first + 1, "Response out units lookup:", outs)]


def b53(stage, ins, outs, kind, a0, frequency, zeros, poles):
    return fields(53, [(3, "Transfer function type:", kind), (4, "Stage sequence number:", stage),
                       *units(5, ins, outs), (7, "A0 normalization factor:", a0),
                       (8, "Normalization frequency:", frequency), (9, "Number of zeroes:", len(zeros)),
                       (14, "Number of poles:", len(poles))]) \
        + rows(53, "10-13", [(z.real, z.imag, 0, 0) for z in zeros]) \
        + rows(53, "15-18", [(p.real, p.imag, 0, 0) for p in poles])


def b54(stage, ins, outs, kind, numerator, denominator):
    return fields(54, [(3, "Transfer function type:", kind), (4, "Stage sequence number:", stage),
                       *units(5, ins, outs), (7, "Number of numerators:", len(numerator)),
                       (10, "Number of denominators:", len(denominator))]) \
        + rows(54, "08-09", [(v, 0) for v in numerator]) + rows(54, "11-12", [(v, 0) for v in denominator])


def b55(stage, ins, outs, points):
    return fields(55, [(3, "Stage sequence number:", stage), *units(4, ins, outs),
                       (6, "Number of responses listed:", len(points))]) \
        + rows(55, "07-11", [(f, a, 0, p, 0) for f, a, p in points])


def b57(stage, rate, factor=1, offset=0, delay=0.0, correction=0.0):
    return fields(57, [(3, "Stage sequence number:", stage), (4, "Input sample rate:", f"{rate:.6E}"),
                       (5, "Decimation factor:", factor), (6, "Decimation offset:", offset),
                       (7, "Estimated delay (seconds):", f"{delay:.6E}"),
                       (8, "Correction applied (seconds):", f"{correction:.6E}")])


def b58(stage, value, frequency):
    name = "Sensitivity" if stage == 0 else "Gain"
    return fields(58, [(3, "Stage sequence number:", stage), (4, name + ":", f"{value:.6E}"),
                       (5, f"Frequency of {name.lower()}:", f"{frequency:.6E} HZ"),
                       (6, "Number of calibrations:", 0)])


def b61(stage, ins, outs, symmetry, values):
    return fields(61, [(3, "Stage sequence number:", stage), (4, "Response Name:", "FIR"),
                       (5, "Symmetry type:", symmetry), *units(6, ins, outs),
                       (8, "Number of numerators:", len(values))]) + rows(61, "09", [(v,) for v in values])


def b62(stage, ins, outs, values):
    return fields(62, [(3, "Transfer function type:", "P [Polynomial]"), (4, "Stage sequence number:", stage),
                       *units(5, ins, outs), (7, "Polynomial Approximation Type:", "M [MacLaurin]"),
                       (8, "Valid Frequency Units:", "B"), (9, "Lower Valid Frequency Bound:", "0.000000E+00"),
                       (10, "Upper Valid Frequency Bound:", "5.000000E+00"),
                       (11, "Lower Bound of Approximation:", "-1.000000E+01"),
                       (12, "Upper Bound of Approximation:", "1.000000E+01"),
                       (13, "Maximum Absolute Error:", "1.000000E-03"), (14, "Number of coefficients:", len(values))]) \
        + rows(62, "15-16", [(v, 0) for v in values])


def b60(stages, stage, responses):
    return fields(60, [(3, "Number of Stages:", stages), (4, "Stage number:", stage),
                       (5, "Number of Responses:", responses)])


def dictionary(text):
    """The blockette 53, 54, 57, 58 or 61 in text as the one of the dictionary, 43, 44, 47, 48 or 41."""
    out = []
    for line in text.splitlines():
        if line.startswith("#"):
            out.append(line)
            continue
        number, name = int(line[1:4]), line[5:7]
        kept, last = int(name), line[8:10] if line[7] == "-" else ""
        if number == 61:
            if kept in (3, 4):
                continue
            shift = 0
        elif kept == 3:
            if number in (57, 58):
                continue
            shift = 2
        elif kept == 4 and number in (53, 54):
            continue
        else:
            shift = 1
        name = f"{kept + shift:02d}" + (f"-{int(last) + shift:02d}" if last else "")
        out.append(f"B{number - 10 if number != 61 else 41:03d}F{name}" + line[10 if last else 7:])
    return "\n".join(out) + "\n"


V, C, MS, MSS = "V - Volts", "COUNTS - Digital Counts", "M/S - Velocity in Meters Per Second", "M/S**2 - Acceleration"
ASYMMETRIC, HALF = [0.2, 0.5, 0.3], [0.05, 0.15, 0.3]
LIST = [(0.1, 120.0, 88.0), (0.3, 400.0, 71.0), (1.0, 1000.0, 45.0), (3.0, 1100.0, 10.0), (10.0, 900.0, -30.0),
        (30.0, 500.0, -100.0)]
POLES = [-0.037 + 0.037j, -0.037 - 0.037j, -100 + 0j]


def every_resp():
    paz = b53(1, MS, V, "A [Laplace Transform (Rad/sec)]", 100.0, 1.0, [0j, 0j], POLES)
    gains = b58(1, 1500.0, 1.0)
    recursive = b54(2, V, C, "D", [0.3, 0.2], [1.0, -0.5]) + b57(2, 400.0, correction=0.01) + b58(2, 4e5, 1.0)
    # 35 rows of one counter would not do for 415: what counts is that the filter goes on in a second blockette.
    continued = b54(3, C, C, "D", ASYMMETRIC[:1], []) + b54(3, C, C, "D", ASYMMETRIC[1:], []) \
        + b57(3, 400.0, 2, 0, 0.0025, 0.002) + b58(3, 1.0, 1.0)
    firs = b61(4, C, C, "A", ASYMMETRIC) + b57(4, 200.0, 1, 0, 0.004, 0.004) + b58(4, 1.0, 1.0) \
        + b61(5, C, C, "B", HALF[:2] + [0.6]) + b57(5, 200.0, 2) + b58(5, 1.0, 1.0) \
        + b61(6, C, C, "C", HALF) + b57(6, 100.0, 1) + b58(6, 1.0, 5.0)
    total = b58(0, 6e8, 1.0)
    hertz = b53(1, MSS, V, "B - Analog response, in Hz", 3.2, 1.0, [0j], [-1 + 1j, -1 - 1j]) + b58(1, 20.0, 1.0)
    digital = b53(2, V, C, "D", 0.7, 2.0, [-0.5 + 0j], [0.5 + 0j, -0.1 + 0.3j, -0.1 - 0.3j]) + b57(2, 100.0) \
        + b58(2, 1000.0, 1.0)
    plain = b58(3, 2.0, 0.0)
    inline = [paz, recursive, continued, firs, total]
    through = b60(6, 1, 2) + dictionary(paz) + dictionary(gains)
    converter = b54(2, V, C, "D", [], []) + b57(2, 400.0) + b58(2, 4e5, 1.0)  # evalresp reads no recursive 44
    for stage, text, count in ((2, converter, 3), (3, continued, 4)):
        through += b60(6, stage, count) + dictionary(text)
    for stage, text in zip((4, 5, 6), firs.split("B061F03")[1:]):
        through += b60(6, stage, 3) + dictionary("B061F03" + text)
    kelvin = "K - Temperature in kelvin"
    return "".join([
        header("EVERY", "??", "BHZ"), inline[0], gains, *inline[1:],
        header("EVERY", "??", "BHN", "2010,001,12", "2012,366,23:59:59.9999"), through, total,
        header("EVERY", "??", "BHN", "2012,366,23:59:59.9999", "2599,365"), hertz, digital, plain, b58(0, 4e4, 1.0),
        header("OTHER", "00", "HHZ", "2010,001,12:30", "2010,001,13"), b55(1, MS, V, LIST), b58(1, 2.0, 1.0),
        b54(2, V, C, "D", [], []), b57(2, 100.0), b58(2, 3.0, 0.0), b58(0, 6000.0, 1.0),
        header("OTHER", "00", "LKO"), b62(1, kelvin, V, [20.0, 10.0]), b54(2, V, C, "D", [1.0], []), b57(2, 10.0),
        b58(2, 2e5, 0.0), b62(0, kelvin, C, [20.0, 5e-5]),
    ])


# --- what ObsPy reads -----------------------------------------------------------------------------------------------------

def digest(values):
    values = [float(v) for v in values]
    return [len(values), hashlib.sha256(struct.pack("<%dd" % len(values), *values)).hexdigest()[:24]]


def flat(values):
    return [part for v in values for part in (complex(v).real, complex(v).imag)]


def when(t):
    return None if t is None else t.strftime("%Y-%m-%dT%H:%M:%S.") + "%06dZ" % t.microsecond


def read_stage(s):
    d = {"number": s.stage_sequence_number, "gain": [s.stage_gain or 0, s.stage_gain_frequency or 0],
         "units": [s.input_units or "", s.output_units or ""], "kind": "gain"}
    if s.decimation_factor is not None:
        d["decimation"] = [float(s.decimation_input_sample_rate), s.decimation_factor, s.decimation_offset,
                           float(s.decimation_delay), float(s.decimation_correction)]
    if isinstance(s, rsp.PolesZerosResponseStage):
        d.update(kind="poles and zeros " + s.pz_transfer_function_type,
                 numbers=[s.normalization_factor, float(s.normalization_frequency)],
                 lists=[digest(flat(s.zeros)), digest(flat(s.poles))])
    elif isinstance(s, rsp.FIRResponseStage):
        d.update(kind="FIR " + s.symmetry, lists=[digest(s.coefficients)])
    elif isinstance(s, rsp.CoefficientsTypeResponseStage):
        d.update(kind="coefficients " + s.cf_transfer_function_type,
                 lists=[digest(s.numerator), digest(s.denominator)])
    elif isinstance(s, rsp.PolynomialResponseStage):
        d.update(kind="polynomial", lists=[digest(s.coefficients)],
                 numbers=[float(s.approximation_lower_bound), float(s.approximation_upper_bound)])
    elif isinstance(s, rsp.ResponseListResponseStage):
        d.update(kind="list", lists=[digest(v for e in s.response_list_elements
                                            for v in (e.frequency, e.amplitude, e.phase))])
    return d


def read_channel(network, station, channel):
    r = channel.response
    d = {"id": ".".join((network.code, station.code, channel.location_code.strip(), channel.code)),
         "from": when(channel.start_date), "until": when(channel.end_date), "rate": float(channel.sample_rate),
         "stages": [read_stage(s) for s in r.response_stages] if r else []}
    total = r.instrument_sensitivity if r else None
    if total is not None:
        d["sensitivity"] = [total.value, total.frequency]
        d["units"] = [total.input_units, total.output_units]
    if r and r.instrument_polynomial is not None:
        d["polynomial"] = digest(r.instrument_polynomial.coefficients)
    return d


def resp_files(shared):
    return sorted([*shared.glob("response/**/RESP.*"), *shared.glob("psd/*/*.resp"),
                   *shared.glob("continuous/**/RESP.*")])


def read_files(shared, every):
    files = {}
    for path in [*resp_files(shared), every]:
        name = path.name if path == every else path.relative_to(shared).as_posix()
        files[name] = [read_channel(n, s, c) for n in obspy.read_inventory(str(path), format="RESP")
                       for s in n for c in s]
    return files


# --- evalresp ---------------------------------------------------------------------------------------------------------------

def evalresp(text, channel_id, start, unit, freqs, first=-1, last=0):
    """What the program evalresp computes from a RESP file for the epoch that holds an instant; None if it refuses."""
    network, station, location, channel = channel_id.split(".")
    buffer = lambda s: ctypes.create_string_buffer(s.encode(), 512)  # noqa: E731
    handle, name = tempfile.mkstemp()
    os.write(handle, b"\n".join(text.splitlines()) + b"\n")
    os.close(handle)
    freqs = numpy.array(freqs, dtype=float)
    date = (start + 1).strftime("%Y,%j,%H:%M:%S")
    result = clibevresp.evresp(buffer(station), buffer(channel), buffer(network), buffer(location), buffer(date),
                               buffer(unit), buffer(name), freqs, len(freqs), buffer("CS"), buffer(""), first, last,
                               0, 0)
    os.unlink(name)
    try:
        r = result[0]
    except ValueError:
        return None
    assert [r.freqs[i] for i in range(r.nfreqs)] == freqs.tolist(), (channel_id, start)
    values = [complex(r.rvec[i].real, r.rvec[i].imag) for i in range(r.nfreqs)]
    clibevresp.free_response(result)
    return values


def some_frequencies(channel):
    """Up to 0.86 of the Nyquist frequency of what the last decimation leaves, else of the channel."""
    rate = ([s.decimation_input_sample_rate / s.decimation_factor for s in channel.response.response_stages
             if s.decimation_factor] or [channel.sample_rate or 100.0])[-1]
    return [float("%.4g" % (part * rate)) for part in (0.00003, 0.001, 0.01, 0.07, 0.31, 0.43)]


def row(freqs, motion, evaluate):
    """Six frequencies in the unit of the sensor or in velocity, one each in displacement and acceleration. evaluate
    gives None or raises where the response is refused."""
    d = {"freqs": freqs}
    try:
        d["DEF"] = pairs(evaluate("DEF", freqs))
        if motion:
            d["VEL"] = pairs(evaluate("VEL", freqs))
            d["DISP"] = pairs(evaluate("DISP", freqs[1:2]))
            d["ACC"] = pairs(evaluate("ACC", freqs[3:4]))
    except Exception as error:
        return {"freqs": freqs, "refused": str(error).split("\n")[0][:80]}
    return d


def resp_rows(shared, every):
    for path in [*resp_files(shared), every]:
        text = path.read_bytes()
        for network in obspy.read_inventory(str(path), format="RESP"):
            for station in network:
                for c in station:
                    if c.code in ("HHZ", "LKO") and path == every:
                        continue  # lists are not interpolated and polynomials not known to this evalresp: forms()
                    name = ".".join((network.code, station.code, c.location_code.strip(), c.code))

                    def evaluate(unit, freqs):
                        return evalresp(text, name, c.start_date, {"DISP": "DIS"}.get(unit, unit), freqs)
                    d = row(some_frequencies(c), True, evaluate)
                    d.update(file=path.name if path == every else path.relative_to(shared).as_posix(), id=name,
                             start=when(c.start_date), by="RESP")
                    yield d


def stationxml_rows(shared):
    for path in sorted(p for pattern in ("**/*.xml", "**/*.stationxml") for p in shared.glob(pattern)):
        if not path.is_file() or b"FDSNStationXML" not in path.read_bytes()[:2000]:
            continue
        if path.relative_to(shared).parts[:2] in (("bad", "stationxml"), ("bad", "made")):
            continue  # what is read of them is decided by the reader's own tests
        for network in obspy.read_inventory(str(path), format="STATIONXML"):
            for station in network:
                for k, c in enumerate(station):
                    r = c.response
                    if r is None or not r.response_stages:
                        continue
                    unit = r.response_stages[0].input_units or \
                        (r.instrument_sensitivity.input_units if r.instrument_sensitivity else "") or ""
                    d = row(some_frequencies(c), unit.upper() in MOTION,
                            lambda unit, freqs: made_evaluate(r, freqs, unit))
                    d.update(file=path.relative_to(shared).as_posix(), start=when(c.start_date), by="StationXML",
                             id=".".join((network.code, station.code, c.location_code.strip(), c.code)))
                    yield d


def made_evaluate(r, freqs, unit, first=None, last=None):
    return r.get_evalresp_response_for_frequencies(numpy.array(freqs), output=unit, start_stage=first,
                                                   end_stage=last, hide_sensitivity_mismatch_warning=True)


# --- forms made here -------------------------------------------------------------------------------------------------------

def list_stage(points, value=0.0, frequency=0.0):
    return {"gain": value, "gain_frequency": frequency, "response_list": [list(p) for p in points]}


def to_obspy(r):
    """made.to_obspy, which knows neither lists nor polynomials nor bare sensitivities."""
    out = made.to_obspy({**r, "stages": [s if not s.keys() & {"response_list", "polynomial"} else
                                         {**made.gain(1.0), **{k: s[k] for k in ("number", "input_units",
                                                                                 "output_units")}}
                                         for s in r["stages"]]})
    for i, s in enumerate(r["stages"]):
        common = (s["number"], s["gain"] or None, s["gain_frequency"] if s["gain"] else None, s["input_units"],
                  s["output_units"])
        if "response_list" in s:
            out.response_stages[i] = rsp.ResponseListResponseStage(
                *common, response_list_elements=[rsp.ResponseListElement(*p) for p in s["response_list"]])
        elif "polynomial" in s:
            out.response_stages[i] = rsp.PolynomialResponseStage(
                *common, frequency_lower_bound=0.0, frequency_upper_bound=10.0, approximation_lower_bound=-1.0,
                approximation_upper_bound=1.0, maximum_error=0.0, coefficients=s["polynomial"]["coefficients"])
    return out


def analogue(kind, numerator, denominator):
    return {**made.gain(3.0, 2.0), "coefficients": {"type": kind, "numerator": numerator, "denominator": denominator}}


def polynomial_stage(values):
    return {"gain": 0.0, "gain_frequency": 0.0, "polynomial": {"coefficients": values, "lower": -1.0, "upper": 1.0}}


def forms():
    """Each with an Evaluation: unit, first, last, total sensitivity, linear polynomials."""
    wrapped = [(f, a, p + 360.0 * (p < -50)) for f, a, p in LIST]
    real = made.realistic()
    off = made.response(made.sensor(frequency=2.0), made.gain(4e5, 3.0), made.fir(ASYMMETRIC, frequency=5.0),
                        sensitivity=7e8, frequency=1.0)
    cases = [
        ("response list alone, gain from the sensitivity", dict(), made.response(list_stage(LIST), sensitivity=50.0,
                                                                                 frequency=1.0)),
        ("response list with gain", dict(), made.response(list_stage(LIST, 2.0, 3.0), made.gain(4.0),
                                                          sensitivity=8000.0, frequency=1.0)),
        ("response list without gain", dict(), made.response(list_stage(LIST), made.gain(4.0), sensitivity=8000.0,
                                                             frequency=1.0)),
        ("response list, phase wrapped", dict(like="response list with gain"),
         made.response(list_stage(wrapped, 2.0, 3.0), made.gain(4.0), sensitivity=8000.0, frequency=1.0)),
        ("response list of pressure", dict(unit="DEF"),
         made.response(list_stage(LIST, 2.0, 3.0), units="PA", sensitivity=2000.0, frequency=1.0)),
        ("linear polynomial", dict(linear=True), made.response(polynomial_stage([1.5, 0.25]), made.gain(1e5),
                                                               units="M/S**2")),
        ("linear polynomial of pressure", dict(linear=True, unit="DEF"),
         made.response(polynomial_stage([1.5, -250.0]), made.gain(1e5), units="PA")),
        ("pressure", dict(unit="DEF"), made.response(made.sensor(), made.gain(3.0), units="PA")),
    ]
    for first, last in ((1, 1), (1, 2), (2, 4), (3, 3), (4, 4)):
        cases.append((f"realistic, stages {first} to {last}", dict(unit="DEF", first=first, last=last), real))
    for first, last in ((1, 1), (2, 3), (3, 3)):
        cases.append((f"frequencies differ, stages {first} to {last}", dict(unit="DEF", first=first, last=last), off))
    cases.append(("realistic, stages 1 to 2 in displacement", dict(unit="DISP", first=1, last=2), real))
    for name, r in (("realistic", real), ("frequencies differ", off), ("accelerometer", made.accelerometer())):
        cases.append((name + ", total sensitivity", dict(total=True), r))
        cases.append((name + ", total sensitivity in displacement", dict(total=True, unit="DISP"), r))
        cases.append((name + ", stage 1, total sensitivity", dict(total=True, first=1, last=1), r))
    freqs = [0.12, 0.37, 1.0, 2.6, 9.9, 17.3, 29.0]
    out, by_name = [], {}
    for name, how, r in cases:
        unit, first, last = how.get("unit", "VEL"), how.get("first", 0), how.get("last", 0)
        if "like" in how:
            values = by_name[how["like"]]
        else:
            values, channel = to_obspy(r)._call_eval_resp_for_frequencies(
                numpy.array(freqs), output=unit, start_stage=first or None, end_stage=last or None,
                hide_sensitivity_mismatch_warning=True)
            if how.get("total"):  # the product of the gains at the sensitivity's frequency is what it replaces
                values = values * (channel.sensit / channel.calc_sensit)
        by_name[name] = values
        out.append({"name": name, "response": r, "freqs": freqs, "unit": unit, "first": first, "last": last,
                    "total": how.get("total", False), "linear": how.get("linear", False), "values": pairs(values)})
    return out


def analogue_forms():
    """Analogue coefficients, which evalresp does not know: SciPy's freqs, times the gain, normalised to one at its
    frequency where that is not the sensitivity's."""
    out = []
    freqs = numpy.array([0.0, 0.12, 1.0, 2.0, 9.9, 49.0])
    for kind, scale in (("laplace_radians", 2 * numpy.pi), ("laplace_hertz", 1.0)):
        for numerator, denominator in (([0.0, 0.0, 1.0], [39.0, 8.8, 1.0]), ([2.0, 0.5], []), ([], [1.0, 0.2, 0.03]),
                                       ([0.3, -0.1, 0.02, 0.001], [1.0, 0.5, 0.4, 0.03, 0.01])):
            for reference in (2.0, 5.0):
                def h(f):
                    return scipy.signal.freqs((numerator or [1.0])[::-1], (denominator or [1.0])[::-1],
                                              worN=numpy.atleast_1d(f) * scale)[1]
                values = 3.0 * h(freqs)
                if reference != 2.0:
                    values = values / abs(h(2.0)[0])
                r = made.response(analogue(kind, numerator, denominator), sensitivity=3.0, frequency=reference)
                out.append({"name": f"{kind} {numerator}/{denominator} at {reference} Hz", "response": r,
                            "freqs": freqs.tolist(), "unit": "VEL", "values": pairs(values)})
    return out


# --- a StationXML document with every kind of stage ------------------------------------------------------------------------

def every_inventory():
    """Two stations of one code, the second with two overlapping epochs of a channel and two identical ones."""
    def paz(n, kind, **more):
        return rsp.PolesZerosResponseStage(n, 2.0, 1.0, "M/S", "V", kind, 0.5, [0j, -1.5 + 0.25j], [-3 + 4j, -3 - 4j],
                                           normalization_factor=0.1 + 0.2, **more)

    def coefficients(n, kind, numerator, denominator, **more):
        return rsp.CoefficientsTypeResponseStage(n, 3.0, 2.0, "V", "V", cf_transfer_function_type=kind,
                                                 numerator=numerator, denominator=denominator, **more)

    def fir(n, symmetry, values):
        return rsp.FIRResponseStage(n, 1.0, 0.0, "COUNTS", "COUNTS", coefficients=values, symmetry=symmetry, **rate)
    rate = dict(decimation_input_sample_rate=400.0, decimation_factor=2, decimation_offset=1, decimation_delay=0.0123,
                decimation_correction=-0.0123)
    points = [rsp.ResponseListElement(*p) for p in LIST]
    polynomial = dict(frequency_lower_bound=0.0, frequency_upper_bound=5.0, approximation_lower_bound=-20.5,
                      approximation_upper_bound=20.0, maximum_error=0.1)
    linear = rsp.Response(
        instrument_sensitivity=rsp.InstrumentSensitivity(6.283185307179586e8, 0.3, "M/S", "COUNTS"),
        response_stages=[
            paz(1, "LAPLACE (RADIANS/SECOND)"), paz(2, "LAPLACE (HERTZ)"), paz(3, "DIGITAL (Z-TRANSFORM)", **rate),
            coefficients(4, "ANALOG (RADIANS/SECOND)", [1.0, 2e-300], [0.3]), rsp.ResponseStage(5, 7.0, 0.1, "V", "V"),
            coefficients(6, "ANALOG (HERTZ)", [0.1], []), coefficients(7, "DIGITAL", [1 / 3], [1.0, -0.5], **rate),
            fir(8, "NONE", [0.2, 0.5, 0.3]), fir(9, "ODD", [0.25, 0.5]), fir(10, "EVEN", [0.125, 0.375]),
            rsp.ResponseListResponseStage(11, 1.0, 1.0, "COUNTS", "COUNTS", response_list_elements=points)])
    curved = rsp.Response(
        instrument_polynomial=rsp.InstrumentPolynomial("degC", "COUNTS", coefficients=[1e-5, 2.5, -3e-9], **polynomial),
        response_stages=[rsp.PolynomialResponseStage(1, None, None, "degC", "V", coefficients=[20.0, 10.0, -1e-3],
                                                     **polynomial)])
    bare = rsp.Response(instrument_sensitivity=rsp.InstrumentSensitivity(-1234.5, 2.0, "m/s**2", "count"))
    day = obspy.UTCDateTime(2010, 1, 1)

    def channel(code, location, start, end, r):
        return obspy.core.inventory.Channel(code, location, 36.125, -117.25, 812.5, 0.1, azimuth=359.9, dip=-90.0,
                                            sample_rate=100.0, start_date=start, end_date=end, response=r)

    def station(channels, start):
        return obspy.core.inventory.Station("MADE", 36.125, -117.25, 812.5, channels, start_date=start,
                                            site=obspy.core.inventory.Site("Düzce"))
    first = station([channel("HHZ", "00", day, None, linear), channel("LKO", "", day, day + 86400, curved)], day)
    second = station([channel("HNZ", "", day, day + 9e6, bare), channel("HNZ", "", day + 8e6, None, linear),
                      channel("HNZ", "", day + 8e6, None, linear), channel("LOG", "", None, None, None)], day + 8e6)
    networks = [obspy.core.inventory.Network("XX", [first, second]), obspy.core.inventory.Network("XX", [first])]
    return obspy.Inventory(networks, source="made by testdata/reference/resp.py", created=day)


def write_every_xml():
    path = pathlib.Path("waveform/stationxml/testdata/every.xml")
    every_inventory().write(str(path), format="STATIONXML", validate=True)
    write(path.with_suffix(".json"), stationxml_golden.station_file(path))


# --------------------------------------------------------------------------------------------------------------------------

def write(path, golden):
    golden = {"made_by": {"python": platform.python_version(), "numpy": numpy.__version__,
                          "scipy": scipy.__version__, "obspy": obspy.__version__, "evalresp": EVALRESP}} | golden
    text = json.dumps(golden, separators=(",", ":")).replace("},{", "},\n{")
    pathlib.Path(path).write_text(text + "\n")


def main():
    warnings.simplefilter("ignore")
    shared = pathlib.Path(sys.argv[1])
    every = pathlib.Path("waveform/resp/testdata/every.resp")
    every.parent.mkdir(exist_ok=True)
    every.write_text(every_resp())
    write_every_xml()
    write("waveform/resp/testdata/golden.json", {"files": read_files(shared, every)})
    write("waveform/response/testdata/responses.json",
          {"responses": [*resp_rows(shared, every), *stationxml_rows(shared)]})
    write("waveform/response/testdata/forms.json", {"evalresp": forms(), "scipy": analogue_forms()})


if __name__ == "__main__":
    main()
