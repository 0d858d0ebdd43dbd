import gc
import os
import sys
import threading
import types
from pathlib import Path

import pytest
from fake_detector import FakeDetector
from part_files import WAIT, write_part
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QSettings, QTimer, QTranslator
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton, QWidget

from app import actions, application, text
from app.main_window import MainWindow


@pytest.fixture(scope="session")
def qapp(qapp):
    return application.create_application()


@pytest.fixture(autouse=True)
def home_of_its_own(tmp_path, monkeypatch):
    """Keep a test, and programs it starts, away from the user's settings, store and logs."""
    for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / "home" / kind.lower()))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when == "call":
        item.stash[PASSED] = report.passed
    return report


PASSED = pytest.StashKey[bool]()


@pytest.fixture(autouse=True)
def nothing_outlives(request, qapp):
    """Fail a test that leaves a top-level widget, a VTK object or a thread behind."""
    # Collecting then walks over what the test made alone, not over every module there is.
    gc.freeze()
    widgets, threads, vtk = _widgets(), set(threading.enumerate()), _vtk_ids()
    yield
    if not request.node.stash.get(PASSED, False):
        return  # the traceback of a failed test keeps everything alive
    # Pytest would hold the window until after this check.
    request.node.funcargs.clear()
    _collect()
    assert not _widgets() - widgets
    assert not set(threading.enumerate()) - threads
    assert not [name for key, name in _vtk_ids().items() if key not in vtk]


def _collect():
    for _ in range(2):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
        gc.collect()


def _widgets():
    # The tip of a hovered widget belongs to Qt.
    tops = QApplication.topLevelWidgets()
    return {str(w) for w in tops if type(w).__name__ not in ("QTipLabel", "QWidget")}


def _vtk_ids():
    if "vtkmodules.vtkCommonCore" not in sys.modules:
        return {}
    base = sys.modules["vtkmodules.vtkCommonCore"].vtkObjectBase
    return {id(o): type(o).__name__ for o in gc.get_objects() if isinstance(o, base)}


@pytest.fixture
def language(request, qapp):
    """Speak a language during one test; German where it asks for none."""
    chosen = getattr(request, "param", "de")
    before = QLocale()
    application.choose_language(qapp, chosen)
    yield chosen
    text.speak("en")
    for translator in qapp.findChildren(QTranslator):
        QCoreApplication.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(before)


@pytest.fixture
def fake():
    """Return the detector with known scores that `detector` puts in the place of the real one."""
    return FakeDetector()


@pytest.fixture
def detector(monkeypatch, fake):
    """Put a detector with known scores in the place of the real one."""
    module = types.ModuleType("cmdiad_core.detector")
    module.Detector = fake
    monkeypatch.setitem(sys.modules, "cmdiad_core.detector", module)
    yield fake
    fake.may_go_on.set()


@pytest.fixture
def model(tmp_path):
    folder = tmp_path / "a model"
    folder.mkdir()
    (folder / "model.json").write_text("{}")
    (folder / "model.safetensors").touch()
    return folder


@pytest.fixture
def parts(tmp_path):
    """Return a folder of four parts with different modalities."""
    root = tmp_path / "Zellen für heute"
    wanted = {
        "part_accept": ("rgb", "cloud", "infrared"),
        "part_cloud_only": ("cloud",),
        "part_infrared_undecided": ("infrared",),
        "part_reject": ("rgb", "cloud"),
        "part_rgb_only": ("rgb",),
    }
    for stem, names in wanted.items():
        write_part(root, stem, names)
    return root


@pytest.fixture
def bench(tmp_path, qapp):
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    bench = application.create_workbench(store, tmp_path / "data" / "store.sqlite")
    yield bench
    bench.worker.stop()
    bench.store.close()


@pytest.fixture
def window(bench, qtbot):
    """Return the shown window; its 3D view is not created until `start` is called."""
    window = MainWindow(bench)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.close()


@pytest.fixture
def inspected(window, bench, detector, model, parts, qtbot, all_inspected):
    """Return the window after model and parts were opened and every part was inspected."""
    actions.open_model(bench, model)
    actions.open_parts(bench, [parts])
    all_inspected()
    qtbot.waitUntil(lambda: bench.session.inspection is not None, timeout=WAIT)
    return window


@pytest.fixture
def all_inspected(bench, qtbot):
    """Return a function that waits until no part of the queue waits any more."""
    session = bench.session

    def wait() -> None:
        qtbot.waitUntil(lambda: bool(session.entries) and not session.remaining, timeout=WAIT)

    return wait


@pytest.fixture
def show(bench, qtbot):
    """Return a function that shows the part whose id holds some words, and waits for it."""

    def go(words: str) -> None:
        part_id = next(part_id for part_id in bench.session.entries if words in part_id)
        actions.show_part(bench, part_id)
        qtbot.waitUntil(lambda: bench.session.inspection is not None, timeout=WAIT)

    return go


@pytest.fixture
def in_space(window, qtbot):
    """Return the window with its 3D view."""
    window.start()
    qtbot.waitUntil(lambda: window.cloud.view.space is not None, timeout=WAIT)
    return window


@pytest.fixture
def answer():
    """Return a function that presses a button of the question that will be asked."""

    def wait(words: str) -> None:
        def press() -> None:
            box = QApplication.activeModalWidget()
            if not isinstance(box, QMessageBox):
                QTimer.singleShot(50, press)
                return
            next(b for b in box.findChildren(QPushButton) if b.text().startswith(words)).click()

        QTimer.singleShot(50, press)

    return wait


@pytest.fixture
def picture(window, qapp):
    """Return a function that keeps a picture of the window."""
    folder = Path(os.environ.get("CMDIAD_TEST_SCREENSHOTS", "test-screenshots"))
    folder.mkdir(parents=True, exist_ok=True)

    def take(name: str, widget: QWidget = window) -> None:
        for _ in range(2):
            qapp.processEvents()
        assert widget.grab().save(str(folder / f"{name}.png"))

    return take
