"""The numbers at a place of a part, in words."""

import numpy as np

from app.cursor import Cursor
from app.text import number, text
from cmdiad_core.inspection import Inspection, Map, ModalityResult
from cmdiad_core.modalities import Kind, modality
from cmdiad_core.sample import Sample


def readout(sample: Sample, inspection: Inspection | None, cursor: Cursor) -> str:
    """Return pixel, coordinates, score and distances to the bank at the cursor."""
    row, column = int(cursor.row), int(cursor.column)
    words = [text("readout.pixel", row=row, column=column), *_points(sample, cursor)]
    if inspection is not None:
        shown = inspection.map_over(cursor.modality)
        if shown is not None:
            score = _pixel(shown, row, column)
            words.append(text("readout.score", score=number(score)))
        words += _distances(sample, inspection, cursor)
    return "   ·   ".join(words)


def _points(sample: Sample, cursor: Cursor) -> list[str]:
    for name, values in sample.measured.items():
        place = cursor.on(sample, name)
        if modality(name).kind is Kind.CLOUD and place is not None:
            x, y, z = (float(value) for value in values[int(place[0]), int(place[1])])
            if not np.isfinite(x):
                return [text("readout.no_point")]
            if sample.metric:
                return [text("readout.mm", x=x * 1000, y=y * 1000, z=z * 1000)]
            return [text("readout.uncalibrated", x=x, y=y, z=z)]
    return []


def _distances(sample: Sample, inspection: Inspection, cursor: Cursor) -> list[str]:
    found = []
    for name, result in inspection.modalities.items():
        place = cursor.on(sample, name)
        if result.bank_distance is not None and place is not None:
            shape = sample.measured[name].shape
            distance = _patch(result, place, (shape[0], shape[1]))
            if np.isfinite(distance):
                found.append(f"{modality(name).short} {number(distance)}")
    return [text("readout.distance", distances=", ".join(found))] if found else []


def _patch(result: ModalityResult, place: tuple[float, float], shape: tuple[int, int]) -> float:
    assert result.bank_distance is not None  # noqa: S101  (narrows the type)
    height, width = result.bank_distance.shape
    row, column = place[0] * height / shape[0], place[1] * width / shape[1]
    return _pixel(result.bank_distance, int(row), int(column))


def _pixel(values: Map, row: int, column: int) -> float:
    height, width = values.shape
    return float(values[min(row, height - 1), min(column, width - 1)])
