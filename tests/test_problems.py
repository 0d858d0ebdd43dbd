"""What is wrong with a file is said in every language."""

import ast
import errno
import os
from pathlib import Path

import pytest

from cmdiad_core import text
from cmdiad_core.errors import InputError
from cmdiad_core.problems import in_words, sentences

CODE = Path(text.__file__).parents[1]
OTHERS = [language for language in text.LANGUAGES if language != "en"]


def patterns():
    """Return every English sentence of the code that tells of a problem, ``{}`` where it varies."""
    found = set()
    for path in [*CODE.glob("cmdiad_core/**/*.py"), *CODE.glob("app/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="InputError"), args=[_, said]):
                    found |= as_patterns(said)
                case ast.Raise(exc=ast.Call(func=ast.Name(id="_MisunderstoodError"), args=[said])):
                    found |= as_patterns(said)
                case ast.Assign(targets=[ast.Name(id="problem")], value=said):
                    found |= as_patterns(said)
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict(values=values)):
                    if name.endswith("_PROBLEMS"):
                        found = found.union(*map(as_patterns, values))
                case ast.FunctionDef(name=name) if name.strip("_").endswith("problem"):
                    returned = (n.value for n in ast.walk(node) if isinstance(n, ast.Return))
                    found = found.union(*map(as_patterns, returned))
    return sorted(found - {""})


def as_patterns(node):
    match node:
        case ast.Constant(value=str() as words):
            return {words}
        case ast.JoinedStr(values=parts):
            return {"".join(p.value if isinstance(p, ast.Constant) else "{}" for p in parts)}
        case ast.IfExp(body=one, orelse=other):
            return as_patterns(one) | as_patterns(other)
        case _:
            return set()


@pytest.fixture
def german():
    text.speak("de")
    yield
    text.speak("en")


@pytest.mark.parametrize("language", OTHERS)
def test_every_problem_is_said_in_every_language(language):
    said = sentences(language)
    assert [pattern for pattern in patterns() if pattern not in said] == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_takes_what_differs_each_time(language):
    for english, said in sentences(language).items():
        gaps = english.count("{}")
        words = said.format(*(f"<{gap}>" for gap in range(gaps)))
        assert all(f"<{gap}>" in words for gap in range(gaps)), english
        assert "{" not in words, english


def test_an_error_speaks_the_language(german):
    error = InputError(Path("a.tiff"), "has 2 channels; a point cloud has 3: x, y and z")
    assert str(error) == "a.tiff: hat 2 Kanäle; eine Punktwolke hat 3: x, y und z"


def test_the_reason_speaks_the_language_too(german):
    reason = os.strerror(errno.ENOENT)
    assert in_words(f"cannot be opened: {reason}") == (
        "lässt sich nicht öffnen: Datei oder Ordner nicht gefunden"
    )


def test_numbers_have_the_decimal_comma(german):
    said = in_words(
        "shows nothing that is 2.5 mm or more off its background; thin parts need a "
        "smaller plane distance"
    )
    assert "2,5 mm" in said


def test_what_no_catalogue_knows_stays_as_it_is(german):
    assert in_words("went up in smoke") == "went up in smoke"


def test_english_is_left_alone():
    assert str(InputError("a.png", "does not exist")) == "a.png: does not exist"
