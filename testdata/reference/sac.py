"""SAC files that ObsPy writes, and what ObsPy reads from recordings.

usage: sac.py SHARED_DATA_DIR, from the root of the repository

writes waveform/sac/testdata/*.sac and golden.json. ObsPy knows header version 6 only:
the footer of version 7 is packed here, after the SAC manual.
"""

import hashlib
import json
import pathlib
import platform
import struct
import sys
import warnings

import numpy
import obspy
from obspy.io.sac import SACTrace, arrayio, header

OUT = pathlib.Path("waveform/sac/testdata")
FOOTER = ("delta b e o a t0 t1 t2 t3 t4 t5 t6 t7 t8 t9 f evlo evla stlo stla unused6 unused7").split()
FOOTER[-2:] = ["internal1", "internal2"]  # SB and SDELTA, as ObsPy names words 54 and 55


def samples(n):
    i = numpy.arange(n, dtype="f8")
    return (1000 * numpy.sin(i * 0.37) + i / 7).astype("f4")


def words():
    """A header in which every variable has a value of its own."""
    hf = numpy.arange(70, dtype="f4") + numpy.float32(0.1)
    hi = numpy.arange(40, dtype="i4") + 1000
    hs = numpy.array([("K%02d" % i).ljust(8) for i in range(24)], dtype="|S8")
    for name, v in {"delta": 0.01, "b": 0.000123, "e": 0.360123}.items():
        hf[header.FLOATHDRS.index(name)] = v
    fixed = {"nzyear": 2024, "nzjday": 366, "nzhour": 23, "nzmin": 59, "nzsec": 58, "nzmsec": 999, "nvhdr": 6,
             "npts": 37, "iftype": 1, "leven": 1, "lpspol": 0, "lovrok": 1, "lcalda": 0}
    for name, v in fixed.items():
        hi[header.INTHDRS.index(name)] = v
    for i, name in enumerate(header.FLOATHDRS):
        if name.startswith("unused") and i > 63:  # word 63 is ADJTM in the manual
            hf[i] = -12345
    for i, name in enumerate(header.INTHDRS):
        if name.startswith("unused") and i != 27:  # word 97 is IBODY in the manual
            hi[i] = -12345
    return hf, hi, hs


def footer(hf, order):
    """Doubles that float32 does not hold, put into the header as well."""
    own = {"delta": 1 / 99.999123, "b": 123456.000123457}
    index = [header.FLOATHDRS.index(n) for n in FOOTER]
    values = [own.get(n, float(hf[i]) * (1 + 1e-12)) for n, i in zip(FOOTER, index)]
    hf = hf.copy()
    hf[index] = values
    return hf, values, struct.pack(order + "22d", *values)


def named(hf, hi, hs):
    f = dict(zip(header.FLOATHDRS, (float(v) for v in hf)))
    i = dict(zip(header.INTHDRS, (int(v) for v in hi)))
    s = dict(zip(header.STRHDRS, (v.decode() for v in hs)))
    return {"floats": f, "ints": i, "texts": s}


def made():
    hf, hi, hs = words()
    data = samples(37)
    for order, name in (("little", "little.sac"), ("big", "big.sac")):
        arrayio.write_sac(str(OUT / name), hf, hi, hs, data=data, byteorder=order)
    hi7 = hi.copy()
    hi7[header.INTHDRS.index("nvhdr")] = 7
    for order, code, name in (("little", "<", "little7.sac"), ("big", ">", "big7.sac")):
        hf7, values, packed = footer(hf, code)
        arrayio.write_sac(str(OUT / name), hf7, hi7, hs, data=data, byteorder=order)
        with open(OUT / name, "ab") as out:
            out.write(packed)
    arrayio.write_sac_ascii(str(OUT / "text.sac"), hf, hi, hs, data=data)
    return {**named(hf, hi, hs), "footer": dict(zip(FOOTER, values)), "data": [float(v) for v in data]}


def recording(path):
    text = path.name == "testxy.sac"
    try:
        t = SACTrace.read(str(path), byteorder=None, checksize=False, ascii=text)
        hf, hi, hs, data = t._hf, t._hi, t._hs, t.data
    except Exception as error:
        return {"error": type(error).__name__}
    stats = t.to_obspy_trace().stats
    name = named(hf, hi, hs)
    drop = lambda d, null: {k: v for k, v in d.items() if v != null and not k.startswith(("unused", "internal"))}
    return {"floats": drop(name["floats"], -12345.0), "ints": drop(name["ints"], -12345),
            "id": ".".join((stats.network, stats.station, stats.location, stats.channel)),
            "start": stats.starttime.ns, "rate": stats.sampling_rate, "npts": len(data),
            "sha256": hashlib.sha256(data.astype("<f4").tobytes()).hexdigest()}


def main(shared):
    warnings.simplefilter("ignore")
    root = pathlib.Path(shared)
    files = sorted(p for p in root.rglob("*") if p.is_file() and ".sac" in p.name.lower() and ".sacpz" not in p.name)
    golden = {"made_by": {"obspy": obspy.__version__, "numpy": numpy.__version__, "python": platform.python_version()},
              "made": made(), "files": {p.relative_to(root).as_posix(): recording(p) for p in files}}
    with open(OUT / "golden.json", "w") as out:
        out.write(json.dumps(golden, indent=None, separators=(",", ":")).replace(',"formats', ',\n"formats').replace(',"events', ',\n"events').replace('"made":', '\n"made":').replace('"files":', '\n"files":') + "\n")


main(sys.argv[1])
