"""Reports speak the chosen language throughout."""

import re

import pypdf
import pytest

from cmdiad_core import __version__, text
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import OperatingPoint
from cmdiad_core.report import ColourScale, Report, write_html, write_pdf

SHORTEST = 6


@pytest.fixture
def german():
    text.speak("de")
    yield
    text.speak("en")


@pytest.fixture
def report(german, make):
    """Return a report that has everything to say."""
    made = Report(ColourScale(0.0, 4.0), {text.text("report.device"): "cpu"})
    limits = OperatingPoint(0.8, 2.5)
    for part in (make("a", metric=True), make("b", 5.0), make("c", 0.2), make("d", limits=limits)):
        made.add(*part)
    made.add_unread(InputError("e.tiff", "is empty; export or copy it again"))
    return made


def english():
    """Return whole English phrases of reports that German has other words for."""
    for key, words in text.catalogue("en").items():
        said = text.catalogue("de")[key]
        pieces = [words] if "{" not in words else []
        if key.startswith("report.") and words != said:
            yield from (piece for piece in pieces if len(piece) >= SHORTEST)


def test_a_page_is_german(report, tmp_path):
    write_html(report, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text("utf-8").partition("</style>")[2]
    assert [words for words in english() if f">{words}" in page] == []
    for said in ("Prüfbericht", "4 Teile geprüft, 1 nicht lesbar", "Gut unter 0,80", "Schlecht"):
        assert said in page
    assert "e.tiff</span>: ist leer; exportieren oder kopieren Sie sie erneut" in page
    assert "(gemessen)" in page
    assert re.findall(r">[^<]*\d\.\d+(?! UTC)[^<]*<", page.replace(__version__, "")) == []


def test_a_file_is_german(report, tmp_path):
    write_pdf(report, tmp_path / "report.pdf")
    pages = pypdf.PdfReader(tmp_path / "report.pdf").pages
    words = " ".join(" ".join(page.extract_text().split()) for page in pages)
    assert [said for said in english() if said in words] == []
    for said in ("Prüfbericht", "Seite 1 von", "gut unter 0,80", "Größte Region", "vorhergesagt: "):
        assert said in words


def test_the_page_says_which_language_it_is_in(report, tmp_path):
    write_html(report, tmp_path / "report.html")
    assert '<html lang="de">' in (tmp_path / "report.html").read_text("utf-8")
