"""What a reader of fixed columns in Python makes of the CSS 3.0 tables of the shared recordings.

Usage, from the root of the repository:

    python testdata/reference/css.py SHARED_DATA_DIR > waveform/css/testdata/golden.json

Columns are cut at the character positions of the schema reference manual (Anderson et al. 1990,
Technical Report C90-01). Each row is told by 16 digits of the SHA-256 of its content, spelled so that two
languages can agree on it: texts as they are, integers in decimal, numbers by the bits of their float64,
times in microseconds since 1970, what is missing as nothing, between vertical bars. channels are rows of
sitechan joined with the site of their station, by hand: the tables have one site for each.

samples are what ObsPy reads from a made file of pseudo-random bytes in each datatype that it knows, by a
made wfdisc table.
"""

import datetime
import hashlib
import json
import pathlib
import platform
import struct
import sys
import tempfile
from decimal import Decimal

import numpy
import obspy

EPOCH = datetime.datetime(1970, 1, 1)


def text(line, first, last):
    s = line[first - 1:last].strip()
    return "" if s == "-" else s


def number(line, first, last, null=None, scale=1, minus=0):
    d = Decimal(line[first - 1:last].strip())
    if null is not None and d == Decimal(null):
        return ""
    return struct.pack(">d", float(d * scale - minus) + 0.0).hex()


def seconds(line, first, last):
    d = Decimal(line[first - 1:last].strip())
    return "" if abs(d) >= 9999999999 else str(int(d * 1_000_000))


def day(line, first, last, add=0):
    n = int(line[first - 1:last])
    if n == -1:
        return ""
    t = datetime.datetime.strptime(str(n), "%Y%j") + datetime.timedelta(days=add)
    return str((t - EPOCH) // datetime.timedelta(microseconds=1))


def integer(line, first, last):
    return str(int(line[first - 1:last]))


def site(l):
    return [text(l, 1, 6), day(l, 8, 15), day(l, 17, 24), number(l, 26, 34), number(l, 36, 44), number(l, 46, 54, "-999"),
            text(l, 56, 105), text(l, 107, 110), text(l, 112, 117), number(l, 119, 127), number(l, 129, 137), seconds(l, 139, 155)]


def sitechan(l):
    return [text(l, 1, 6), text(l, 8, 15), day(l, 17, 24), integer(l, 26, 33), day(l, 35, 42), text(l, 44, 47),
            number(l, 49, 57, "-9.9999"), number(l, 59, 64, "-999.9"), number(l, 66, 71, "-999.9"), text(l, 73, 122), seconds(l, 124, 140)]


def sensor(l):
    return [text(l, 1, 6), text(l, 8, 15), seconds(l, 17, 33), seconds(l, 35, 51), integer(l, 53, 60), integer(l, 62, 69),
            number(l, 80, 95), number(l, 97, 112, "-1"), number(l, 114, 119), text(l, 121, 121), seconds(l, 123, 139)]


def wfdisc(l):
    return [text(l, 1, 6), text(l, 8, 15), seconds(l, 17, 33), integer(l, 35, 42), integer(l, 44, 51), seconds(l, 62, 78),
            integer(l, 80, 87), number(l, 89, 99), number(l, 101, 116, "0"), number(l, 118, 133, "-1"), text(l, 135, 140),
            text(l, 142, 142), text(l, 144, 145), text(l, 147, 147), text(l, 149, 212), text(l, 214, 245), integer(l, 247, 256),
            seconds(l, 267, 283)]


def channel(l, sites, networks):
    s = sites[text(l, 1, 6)]
    return [networks[text(l, 1, 6)], text(l, 1, 6), "", text(l, 8, 15), day(l, 17, 24), day(l, 35, 42, add=1),
            number(s, 26, 34), number(s, 36, 44), number(s, 46, 54, scale=1000), number(l, 49, 57, "-9.9999", scale=1000),
            number(l, 59, 64, "-999.9"), number(l, 66, 71, "-999.9", minus=90), text(l, 73, 122)]


def made_bytes(n):
    """A linear congruential generator; bit 6 is never set, so that no float is NaN."""
    out, x = bytearray(), 1
    for _ in range(n):
        x = (1664525 * x + 1013904223) % 2**32
        out.append((x >> 24) & 0xBF)
    return bytes(out)


def samples():
    out = {}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "made.w").write_bytes(made_bytes(500))
        for datatype in ("s2", "s4", "i2", "i4", "t4", "t8", "f4", "f8"):
            row = "%-6s %-8s %17.5f %8d %8d %8d %17.5f %8d %11.7f %16.6f %16.6f %-6s %-1s %-2s %-1s %-64s %-32s %10d %8d %17.5f\n" % (
                "CRY", "BHZ", 883612805, 1, 7, 1998001, 883612806.225, 50, 40, 0, -1, "-", "-", datatype, "-", ".", "made.w", 5, -1, 0)
            (folder / "made.wfdisc").write_text(row)
            trace, = obspy.read(str(folder / "made.wfdisc"), format="CSS")
            out[datatype] = [float(v) for v in trace.data]
    return out


def main():
    folder = pathlib.Path(sys.argv[1]) / "continuous" / "AZ.1998001" / "css3.0"
    lines = {t: (folder / ("demo." + t)).read_text(encoding="utf-8").splitlines() for t in ("site", "sitechan", "sensor", "wfdisc", "snetsta")}
    sites = {text(l, 1, 6): l for l in lines["site"]}
    networks = {text(l, 17, 22): text(l, 1, 8) for l in lines["snetsta"]}
    assert len(sites) == len(lines["site"])
    tables = {"site": map(site, lines["site"]), "sitechan": map(sitechan, lines["sitechan"]), "sensor": map(sensor, lines["sensor"]),
              "wfdisc": map(wfdisc, lines["wfdisc"]), "channels": (channel(l, sites, networks) for l in lines["sitechan"])}
    digests = {k: [hashlib.sha256("|".join(r).encode()).hexdigest()[:16] for r in rows] for k, rows in tables.items()}
    versions = "ObsPy %s, NumPy %s" % (obspy.__version__, numpy.__version__)
    json.dump({"source": "fixed columns in Python " + platform.python_version(), "reader": versions, "samples": samples(), **digests}, sys.stdout, indent=0)
    print()


main()
