"""Every word for people comes from one catalogue, so that a language is one more file."""

import json
from functools import cache
from string import Formatter

from cmdiad_core.resources import resource

#: Names of the languages in themselves.
LANGUAGES = {"en": "English", "de": "Deutsch"}
#: Languages that write 1.000,5 for a thousand and a half.
_DECIMAL_COMMA = {"de"}
_SWAPPED = str.maketrans(".,", ",.")
#: Languages with a space between a number and its percent sign.
_SPACED_PERCENT = {"de"}
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


def spoken() -> str:
    """Return the language that is spoken now, as two letters."""
    return _chosen


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return the texts of a language by key."""
    entries: dict[str, str] = json.loads(resource(f"text/{language}.json").read_text("utf-8"))
    return entries


def text(key: str, **values: object) -> str:
    """Return the text `key` with `values` filled in; `KeyError` where there is none."""
    return _FORMATTER.vformat(catalogue(_chosen)[key], (), values)


def known_text(key: str, otherwise: str) -> str:
    """Return the text `key`, or other words where the catalogue does not know it."""
    return catalogue(_chosen).get(key, otherwise)


def inside(title: str) -> str:
    """Return a title as it is written inside a sentence; abbreviations keep their capitals."""
    if _chosen in _CAPITAL_NOUNS or title[:2].isupper():
        return title
    return title[:1].lower() + title[1:]


def number(value: float, form: str = "z.2f") -> str:
    """Return a number as the language writes it; `form` is that of Python's format strings."""
    return localised(format(value, form))


def localised(written: str) -> str:
    """Return a number that was written with a decimal point as the language writes it."""
    if _chosen in _DECIMAL_COMMA:
        written = written.translate(_SWAPPED)
    if _chosen in _SPACED_PERCENT and written.endswith("%"):
        written = f"{written[:-1].rstrip()} %"
    return written


class _Formatter(Formatter):
    """Fills in numbers as the language writes them."""

    def format_field(self, value: object, format_spec: str) -> str:
        written: str = super().format_field(value, format_spec)
        return localised(written) if isinstance(value, int | float) else written


_FORMATTER = _Formatter()
