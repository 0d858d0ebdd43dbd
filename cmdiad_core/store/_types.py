"""Digits and colours for new defect types."""

import colorsys
import math
from collections.abc import Sequence
from itertools import product

from cmdiad_core.edits import DefectType

_HUES = 24
_SATURATIONS, _BRIGHTNESSES = (1.0, 0.6), (1.0, 0.75)


def new_type(name: str, known: Sequence[DefectType]) -> DefectType:
    """Return a type with a free id and digit, and the colour least like those there are."""
    digits = set(range(1, 10)) - {one.digit for one in known}
    taken = [_parts(one.colour) for one in known]
    hues = [step / _HUES for step in range(_HUES)]
    colours = [
        tuple(round(255 * share) for share in colorsys.hsv_to_rgb(*one))
        for one in product(hues, _SATURATIONS, _BRIGHTNESSES)
    ]
    chosen = max(
        colours, key=lambda one: min((math.dist(one, other) for other in taken), default=0)
    )
    return DefectType(
        max((one.id for one in known), default=0) + 1,
        name,
        "#" + "".join(f"{part:02x}" for part in chosen),
        min(digits, default=None),
    )


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))
