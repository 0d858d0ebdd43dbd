import os
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from cmdiad_core import __version__
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import OperatingPoint, Verdict
from cmdiad_core.report import ColourScale, Judgement, Report, report, write_html

SCALE = ColourScale(0.0, 4.0)
HOSTILE = "<script>alert('1')</script>\"><img src=x onerror=alert(2)> Zelle Ä/7 & {{ 1337*1337 }}"


class Page(HTMLParser):
    """Tags with attributes, and the words outside of style."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.pieces: list[str] = []
        self._inside: list[str] = []
        self.feed(text)
        self.words = " ".join(" ".join(self.pieces).split())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._inside.append(tag)

    def handle_endtag(self, tag):
        self._inside = []

    def handle_data(self, data):
        if "style" not in self._inside:
            self.pieces.append(data)

    def attributes(self, *names: str) -> list[str]:
        return [value or "" for _, found in self.tags for n, value in found.items() if n in names]


def write_report(items, path: Path, scale, about) -> None:
    made = Report(scale, about)
    for item in items:
        if isinstance(item, InputError):
            made.add_unread(item)
        else:
            made.add(*item)
    write_html(made, path)


def written(tmp_path: Path, *items, **about: str) -> Page:
    path = tmp_path / "report.html"
    write_report(iter(items), path, SCALE, about)
    return Page(path.read_text("utf-8"))


def test_the_head_says_which_model_software_time_and_limits(make, tmp_path):
    page = written(tmp_path, make(), Device="2 <cores>")
    assert "Model pouch-7" in page.words
    assert f"Software cmdiad {__version__}" in page.words
    assert re.search(r"Written \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", page.words)
    assert "Accept below 0.80, reject from 1.00" in page.words
    assert "Device 2 <cores>" in page.words


def test_verdicts_are_counted_in_words(make, tmp_path):
    parts = [make(str(peak), peak) for peak in (2.0, 3.0, 1.0, 0.9, 0.2)]
    page = written(tmp_path, *parts, InputError("x.png", "ends early"))
    assert "3 Reject 1 Undecided 1 Accept 1 Not read" in page.words
    assert "5 parts inspected, 1 could not be read" in page.words


def test_every_verdict_has_a_shape_of_its_own(make, tmp_path):
    shapes = set()
    for peak in (2.0, 0.9, 0.2):
        text = _text(tmp_path, make("part", peak))
        shapes.add(re.search(r'<span class="badge \w+">(<svg.*?</svg>)', text, re.DOTALL)[1])
    assert len(shapes) == 3


def _text(tmp_path, *items) -> str:
    write_report(items, tmp_path / "report.html", SCALE, {})
    return (tmp_path / "report.html").read_text("utf-8")


def test_parts_are_ordered_by_score(make, tmp_path):
    page = written(tmp_path, make("part-a", 0.3), make("part-b", 3.0), make("part-c", 0.9))
    places = [page.words.index(name) for name in ("part-b", "part-c", "part-a")]
    assert places == sorted(places)


def test_numbers_are_those_of_the_inspection(make, tmp_path):
    sample, inspection = make(peak=2.37, metric=True, without=0.6)
    page = written(tmp_path, (sample, inspection))
    region = inspection.regions[0]
    for text in (
        "Score 2.37 reaches the reject limit 1.00.",
        f"{inspection.p_value:.3g} (from 23 good parts: cannot be below 1/24)",
        "0.60, verdict would be: accept",
        f"{region.extent_mm:.1f} mm long, {region.area_mm2:.0f} mm²",
        f"row {region.peak[0]}, column {region.peak[1]}",
        "RGB image (measured)",
        "Measured RGB image, Point cloud Predicted Infrared image",
    ):
        assert text in page.words


def test_the_page_says_in_which_modalities_the_background_is_left_out(make, tmp_path):
    sample, inspection = make(metric=True)
    assert "Background left out" not in written(tmp_path, (sample, inspection)).words
    own = dict(inspection.modalities)
    for name in ("rgb", "cloud"):
        own[name] = replace(own[name], foreground=np.eye(8, 12, dtype=bool))
    page = written(tmp_path, (sample, replace(inspection, modalities=own)))
    assert "Background left out RGB image, Point cloud" in page.words
    # The fused map, two measured and one predicted; not the picture of the part itself.
    assert page.words.count("dashed outline: what was looked at") == 4


def test_sizes_without_a_metric_cloud_are_uncalibrated(make, tmp_path):
    page = written(tmp_path, make())
    assert "140 px, uncalibrated" in page.words
    assert " mm" not in page.words


def test_rounding_never_carries_a_score_over_a_limit(make, tmp_path):
    page = written(tmp_path, make("a", 0.9999), make("b", 0.79996, limits=OperatingPoint(0.8, 1)))
    assert "0.9999" in page.words
    assert "0.79996" in page.words
    assert "between the accept limit 0.80 and the reject limit 1.00" in page.words


def test_predictions_are_never_shown_as_measured(make, tmp_path):
    page = written(tmp_path, make())
    assert "Infrared image, predicted" in page.words
    assert "Infrared image, measured" not in page.words
    figures = [found for tag, found in page.tags if tag == "figure"]
    assert [found.get("class") for found in figures] == [None, None, None, "predicted"]


def test_a_verdict_that_rests_on_a_prediction_says_so(make, tmp_path):
    sentence = "The verdict rests on a prediction"
    page = written(tmp_path, make(without=0.6))
    assert f"{sentence}: what was measured gives 0.60, verdict would be: accept." in page.words
    assert sentence not in written(tmp_path, make(without=1.4)).words


def test_names_from_outside_are_text(make, tmp_path):
    broken = InputError(f"/data/{HOSTILE}.png", HOSTILE)
    page = written(tmp_path, make(HOSTILE), broken, Data=HOSTILE)
    assert not [tag for tag, _ in page.tags if tag == "script"]
    assert not page.attributes("onerror")
    assert page.words.count(HOSTILE) == 5
    assert "1787569" not in page.words


def test_names_of_no_encoding_do_not_stop_the_report(make, tmp_path):
    assert "part ?" in written(tmp_path, make("part \udcff\n")).words


def test_the_page_needs_no_other_file(make, tmp_path):
    page = written(tmp_path, make(), make("b", 0.2, metric=True))
    for value in page.attributes("src", "href", "srcset", "data", "poster"):
        assert value.startswith(("data:image/jpeg;base64,", "#part-"))
    text = (tmp_path / "report.html").read_text("utf-8")
    assert not re.search(r"(https?:|file:|url\(|@import|<link|<script|<iframe)", text)
    anchors = set(page.attributes("href"))
    assert anchors == {"#" + value for value in page.attributes("id")}


def test_unread_parts_are_listed_with_their_sentence(tmp_path):
    page = written(tmp_path, InputError(Path("line 3/Zelle_ü.png"), "ends early"))
    assert "line 3/Zelle_ü.png : ends early" in page.words
    assert "0 parts inspected" in page.words
    assert "None" not in page.words


def test_only_the_highest_scores_have_pictures(make, tmp_path, monkeypatch):
    monkeypatch.setattr(report, "MOST_PICTURED", 2)
    page = written(tmp_path, *(make(f"p{n}", 1.1 + n / 10) for n in range(5)))
    assert sum(tag == "figure" for tag, _ in page.tags) == 2 * 4
    assert page.words.count("Without pictures: the report shows those of the 2 highest") == 3
    first = page.words.index("Without pictures")
    assert first > page.words.rindex("Fused map")


def test_pictures_are_bounded(make, tmp_path):
    sample, inspection = make()
    size = (3000, 2000)
    large = replace(
        sample, measured={"rgb": np.random.default_rng(0).random((*size, 3), np.float32)}
    )
    shown = np.zeros(size, np.float32)
    modalities = {n: replace(r, map=None) for n, r in inspection.modalities.items()}
    flat = replace(inspection, map=shown, modalities=modalities, regions=(), score=0.0)
    write_report([(large, flat)], tmp_path / "report.html", SCALE, {})
    assert (tmp_path / "report.html").stat().st_size < 600_000


def test_every_operating_point_in_use_is_on_the_page(make, tmp_path):
    other = OperatingPoint(0.5, 3.0)
    page = written(tmp_path, make("a"), make("b", limits=other))
    assert "reject from 1.00" in page.words
    assert "reject from 3.00" in page.words
    assert other.judge(2.0) is Verdict.UNDECIDED
    assert "1 Reject 1 Undecided 0 Accept" in page.words


def test_an_unwritable_folder_is_one_sentence(make, tmp_path):
    (tmp_path / "taken").write_text("a file", "utf-8")
    with pytest.raises(InputError, match=r"cannot be written \(") as caught:
        write_report([make()], tmp_path / "taken" / "report.html", SCALE, {})
    assert "\n" not in str(caught.value)


def test_a_full_disk_leaves_the_old_report_and_nothing_else(make, tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    path.write_text("the old one", "utf-8")
    fdopen = os.fdopen

    def full(handle, mode):
        file = fdopen(handle, mode)

        class Full:
            def __enter__(self):
                return self

            def __exit__(self, *_):
                file.close()

            def write(self, content):
                file.write(content[: len(content) // 2])
                raise OSError(28, "No space left on device")

        return Full()

    monkeypatch.setattr("os.fdopen", full)
    with pytest.raises(InputError, match="No space left on device"):
        write_report([make()], path, SCALE, {})
    assert [(p.name, p.read_text("utf-8")) for p in tmp_path.iterdir()] == [
        ("report.html", "the old one")
    ]


def test_a_batch_that_is_cancelled_leaves_no_report(make, tmp_path):
    def items():
        yield make()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_report(items(), tmp_path / "report.html", SCALE, {})
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_the_report_can_be_read_by_whom_the_folder_is_for(make, tmp_path):
    old = os.umask(0o027)
    try:
        written(tmp_path, make())
    finally:
        os.umask(old)
    assert (tmp_path / "report.html").stat().st_mode & 0o777 == 0o640


def test_a_report_of_one_part_is_called_after_it_and_counts_nothing(make, tmp_path):
    page = written(tmp_path, make("Zelle 7"))
    assert [tag for tag, found in page.tags if found.get("class") in ("parts", "counts")] == []
    assert "Inspection report Zelle 7 Model" in page.words


def test_what_a_person_said_stands_beside_the_verdict(make, tmp_path):
    made = Report(SCALE, {})
    when = datetime(2026, 3, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    made.add(*make(), Judgement(Verdict.ACCEPT, "J. <b>", when, "only a shadow"))
    made.add(*make("other", 0.2))
    write_html(made, tmp_path / "report.html")
    page = Page((tmp_path / "report.html").read_text("utf-8"))
    assert "Accept, by J. <b>, 2026-02-28 23:30:00 UTC : only a shadow" in page.words
    assert page.words.count("J. <b>") == 2
    # The counts are the model's.
    assert "1 Reject 0 Undecided 1 Accept" in page.words


def test_a_comment_without_a_verdict_is_no_verdict(make, tmp_path):
    made = Report(SCALE, {})
    made.add(*make(), Judgement(None, "Bea Q.", datetime(2026, 3, 1, tzinfo=UTC), "dust?"))
    made.add(*make("other", 0.2))
    write_html(made, tmp_path / "report.html")
    page = Page((tmp_path / "report.html").read_text("utf-8"))
    assert "Comment, by Bea Q., 2026-03-01 00:00:00 UTC : dust?" in page.words
    assert "Person's verdict" not in page.words
    assert page.words.count("Bea Q.") == 1
