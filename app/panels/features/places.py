"""The cursor on the patch grid of a modality, and back."""

from app.cursor import Cursor
from cmdiad_core.sample import Sample

#: The last place that still belongs to a grid, in pixels from its end.
_EDGE = 1e-3


def patch_place(
    cursor: Cursor, sample: Sample, name: str, grid: tuple[int, int]
) -> tuple[float, float] | None:
    """Return row and column of the cursor in patches; None where the modality has no part in it."""
    place = cursor.on(sample, name)
    if place is None:
        return None
    height, width = _pixels(sample, name)
    row, column = place[0] * grid[0] / height, place[1] * grid[1] / width
    return min(row, grid[0] - _EDGE), min(column, grid[1] - _EDGE)


def pixel_cursor(
    row: float, column: float, sample: Sample, name: str, grid: tuple[int, int]
) -> Cursor:
    """Return the cursor at a row and column given in patches."""
    height, width = _pixels(sample, name)
    row, column = row * height / grid[0], column * width / grid[1]
    return Cursor(name, min(row, height - _EDGE), min(column, width - _EDGE))


def _pixels(sample: Sample, name: str) -> tuple[int, int]:
    # What was not measured is predicted on the grid of the rest.
    if name not in sample.measured:
        return sample.shape
    height, width = sample.measured[name].shape[:2]
    return height, width
