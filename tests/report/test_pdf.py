import re
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pypdf
import pytest

from cmdiad_core import __version__
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import OperatingPoint, Verdict
from cmdiad_core.report import ColourScale, Judgement, Report, report, write_html, write_pdf

SCALE = ColourScale(0.0, 4.0)


def made(*items, **about) -> Report:
    content = Report(SCALE, about)
    for item in items:
        if isinstance(item, InputError):
            content.add_unread(item)
        else:
            content.add(*item)
    return content


def written(tmp_path, *items, **about) -> list[str]:
    """The words of each page."""
    return pages(write(tmp_path, made(*items, **about)))


def write(tmp_path, content) -> pypdf.PdfReader:
    write_pdf(content, tmp_path / "report.pdf")
    return pypdf.PdfReader(tmp_path / "report.pdf")


def pages(file: pypdf.PdfReader) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in file.pages]


def test_a_lot_has_a_summary_and_a_page_for_each_flagged_part(make, tmp_path):
    parts = [make("bad", 3.0), make("odd", 0.9), make("fine", 0.2), make("good", 0.1)]
    found = written(tmp_path, *parts, InputError("x.png", "ends early"), Device="2 cores")
    summary = found[0]
    for text in (
        "4 parts inspected, 1 could not be read",
        "pouch-7",
        f"cmdiad {__version__}",
        "2 cores",
        "Accept below 0.80, reject from 1.00",
        "x.png: ends early",
    ):
        assert text in summary
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", summary)
    own = [page for page in found if "The part RGB image" in page]
    assert len(own) == 2
    assert "bad" in own[0]
    assert "Score 3.00 reaches the reject limit 1.00." in own[0]
    assert "odd" in own[1]
    listed = " ".join(found)
    assert listed.index("bad") < listed.index("odd") < listed.index("fine") < listed.index("good")


def test_every_page_says_which_it_is_and_what_it_belongs_to(make, tmp_path):
    content = made(*(make(f"part {n}", 2.0) for n in range(3)))
    found = pages(write(tmp_path, content))
    for number, page in enumerate(found, start=1):
        assert f"page {number} of {len(found)}" in page
        assert f"cmdiad {__version__} · pouch-7 · {content.made:%Y-%m-%d %H:%M:%S} UTC" in page


def test_a_report_of_one_part_says_where_everything_comes_from(make, tmp_path):
    pair = make("Größe Ω 7", metric=True, without=0.6)
    words = " ".join(written(tmp_path, pair))
    region = pair[1].regions[0]
    for text in (
        "Inspection report Größe Ω 7 Model",
        "Measured RGB image, Point cloud",
        "Predicted Infrared image",
        "Infrared image, predicted",
        "0.60, verdict would be: accept",
        "The verdict rests on a prediction",
        f"{region.extent_mm:.1f} mm long, {region.area_mm2:.0f} mm²",
        "RGB image (measured)",
        "60.0 mm wide",
    ):
        assert text in words
    assert "All parts" not in words
    assert "Absent Point cloud" in " ".join(written(tmp_path, make()))


def test_a_good_part_alone_has_its_page(make, tmp_path):
    words = " ".join(written(tmp_path, make("calm", 0.2)))
    assert "No region reaches the accept limit." in words
    assert "Score 0.20 is below the accept limit 0.80." in words


def test_pictures_are_inside_in_the_colours_of_the_map(make, tmp_path):
    file = write(tmp_path, made(make(peak=3.0)))
    pictures = [image.image for page in file.pages for image in page.images]
    # The part, the fused map, which here is also that of RGB, and infrared; the cloud is absent.
    assert len(pictures) == 3
    yellow = []
    for picture in pictures:
        pixels = np.asarray(picture.convert("RGB")).astype(int)
        assert pixels.shape == (280, 420, 3)
        assert np.ptp(pixels[200, 50]) < 8
        red, _, blue = pixels[15 * 7, 37 * 7]
        yellow.append(red > blue + 30)
    assert sorted(yellow) == [False, True, True]


def test_every_typeface_is_embedded(make, tmp_path):
    file = write(tmp_path, made(make("Ä Ω"), make("b", 0.1)))
    fonts = {}
    for page in file.pages:
        for font in page["/Resources"]["/Font"].values():
            fonts[font["/BaseFont"]] = "/FontFile2" in font.get("/FontDescriptor", {})
    assert len(fonts) == 2
    assert all(fonts.values())
    assert all("DejaVuSans" in name for name in fonts)


def test_both_forms_say_the_same(make, tmp_path):
    content = made(make("a", 2.37, metric=True, without=0.6), make("b", 0.9))
    content.add(
        *make("c", 1.2),
        Judgement(Verdict.ACCEPT, "M. <i>", datetime(2026, 1, 2, tzinfo=UTC), "a & b"),
    )
    content.add(*make("d", 1.1), Judgement(None, "Bo", datetime(2026, 1, 2, tzinfo=UTC), "dust"))
    write_html(content, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text("utf-8")
    text = re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)
    for sign, name in (("<", "&lt;"), (">", "&gt;"), ("&", "&amp;")):
        text = text.replace(name, sign)
    numbers = re.compile(r"\b\d+\.\d+\b")
    printed = " ".join(pages(write(tmp_path, content)))
    assert set(numbers.findall(text)) == set(numbers.findall(printed))
    for sentence in (
        "Accept, by M. <i>, 2026-01-02 00:00:00 UTC",
        "a & b",
        "M. <i>: Accept",
        "Comment, by Bo",
    ):
        assert sentence in printed
        assert sentence in " ".join(text.split())


def test_names_from_outside_are_text(make, tmp_path):
    hostile = '<font size="90">x</font> & <a href="http://x">y</a> <img src="/etc/passwd"/>'
    file = write(tmp_path, made(make(hostile), make("\udcff\n"), InputError(hostile, hostile)))
    words = "".join("".join(pages(file)).split())
    assert words.count("".join(hostile.split())) >= 4
    assert "??" in words
    links = [note for page in file.pages for note in page.get("/Annots", [])]
    assert not [n for n in links if "/URI" in str(n.get_object().get("/A", ""))]


def test_a_name_without_blanks_stays_on_its_page(make, tmp_path):
    found = written(tmp_path, make("x" * 1000), make("y"))
    assert "".join(found).replace(" ", "").count("x" * 900) >= 1


def test_limits_that_were_moved_are_those_of_the_report(make, tmp_path):
    sample, inspection = make(peak=2.0)
    words = " ".join(written(tmp_path, (sample, inspection.judged_at(OperatingPoint(1.5, 3.0)))))
    assert "Accept below 1.50, reject from 3.00" in words
    assert "Score 2.00 lies between the accept limit 1.50 and the reject limit 3.00" in words


def test_only_the_highest_scores_have_pictures(make, tmp_path, monkeypatch):
    monkeypatch.setattr(report, "MOST_PICTURED", 2)
    found = " ".join(written(tmp_path, *(make(f"p{n}", 1.1 + n / 10) for n in range(5))))
    assert found.count("Fused map") == 2
    assert found.count("Without pictures: the report shows those of the 2 highest scores.") == 3


def test_nothing_read_is_a_report_too(tmp_path):
    words = " ".join(written(tmp_path, InputError("a.png", "ends early")))
    assert "0 parts inspected, 1 could not be read" in words
    assert "none used" in words


def test_many_regions_and_unregistered_maps_fit(make, tmp_path):
    sample, inspection = make()
    many = replace(inspection, map=None, regions=inspection.regions * 40)
    words = " ".join(written(tmp_path, (sample, many)))
    assert "And 31 more with lower scores." in words
    assert "fused by scores" in words


def test_a_folder_that_cannot_be_written_is_one_sentence(make, tmp_path):
    (tmp_path / "taken").write_text("a file", "utf-8")
    with pytest.raises(InputError, match=r"cannot be written \(") as caught:
        write_pdf(made(make()), tmp_path / "taken" / "report.pdf")
    assert "\n" not in str(caught.value)
