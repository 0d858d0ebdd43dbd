import re

import pytest
from part_files import WAIT
from PySide6.QtWidgets import QLabel
from store_of_weeks import CALIBRATION, CHANGED, LIMITS, MEASURED, fill

from app import actions
from app.text import text
from cmdiad_core.edits import PersonVerdict
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import Verdict
from cmdiad_core.store.studies import Studies
from cmdiad_core.studies import StudyPart


@pytest.fixture
def page(window, bench, detector, model, qtbot):
    """Return a function that opens the page and waits until it is filled."""
    detector.calibration_scores = {MEASURED: CALIBRATION}
    detector.operating_point = LIMITS
    actions.open_model(bench, model)
    qtbot.waitUntil(lambda: bench.session.detector is not None, timeout=WAIT)

    def open_():
        window.menus.show_quality.trigger()
        view = window.menus.quality.view
        computing = text("quality.computing")
        qtbot.waitUntil(lambda: view.coverage.text() != computing, timeout=WAIT)
        return view

    return open_


@pytest.fixture
def weeks(bench):
    store = bench.store.open()
    fill(store, per_week=60)
    return store


@pytest.fixture
def studied(weeks):
    """Return a store with a study that anna and bert have answered."""
    studies = Studies(weeks.database)
    hashes = sorted({one.part for one in weeks.verdicts()})[:12]
    parts = [
        StudyPart(one, Verdict.REJECT if n % 3 == 0 else Verdict.ACCEPT, 1.0, n % 2 == 0)
        for n, one in enumerate(hashes)
    ]
    study = studies.start("May", "eve", parts, repeats=4)
    for person, every in (("anna", 2), ("bert", 3)):
        for place in range(16):
            verdict = PersonVerdict.REJECT if place % every == 0 else PersonVerdict.ACCEPT
            studies.answer(study, place, person, verdict)
    return study


def weeks_out(view):
    return re.findall(r"2026-W\d\d", view.false_rejects.words.text())


def cells(table):
    return [
        [table.item(row, column).text() for column in range(table.columnCount())]
        for row in range(table.rowCount())
    ]


def test_page_names_the_weeks_and_the_alarm(page, weeks, picture):
    view = page()
    assert (
        "1185 parts" in view.coverage.text() or "parts that people judged" in view.coverage.text()
    )
    assert weeks_out(view)
    assert min(weeks_out(view)) >= CHANGED
    assert "Every week is within its limits" in view.escapes.words.text()
    tips = view.false_rejects.chart.points.data["data"]
    assert len(tips) == 20
    assert tips[0].startswith("2026-W02, from 2026-01-05")
    picture("quality_weeks", view)
    view.tabs.setCurrentIndex(1)
    assert "1200 parts were inspected" in view.inspected_words.text()
    assert "2026-W16 (too many)" in view.flagged.words.text()
    rows = cells(view.inspected)
    assert [row[0] for row in rows[:2]] == ["All weeks", "2026-W21"]
    assert sum(int(row[1]) for row in rows[1:]) == int(rows[0][1]) == 1200
    picture("quality_inspected", view)
    view.tabs.setCurrentIndex(2)
    assert "parts the model accepted" in view.drift_basis.text()
    assert "Alarm since 2026-04-0" in view.alarm.text()
    assert "higher than at calibration" in view.alarm.text()
    assert view.drift_of.currentText() == "Point cloud + RGB image"
    assert cells(view.periods)[0][0] == "2026-W21"
    assert "Alarm" in [row[-1] for row in cells(view.periods)]
    picture("quality_drift", view)
    view.tabs.setCurrentIndex(3)
    assert [row[0] for row in cells(view.agreement)] == [
        "anna and bert",
        "anna and model",
        "bert and model",
    ]
    assert view.no_agreement.isHidden()
    picture("quality_agreement", view)


def test_study_is_told_with_everybody_and_the_model(page, studied, picture):
    view = page()
    view.tabs.setCurrentIndex(4)
    assert "12 parts, 4 of them shown twice" in view.study_words.text()
    assert "anna 16 of 16" in view.study_words.text()
    assert [row[:3] for row in cells(view.inspectors)] == [
        ["anna", "0 of 6 (0% – 46%)", "0 of 6 (0% – 46%)"],
        ["bert", "4 of 6 (22% – 96%)", "2 of 6 (4% – 78%)"],
        ["model", "4 of 6 (22% – 96%)", "2 of 6 (4% – 78%)"],
    ]
    who = [row[0] for row in cells(view.study_agreement)]
    assert who[:3] == ["anna and bert", "anna and model", "bert and model"]
    assert who[3] == "anna with themselves, on repeated parts"
    picture("quality_study", view)


def test_empty_page_says_what_has_to_be_done(page, picture):
    view = page()
    said = " ".join(label.text() for label in view.findChildren(QLabel) if not label.isHidden())
    for words in (
        "Accept or reject parts that it has inspected",
        "20 parts that this model inspected and accepted",
        "No inspection was kept yet",
        "No two people have judged the same parts",
        "before a near-line result came",
        "There is no blind study yet",
    ):
        assert words in said
    assert view.false_rejects.chart.isHidden()
    picture("quality_empty", view)


def test_every_model_counts_on_demand(page, weeks, detector, qtbot):
    detector.id = "another"
    view = page()
    assert "beside this model's" in view.coverage.text()
    view.scope.setCurrentIndex(1)
    view.scope.activated.emit(1)
    qtbot.waitUntil(lambda: bool(weeks_out(view)), timeout=WAIT)
    assert "open a model" in view.no_drift.text()


def test_store_that_cannot_be_read_is_said_on_the_page(page, bench, monkeypatch):
    def refuse():
        raise InputError("store.sqlite", "is damaged; put a backup in its place")

    monkeypatch.setattr(bench.store, "open", refuse)
    assert "store.sqlite: is damaged" in page().coverage.text()


@pytest.mark.parametrize("language", ["de"], indirect=True)
def test_german(language, page, studied, picture):
    view = page()
    picture("quality_weeks_de", view)
    for tab in (1, 2, 3, 4):
        view.tabs.setCurrentIndex(tab)
        picture(f"quality_{tab}_de", view)
    assert "Außer Kontrolle: 2026-W" in view.false_rejects.words.text()
