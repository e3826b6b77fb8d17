"""The default recipe over an archive, as an ObsPy script does it, timed.

Usage: python bench_obspy.py --archive DIR --stations FILE --events FILE --processes N

One task is one event at one instrument: read the windows of its channels from
the day files of an SDS archive, process and measure each channel, rotate the
horizontals. Tasks are spread over a multiprocessing.Pool. The work is that of
recipe_golden.py, by the same functions, so its numbers are the same numbers.

The seconds printed are wall time from after the imports to the last result:
reading events and stations, starting the pool, reading waveforms, computing,
and sending the rows to the parent are in; starting Python and importing ObsPy,
SciPy and NumPy are not. Nothing is written unless --output is given (one row a
line). BLAS gets one thread per process, since the pool already fills the cores.
Travel times are those of constant velocities; picks in the events are ignored.
"""
import os

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")      # before NumPy is imported

import argparse
import json
import multiprocessing
import sys
import time
from pathlib import Path

import obspy

import recipe_golden as recipe
import windows

DAY = 86400
MARGIN = 1.0      # s read beyond the window on each side; windows.cut cuts exactly
FRINGE = 300.0    # s after midnight in which the day before may hold the first samples

_worker = {}      # archive, epochs, origins: the same in all processes, never changed


def begin(archive, epochs, origins):
    """Give a new process what all its tasks read."""
    _worker.update(archive=archive, epochs=epochs, origins=origins)


def day_files(archive, key, start, end):
    """The existing SDS files of a channel that may hold samples of [start, end]."""
    network, station, location, channel = key
    day = obspy.UTCDateTime((start - FRINGE).date)
    while day <= end:
        path = Path(archive, str(day.year), network, station, f"{channel}.D",
                    f"{network}.{station}.{location}.{channel}.D.{day.year}.{day.julday:03d}")
        if path.exists():
            yield path
        day += DAY


def read_window(archive, key, epochs, origin):
    """The traces of one channel that the recipe's read window wants."""
    try:
        _, path = windows.choose_epoch(epochs, origin)
    except windows.Failure:
        return []
    before = windows.NOISE_BEFORE + windows.PAD + MARGIN
    after = windows.SIGNAL_AFTER + windows.PAD + MARGIN
    start = obspy.UTCDateTime(ns=path["p"]) - before
    end = obspy.UTCDateTime(ns=path["s"]) + after
    end += (end - start) / 8  # the read window is lengthened to a common length
    traces = []
    for name in day_files(archive, key, start, end):
        traces += obspy.read(str(name), format="MSEED", starttime=start, endtime=end).traces
    return traces


def one_item(task):
    """Rows of one event at one instrument; none where the archive has no data."""
    number, channels = task
    origin, epochs = _worker["origins"][number], _worker["epochs"]
    members = {}
    for key in channels:
        traces = read_window(_worker["archive"], key, epochs[key], origin)
        if traces:
            members[key] = traces
    return recipe.instrument_rows(members, epochs, origin) if members else []


def xml_files(name):
    """A file, or the .xml files of a folder."""
    path = Path(name)
    return sorted(path.glob("*.xml")) if path.is_dir() else [path]


def read_origins(name):
    """The preferred origin, else the first, of every event that has one."""
    origins = []
    for path in xml_files(name):
        for event in obspy.read_events(str(path)):
            origin = event.preferred_origin() or (event.origins[0] if event.origins else None)
            if origin is not None:
                origins.append(origin)
    return origins


def read_epochs(name):
    inventory = obspy.Inventory()
    for path in xml_files(name):
        inventory += obspy.read_inventory(str(path))
    return windows.channel_epochs(inventory)


def tasks_of(origins, epochs):
    """Every event at every instrument, as (number of the origin, channel keys)."""
    instruments = {}
    for key in sorted(epochs):
        instruments.setdefault(key[:3] + (key[3][:-1],), []).append(key)
    return [(number, channels) for number in range(len(origins))
            for channels in instruments.values()]


def run(args):
    """Do all tasks; the counts, the seconds and the rows."""
    began = time.perf_counter()
    origins, epochs = read_origins(args.events), read_epochs(args.stations)
    tasks = tasks_of(origins, epochs)
    counts = {"items": 0, "windows": 0, "failed": 0, "without_data": 0}
    rows = []
    with multiprocessing.Pool(args.processes, begin, (args.archive, epochs, origins)) as pool:
        for result in pool.imap_unordered(one_item, tasks):
            parts = [r for r in result if not r["component"].startswith("RotD")]
            failed = sum("failure" in r for r in parts)
            counts["items" if result else "without_data"] += 1
            counts["windows"] += len(parts) - failed
            counts["failed"] += failed
            rows += result
    return {**counts, "seconds": time.perf_counter() - began}, rows


def main():
    parser = argparse.ArgumentParser(description="time the default recipe with ObsPy")
    parser.add_argument("--archive", required=True, metavar="DIR", help="root of an SDS archive")
    parser.add_argument("--stations", required=True, metavar="FILE",
                        help="StationXML with responses, or a folder of them")
    parser.add_argument("--events", required=True, metavar="FILE",
                        help="QuakeML, or a folder of it")
    parser.add_argument("--processes", type=int, default=os.cpu_count(), metavar="N",
                        help="processes of the pool (default: one per core)")
    parser.add_argument("--output", metavar="FILE", help="write the rows here, one JSON a line")
    args = parser.parse_args()
    counts, rows = run(args)
    if args.output:
        with open(args.output, "w", encoding="utf-8") as file:
            for row in rows:
                file.write(json.dumps(recipe.plain(row), allow_nan=False) + "\n")
    json.dump({**counts, "processes": args.processes, "made_with": recipe.made_with()}, sys.stdout)
    print()


if __name__ == "__main__":
    main()
