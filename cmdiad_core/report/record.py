"""An inspection as plain values, for JSON files and other programs."""

import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cmdiad_core.inspection import Inspection, Region

#: Raised whenever a field changes its meaning or goes.
SCHEMA = 1


def record(inspection: Inspection, files: Mapping[str, Path]) -> dict[str, Any]:
    """Return everything but the maps of an inspection, as values that JSON has.

    Parameters
    ----------
    inspection : Inspection
        What the detector says of a part.
    files : mapping of str to Path
        Where each modality was read from (`Sample.files`).

    Returns
    -------
    dict
        Numbers that are not finite become None, lists of modalities are sorted.
    """
    limits = inspection.operating_point
    return {
        "schema": SCHEMA,
        "id": inspection.sample_id,
        "model": inspection.model_id,
        "using": sorted(inspection.using),
        "predicting": sorted(inspection.predicting),
        "score": _plain(inspection.score),
        "p_value": _plain(inspection.p_value),
        "calibration_size": int(inspection.calibration_size),
        "verdict": inspection.verdict.value,
        "limits": {
            "accept_below": _plain(limits.accept_below),
            "reject_from": _plain(limits.reject_from),
        },
        "score_without_predictions": _plain(inspection.score_without_predictions),
        "p_value_without_predictions": _plain(inspection.p_value_without_predictions),
        "verdict_without_predictions": inspection.verdict_without_predictions.value,
        "confidence": {
            name: _plain(inspection.modalities[name].mean_confidence)
            for name in sorted(inspection.predicting)
        },
        "regions": [_region(region) for region in inspection.regions],
        "seconds": {step: _plain(value) for step, value in inspection.seconds.items()},
        "files": {name: str(path) for name, path in files.items()},
    }


def _region(region: Region) -> dict[str, Any]:
    return {name: _plain(value) for name, value in asdict(region).items()}


def _plain(value: Any) -> Any:
    """Return a value of a region or an inspection without NumPy types and infinities."""
    if value is None or isinstance(value, str):
        return None if value is None else str(value)
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    number = value.item() if hasattr(value, "item") else value
    return number if isinstance(number, int) or math.isfinite(number) else None
