"""Comes back after a restart: the same model, parts, part and view."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app import actions
from app.workbench import Workbench

if TYPE_CHECKING:
    from app.main_window import MainWindow


class LastWork:
    """Remembers when the window is closed, resumes when it is opened without anything to open.

    Parameters
    ----------
    bench : Workbench
        Whose settings keep it.
    window : MainWindow
        Whose views are brought back.
    """

    def __init__(self, bench: Workbench, window: MainWindow) -> None:
        self._bench = bench
        self._window = window
        self._views: dict[str, Any] = {}

    def remember(self) -> None:
        """Keep what is shown and from where it is looked at."""
        session, window = self._bench.session, self._window
        if session.current is None:
            return
        work = {
            "part": session.current,
            "tab": window.tabs.currentIndex(),
            "image": window.image.view.canvas.visible_rect(),
            "camera": window.cloud.camera(),
        }
        self._bench.settings.last_work = json.dumps(work)

    def resume(self) -> bool:
        """Open again what was open, where it still exists; return whether a model is among it."""
        settings = self._bench.settings
        work = _read(settings.last_work)
        model = next(iter(settings.recent("models")), None)
        parts = [path for path in settings.open_parts if path.exists()]
        if not parts:
            return False
        actions.open_parts(self._bench, parts, first=str(work.get("part", "")))
        is_there = model is not None and (model / actions.MODEL_FILE).is_file()
        if model is not None and is_there:
            actions.open_model(self._bench, model)
        self._views = work
        self._bench.session.shown_changed.connect(self._look_again)
        return is_there

    def _look_again(self) -> None:
        session, window, work = self._bench.session, self._window, self._views
        if session.sample is None or not window.cloud.is_ready:
            return
        session.shown_changed.disconnect(self._look_again)
        if session.current != work.get("part"):
            return
        window.tabs.setCurrentIndex(int(work.get("tab", 0)))
        if rect := work.get("image"):
            window.image.view.canvas.show_rect(rect)
        if camera := work.get("camera"):
            window.cloud.set_camera(camera)


def _read(stored: str) -> dict[str, Any]:
    try:
        work = json.loads(stored)
    except ValueError:
        return {}
    return work if isinstance(work, dict) else {}
