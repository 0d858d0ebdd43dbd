import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fake_detector import FakeDetector
from part_files import WAIT, write_part
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QPushButton

from app import actions
from app.entry import Entry
from app.panels.presentation.savings import Comparison, Effort, Look, saved, spread
from app.panels.presentation.savings_words import lead
from app.panels.presentation.tour import preselected
from app.text import catalogue
from app.truth import Truth
from cmdiad_core.edits import PersonVerdict
from cmdiad_core.inspection import OperatingPoint
from cmdiad_core.sample import PartFiles

ALL = ("rgb", "cloud", "infrared")
KNOWN = [("cloud", "infrared", "rgb"), ("cloud", "rgb"), ("rgb",), ("cloud",), ("infrared",)]


class FewModalDetector(FakeDetector):
    """Sees a scratch in the RGB image only, and a dent in the cloud only."""

    def __init__(self):
        super().__init__()
        self.calibration_scores = {names: np.linspace(-2, 2.5, 40) for names in KNOWN}

    def inspect(self, sample, using=None, predict=True):
        names = tuple(using or sample.measured)
        found = super().inspect(sample.using(names))
        seen = ("scratch" in sample.id and "rgb" in names) or (
            "dent" in sample.id and "cloud" in names
        )
        score = 9.0 if seen else 0.5
        predicting = bool(found.predicting)
        # A prediction finds the dent in the RGB image.
        if predicting and "dent" in sample.id:
            return _scored(found, 9.0, score)
        return _scored(found, score, score)


def _scored(inspection, score, without):
    regions = tuple(replace(region, score=score) for region in inspection.regions)
    return replace(inspection, score=score, score_without_predictions=without, regions=regions)


@pytest.fixture
def fake():
    return FewModalDetector()


@pytest.fixture
def parts(tmp_path):
    """Return a data set with two kinds of defect, good parts, and a part without a cloud."""
    root = tmp_path / "Zellen"
    wanted = {
        "scratch": [("000", ALL), ("001", ALL), ("002", ("rgb",))],
        "dent": [("000", ALL), ("001", ALL)],
        "good": [("000", ALL), ("001", ALL), ("002", ("infrared",))],
    }
    for kind, entries in wanted.items():
        for stem, names in entries:
            write_part(root / "test" / kind, stem, names)
    # Parts are known again by their content.
    for path in root.rglob("*.png"):
        path.write_bytes(path.read_bytes() + path.as_posix().encode())
    return root / "test"


@pytest.fixture
def chooser(inspected, bench):
    """Return the dialog that asks for a tour."""
    inspected.menus.present.trigger()
    chooser = inspected.menus.presentation.chooser
    yield chooser
    inspected.menus.presentation.leave()


@pytest.fixture
def guide(chooser, inspected, qtbot):
    """Return a tour over the parts chosen beforehand, and the one without a cloud."""
    choose(chooser, "scratch/002")
    chooser.begin.click()
    guide = inspected.menus.presentation.guide
    qtbot.waitUntil(lambda: guide.survey.done == guide.survey.total, timeout=WAIT)
    return guide


def choose(chooser, part_id):
    model = chooser.queue.model()
    row = next(r for r in range(model.rowCount()) if part_id in model.entry(r).part.id)
    chooser.queue.selectRow(row)
    chooser.add.click()


def to_part(guide, qtbot, words):
    guide.step(-guide.total)
    while guide._part is None or words not in guide._part.id:
        guide.view.next.click()
    qtbot.waitUntil(lambda: guide.view.part.score.text() != "", timeout=WAIT)
    return guide.view.part


def shown_words(slide):
    return [label.text() for label in slide.findChildren(QLabel) if label.isVisible()]


def state_of(bench):
    session, store = bench.session, bench.settings._store
    kept = {key: store.value(key) for key in store.allKeys()}
    return (
        dict(session.entries),
        session.current,
        session.operating_point,
        session.detector,
        session.order,
        session.region,
        session.cursor,
        session.sample,
        session.found_inspection,
        session.annotating.annotations,
        kept,
        stored(bench),
    )


def stored(bench):
    path = Path(bench.settings._store.fileName()).parent / "data" / "store.sqlite"
    if not path.exists():
        return ""
    with closing(sqlite3.connect(path)) as database:
        return "\n".join(database.iterdump())


def test_nothing_to_present_is_said(window, bench):
    window.menus.present.trigger()
    assert window.messages.sentences == ["Open a model and parts to present them."]
    assert window.menus.presentation.chooser is None


def test_the_worst_of_each_type_and_the_calmest_good_part_are_chosen(chooser):
    kinds = [part_id.rsplit("/", 2)[-2] for part_id in chooser.chosen]
    assert sorted(kinds[:2]) == ["dent", "scratch"]
    assert kinds[2:] == ["good"]


def test_six_types_at_most_with_the_highest_scores():
    entries = []
    for place in range(16):
        part = PartFiles(str(place), {}, defective=True, defect_type=f"type {place % 8}")
        entries.append(Entry(part, place, score=float(place)))
    by_folder = lambda entry: Truth(entry.part.defective, by_person=False)  # noqa: E731
    assert preselected(entries, by_folder) == ["15", "14", "13", "12", "11", "10"]


def test_the_tour_can_be_put_in_another_order(chooser, qtbot):
    first, second, third = chooser.chosen
    chooser.shown.setCurrentRow(0)
    qtbot.mouseClick(chooser.down, Qt.MouseButton.LeftButton)
    assert chooser.chosen == [second, first, third]
    qtbot.mouseClick(chooser.up, Qt.MouseButton.LeftButton)
    assert chooser.chosen == [first, second, third]
    chooser.remove.click()
    assert chooser.chosen == [second, third]
    choose(chooser, "good/002")
    choose(chooser, "good/002")
    assert chooser.chosen[:2] == [second, third]
    assert len(chooser.chosen) == 3


def test_other_parts_close_the_question(chooser, bench, inspected, parts, qtbot):
    actions.open_parts(bench, [parts / "good"])
    qtbot.waitUntil(lambda: inspected.menus.presentation.chooser is None, timeout=WAIT)


def test_keys_and_buttons_walk_through_the_slides(guide, qtbot):
    view = guide.view
    assert view.isFullScreen()
    assert view.geometry() == view.screen().geometry()
    assert view.counter.text() == "1 of 6"
    words = view.title.sentence.text()
    assert "“fake-cells”" in words
    assert "judged 8 parts by RGB image, point cloud and infrared image, and flagged 5" in words
    key = Qt.Key
    for number, pressed in enumerate(
        (key.Key_Right, key.Key_Space, key.Key_PageDown, key.Key_Down, key.Key_Return), start=2
    ):
        qtbot.keyClick(view, pressed)
        assert view.counter.text() == f"{number} of 6"
    assert not view.next.isEnabled()
    qtbot.keyClick(view, key.Key_Right)
    assert view.counter.text() == "6 of 6"
    for number, pressed in zip((5, 4, 3), (key.Key_Left, key.Key_PageUp, key.Key_Up), strict=True):
        qtbot.keyClick(view, pressed)
        assert view.counter.text() == f"{number} of 6"
    qtbot.mouseClick(view.previous, Qt.MouseButton.LeftButton)
    assert view.counter.text() == "2 of 6"


def test_the_title_tells_what_was_measured_and_no_more(inspected, bench, all_inspected, qtbot):
    parts = [entry.part for entry in bench.session.entries.values()]
    actions.open_parts(bench, [one.files["rgb"] for one in parts if set(one.files) == {"rgb"}])
    qtbot.waitUntil(lambda: len(bench.session.entries) == 1, timeout=WAIT)
    all_inspected()
    inspected.menus.present.trigger()
    presentation = inspected.menus.presentation
    presentation.chooser.begin.click()
    assert (
        "judged 1 parts by RGB image, and flagged 1"
        in presentation.guide.view.title.sentence.text()
    )
    presentation.leave()


def test_a_slide_says_verdict_reason_and_what_is_known(guide, qtbot):
    slide = to_part(guide, qtbot, "dent")
    assert slide.verdict.text() == "Reject"
    assert slide.score.text() == "Score 9.00"
    assert slide.why.text().startswith("1 region; the largest covers 120 px (uncalibrated).")
    assert "saw it (measured)" in slide.why.text()
    assert slide.truth.text() == "Known: dent"
    assert slide.image.shows_map
    assert slide.space.isVisible()
    assert slide.space.scene.size > 0
    assert not slide.plane.isVisible()


def test_without_a_cloud_the_slide_says_predicted(guide, qtbot):
    slide = to_part(guide, qtbot, "scratch/002")
    assert slide.plane.isVisible()
    assert slide.plane.shows_map
    assert not slide.space.isVisible()
    assert "Predicted, not measured" in slide.cloud_caption.text()
    assert "Point cloud: Predicted" in [badge.words for badge in slide.badges.badges.values()]


def test_the_limits_of_the_session_judge(inspected, bench, chooser, qtbot):
    actions.set_operating_point(bench, 10.0, 11.0)
    chooser.begin.click()
    slide = to_part(inspected.menus.presentation.guide, qtbot, "dent")
    assert slide.verdict.text() == "Accept"
    assert slide.why.text() == "Nothing on this part looks unusual."


def test_what_people_say_counts_more_than_the_folder(inspected, bench, chooser, qtbot):
    bench.settings.reviewer = "ann"
    for words, verdict in (("dent/000", PersonVerdict.ACCEPT), ("good/001", PersonVerdict.REJECT)):
        part_id = next(p for p in bench.session.entries if words in p)
        actions.show_part(bench, part_id)
        qtbot.waitUntil(lambda: bench.session.sample is not None, timeout=WAIT)
        actions.review(bench, verdict)
        assert bench.session.reviews.verdict(part_id) is verdict
        choose(chooser, words)
    chooser.begin.click()
    guide = inspected.menus.presentation.guide
    qtbot.waitUntil(lambda: guide.survey.done == guide.survey.total, timeout=WAIT)
    assert to_part(guide, qtbot, "dent/000").truth.text() == "Known: a good part"
    assert to_part(guide, qtbot, "good/001").truth.text() == "Known: defective"
    guide.step(guide.total)
    # One dent less that the image misses, and the rejected one that no sensor sees.
    assert "Of 4 known defective parts 2 would pass; with everything measured, 1." in (
        guide.view.savings.lead.text()
    )


def test_last_slide_counts_what_would_change(guide, qtbot):
    guide.step(guide.total)
    slide = guide.view.savings
    assert not slide.progress.isVisible()
    # Six parts have everything: the RGB image misses both dents, the cloud both scratches.
    rows = [[cell.text() for cell in row] for row in slide.cells]
    by_sensors = {tuple(row[:3]): row[3:7] for row in rows[1:]}
    no, yes = "left out", "measured"
    assert by_sensors[yes, yes, yes] == ["6 of 6", "–", "0 of 4", "–"]
    assert by_sensors[yes, yes, no] == ["6 of 6", "–", "0 of 4", "–"]
    assert by_sensors[yes, no, no] == ["4 of 6", "6 of 6", "2 of 4", "0 of 4"]
    assert by_sensors[no, yes, no] == ["4 of 6", "4 of 6", "2 of 4", "2 of 4"]
    assert by_sensors[no, no, yes] == ["2 of 6", "4 of 6", "4 of 4", "2 of 4"]
    assert slide.lead.text() == (
        "With the RGB image alone 2 of 6 verdicts change. With the rest predicted, 0 of 6 change. "
        "Of 4 known defective parts 2 would pass; with everything measured, 0."
    )
    assert "6 of the 6 parts" in slide.note.text()
    # Nobody said what a scan takes.
    assert not any("1,000" in heading for heading in rows[0])


def test_what_a_scan_takes_is_counted_and_remembered(chooser, inspected, bench, qtbot):
    boxes = chooser.efforts.boxes
    assert {box.text() for box in boxes.values()} == {"not given"}
    boxes["cloud", "seconds"].setValue(36)
    boxes["infrared", "cost"].setValue(0.5)
    chooser.begin.click()
    guide = inspected.menus.presentation.guide
    qtbot.waitUntil(lambda: guide.survey.done == guide.survey.total, timeout=WAIT)
    guide.step(guide.total)
    rows = [[cell.text() for cell in row] for row in guide.view.savings.cells]
    found = {tuple(row[:3]): row[-2:] for row in rows[1:]}
    # 1,000 scans of 36 s are 10 h; nobody said how long the infrared scan takes.
    assert found["measured", "left out", "left out"] == ["≥ 10.0 h", "≥ 500"]
    assert found["measured", "measured", "left out"] == ["–", "500"]
    guide.view.reject()
    inspected.menus.present.trigger()
    again = inspected.menus.presentation.chooser.efforts.boxes
    assert again["cloud", "seconds"].value() == 36
    assert again["cloud", "cost"].text() == "not given"


def test_a_waiting_part_has_a_word_until_it_is_there(
    window, bench, detector, model, parts, qtbot, all_inspected
):
    actions.open_model(bench, model)
    qtbot.waitUntil(lambda: bench.session.detector is not None, timeout=WAIT)
    detector.may_go_on.clear()
    actions.open_parts(bench, [parts])
    qtbot.waitUntil(lambda: bool(detector.calls), timeout=WAIT)
    window.menus.present.trigger()
    window.menus.presentation.chooser.begin.click()
    guide = window.menus.presentation.guide
    guide.view.next.click()
    slide = guide.view.part
    assert slide.verdict.text() == "One moment"
    assert not slide.image.isVisible()
    guide.step(guide.total)
    assert guide.view.savings.progress.isVisible()
    guide.step(1 - guide.total + 1)
    detector.may_go_on.set()
    qtbot.waitUntil(lambda: slide.verdict.text() == "Reject", timeout=WAIT)
    assert slide.image.isVisible()
    guide.view.reject()
    all_inspected()


def test_an_unreadable_part_is_named(inspected, bench, chooser, parts, qtbot):
    bench.session.shelf.clear()
    (parts / "dent" / "rgb" / "000.png").write_bytes(b"\x89PNG broken")
    (parts / "dent" / "rgb" / "001.png").write_bytes(b"\x89PNG broken")
    chooser.begin.click()
    guide = inspected.menus.presentation.guide
    while guide._part is None or "dent" not in guide._part.id:
        guide.view.next.click()
    qtbot.waitUntil(lambda: ".png" in guide.view.part.why.text(), timeout=WAIT)
    qtbot.waitUntil(lambda: guide.survey.done == guide.survey.total, timeout=WAIT)
    guide.step(guide.total)
    assert "4 of the 6 parts" in guide.view.savings.note.text()


def test_leaving_ends_the_comparison(inspected, bench, chooser, detector, qtbot):
    before = len(detector.calls)
    detector.may_go_on.clear()
    chooser.begin.click()
    qtbot.waitUntil(lambda: len(detector.calls) > before, timeout=WAIT)
    qtbot.keyClick(inspected.menus.presentation.guide.view, Qt.Key.Key_Escape)
    assert inspected.menus.presentation.guide is None
    detector.may_go_on.set()
    qtbot.waitUntil(lambda: not bench.session.job, timeout=WAIT)
    # The inspection under way ended; none followed.
    assert len(detector.calls) == before + 1


def test_closing_the_window_ends_the_tour(inspected, guide):
    inspected.close()
    assert inspected.menus.presentation.guide is None


@pytest.mark.parametrize("seed", [1, 2])
def test_no_key_changes_anything(guide, inspected, bench, qtbot, seed):
    before = state_of(bench)
    keys = [key for key in Qt.Key if 0x20 <= key.value <= 0x5A]
    keys += [getattr(Qt.Key, f"Key_{name}") for name in ("Right", "Left", "Tab", "F1", "F5")]
    keys += [Qt.Key.Key_Delete, Qt.Key.Key_Return, Qt.Key.Key_Home, Qt.Key.Key_End]
    modifiers = [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier]
    chance = random.Random(seed)
    presentation = inspected.menus.presentation
    for _ in range(120):
        if presentation.guide is None:  # the button that ends it was pressed
            inspected.menus.present.trigger()
            presentation.chooser.begin.click()
        view = presentation.guide.view
        target = view.focusWidget() or view
        qtbot.keyClick(target, chance.choice(keys), chance.choice(modifiers))
    for _ in range(guide.total):
        view.next.click()
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert presentation.guide is None
    assert inspected.isVisible()
    assert state_of(bench) == before


@pytest.mark.parametrize("size", [(1280, 720), (1280, 800), (1920, 1080)])
def test_no_word_is_clipped_and_all_are_large(guide, qtbot, qapp, size):
    view = guide.view
    view.showNormal()
    view.resize(*size)
    for number in range(guide.total):
        if number:
            view.next.click()
        if guide._part is not None:
            qtbot.waitUntil(lambda: view.part.score.text() != "", timeout=WAIT)
        for _ in range(3):
            qapp.processEvents()
        assert (view.width(), view.height()) == size
        for label in (*view.findChildren(QLabel), *view.findChildren(QPushButton)):
            if not label.isVisible() or not label.text():
                continue
            assert label.fontInfo().pixelSize() >= 18, label.text()
            inside = label.mapTo(view, label.rect().bottomRight())
            assert inside.x() < size[0], label.text()
            assert inside.y() < size[1], label.text()
            if isinstance(label, QLabel) and label.wordWrap():
                assert label.height() >= label.heightForWidth(label.width()), label.text()
            else:
                need = QFontMetrics(label.font()).horizontalAdvance(label.text())
                assert label.width() >= need, label.text()


def test_words_are_for_people_who_do_not_know_machine_learning():
    said = [words for key, words in catalogue("en").items() if key.startswith("presentation.")]
    jargon = ("bank", "p-value", "distill", "patch", "embedding", "feature", "modalit", "conformal")
    assert not [words for words in said for word in jargon if word in _bare(words)]


def _bare(words):
    return words.replace("{modalities}", "").replace("{modality}", "").lower()


def test_a_long_queue_is_sampled_evenly():
    parts = [Entry(PartFiles(str(number), {}), number) for number in range(1000)]
    chosen = [entry.place for entry in spread(parts)]
    assert len(chosen) == 40
    assert chosen[0] == 0
    assert chosen[-1] == 999
    assert set(np.diff(chosen)) <= {25, 26}
    assert spread(parts[:7]) == parts[:7]


def test_good_news_and_unknown_truth_are_said_as_they_are():
    comparison = Comparison([("rgb", "cloud"), ("cloud",)], ("rgb", "cloud"), OperatingPoint(1, 2))
    look = Look(0.1, None, 0.2)
    comparison.add(False, {("rgb", "cloud"): look, ("cloud",): look})
    assert lead(comparison) == "With the point cloud alone all 1 verdicts stay the same."


def test_what_is_saved_adds_up():
    efforts = {"rgb": Effort(1.8, None), "cloud": Effort(18.0, 2.0)}
    both = saved(["rgb", "cloud"], efforts)
    assert both.hours == pytest.approx(5.5)
    assert both.cost == 2000
    assert both.least_cost
    assert not both.least_hours
    assert saved([], efforts).hours is None
