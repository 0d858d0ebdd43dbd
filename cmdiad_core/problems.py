"""What is wrong with a file, said in the language that is spoken.

The code says it in English; other languages translate whole sentences by their pattern, in which
``{}`` stands for what differs each time.
"""

import json
import re
from functools import cache

from cmdiad_core.resources import resource
from cmdiad_core.text import localised, spoken

_GAP = "{}"
_NUMBER = re.compile(r"-?\d+\.\d+( ?%)?")


def in_words(problem: str) -> str:
    """Return an English problem in the language that is spoken; as it is where unknown there."""
    return problem if spoken() == "en" else _translated(spoken(), problem)


@cache
def sentences(language: str) -> dict[str, str]:
    """Return what is said in a language by English pattern."""
    path = resource(f"text/problems.{language}.json")
    entries: dict[str, str] = json.loads(path.read_text("utf-8"))
    return entries


@cache
def _patterns(language: str) -> list[tuple[re.Pattern[str], str]]:
    # The more a pattern says itself, the surer it is the one that was meant.
    known = sorted(sentences(language).items(), key=lambda entry: -len(entry[0]))
    return [
        (re.compile("(.*?)".join(map(re.escape, english.split(_GAP))), re.DOTALL), said)
        for english, said in known
    ]


def _translated(language: str, problem: str) -> str:
    for pattern, said in _patterns(language):
        if found := pattern.fullmatch(problem):
            # A problem may give another one as its reason.
            return said.format(*(_translated(language, part) for part in found.groups()))
    return localised(problem) if _NUMBER.fullmatch(problem) else problem
