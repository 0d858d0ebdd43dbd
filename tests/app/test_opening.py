from part_files import WAIT, write_part
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from app import actions
from cmdiad_core.workflows import demo


def drop(window, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    kind = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton)
    enter = QDragEnterEvent(QPoint(90, 90), *kind, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    event = QDropEvent(QPointF(90, 90), *kind, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, event)
    assert event.isAccepted()


def test_welcome_is_shown_until_something_is_open(window, picture):
    assert window.pages.currentIndex() == 0
    picture("welcome")


def test_model_and_parts_fill_the_queue_highest_score_first(inspected, picture):
    table = inspected.queue.view.table.model()
    rows = [[table.index(row, c).data() for c in range(4)] for row in range(table.rowCount())]
    assert rows[0] == ["Reject", "9.00", "part_reject", "RGB · 3D"]
    assert [row[0] for row in rows] == ["Reject", "Undecided", "Accept", "Accept", "Accept"]
    assert [float(row[1]) for row in rows] == [9.0, 4.0, 1.0, 1.0, 0.5]
    assert inspected.queue.view.counts.text() == "2 flagged of 5"
    picture("queue")


def test_parts_can_be_looked_at_without_a_model(window, bench, parts, qtbot):
    actions.open_parts(bench, [parts])
    qtbot.waitUntil(lambda: bench.session.sample is not None, timeout=WAIT)
    assert window.verdict.view.headline.text() == "Open a model to inspect this part"
    assert not window.image.view.canvas.shows_map


def test_another_model_judges_the_same_queue_anew(inspected, bench, detector, model, qtbot):
    calls = len(detector.calls)
    actions.open_model(bench, model)
    qtbot.waitUntil(lambda: len(detector.calls) == 2 * calls, timeout=WAIT)
    qtbot.waitUntil(lambda: not bench.session.remaining, timeout=WAIT)


def test_dropping_a_model_and_parts_opens_both(window, bench, detector, model, parts, qtbot):
    drop(window, model, parts)
    qtbot.waitUntil(lambda: bench.session.inspection is not None, timeout=WAIT)
    assert bench.session.detector is detector
    assert len(bench.session.entries) == 5


def test_dropping_a_file_opens_its_part(window, bench, tmp_path, qtbot):
    write_part(tmp_path / "lot", "cell", ("rgb",))
    drop(window, tmp_path / "lot" / "rgb" / "cell.png")
    qtbot.waitUntil(lambda: bench.session.sample is not None, timeout=WAIT)
    assert tuple(bench.session.sample.measured) == ("rgb",)


def test_recent_models_and_parts_are_offered(inspected, bench, model, parts):
    inspected.menus.fill_recent()
    assert [a.text() for a in inspected.menus.recent_models.actions()] == [str(model)]
    assert [a.text() for a in inspected.menus.recent_parts.actions()] == [str(parts)]
    assert bench.settings.recent("parts") == [parts]


def test_status_line_names_model_device_and_rest(inspected, qtbot):
    status = inspected.statusBar()
    assert status.model.text() == "Model: fake-cells"
    assert status.device.text() == "Device: cpu"
    qtbot.waitUntil(lambda: status.job.text() == "Ready", timeout=WAIT)
    assert status.progress.isHidden()


def test_the_demo_is_made_and_opened_from_the_first_page(
    window, bench, detector, model, parts, monkeypatch, qtbot
):
    from types import SimpleNamespace

    told = []

    def prepare(folder, seed, *, progress, skipped):
        progress("learn", 1, 2)
        return SimpleNamespace(model=model, data=parts)

    monkeypatch.setattr(demo, "prepare_demo", prepare)
    bench.session.job_changed.connect(lambda: told.append(window.welcome.job.text()))
    window.menus.open_demo.trigger()
    qtbot.waitUntil(lambda: bench.session.inspection is not None, timeout=WAIT)
    assert "Learning what is normal: 50%" in told
    assert len(bench.session.entries) == 5


def test_closing_the_window_ends_the_making_of_a_demo(window, bench, monkeypatch, qtbot):
    from itertools import count

    steps = []

    def prepare(folder, seed, *, progress, skipped):
        for step in count():
            progress("demo", step, 0)
            steps.append(step)

    monkeypatch.setattr(demo, "prepare_demo", prepare)
    window.menus.open_demo.trigger()
    qtbot.waitUntil(lambda: bool(steps))
    window.close()


def test_one_is_asked_where_the_last_ones_were(window, bench, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(
        QFileDialog, "getExistingDirectory", lambda *where: asked.append(where[2]) or ""
    )
    menus = window.menus
    menus.open_folder.trigger()
    bench.settings.remember("parts", [tmp_path / "monday" / "lot 7"])
    bench.settings.remember("models", [tmp_path / "models" / "cells"])
    menus.open_folder.trigger()
    menus.open_model.trigger()
    menus.models.do("add")
    assert asked == ["", *(str(tmp_path / name) for name in ("monday", "models", "models"))]
