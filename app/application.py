"""Start the workbench."""

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from platformdirs import user_log_path
from PySide6.QtCore import (
    QCoreApplication,
    QLibraryInfo,
    QLocale,
    QSettings,
    QTimer,
    QTranslator,
)
from PySide6.QtWidgets import QApplication

from app import actions, theme
from app.crash_log import CrashLog
from app.dialogs.crash_report import CrashReport
from app.jobs.worker import Worker
from app.main_window import MainWindow
from app.notifications import Notifications
from app.people import People
from app.retraining import Retraining
from app.session import Session
from app.settings import Settings
from app.store_door import StoreDoor
from app.text import speak, text
from app.workbench import Workbench
from cmdiad_core.errors import InputError
from cmdiad_core.workflows.inspection_log import InspectionLog

NAME = "cmdiad"


def run(model: Path | None, paths: Sequence[Path]) -> int:
    """Open the window, the model and the parts; return the exit status when it is closed.

    Raises
    ------
    InputError
        When there is no display to open a window on.
    """
    require_display()
    application = create_application()
    bench = create_workbench(QSettings(NAME, NAME))
    theme.choose(application, bench.settings.look)
    choose_language(application, bench.settings.language or QLocale.system().name()[:2])
    # Ctrl+C in the terminal ends the program instead of waiting for the next event.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    log = CrashLog(user_log_path(NAME, appauthor=False))
    window = MainWindow(bench)
    window.show()

    def begin() -> None:
        window.start()
        if left_behind := log.left_behind():
            CrashReport(left_behind, window).open()
        resumed = not paths and model is None and window.last_work.resume()
        if paths:
            actions.open_paths(bench, paths)
        if model is not None:
            actions.open_model(bench, model)
        elif not resumed and not any(actions.is_model(path) for path in paths):
            actions.open_champion(bench)
        window.retraining.offer_lost()

    QTimer.singleShot(0, begin)
    with _reported_exceptions(bench.notifications):
        status = application.exec()
    log.close()
    return status


def require_display() -> None:
    """Raise `InputError` where Qt would find no display and end the process."""
    if not sys.platform.startswith("linux"):
        return
    platform = os.environ.get("QT_QPA_PLATFORM", "").split(":")[0]
    if platform in ("offscreen", "minimal", "vnc", "eglfs", "linuxfb"):
        return
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise InputError(text("error.display"), text("error.no_display"))


def create_application() -> QApplication:
    """Return the application with its look."""
    existing = QCoreApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication([NAME])
    application.setApplicationName(NAME)
    theme.follow_system(application)
    return application


def choose_language(application: QApplication, wanted: str) -> None:
    """Take all words from this language, also Qt's: its buttons and the names of keys."""
    language = speak(wanted)
    # Numbers are written without groups of digits, whose sign may be another's decimal point.
    locale = QLocale(language)
    locale.setNumberOptions(
        QLocale.NumberOption.OmitGroupSeparator | QLocale.NumberOption.RejectGroupSeparator
    )
    QLocale.setDefault(locale)
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(f"qtbase_{language}", folder):
        application.installTranslator(translator)


def create_workbench(settings: QSettings, store: Path | None = None) -> Workbench:
    """Return a fresh state that remembers in `settings` and keeps verdicts in `store`."""
    kept, worker, notifications, door = (
        Settings(settings),
        Worker(),
        Notifications(),
        StoreDoor(store),
    )

    def complain(error: InputError) -> None:
        # The log is written on the worker.
        worker.post("log", worker.generation("log"), lambda: notifications.report(error))

    bench = Workbench(
        Session(),
        worker,
        kept,
        notifications,
        door,
        InspectionLog(door.open, complain),
        People(kept),
        Retraining(),
    )
    bench.session.set_colour_map(bench.settings.colour_map)
    return bench


@contextmanager
def _reported_exceptions(notifications: Notifications) -> Iterator[None]:
    # Exceptions in slots end here; without this Qt would swallow them or abort.
    def report(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            notifications.report(error)

    sys.excepthook = report
    try:
        yield
    finally:
        sys.excepthook = sys.__excepthook__
