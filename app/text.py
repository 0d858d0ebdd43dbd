"""Every word on the screen comes from one catalogue, so that a language is one more file."""

import json
from functools import cache

from cmdiad_core.resources import resource

LANGUAGE = "en"


@cache
def catalogue(language: str = LANGUAGE) -> dict[str, str]:
    """Return the texts of a language by key."""
    entries: dict[str, str] = json.loads(resource(f"text/{language}.json").read_text("utf-8"))
    return entries


def text(key: str, **values: object) -> str:
    """Return the text `key` with `values` filled in; `KeyError` where there is none."""
    return catalogue()[key].format(**values)


def inside(title: str) -> str:
    """Return a title as it is written inside a sentence; abbreviations keep their capitals."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]
