"""Pictures of the workbench where there is no display."""

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from app import actions
from app.application import create_application, create_workbench
from app.main_window import MainWindow
from app.notifications import Message
from app.workbench import Workbench
from cmdiad_core.errors import InputError

_PATIENCE_S = 600.0


def capture(model: Path, paths: Sequence[Path], folder: Path) -> list[Path]:
    """Inspect parts in a window nobody sees and save pictures of its main states.

    Parameters
    ----------
    model : Path
        Folder of the model.
    paths : sequence of Path
        Parts, as for the queue.
    folder : Path
        Existing folder for the pictures.

    Returns
    -------
    list of Path
        One picture of each tab with the first part of the queue.

    Raises
    ------
    InputError
        When the model or the parts cannot be opened, or take too long.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = create_application()
    with TemporaryDirectory() as settings:
        store = QSettings(str(Path(settings) / "settings.ini"), QSettings.Format.IniFormat)
        bench = create_workbench(store, Path(settings) / "store.sqlite")
        window = MainWindow(bench)
        try:
            window.show()
            _open(application, bench, window, model, paths)
            return _take(application, window, folder)
        finally:
            window.close()
            window.deleteLater()


def _open(
    application: QApplication,
    bench: Workbench,
    window: MainWindow,
    model: Path,
    paths: Sequence[Path],
) -> None:
    session, messages = bench.session, list[Message]()
    bench.notifications.posted.connect(messages.append)
    window.start()
    actions.open_model(bench, model)
    actions.open_parts(bench, paths)
    _wait(
        application,
        lambda: bool(messages) or (session.detector is not None and bool(session.entries)),
    )
    if session.detector is None or not session.entries:
        raise InputError(model, messages[0].sentence)
    _wait(application, lambda: session.remaining == 0 and window.cloud.is_ready)
    first = session.ordered[0]
    actions.show_part(bench, first)
    if session.entries[first].score is not None:
        _wait(application, lambda: session.inspection is not None)


def _take(application: QApplication, window: MainWindow, folder: Path) -> list[Path]:
    taken = []
    for tab, name in enumerate(("part", "features")):
        window.tabs.setCurrentIndex(tab)
        _wait(application, lambda: window.features.is_ready)
        # Layouts settle over several rounds of events.
        for _ in range(5):
            application.processEvents()
        path = folder / f"workbench-{name}.png"
        if not window.grab().save(str(path)):
            raise InputError(path, "cannot be written")
        taken.append(path)
    window.tabs.setCurrentIndex(0)
    return taken


def _wait(application: QApplication, done: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE_S
    while not done():
        if time.monotonic() > end:
            raise InputError("the window", f"was not ready after {_PATIENCE_S:.0f} s")
        application.processEvents()
        time.sleep(0.01)
