"""Every word on the screen comes from one catalogue, so that a language is one more file."""

import json
from functools import cache

from cmdiad_core.resources import resource

#: Names of the languages in themselves.
LANGUAGES = {"en": "English"}
_FALLBACK = "en"
_chosen = _FALLBACK


def speak(language: str) -> None:
    """Take all texts from this language's catalogue from now on; English if there is none."""
    global _chosen
    _chosen = language if language in LANGUAGES else _FALLBACK


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return the texts of a language by key."""
    entries: dict[str, str] = json.loads(resource(f"text/{language}.json").read_text("utf-8"))
    return entries


def text(key: str, **values: object) -> str:
    """Return the text `key` with `values` filled in; `KeyError` where there is none."""
    return catalogue(_chosen)[key].format(**values)


def inside(title: str) -> str:
    """Return a title as it is written inside a sentence; abbreviations keep their capitals."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]
