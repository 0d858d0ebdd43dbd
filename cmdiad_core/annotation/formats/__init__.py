"""Files of annotations that other programs read and write: one format a file, found by name."""

from pathlib import Path

from cmdiad_core.annotation.formats._format import Format, Labels, Part, UnknownTypesError
from cmdiad_core.errors import InputError
from cmdiad_core.registry import names, submodule

__all__ = ["Format", "Labels", "Part", "UnknownTypesError", "annotation_format", "formats"]


def formats() -> list[str]:
    """Return the names of the formats."""
    return names(__name__)


def annotation_format(name: str) -> Format:
    """Return a format.

    Raises
    ------
    InputError
        There is none of that name.
    """
    if name not in formats():
        raise InputError(Path(name), f"is no format; there are {', '.join(formats())}")
    found: Format = submodule(__name__, name).FORMAT
    return found
