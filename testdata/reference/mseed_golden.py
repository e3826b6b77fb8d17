"""Expected segments of recordings that decode-expected.csv does not list.

usage: mseed_golden.py SHARED_DATA_DIR > waveform/mseed/testdata/obspy-segments.csv

libmseed 3 does not read these files; ObsPy does: a start time with 10000 ticks in
the second, sequence numbers of zero bytes, control headers before the data.
"""

import hashlib
import platform
import sys
import warnings

import numpy
import obspy

FILES = [
    "formats/mseed2/obspy/blockette008.mseed",
    "formats/mseed2/obspy/fullseed.mseed",
    "formats/mseed2/obspy/microsecond_wrap.mseed",
    "formats/mseed2/obspy/reclen_1024_without_sequence_numbers.mseed",
]


def main(data):
    warnings.simplefilter("ignore")
    print(f"# ObsPy {obspy.__version__}, NumPy {numpy.__version__}, Python {platform.python_version()}")
    print("file,id,start,end,rate,samples,sha256")
    for name in FILES:
        for trace in obspy.read(f"{data}/{name}", format="MSEED"):
            s = trace.stats
            digest = hashlib.sha256(trace.data.astype("<i4").tobytes()).hexdigest()
            print(f"{name},{trace.id},{s.starttime},{s.endtime},{s.sampling_rate:g},{s.npts},{digest}")


main(sys.argv[1])
