"""New defect types: their digits and colours, and what the audit trail holds of them."""

import colorsys
import math
from collections.abc import Sequence
from dataclasses import asdict
from itertools import product
from typing import Any

import sqlalchemy as sa

from cmdiad_core.edits import DefectType
from cmdiad_core.store import audit
from cmdiad_core.store.schema import defect_types

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


def add_type(connection: sa.Connection, added: DefectType, person: str) -> None:
    """Add a type, and tell the audit trail of it."""
    connection.execute(defect_types.insert().values(asdict(added)))
    audit_type(connection, added, person)


def audit_type(connection: sa.Connection, added: DefectType, person: str) -> None:
    """Tell the audit trail of a new type."""
    subject, after = type_told(added)
    audit.record(connection, person=person, action="defect_type", subject=subject, after=after)


def type_told(one: DefectType) -> tuple[str, dict[str, Any]]:
    """Return what the audit trail holds of a type: its name and the rest."""
    content = asdict(one)
    return content.pop("name"), content


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))
