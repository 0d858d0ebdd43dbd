import numpy as np
import pytest

from cmdiad_core.inspection import (
    Inspection,
    ModalityResult,
    OperatingPoint,
    Provenance,
)
from cmdiad_core.sample import Sample
from cmdiad_core.scoring import find_regions

SHAPE = (40, 60)
LIMITS = OperatingPoint(accept_below=0.8, reject_from=1.0)


@pytest.fixture
def make():
    return make_pair


def make_pair(
    name: str = "test/dent/003",
    peak: float = 2.0,
    *,
    metric: bool = False,
    limits: OperatingPoint = LIMITS,
    without: float | None = None,
    square: tuple[slice, slice] = (slice(10, 20), slice(30, 44)),
) -> tuple[Sample, Inspection]:
    """A part of uniform grey with one square defect that RGB saw and infrared is predicted for."""
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(np.float32)
    cloud = np.stack([columns * 1e-3, rows * 1e-3, np.full(SHAPE, 0.3)], -1).astype(np.float32)
    measured = {
        "rgb": np.full((*SHAPE, 3), 0.5, np.float32),
        **({"cloud": cloud} if metric else {}),
    }
    seen = np.full(SHAPE, 0.1, np.float32)
    seen[square] = peak
    modalities = {
        "rgb": ModalityResult(Provenance.MEASURED, seen, peak),
        "cloud": (
            ModalityResult(Provenance.MEASURED, 0.5 * seen, peak / 2)
            if metric
            else ModalityResult(Provenance.ABSENT)
        ),
        "infrared": ModalityResult(
            Provenance.PREDICTED,
            0.9 * seen,
            0.9 * peak,
            confidence=np.array([[0.25, 0.75], [np.nan, 0.5]], np.float32),
        ),
    }
    sources = {n: (r.provenance, r.map) for n, r in modalities.items() if r.map is not None}
    inspection = Inspection(
        sample_id=name,
        model_id="pouch-7",
        score=peak,
        p_value=1 / 24,
        calibration_size=23,
        operating_point=limits,
        map=seen,
        modalities=modalities,
        regions=find_regions(seen, limits.accept_below, sources, cloud if metric else None),
        score_without_predictions=peak if without is None else without,
        p_value_without_predictions=2 / 24,
        seconds={"encode": 0.125},
    )
    return Sample(name, measured, metric=metric), inspection
