"""Reference numbers for waveform/source from NumPy and SciPy.

    python testdata/reference/source.py

run from the root of the repository, writes waveform/source/testdata/golden.json: source
spectra on their way to a station, written down anew from Brune (1970), Boore (2003) and
the sources of the path terms, in SI; fits of made spectra with scattered amplitudes by
scipy.optimize.least_squares over logarithm of the moment, logarithm of the corner
frequency and kappa, all at once and from several starts; and local magnitudes.
"""

import json
import math
import pathlib
import platform

import numpy as np
import scipy
from scipy.optimize import least_squares

ROCK = np.array([(0.001, 1.00), (0.009, 1.01), (0.025, 1.03), (0.049, 1.06), (0.081, 1.10), (0.15, 1.19), (0.37, 1.39),
                 (0.68, 1.58), (1.11, 1.77), (2.36, 2.24), (5.25, 2.75), (60.3, 4.49)])


def defaults(**changes):
    o = {"kind": "acceleration", "distance": 10e3, "radiation": 0.55, "partition": 1 / math.sqrt(2), "free_surface": 2.0,
         "density": 2800.0, "velocity": 3700.0, "corner": 0.4906, "reference": 1000.0, "spreading": [[0.0, 1.0]],
         "q": 0.0, "q_exponent": 0.0, "q_velocity": 3700.0, "rock": False}
    return {**o, **changes}


def factor(o, r):
    """Geometric spreading at r over that at the reference distance, by steps of its exponent."""
    def at(r):
        g, parts = 1.0, o["spreading"]
        for i, (start, exponent) in enumerate(parts):
            end = parts[i + 1][0] if i + 1 < len(parts) else math.inf
            if r > start:
                g *= (min(r, end) / max(start, 1.0))**-exponent
        return g
    return at(r) / at(o["reference"])


def model(o, f, moment, corner, kappa):
    k = ["displacement", "velocity", "acceleration"].index(o["kind"])
    c = o["radiation"] * o["partition"] * o["free_surface"] / (4 * np.pi * o["density"] * o["velocity"]**3 * o["reference"])
    a = c * moment * (2 * np.pi * f)**k / (1 + (f / corner)**2) * factor(o, o["distance"])
    if o["q"]:
        a = a * np.exp(-np.pi * f * o["distance"] / (o["q"] * f**o["q_exponent"] * o["q_velocity"]))
    if o["rock"]:
        a = a * np.exp(np.interp(f, ROCK[:, 0], np.log(ROCK[:, 1])))
    return a * np.exp(-np.pi * kappa * f)


OPTIONS = [
    defaults(),
    defaults(kind="velocity", distance=73e3, radiation=0.63, partition=1.0, free_surface=1.0, density=2700.0, velocity=3200.0,
             corner=0.26, q=120.0, q_exponent=0.7, q_velocity=3100.0),
    defaults(kind="displacement", distance=350e3, spreading=[[0.0, 1.0], [70e3, 0.0], [130e3, 0.5]], q=680.0, q_exponent=0.36),
    defaults(distance=55.3e3, spreading=[[0.0, 1.0], [40e3, 0.5]], q=180.0, q_exponent=0.45, q_velocity=3500.0, rock=True),
    defaults(distance=400.0, spreading=[[0.0, 1.3]], rock=True),
    defaults(distance=20e3, reference=90e3, spreading=[[0.0, 1.3], [50e3, 0.2]]),
]


def spectra():
    f = np.concatenate([[0.0005], np.logspace(-2, 2, 24), [0.37, 60.3]])
    out = []
    for o in OPTIONS:
        for moment, corner, kappa in ((1e15, 2.0, 0.035), (3.7e19, 0.08, 0.0), (2.5e11, 31.0, 0.006)):
            out.append({"options": o, "moment": moment, "corner": corner, "kappa": kappa, "freqs": f.tolist(),
                        "amplitudes": model(o, f, moment, corner, kappa).tolist()})
    return out


def scatter(n, seed):
    """n numbers that are about normal."""
    out, s = [], seed
    for _ in range(n):
        v = -6.0
        for _ in range(12):
            s = (1103515245 * s + 12345) % 2**31
            v += s / 2**31
        out.append(v)
    return np.array(out)


def fit(o, f, a, std, free, kappa):
    def residuals(p):
        k = p[2] if free else kappa
        return (np.log(a) - np.log(model(o, f, np.exp(p[0]), np.exp(p[1]), k))) / std

    bounds = [(-np.inf, np.log(f.min() / 2)), (np.inf, np.log(2 * f.max()))]
    if free:
        bounds = [bounds[0] + (0.0,), bounds[1] + (np.inf,)]
    best = None
    for corner in np.geomspace(f.min(), f.max(), 9):
        start = [math.log(1e15), math.log(corner)] + ([0.02] if free else [])
        r = least_squares(residuals, start, bounds=bounds, jac="3-point", x_scale="jac", xtol=1e-15, ftol=1e-15, gtol=1e-15, max_nfev=5000)
        if best is None or r.cost < best.cost:
            best = r
    n = len(best.x)
    w = 1 / std**2
    variance = 2 * best.cost / (len(f) - n)
    cov = np.linalg.inv(best.jac.T @ best.jac) * variance
    log = np.log(a)
    mean = np.sum(w * log) / np.sum(w)
    return {"moment": math.exp(best.x[0]), "corner": math.exp(best.x[1]), "kappa": float(best.x[2]) if free else kappa,
            "objective": 2 * best.cost / float(np.sum(w)), "r2": 1 - 2 * best.cost / float(np.sum(w * (log - mean)**2)),
            "ln_moment": math.sqrt(cov[0, 0]), "ln_corner": math.sqrt(cov[1, 1]),
            "ln_stress_drop": math.sqrt(cov[0, 0] + 9 * cov[1, 1] + 6 * cov[0, 1]),
            "kappa_error": math.sqrt(cov[2, 2]) if free else None}


def fits():
    out = []
    for i, (o, moment, corner, kappa, size, free, weighted) in enumerate((
            (OPTIONS[0], 1e15, 2.0, 0.035, 0.0, False, False), (OPTIONS[0], 1e15, 2.0, 0.035, 0.2, False, False),
            (OPTIONS[0], 1e15, 2.0, 0.035, 0.2, True, False), (OPTIONS[3], 4e16, 0.7, 0.05, 0.5, True, True),
            (OPTIONS[1], 2e14, 6.0, 0.02, 0.3, False, True), (OPTIONS[2], 6e17, 0.31, 0.03, 0.4, True, False),
            (OPTIONS[5], 5e15, 1.1, 0.01, 0.1, True, True))):
        n = 60
        f = np.geomspace(0.1, 25, n)
        a = model(o, f, moment, corner, kappa) * np.exp(size * scatter(n, i + 1))
        std = 0.1 + 0.05 * (np.arange(n) % 7) if weighted else np.ones(n)
        out.append({"options": o, "freqs": f.tolist(), "amplitudes": a.tolist(), "std": std.tolist() if weighted else None,
                    "free": free, "fixed": kappa, "scatter": size, **fit(o, f, a, std, free, kappa)})
    return out


def magnitudes():
    out = []
    for nm, km in ((1.0, 10.0), (345.6, 17.0), (1e4, 100.0), (2.5e6, 640.0), (77.0, 1000.0)):
        trace = nm * 1e-9 * 2080
        out.append({"trace": trace, "distance": km * 1e3,
                    "iaspei": math.log10(nm) + 1.11 * math.log10(km) + 0.00189 * km - 2.09,
                    "hutton_boore": math.log10(trace * 1e3) + 1.110 * math.log10(km / 100) + 0.00189 * (km - 100) + 3.0})
    return out


def main():
    golden = {
        "made_by": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__},
        "spectra": spectra(), "fits": fits(), "magnitudes": magnitudes(),
    }
    text = json.dumps(golden, separators=(",", ":"), allow_nan=False).replace("},{", "},\n{")
    pathlib.Path("waveform/source/testdata/golden.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
