"""Every word on the screen comes from one catalogue, so that a language is one more file."""

import json
from functools import cache

from cmdiad_core.modalities import modality
from cmdiad_core.resources import resource

#: Names of the languages in themselves.
LANGUAGES = {"en": "English", "de": "Deutsch"}
#: Languages that write nouns with a capital letter wherever they stand.
_CAPITAL_NOUNS = {"de"}
_FALLBACK = "en"
_chosen = _FALLBACK


def speak(language: str) -> str:
    """Take all texts from this language's catalogue from now on; return the language.

    It is English where there is no such catalogue.
    """
    global _chosen
    _chosen = language if language in LANGUAGES else _FALLBACK
    return _chosen


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return the texts of a language by key."""
    entries: dict[str, str] = json.loads(resource(f"text/{language}.json").read_text("utf-8"))
    return entries


def text(key: str, **values: object) -> str:
    """Return the text `key` with `values` filled in; `KeyError` where there is none."""
    return catalogue(_chosen)[key].format(**values)


def known_text(key: str, otherwise: str) -> str:
    """Return the text `key`, or other words where the catalogue does not know it."""
    return catalogue(_chosen).get(key, otherwise)


def modality_title(name: str) -> str:
    """Return the name of a modality; a catalogue that does not know it leaves it as it is."""
    return known_text(f"modality.{name}", modality(name).title)


def inside(title: str) -> str:
    """Return a title as it is written inside a sentence; abbreviations keep their capitals."""
    if _chosen in _CAPITAL_NOUNS or title[:2].isupper():
        return title
    return title[:1].lower() + title[1:]
