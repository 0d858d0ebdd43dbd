"""What people said and what the model learned from, wherever it counts."""

import re
import shutil
from dataclasses import replace
from threading import Event

import pytest
from part_files import WAIT
from PySide6.QtCore import Qt

from app import actions
from app.panels.operating_point.model import Group, groups
from app.panels.queue.model import Column
from app.training_parts import TrainingParts
from cmdiad_core.edits import Opinion, PersonVerdict
from cmdiad_core.inspection import OperatingPoint, Verdict
from cmdiad_core.sample import PartFiles
from cmdiad_core.scoring import ErrorRates

ACCEPT, UNSURE, REJECT = PersonVerdict
LABELS = {"part_accept": False, "part_reject": True, "part_rgb_only": False}


@pytest.fixture
def labelled(inspected, bench):
    """Return the window; the folder says of three parts what they are."""
    bench.settings.reviewer = "ann"
    entries = bench.session.entries
    for part_id, defective in LABELS.items():
        kind = "dent" if defective else ""
        part = replace(entries[part_id].part, defective=defective, defect_type=kind)
        entries[part_id] = replace(entries[part_id], part=part)
    bench.session.parts_changed.emit()
    return inspected


def say(bench, part_id, verdict):
    actions.show_part(bench, part_id)
    actions.review(bench, verdict)


def choose(window, key):
    box = window.queue.view.filter
    box.setCurrentIndex(box.findData(key))
    box.activated.emit(box.currentIndex())


def tip(window, bench, part_id, column):
    table = window.queue.view.table.model()
    row = list(bench.session.ordered).index(part_id)
    return table.index(row, column).data(Qt.ItemDataRole.ToolTipRole)


def sizes(bench):
    found = groups(bench.session.detector, bench.session)
    return [len(found[g]) for g in (Group.GOOD, Group.DEFECTIVE, Group.UNLABELLED)]


def test_what_a_person_says_overrides_the_folder(labelled, bench, picture):
    counts = labelled.operating_point.view.counts
    assert sizes(bench) == [2, 1, 2]
    assert "2 known good by their folder" in counts.text()
    say(bench, "part_cloud_only", ACCEPT)
    say(bench, "part_rgb_only", REJECT)
    say(bench, "part_infrared_undecided", REJECT)
    assert sizes(bench) == [2, 3, 0]
    assert "2 known good: 1 by their folder, 1 by verdict)" in counts.text()
    assert "3 known defective: 1 by their folder, 2 by verdict)" in counts.text()
    # The errors counted are those on what people say.
    session = bench.session
    limits, scores = session.operating_point, groups(session.detector, session)
    rates = ErrorRates.at(limits, scores[Group.GOOD], scores[Group.DEFECTIVE])
    wrong = [
        session.truth(entry).defective and session.verdict(entry) is Verdict.ACCEPT
        for entry in session.entries.values()
    ]
    assert rates.escapes.count == sum(map(bool, wrong)) == 1
    picture("known-by-people")
    say(bench, "part_reject", UNSURE)
    assert sizes(bench) == [2, 2, 1]
    assert "2 known defective by verdict)" in counts.text()
    actions.undo(bench)
    assert sizes(bench) == [2, 3, 0]


def test_choices_that_need_defective_parts_are_on_after_a_rejection(inspected, bench, show):
    model = inspected.operating_point.chooser.method.model()
    show("part_accept")  # has calibration parts with its modalities
    assert not model.item(1).isEnabled()
    say(bench, "part_reject", REJECT)
    show("part_accept")
    assert model.item(1).isEnabled()


def test_tooltip_says_what_folder_and_person_say(labelled, bench):
    say(bench, "part_reject", ACCEPT)
    for column in (Column.PART, Column.REVIEW):
        said = tip(labelled, bench, "part_reject", column)
        assert "Defective by its folder (dent)" in said
        assert re.search("Verdict of ann: Accept, just now, disagrees with the model", said)
    assert tip(labelled, bench, "part_accept", Column.REVIEW) == "Good by its folder"
    assert tip(labelled, bench, "part_cloud_only", Column.REVIEW) is None


def test_yours_and_those_of_others_are_told_apart(labelled, bench):
    bench.settings.reviewer = "bob"
    say(bench, "part_accept", ACCEPT)
    bench.settings.reviewer = "ann"
    say(bench, "part_reject", REJECT)
    choose(labelled, "without_yours")
    assert set(bench.session.entries) - set(bench.session.ordered) == {"part_reject"}
    choose(labelled, "unjudged")
    left = set(bench.session.entries) - set(bench.session.ordered)
    assert left == {"part_reject", "part_accept"}


def test_parts_the_model_learned_from_are_marked(labelled, bench, detector, model, show, qtbot):
    session = bench.session
    learned = session.entries["part_rgb_only"].part
    detector.training_parts = (PartFiles("train/7", learned.files),)
    try:
        actions.open_model(bench, model)
        qtbot.waitUntil(lambda: session.learned_from(session.entries[learned.id]), timeout=WAIT)
        qtbot.waitUntil(lambda: not session.remaining, timeout=WAIT)
    finally:
        del detector.training_parts
    choose(labelled, "learned_from")
    assert list(session.ordered) == ["part_rgb_only"]
    assert "trained on this part" in tip(labelled, bench, "part_rgb_only", Column.PART)
    choose(labelled, "")
    caution = labelled.verdict.view.caution
    show("part_rgb_only")
    assert "its score says little" in caution.text()
    assert not caution.isHidden()
    show("part_accept")
    assert caution.isHidden()
    assert sizes(bench) == [1, 1, 2], "its score says nothing of others"


def test_a_copy_of_a_training_part_is_known_by_its_content(
    window, bench, detector, model, parts, all_inspected, tmp_path, qtbot
):
    """The training part was once open in the workbench, so that its content is known."""
    original = parts / "rgb" / "part_rgb_only.png"
    bench.store.open().identify(PartFiles("x", {"rgb": original}))
    (tmp_path / "elsewhere").mkdir()
    shutil.copy(original, tmp_path / "elsewhere" / "renamed_rgb.png")
    detector.training_parts = (PartFiles("train/7", {"rgb": original}),)
    try:
        actions.open_model(bench, model)
        actions.open_parts(bench, [tmp_path / "elsewhere"])
        all_inspected()
        (entry,) = bench.session.entries.values()
        qtbot.waitUntil(lambda: bench.session.learned_from(entry), timeout=WAIT)
        qtbot.waitUntil(lambda: not window.verdict.view.caution.isHidden(), timeout=WAIT)
    finally:
        del detector.training_parts


def test_training_parts_are_known_however_their_path_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    training = TrainingParts()
    training.set_parts([PartFiles("a", {"rgb": tmp_path / "train" / "a.png"})])
    here = (tmp_path / "train" / "a.png").relative_to(tmp_path)
    assert training.hold(PartFiles("1", {"rgb": here}), None)
    assert training.hold(PartFiles("2", {"rgb": tmp_path / "x" / ".." / here}), None)
    assert not training.hold(PartFiles("3", {"rgb": tmp_path / "a.png"}), None)


def test_regions_are_those_of_the_limits_once_they_rest(inspected, bench, show, detector, qtbot):
    """Two places of one map: the lower limit joins what the higher one keeps apart."""
    show("part_reject")
    session, calls = bench.session, len(detector.calls)
    values = session.inspection.map
    values[:] = 0
    values[10:14, 10:30] = 4.0
    values[10:14, 10:12] = 9.0
    values[10:14, 28:30] = 7.0
    jobs = []
    session.job_changed.connect(lambda: jobs.append(session.job))
    for limit in (4.6, 5.2, 6.0, 6.5):  # as a drag does
        actions.set_operating_point(bench, limit, 8.0)
    assert session.regions_are_due
    table = inspected.defects.view.table.model()
    qtbot.waitUntil(lambda: table.rowCount() == 2, timeout=WAIT)
    assert sum(job.startswith("Finding regions") for job in jobs) == 1
    assert [region.area_px for region in session.inspection.regions] == [8, 8]
    assert "2 regions" in inspected.verdict.view.detail.text()
    actions.select_region(bench, session.inspection.regions[0])
    actions.set_operating_point(bench, 3.0, 8.0)
    qtbot.waitUntil(lambda: table.rowCount() == 1, timeout=WAIT)
    assert session.region is session.inspection.regions[0], "the same peak is the same region"
    assert session.region.area_px == 80
    assert inspected.verdict.view.detail.text().startswith("1 region;")
    # Kept with the part: nothing is looked for again.
    jobs.clear()
    show("part_accept")
    show("part_reject")
    assert not session.regions_are_due
    assert session.inspection.regions[0].area_px == 80
    assert len(detector.calls) == calls


def test_a_part_shown_under_moved_limits_has_their_regions(inspected, bench, show, qtbot):
    show("part_reject")
    gate = Event()
    bench.worker.submit("gate", "", gate.wait, print, bench.notifications.report, title="")
    actions.set_operating_point(bench, 0.4, 8.0)
    show("part_accept")  # nothing in it reaches the limit of the model
    assert bench.session.inspection.regions == ()
    assert inspected.defects.view.counts.text() == "Regions are being found …"
    told = inspected.verdict.view.headline.text()
    assert told == "Undecided – its regions are being found"
    gate.set()
    qtbot.waitUntil(lambda: not bench.session.regions_are_due, timeout=WAIT)
    (region,) = bench.session.inspection.regions
    assert region.score == 0.5
    assert region.area_mm2 is not None, "measured on the cloud, as none of the model's was"
    assert "1 region" in inspected.verdict.view.detail.text()


def test_narrow_zones_keep_their_name(inspected, bench):
    names = inspected.operating_point.view._names
    actions.set_operating_point(bench, 3.0, 9.0)
    assert names[Verdict.UNDECIDED].isVisible()
    beside = [names[v].mapRectToScene(names[v].boundingRect()) for v in Verdict]
    assert len({round(box.top()) for box in beside}) == 1
    actions.set_operating_point(bench, 5.9, 6.0)
    accept, undecided, reject = (names[v].mapRectToScene(names[v].boundingRect()) for v in Verdict)
    assert names[Verdict.UNDECIDED].isVisible()
    assert not undecided.intersects(accept)
    assert not undecided.intersects(reject)
    assert undecided.top() < accept.top()
    actions.set_operating_point(bench, 6.0, 6.0)
    assert not names[Verdict.UNDECIDED].isVisible(), "there is no such zone"


def test_bars_differ_without_colour(labelled, bench, qtbot):
    bars = labelled.operating_point.view._bars
    styles = {bar.opts["brush"].style() for bar in bars.values()}
    assert len(styles) == len(bars)
    # A stripe is some pixels wide whatever a score is.
    for bar in bars.values():
        width, height = labelled.operating_point.view._box.viewPixelSize()
        assert bar.opts["brush"].transform().m11() == pytest.approx(width)
        assert bar.opts["brush"].transform().m22() == pytest.approx(height)


def test_a_truth_by_a_colleague_counts_when_it_arrives(labelled, bench):
    content = bench.session.reviews.hash("part_cloud_only")
    bench.store.open().review(content, "bob", Opinion(), verdict=REJECT)
    actions.take_in_others(bench)
    assert sizes(bench) == [2, 2, 1]
    assert bench.session.operating_point == OperatingPoint(3.0, 6.0)
