"""Reference numbers for waveform/response from ObsPy, whose evaluation is evalresp.

    python testdata/reference/response_golden.py

run from the root of the repository, writes waveform/response/testdata/golden.json:
responses made here, one for each rule. resp.py beside it has those of shared/data.
"""

import json
import pathlib
import platform
import warnings

import numpy
import obspy
import scipy
from obspy import Trace
from obspy.core.inventory import response as rsp
from obspy.signal.util import _npts2nfft

UNITS = ("DISP", "VEL", "ACC")
LAPLACE = {"laplace_radians": "LAPLACE (RADIANS/SECOND)", "laplace_hertz": "LAPLACE (HERTZ)",
           "digital": "DIGITAL (Z-TRANSFORM)"}


# --- responses, in the JSON form of the Go package -------------------------------------------------------------------

def response(*stages, sensitivity=0.0, frequency=0.0, units="M/S"):
    for i, s in enumerate(stages):
        s["number"] = i + 1
        s["input_units"] = units if i == 0 else "V"
        s["output_units"] = "V"
    return {"sensitivity": {"value": sensitivity, "frequency": frequency, "input_units": units, "output_units": "V"},
            "stages": list(stages)}


def gain(value, frequency=1.0):
    return {"gain": value, "gain_frequency": frequency}


def decimation(rate, factor=1, offset=0, delay=0.0, correction=0.0):
    return {"input_rate": rate, "factor": factor, "offset": offset, "delay": delay, "correction": correction}


def pairs(values):
    return [[complex(v).real, complex(v).imag] for v in values]


def sensor(a0=100.0, a0_frequency=1.0, zeros=(0, 0), poles=(-0.037 + 0.037j, -0.037 - 0.037j, -100), value=1500.0,
           frequency=1.0, kind="laplace_radians", rate=None):
    s = gain(value, frequency)
    s["poles_zeros"] = {"type": kind, "a0": a0, "a0_frequency": a0_frequency, "zeros": pairs(zeros),
                        "poles": pairs(poles)}
    if rate:
        s["decimation"] = decimation(rate)
    return s


def fir(coefficients, symmetry="none", value=1.0, frequency=1.0, **deci):
    s = gain(value, frequency)
    s["fir"] = {"symmetry": symmetry, "coefficients": list(coefficients)}
    s["decimation"] = decimation(**({"rate": 100.0} | deci))
    return s


def coefficients(numerator, denominator=(), value=1.0, frequency=1.0, **deci):
    s = gain(value, frequency)
    s["coefficients"] = {"type": "digital", "numerator": list(numerator), "denominator": list(denominator)}
    s["decimation"] = decimation(**({"rate": 100.0} | deci))
    return s


def lowpass(n):
    """A windowed sinc: a plain symmetric decimation filter of n coefficients."""
    k = numpy.arange(n) - (n - 1) / 2
    c = numpy.sinc(0.4 * k) * numpy.hamming(n)
    c = (c + c[::-1]) / 2
    return (c / c.sum()).tolist()


def minimum_phase(n):
    """A decaying, asymmetric filter."""
    c = numpy.exp(-0.15 * numpy.arange(n)) * numpy.cos(0.3 * numpy.arange(n))
    return (c / c.sum()).tolist()


STS2 = {"zeros": (0, 0, -463.1 + 430.5j, -463.1 - 430.5j, -176.6, -15.15),
        "poles": (-0.037 + 0.037j, -0.037 - 0.037j, -15.64, -97.34 + 400.7j, -97.34 - 400.7j, -255.1, -374.8,
                  -520.3, -10530 + 10050j, -10530 - 10050j, -13300)}


def realistic():
    """A broadband sensor, a digitizer with asymmetric FIR filters whose delay is corrected, and a symmetric one."""
    return response(sensor(a0=3.4684e17, value=1500.0, **STS2), gain(419430.0, 1.0),
                    fir(lowpass(65), frequency=1.0, rate=400.0, factor=2),
                    fir(minimum_phase(96), frequency=1.0, rate=200.0, factor=2, delay=0.11, correction=0.11),
                    sensitivity=1500.0 * 419430.0, frequency=1.0)


def accelerometer():
    return response(sensor(a0=2.46e13, a0_frequency=0.0, zeros=(), poles=(-981 + 1009j, -981 - 1009j, -3290 + 1263j,
                                                                       -3290 - 1263j), value=1.02, frequency=0.0),
                    gain(419430.0, 0.0), fir(lowpass(64), frequency=0.0, rate=200.0, factor=2),
                    sensitivity=1.02 * 419430.0, frequency=1.0, units="M/S**2")


def cases():
    asym, sym, even = (0.2, 0.5, 0.3), (0.25, 0.5, 0.25), (0.2, 0.3, 0.3, 0.2)
    digital = dict(zeros=(-0.5, 0.2), poles=(0.5, -0.1 + 0.3j, -0.1 - 0.3j), kind="digital", rate=100.0, value=2.0,
                   a0=0.7)
    return {
        "realistic": realistic(),
        "accelerometer": accelerometer(),
        "A0 as given": response(sensor()),
        "A0 normalised, its frequency differs": response(sensor(a0_frequency=2.0)),
        "A0 normalised, gain frequency differs": response(sensor(frequency=2.0), gain(3.0)),
        "A0 as given, last gain frequency zero": response(sensor(), gain(3.0, 0.0)),
        "A0 normalised by a later gain frequency": response(sensor(), gain(3.0, 5.0)),
        "A0 as given, sensitivity frequency wins": response(sensor(), gain(3.0, 5.0), sensitivity=4500.0,
                                                            frequency=1.0),
        "A0 normalised, sensitivity frequency differs": response(sensor(), gain(3.0), sensitivity=4500.0,
                                                                 frequency=5.0),
        "A0 negative as given": response(sensor(a0=-100.0)),
        "A0 negative normalised": response(sensor(a0=-100.0, a0_frequency=2.0)),
        "negative gain": response(sensor(value=-3.0)),
        "zero frequencies": response(sensor(zeros=(), a0_frequency=0.0, frequency=0.0), gain(2.0, 0.0)),
        "zero sensitivity frequency": response(sensor(zeros=()), gain(2.0), sensitivity=3000.0, frequency=0.0),
        "one stage, gain from the sensitivity": response(sensor(value=0.0, frequency=0.0), sensitivity=6.0,
                                                         frequency=2.0),
        "hertz": response(sensor(kind="laplace_hertz", poles=(-1 + 1j, -1 - 1j), a0=1.1)),
        "pole on a frequency": response(sensor(zeros=(), poles=(0, -3.0))),
        "displacement": response(sensor(zeros=(0, 0, 0)), units="M"),
        "acceleration": response(sensor(zeros=(0,)), units="m/s**2"),
        "nanometres": response(sensor(), units="NM/S"),
        "centimetres": response(sensor(), units="cm/s**2"),
        "asymmetric FIR": response(sensor(), fir(asym)),
        "asymmetric FIR in coefficients": response(sensor(), coefficients(asym)),
        "asymmetric FIR, correction": response(sensor(), fir(asym, delay=0.05, correction=0.03, factor=2, offset=1)),
        "coefficients, correction": response(sensor(), coefficients(asym, delay=0.05, correction=0.03)),
        "asymmetric FIR, delay only": response(sensor(), fir(asym, delay=0.05)),
        "palindrome, correction": response(sensor(), fir(sym, delay=0.01, correction=0.01)),
        "even palindrome in coefficients": response(sensor(), coefficients(even, correction=0.02)),
        "single coefficient": response(sensor(), fir((1.0,), correction=0.02)),
        "sum within tolerance": response(sensor(), fir((0.219, 0.5, 0.3))),
        "sum off tolerance": response(sensor(), fir((0.222, 0.5, 0.3))),
        "negative sum": response(sensor(), fir((-0.2, -0.5, -0.3))),
        "palindrome, sum three": response(sensor(), fir((0.6, 0.9, 0.9, 0.6))),
        "odd": response(sensor(), fir((0.1, 0.15, 0.5), symmetry="odd")),
        "even": response(sensor(), fir((0.2, 0.3), symmetry="even")),
        "odd, sum not one": response(sensor(), fir((0.3, 0.5), symmetry="odd", correction=0.03)),
        "FIR normalised at another frequency": response(sensor(), fir(asym, frequency=10.0), gain(1.0)),
        "odd FIR normalised at another frequency": response(sensor(), fir((0.25, 0.5), symmetry="odd",
                                                                          frequency=10.0), gain(1.0)),
        "empty coefficients": response(sensor(), coefficients((), value=3.0)),
        "recursive": response(sensor(), coefficients((0.3, 0.2), (1.0, -0.5), value=2.0, correction=0.03)),
        "recursive normalised": response(sensor(), coefficients((0.3, 0.2), (1.0, -0.5), value=2.0, frequency=10.0),
                                         gain(1.0)),
        "digital poles and zeros": response(sensor(), sensor(**digital)),
        "digital poles and zeros normalised": response(sensor(), sensor(**digital, a0_frequency=10.0)),
    }


# --- the same as an ObsPy response -----------------------------------------------------------------------------------

def to_obspy(r):
    stages = []
    for s in r["stages"]:
        common = [s["number"], s["gain"] or None, s["gain_frequency"], s["input_units"], s["output_units"]]
        if not s["gain"]:
            common[2] = None
        deci = {}
        if "decimation" in s:
            d = s["decimation"]
            deci = dict(decimation_input_sample_rate=d["input_rate"], decimation_factor=d["factor"],
                        decimation_offset=d["offset"], decimation_delay=d["delay"],
                        decimation_correction=d["correction"])
        if "poles_zeros" in s:
            p = s["poles_zeros"]
            stages.append(rsp.PolesZerosResponseStage(
                *common, LAPLACE[p["type"]], p["a0_frequency"], [complex(*v) for v in p["zeros"]],
                [complex(*v) for v in p["poles"]], normalization_factor=p["a0"], **deci))
        elif "fir" in s:
            stages.append(rsp.FIRResponseStage(*common, symmetry=s["fir"]["symmetry"].upper(),
                                               coefficients=s["fir"]["coefficients"], **deci))
        elif "coefficients" in s:
            c = s["coefficients"]
            stages.append(rsp.CoefficientsTypeResponseStage(
                *common, cf_transfer_function_type="DIGITAL", numerator=c["numerator"],
                denominator=c["denominator"], **deci))
        else:
            stages.append(rsp.ResponseStage(*common, **deci))
    v = r["sensitivity"]
    total = rsp.InstrumentSensitivity(v["value"], v["frequency"], v["input_units"], v["output_units"])
    return rsp.Response(response_stages=stages, instrument_sensitivity=total if v["value"] else None)


def evaluate(r, freqs, unit):
    return r.get_evalresp_response_for_frequencies(numpy.array(freqs), output=unit,
                                                   hide_sensitivity_mismatch_warning=True)


def evaluated():
    freqs = [0.0, 0.001, 0.0123, 0.5, 1.0, 5.0, 17.3, 33.0, 49.0]
    out = []
    for name, r in cases().items():
        values = {u: pairs(evaluate(to_obspy(r), freqs, u)) for u in UNITS}
        out.append({"name": name, "response": r, "freqs": freqs, "values": values})
    return out


# --- response removal ------------------------------------------------------------------------------------------------

def series(n):
    """The sequence of dsp_golden.py on an offset: integers over 2^20."""
    out, s = [], 1
    for _ in range(n):
        s = (1103515245 * s + 12345) % 2**31
        out.append(s / 2**20 + 5000.0)
    return numpy.array(out)


def removed():
    """Samples 0, step, 2 step .. of traces with the response taken out. 13999 samples are padded to a length with a
    prime factor of 311, 12241 to a power of two."""
    out = []
    for name, r, n, step, rate, unit, level, pre in (
            ("realistic", realistic(), 300, 1, 100.0, "ACC", 60.0, [0.02, 0.05, 42.5, 47.5]),
            ("realistic, odd", realistic(), 301, 1, 100.0, "VEL", 60.0, [0.02, 0.05, 42.5, 47.5]),
            ("realistic, no pre-filter", realistic(), 300, 1, 100.0, "DISP", 40.0, None),
            ("accelerometer, no level", accelerometer(), 300, 1, 100.0, "ACC", None, [0.02, 0.05, 42.5, 47.5]),
            ("accelerometer, no pre-filter", accelerometer(), 300, 1, 100.0, "ACC", 60.0, None),
            ("realistic, few", realistic(), 7, 1, 100.0, "ACC", 60.0, [0.02, 0.05, 42.5, 47.5]),
            ("realistic, long", realistic(), 13999, 100, 100.0, "ACC", 60.0, [0.02, 0.05, 42.5, 47.5]),
            ("realistic, prime", realistic(), 12241, 100, 100.0, "ACC", 60.0, [0.02, 0.05, 42.5, 47.5]),
            ("accelerometer, long", accelerometer(), 13999, 100, 100.0, "VEL", 60.0, [0.02, 0.05, 42.5, 47.5])):
        tr = Trace(series(n), {"sampling_rate": rate})
        tr.stats.response = to_obspy(r)
        tr.remove_response(output=unit, water_level=level, pre_filt=pre, zero_mean=True, taper=True,
                           taper_fraction=0.05, hide_sensitivity_mismatch_warning=True)
        out.append({"name": name, "response": r, "n": n, "step": step, "rate": rate, "unit": unit,
                    "water_level": level, "pre_filter": pre or [], "length": int(_npts2nfft(n)),
                    "peak": float(numpy.abs(tr.data).max()), "samples": tr.data[::step].tolist()})
    return out


def write(name, golden):
    golden = {"made_by": {"python": platform.python_version(), "numpy": numpy.__version__,
                          "scipy": scipy.__version__, "obspy": obspy.__version__}} | golden
    text = json.dumps(golden, separators=(",", ":")).replace("},{", "},\n{")
    pathlib.Path("waveform/response/testdata", name).write_text(text + "\n")


def main():
    warnings.simplefilter("ignore")
    lengths = list(range(1, 40)) + list(range(2490, 2530)) + [12241, 13999, 20000, 65537, 99991, 1800028, 1800029,
                                                               1800031]
    write("golden.json", {"series": series(5).tolist(), "evaluated": evaluated(), "removed": removed(),
                          "lengths": [[n, int(_npts2nfft(n))] for n in lengths]})


if __name__ == "__main__":
    main()
