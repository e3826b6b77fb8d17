"""Summaries of the StationXML and QuakeML files of ../shared/data, as ObsPy reads them.

    python testdata/reference/stationxml_golden.py ../shared/data

run from the root of the repository, writes
waveform/stationxml/testdata/golden.json and waveform/quakeml/testdata/golden.json.
Sums are plain left-to-right sums in document order, so that a reader that has
the same numbers in the same order gives the same bits.
"""

import json
import pathlib
import platform
import sys
import warnings

import numpy
import obspy
from obspy.core.inventory import response as rsp


def total(values):
    s = 0.0
    for v in values:
        s += float(v)
    return s


def when(t):
    return None if t is None else t.strftime("%Y-%m-%dT%H:%M:%S.") + "%06dZ" % t.microsecond


def num(v):
    return None if v is None else float(v)


def stage(s):
    d = {"n": s.stage_sequence_number, "gain": num(s.stage_gain), "gf": num(s.stage_gain_frequency),
         "in": s.input_units, "out": s.output_units}
    if s.decimation_factor is not None:
        d["dec"] = [float(s.decimation_input_sample_rate), s.decimation_factor, s.decimation_offset,
                    float(s.decimation_delay), float(s.decimation_correction)]
    if isinstance(s, rsp.PolesZerosResponseStage):
        p, z = [complex(v) for v in s.poles], [complex(v) for v in s.zeros]
        d.update(kind="paz", type=s.pz_transfer_function_type, a0=s.normalization_factor,
                 nf=float(s.normalization_frequency), count=[len(z), len(p)],
                 sum=[total(v.real for v in z), total(v.imag for v in z),
                      total(v.real for v in p), total(v.imag for v in p)])
        if p:
            d["first"] = [p[0].real, p[0].imag]
    elif isinstance(s, rsp.FIRResponseStage):
        c = s.coefficients
        d.update(kind="fir", type=s.symmetry, count=[len(c)], sum=[total(c)])
        if c:
            d["first"] = [float(c[0])]
    elif isinstance(s, rsp.CoefficientsTypeResponseStage):
        c, q = s.numerator, s.denominator
        d.update(kind="coef", type=s.cf_transfer_function_type, count=[len(c), len(q)], sum=[total(c), total(q)])
        if c:
            d["first"] = [float(c[0])]
    elif isinstance(s, rsp.PolynomialResponseStage):
        c = s.coefficients
        d.update(kind="poly", count=[len(c)], sum=[total(c)],
                 first=[float(s.approximation_lower_bound), float(s.approximation_upper_bound)])
    elif isinstance(s, rsp.ResponseListResponseStage):
        e = s.response_list_elements
        d.update(kind="list", count=[len(e)],
                 sum=[total(v.frequency for v in e), total(v.amplitude for v in e), total(v.phase for v in e)])
    else:
        d.update(kind="gain")
    return d


def channel(net, sta, c):
    d = {"id": "%s.%s.%s.%s" % (net.code, sta.code, c.location_code.strip(), c.code),
         "from": when(c.start_date), "until": when(c.end_date),
         "pos": [num(c.latitude), num(c.longitude), num(c.elevation), num(c.depth), num(c.azimuth), num(c.dip)],
         "rate": num(c.sample_rate)}
    r = c.response
    if r is not None:
        if r.instrument_sensitivity is not None:
            i = r.instrument_sensitivity
            d["sens"] = [i.value, i.frequency]
            d["units"] = [i.input_units, i.output_units]
        if r.instrument_polynomial is not None:
            i = r.instrument_polynomial
            d["poly"] = [float(i.approximation_lower_bound), float(i.approximation_upper_bound),
                         *(float(v) for v in i.coefficients)]
            d["units"] = [i.input_units, i.output_units]
        d["stages"] = [stage(s) for s in r.response_stages]
    return d


def station_file(path):
    try:
        inventory = obspy.read_inventory(str(path), format="STATIONXML")
    except Exception as error:
        return {"error": type(error).__name__}
    out = []
    for net in inventory:
        for sta in net:
            out.append({"code": net.code + "." + sta.code, "name": sta.site.name,
                        "from": when(sta.start_date), "until": when(sta.end_date),
                        "pos": [num(sta.latitude), num(sta.longitude), num(sta.elevation)],
                        "channels": [channel(net, sta, c) for c in sta]})
    return {"stations": out}


def rid(r):
    return "" if r is None else str(r)


def made(c):
    if c is None:
        return ["", None]
    return [c.agency_id or c.author or "", when(c.creation_time)]


def event(e):
    return {
        "id": rid(e.resource_id), "type": e.event_type or "",
        "text": e.event_descriptions[0].text if e.event_descriptions else "",
        "preferred": [rid(e.preferred_origin_id), rid(e.preferred_magnitude_id)],
        "origins": [[rid(o.resource_id), when(o.time), num(o.latitude), num(o.longitude), num(o.depth),
                     o.evaluation_mode or "", o.evaluation_status or "", *made(o.creation_info),
                     [[rid(a.resource_id), rid(a.pick_id), a.phase or ""] for a in o.arrivals]] for o in e.origins],
        "magnitudes": [[rid(m.resource_id), rid(m.origin_id), m.magnitude_type or "", num(m.mag),
                        *made(m.creation_info)] for m in e.magnitudes],
        "picks": [[rid(p.resource_id), p.waveform_id.id, when(p.time), p.phase_hint or "", p.evaluation_mode or ""]
                  for p in e.picks],
    }


def event_file(path):
    try:
        return {"events": [event(e) for e in obspy.read_events(str(path), format="QUAKEML")]}
    except Exception as error:
        return {"error": type(error).__name__}


def write(path, root, marker, read):
    made_by = {"obspy": obspy.__version__, "numpy": numpy.__version__, "python": platform.python_version()}
    with open(path, "w") as f:
        f.write('{"made_by": %s,\n"files": {' % json.dumps(made_by))
        comma = "\n"
        for p in sorted(root.rglob("*")):
            if p.suffix not in (".xml", ".stationxml") or marker not in p.read_bytes()[:2000]:
                continue
            name = p.relative_to(root).as_posix()
            text = json.dumps(read(p), separators=(",", ":")).replace('{"id"', '\n{"id"')
            f.write("%s%s: %s" % (comma, json.dumps(name), text))
            comma = ",\n"
        f.write("\n}}\n")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    data = pathlib.Path(sys.argv[1])
    write("waveform/stationxml/testdata/golden.json", data, b"FDSNStationXML", station_file)
    write("waveform/quakeml/testdata/golden.json", data, b":quakeml", event_file)
