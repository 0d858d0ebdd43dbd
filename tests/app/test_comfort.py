import logging
import subprocess
import sys
from pathlib import Path

import pytest
from part_files import WAIT
from PySide6.QtCore import QSettings
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QDialog, QStyle, QTabBar

from app import actions, application, theme
from app.annotating import Tool
from app.crash_log import CrashLog, tail
from app.dialogs.crash_report import CrashReport
from app.dialogs.preferences import Preferences
from app.dialogs.shortcuts import Shortcuts
from app.main_window import MainWindow
from app.widgets.first_size import give_size

ROOT = Path(__file__).parents[2]


@pytest.fixture
def standard_look(qapp):
    yield
    theme.choose(qapp, theme.Look())


def test_colours_and_size_change_at_once_and_are_kept(window, bench, qapp, qtbot, standard_look):
    dialog = Preferences(bench.settings, window)
    qtbot.addWidget(dialog)
    before = window.menus.next.text(), window.queue.view.counts.fontMetrics().height()
    dialog.scheme.setCurrentIndex(dialog.scheme.findData(theme.Scheme.LIGHT))
    dialog.text_percent.setValue(150)
    assert QApplication.palette().window().color().name() == theme.LIGHT.window
    assert window.queue.view.counts.fontMetrics().height() > 1.3 * before[1]
    assert bench.settings.look == theme.Look(theme.Scheme.LIGHT, 150)


def test_larger_words_and_the_note_of_the_language_enlarge_the_preferences(
    window, bench, qtbot, standard_look
):
    dialog = Preferences(bench.settings, window)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.text_percent.setValue(150)
    dialog.language.setCurrentIndex(dialog.language.findData("de"))
    fields = (dialog.reviewer, dialog.scheme, dialog.text_percent, dialog.language)
    qtbot.waitUntil(
        lambda: all(one.height() >= one.sizeHint().height() for one in fields), timeout=WAIT
    )
    needed = dialog.layout().totalHeightForWidth(dialog.width())
    assert dialog.later.isVisible()
    assert dialog.height() >= needed > 0
    dialog.close()


def test_settings_that_somebody_broke_do_not_stop_the_start(tmp_path):
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    store.setValue("look/scheme", "purple")
    bench = application.create_workbench(store, tmp_path / "store.sqlite")
    assert bench.settings.look == theme.Look()
    bench.worker.stop()


def test_a_key_can_be_changed_and_is_kept(window, bench, qtbot):
    menus = window.menus
    dialog = Shortcuts(menus.actions, menus.standard_keys, bench.settings, window)
    qtbot.addWidget(dialog)
    dialog.edits["next"].setKeySequence(QKeySequence("PgDown"))
    dialog.edits["next"].editingFinished.emit()
    assert menus.next.shortcuts() == [QKeySequence("PgDown"), QKeySequence("Ctrl+Down")]
    assert "PgDown" in menus.next.toolTip()
    again = MainWindow(bench)
    qtbot.addWidget(again)
    assert again.menus.next.shortcuts()[0] == QKeySequence("PgDown")
    again.close()


def test_a_key_that_is_taken_is_refused(window, bench, qtbot):
    menus = window.menus
    dialog = Shortcuts(menus.actions, menus.standard_keys, bench.settings, window)
    qtbot.addWidget(dialog)
    dialog.edits["next"].setKeySequence(QKeySequence("K"))
    dialog.edits["next"].editingFinished.emit()
    assert "Previous part" in dialog.problem.text()
    assert dialog.edits["next"].keySequence() == QKeySequence("J")
    assert menus.next.shortcuts()[0] == QKeySequence("J")


def test_keys_can_be_taken_from_several_actions(window, bench, qtbot):
    menus = window.menus
    dialog = Shortcuts(menus.actions, menus.standard_keys, bench.settings, window)
    qtbot.addWidget(dialog)
    assert dialog._also["next"].text() == "Ctrl+Down"
    for name in ("comment", "next_without"):
        dialog.edits[name].clear()
        dialog.edits[name].editingFinished.emit()
        assert dialog.problem.text() == ""
        assert menus.actions[name].shortcuts() == []


def test_no_key_belongs_to_two_actions(window):
    taken = [keys.toString() for a in window.menus.actions.values() for keys in a.shortcuts()]
    assert len(taken) == len(set(taken))


def test_the_standard_keys_come_back(window, bench, qtbot):
    menus = window.menus
    dialog = Shortcuts(menus.actions, menus.standard_keys, bench.settings, window)
    qtbot.addWidget(dialog)
    dialog.edits["next"].setKeySequence(QKeySequence("PgDown"))
    dialog.edits["next"].editingFinished.emit()
    dialog._reset()
    assert menus.next.shortcuts() == [QKeySequence("J"), QKeySequence("Ctrl+Down")]
    assert bench.settings.keys("next") is None


def test_on_a_low_screen_the_panels_at_the_side_are_tabs(window, bench, detector, model, qtbot):
    window.resize(1280, 800)
    actions.open_model(bench, model)
    qtbot.waitUntil(lambda: bench.session.detector is not None, timeout=WAIT)
    queue, limits, defects = window.docks
    assert set(window.tabifiedDockWidgets(queue)) == {limits, defects}
    qtbot.waitUntil(queue.widget().isVisible, timeout=WAIT)
    assert queue.height() > 500
    # Sizes are taken over with the next events.
    qtbot.waitUntil(lambda: queue.width() < 450, timeout=WAIT)
    tabs = next(bar for bar in window.findChildren(QTabBar) if bar.parent() is window)
    assert [tabs.tabText(n) for n in range(tabs.count())] == [
        "Queue",
        "Operating point",
        "Defects",
    ]
    tabs.setCurrentIndex(2)
    qtbot.waitUntil(defects.widget().isVisible, timeout=WAIT)
    assert window.width() == 1280


@pytest.fixture
def on_a_small_screen(
    language, window, bench, detector, model, parts, qapp, qtbot, standard_look, all_inspected
):
    """Return the German window with large words, as large as a small screen, at work."""
    theme.choose(qapp, theme.Look(text_percent=150))
    window.resize(1366, 744)
    actions.open_model(bench, model)
    actions.open_parts(bench, [parts])
    all_inspected()
    qtbot.waitUntil(lambda: bench.session.inspection is not None, timeout=WAIT)
    return window


def test_large_words_leave_a_window_on_a_small_screen_as_it_is(on_a_small_screen, qtbot):
    window = on_a_small_screen
    qtbot.wait(50)
    assert (window.width(), window.height()) == (1366, 744)
    assert window.queue.view.table.isVisible()


def test_tools_leave_a_window_with_large_words_on_a_small_screen_as_it_is(
    on_a_small_screen, bench, qtbot
):
    window = on_a_small_screen
    window.review.view.retrain.show()
    view = window.annotation.view
    remarks = []
    bench.notifications.remarked.connect(remarks.append)
    for tool in Tool:
        actions.choose_tool(bench, tool)
        qtbot.waitUntil(lambda: view.height() >= view.minimumSizeHint().height(), timeout=WAIT)
        for button in view.buttons.values():
            assert button.height() >= button.sizeHint().height(), tool
        assert (window.width(), window.height()) == (1366, 744), tool
        assert window.minimumSizeHint().height() <= 744, tool
    # What had no room beside the image is in the status line.
    assert any(remark.startswith("Über den Fehler ziehen") for remark in remarks)


def test_a_dialog_that_wants_the_whole_screen_leaves_room_for_its_frame(window, qtbot):
    dialog = QDialog(window)
    qtbot.addWidget(dialog)
    give_size(dialog, 10_000, 10_000)
    screen = dialog.screen().availableSize()
    assert dialog.width() == screen.width()
    frame = dialog.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight)
    assert 0 < frame <= screen.height() - dialog.height() < 100


@pytest.mark.parametrize("height", [696, 920])
def test_the_layout_of_a_tall_window_comes_back_in_a_tall_one_only(
    height, inspected, bench, qtbot, detector, model, tmp_path
):
    inspected.resize(1600, 976)
    inspected.docks[2].hide()
    inspected.close()
    fresh = application.create_workbench(bench.settings._store, tmp_path / "store.sqlite")
    window = MainWindow(fresh)
    qtbot.addWidget(window)
    window.resize(1280, height)
    window.show()
    actions.open_model(fresh, model)
    qtbot.waitUntil(lambda: fresh.session.detector is not None, timeout=WAIT)
    queue, limits, defects = window.docks
    is_low = height < 900
    assert defects.isHidden() is not is_low
    assert set(window.tabifiedDockWidgets(queue)) == ({limits, defects} if is_low else set())
    qtbot.waitUntil(lambda: window.image.view.canvas.height() > 100, timeout=WAIT)
    assert window.height() == height
    assert window.minimumSizeHint().height() <= height
    window.close()


def test_a_saved_layout_comes_back(inspected, bench):
    dock = inspected.docks[1]
    inspected.layouts.save("wide/ views")
    dock.hide()
    inspected.layouts.fill()
    (saved,) = (a for a in inspected.layouts.actions() if a.text() == "wide  views")
    saved.trigger()
    assert dock.isVisible()
    assert bench.settings.layouts() == ["wide  views"]


def test_the_next_start_shows_the_same_part_from_the_same_place(
    inspected, in_space, show, bench, qtbot, detector, tmp_path
):
    show("part_accept")
    canvas = inspected.image.view.canvas
    canvas.show_rect([4.0, 6.0, 24.0, 30.0])
    looked = canvas.visible_rect()
    inspected.cloud.view.space.scene.set_camera([[0.1, 0.2, -1.0], [0, 0, 0.4], [0, -1, 0]])
    camera = inspected.cloud.camera()
    inspected.close()
    fresh = application.create_workbench(bench.settings._store, tmp_path / "store.sqlite")
    window = MainWindow(fresh)
    qtbot.addWidget(window)
    window.show()
    window.start()
    window.last_work.resume()
    qtbot.waitUntil(lambda: fresh.session.inspection is not None, timeout=WAIT)
    qtbot.waitUntil(lambda: not fresh.session.remaining, timeout=WAIT)
    qtbot.waitUntil(lambda: window.cloud.camera() == camera, timeout=WAIT)
    assert fresh.session.current == "part_accept"
    assert fresh.session.detector is detector
    left, top, right, bottom = window.image.view.canvas.visible_rect()
    # The window may have another shape: what was in view still is, around the same middle.
    assert (left + right) / 2 == pytest.approx((looked[0] + looked[2]) / 2, abs=0.5)
    assert (top + bottom) / 2 == pytest.approx((looked[1] + looked[3]) / 2, abs=0.5)
    assert right - left < 40
    window.close()


def test_after_a_kill_the_parts_come_back_though_no_window_was_ever_closed(
    window, bench, model, parts, detector, qtbot
):
    bench.settings.remember("models", [model])
    bench.settings.open_parts = [parts]
    assert window.last_work.resume()
    qtbot.waitUntil(lambda: bool(bench.session.entries), timeout=WAIT)
    qtbot.waitUntil(lambda: bench.session.model_folder == model, timeout=WAIT)


@pytest.mark.parametrize("stored", ["", "not json", "[1, 2]", '{"part": "gone"}'])
def test_what_cannot_be_resumed_is_left(stored, window, bench, qtbot):
    bench.settings.last_work = stored
    window.last_work.resume()
    assert not bench.session.entries


def test_the_log_of_a_run_that_ended_well_is_removed(tmp_path):
    log = CrashLog(tmp_path)
    logging.getLogger("app").error("something")
    assert "something" in log.path.read_text()
    log.close()
    assert not list(tmp_path.iterdir())


def test_the_log_of_a_crash_is_offered_at_the_next_start(tmp_path, window, qtbot):
    crash = (
        "import sys, faulthandler, logging\n"
        "from pathlib import Path\n"
        "from app.crash_log import CrashLog\n"
        "log = CrashLog(Path(sys.argv[1]))\n"
        "logging.getLogger('app').error('the last word')\n"
        "faulthandler._sigsegv()\n"
    )
    command = [sys.executable, "-c", crash, tmp_path]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    log = CrashLog(tmp_path)
    (left,) = log.left_behind()
    assert "the last word" in tail(left)
    assert "Segmentation fault" in tail(left)
    report = CrashReport([left], window)
    qtbot.addWidget(report)
    assert "the last word" in report.log.toPlainText()
    report.reject()
    assert not log.left_behind()
    log.close()


def test_a_run_that_was_ended_from_outside_is_not_a_crash(tmp_path):
    (tmp_path / "run-999999999.log").write_text("")
    log = CrashLog(tmp_path)
    assert not log.left_behind()
    assert [path.name for path in tmp_path.iterdir()] == [log.path.name]
    log.close()
