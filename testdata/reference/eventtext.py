"""What Python's csv module reads in the ComCat table of the shared recordings.

Usage, from the root of the repository:

    python testdata/reference/eventtext.py SHARED_DATA_DIR > waveform/eventtext/testdata/golden.json

Each row is told by 16 digits of the SHA-256 of its content, spelled so that two languages can agree
on it: texts as they are, numbers by the bits of their float64, times in microseconds since 1970, what
is missing as nothing, between vertical bars. The conversion to metres is exact, by decimal.
"""

import calendar
import csv
import hashlib
import json
import pathlib
import platform
import struct
import sys
from decimal import Decimal


def number(s, scale=1):
    return struct.pack(">d", float(Decimal(s) * scale)).hex() if s else ""


def time(s):
    if not s:
        return ""
    assert s[-1] == "Z" and s[10] == "T"
    date, clock = s[:-1].split("T")
    hour, minute, second = clock.split(":")
    y, m, d = map(int, date.split("-"))
    whole = calendar.timegm((y, m, d, int(hour), int(minute), 0))
    return str(int((whole + Decimal(second)) * 1_000_000))


def canonical(r):
    status = {"reviewed": ("manual", "reviewed"), "automatic": ("automatic", ""), "manual": ("manual", "")}[r["status"]]
    kind = {"quarry": "quarry blast"}.get(r["type"], r["type"])
    return "|".join([
        "smi:local/" + r["id"], kind, r["place"], time(r["time"]), number(r["latitude"]), number(r["longitude"]),
        number(r["depth"], 1000), *status, r["locationSource"] or r["net"], time(r["updated"]),
        r["magType"], number(r["mag"]), r["magSource"] or r["net"]])


def main():
    path = pathlib.Path(sys.argv[1]) / "catalog" / "catalog.csv"
    with open(path, newline="", encoding="utf-8") as f:
        rows = [canonical(r) for r in csv.DictReader(f)]
    digests = [hashlib.sha256(r.encode()).hexdigest()[:16] for r in rows]
    json.dump({"source": "Python " + platform.python_version() + " csv", "rows": digests}, sys.stdout, indent=0)
    print()


main()
