import pytest
from fake_detector import SIZE
from part_files import WAIT, write_part
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QWidget

from app import actions
from cmdiad_core.edits import PersonVerdict
from cmdiad_core.people import Role, User
from cmdiad_core.store import Store
from cmdiad_core.store.studies import Studies
from cmdiad_core.store.users import Users

COLOURS = {"part_accept": "gray", "part_undecided": "olive", "part_reject": "navy"}
ACCEPT, UNSURE, REJECT = PersonVerdict.ACCEPT, PersonVerdict.UNSURE, PersonVerdict.REJECT


@pytest.fixture
def parts(tmp_path):
    """Return a folder of parts whose names and folders say what they are."""
    root = tmp_path / "Zellen mit Riss"
    for stem in COLOURS:
        write_part(root, stem, ("rgb", "cloud", "infrared"))
        # Else the store would take them for one part.
        Image.new("RGB", (SIZE, SIZE), COLOURS[stem]).save(root / "rgb" / f"{stem}.png")
    return root


@pytest.fixture
def studies(bench):
    return Studies(bench.store.open().database)


@pytest.fixture
def begin(inspected, bench, studies, qtbot):
    """Return a function that starts a study of all parts and takes part in it."""
    bench.settings.reviewer = "anna"

    def go(repeats=0):
        study = actions.start_study(bench, "May", 3, repeats)
        inspected.menus.ask_study.trigger()
        chooser = inspected.menus.study.chooser
        qtbot.waitUntil(lambda: chooser.take_part.isEnabled(), timeout=WAIT)
        chooser.take_part.click()
        qtbot.waitUntil(lambda: inspected.menus.study.run is not None, timeout=WAIT)
        run = inspected.menus.study.run
        qtbot.waitUntil(lambda: run.view.answers[ACCEPT].isEnabled(), timeout=WAIT)
        return study, run

    return go


@pytest.fixture
def answer(qtbot):
    """Return a function that presses a key as soon as the part can be judged."""

    def press(run, key):
        qtbot.waitUntil(lambda: run.view.answers[ACCEPT].isEnabled(), timeout=WAIT)
        qtbot.keyClick(run.view, key)

    return press


def everything_said():
    """Return every word, tip and name of every visible window."""
    said = []
    for top in QApplication.topLevelWidgets():
        if not top.isVisible():
            continue
        for widget in (top, *top.findChildren(QWidget)):
            said += [widget.windowTitle(), widget.toolTip(), widget.statusTip()]
            said += [widget.accessibleName(), widget.accessibleDescription()]
            if isinstance(widget, QLabel | QAbstractButton):
                said.append(widget.text())
            if isinstance(widget, QComboBox):
                said += [widget.itemText(row) for row in range(widget.count())]
        said += [action.text() for action in top.findChildren(QAction)]
    return "\n".join(said)


def test_nothing_of_the_model_or_of_others_is_seen(inspected, bench, begin, picture, qtbot):
    shown = bench.session.current
    assert bench.session.inspection is not None
    actions.review(bench, REJECT)
    actions.comment(bench, shown, "a crack at the tab")
    _, run = begin()
    visible = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    assert [type(w).__name__ for w in visible] == ["StudyView"]
    assert run.view.isModal()
    assert run.view.geometry() == inspected.screen().geometry()
    said = everything_said()
    for word in (
        "part_",
        "Riss",
        "9.0",
        "4.0",
        "0.5",
        "p-value",
        "crack",
        "fake-cells",
        "reject.png",
    ):
        assert word not in said
    for word in ("undecided", "operating", "defects", "queue", "anomaly"):
        assert word not in said.lower()
    canvas = run.view.image
    assert not canvas.shows_map
    assert canvas.findChildren(QLabel) == []
    picture("blind_study", run.view)


def test_keys_answer_and_reach_nothing_else(inspected, bench, begin, answer, studies, qtbot):
    study, run = begin()
    before = bench.session.current
    order = study.order("anna")
    for key in (Qt.Key.Key_J, Qt.Key.Key_N, Qt.Key.Key_C, Qt.Key.Key_Z):
        qtbot.keyClick(run.view, key)
    for key in (Qt.Key.Key_A, Qt.Key.Key_U, Qt.Key.Key_R):
        answer(run, key)
    said = studies.answers(study)
    assert [(one.place, one.verdict) for one in said] == list(
        zip(order, (ACCEPT, UNSURE, REJECT), strict=True)
    )
    assert "all 3 parts" in run.view.end.text()
    run.view.leave.click()
    assert inspected.isVisible()
    assert bench.session.current == before
    assert bench.store.open().verdicts() == []
    assert bench.store.open().undoable("anna") is None


def test_parts_come_in_the_order_of_the_study_not_of_the_queue(begin, answer, bench):
    study, run = begin(repeats=2)
    seen = []
    for _ in range(5):
        seen.append(run.place)
        answer(run, Qt.Key.Key_A)
    assert seen == study.order("anna")
    assert run.place is None


def test_what_was_left_goes_on_where_it_stood(inspected, bench, begin, answer, studies, qtbot):
    study, run = begin()
    first, second, _ = study.order("anna")
    answer(run, Qt.Key.Key_A)
    qtbot.keyClick(run.view, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: inspected.menus.study.run is None)
    other = Store(bench.store._address)
    assert [one.place for one in Studies(other.database).answers(study)] == [first]
    other.close()
    inspected.menus.ask_study.trigger()
    chooser = inspected.menus.study.chooser
    qtbot.waitUntil(lambda: chooser.take_part.isEnabled(), timeout=WAIT)
    assert chooser.table.item(0, 3).text() == "1 of 3"
    chooser.take_part.click()
    qtbot.waitUntil(lambda: inspected.menus.study.run is not None, timeout=WAIT)
    again = inspected.menus.study.run
    assert again.place == second
    assert again.view.counter.text() == "Part 2 of 3"


def test_one_can_go_back_and_answer_again(begin, answer, studies, qtbot):
    study, run = begin()
    first = run.place
    answer(run, Qt.Key.Key_A)
    qtbot.keyClick(run.view, Qt.Key.Key_Backspace)
    assert run.place == first
    answer(run, Qt.Key.Key_R)
    assert run.view.counter.text() == "Part 2 of 3"
    said = [(one.place, one.verdict) for one in studies.answers(study)]
    assert said == [(first, ACCEPT), (first, REJECT)]


def test_part_that_is_not_on_the_screen_is_not_judged(begin, answer, studies, qtbot):
    study, run = begin()
    run._samples.clear()
    run.view.answered.emit(REJECT)
    assert studies.answers(study) == []


def test_part_whose_files_are_gone_is_left_out_without_its_name(begin, answer, parts, qtbot):
    for file in parts.glob("*/part_reject.*"):
        file.unlink()
    _, run = begin()
    for _ in range(2):
        answer(run, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: run.place is None, timeout=WAIT)
    assert "1 could not be read" in run.view.end.text()
    assert "part_reject" not in everything_said()


def test_answer_that_cannot_be_written_is_said_and_the_part_stays(bench, begin, answer, studies):
    study, run = begin()
    place = run.place
    Users(bench.store.open().database).put(User("eve", Role.ADMINISTRATOR), "eve")
    answer(run, Qt.Key.Key_A)
    assert "anna" in run.view.problem.text()
    assert run.place == place
    assert studies.answers(study) == []


def test_study_is_started_from_the_parts_the_queue_shows(inspected, bench, studies, qtbot, picture):
    bench.settings.reviewer = "anna"
    inspected.queue.view.search.setText("reject")
    qtbot.waitUntil(lambda: len(bench.session.ordered) == 1)
    inspected.menus.ask_study.trigger()
    chooser = inspected.menus.study.chooser
    assert chooser.number.maximum() == 1
    assert not chooser.start.isEnabled()
    qtbot.keyClicks(chooser.name, "Mai")
    chooser.repeats.setValue(1)
    chooser.start.click()
    qtbot.waitUntil(lambda: chooser.table.rowCount() == 1, timeout=WAIT)
    picture("study_chooser", chooser)
    (study,) = studies.all()
    assert (study.name, study.person, study.model_id) == ("Mai", "anna", bench.session.detector.id)
    assert [one.score for one in study.parts] == [9.0, 9.0]
    assert study.parts[0].model_verdict == "reject"
