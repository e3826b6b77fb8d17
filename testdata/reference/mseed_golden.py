"""What ObsPy reads, for the tests of waveform/mseed.

usage: mseed_golden.py SHARED_DATA_DIR > waveform/mseed/testdata/obspy-segments.csv
       mseed_golden.py encodings > waveform/mseed/testdata/obspy-encodings.csv

The first lists segments of recordings that decode-expected.csv does not. libmseed 3 does not read these files; ObsPy does: a start time with 10000 ticks in
the second, sequence numbers of zero bytes, control headers before the data.

The second has the samples of the gain-ranged encodings of single networks, for payloads
that are made here and in the test alike: all 16-bit words in rising order (of SRO those
with gain codes up to 10), and for 24-bit integers every 251st, in records of 32768 samples.
A sample's hash is that of its value as a little endian double.
"""

import hashlib
import io
import platform
import struct
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


# code of blockette 1000: name, bytes a word, number of words
ENCODINGS = {
    12: ("GEOSCOPE24", 3, (1 << 24) // 251),
    13: ("GEOSCOPE163", 2, 1 << 16),
    14: ("GEOSCOPE164", 2, 1 << 16),
    16: ("CDSN", 2, 1 << 16),
    30: ("SRO", 2, 11 << 12),
    32: ("DWWSSN", 2, 1 << 16),
}
IN_RECORD = 32768


def record(code, big, words, size):
    """One miniSEED 2 record, of 2^17 bytes, with a big endian header and blockette 1000."""
    head = b"000001D " + b"MADE   BHZXX" + struct.pack(">HHBBBBH", 2020, 1, 0, 0, 0, 0, 0)
    head += struct.pack(">HhhBBBBiHH", len(words), 1, 1, 0, 0, 0, 1, 0, 64, 48)
    head += struct.pack(">HHBBBB", 1000, 0, code, int(big), 17, 0)
    payload = b"".join(w.to_bytes(size, "big" if big else "little") for w in words)
    return (head.ljust(64, b"\0") + payload).ljust(1 << 17, b"\0")


def encodings():
    print("encoding,order,samples,first,last,sha256")
    for code, (name, size, count) in ENCODINGS.items():
        words = [i * (251 if size == 3 else 1) for i in range(count)]
        for big in (True, False):
            if size == 3 and not big:
                continue  # ObsPy's bytes are out of place: values of more than 24 bits
            values = []
            for at in range(0, count, IN_RECORD):
                raw = record(code, big, words[at : at + IN_RECORD], size)
                values.append(obspy.read(io.BytesIO(raw), format="MSEED")[0].data.astype("<f8"))
            all_values = numpy.concatenate(values)
            digest = hashlib.sha256(all_values.tobytes()).hexdigest()
            order = "big" if big else "little"
            print(f"{name},{order},{len(all_values)},{all_values[0]!s},{all_values[-1]!s},{digest}")


def segments(data):
    print("file,id,start,end,rate,samples,sha256")
    for name in FILES:
        for trace in obspy.read(f"{data}/{name}", format="MSEED"):
            s = trace.stats
            digest = hashlib.sha256(trace.data.astype("<i4").tobytes()).hexdigest()
            print(f"{name},{trace.id},{s.starttime},{s.endtime},{s.sampling_rate:g},{s.npts},{digest}")


warnings.simplefilter("ignore")
print(f"# ObsPy {obspy.__version__}, NumPy {numpy.__version__}, Python {platform.python_version()}")
if sys.argv[1] == "encodings":
    encodings()
else:
    segments(sys.argv[1])
