"""The words on the screen: those of the catalogue, and modalities by their names in it."""

from cmdiad_core.modalities import modality
from cmdiad_core.text import (
    LANGUAGES,
    catalogue,
    inside,
    known_text,
    localised,
    number,
    speak,
    text,
)

__all__ = [
    "LANGUAGES",
    "catalogue",
    "inside",
    "known_text",
    "localised",
    "modality_title",
    "number",
    "speak",
    "text",
]


def modality_title(name: str) -> str:
    """Return the name of a modality; a catalogue that does not know it leaves it as it is."""
    return known_text(f"modality.{name}", modality(name).title)
