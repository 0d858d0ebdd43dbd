"""The cloud pane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QToolButton, QWidget

from app.icons import icon
from app.text import text
from app.theme import tones
from app.widgets.image_canvas import ImageCanvas
from app.widgets.pane import Pane, heading, sentence

if TYPE_CHECKING:
    from app.panels.cloud.picture_view import PictureView
    from app.panels.cloud.screen_view import ScreenView


class CloudView(Pane):
    """A 3D view, or a map on the image plane, or words; never a cloud nobody measured.

    Attributes
    ----------
    camera_reset : Signal
        The user wants to look from the first direction again.
    """

    camera_reset = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.reset = QToolButton()
        self.reset.setProperty("tool", "true")
        self.reset.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.reset.setAccessibleName(text("cloud.reset"))
        self.reset.setToolTip(text("cloud.reset.tip"))
        self.reset.clicked.connect(self.camera_reset)
        self.reset.setEnabled(False)
        self.add_control(self.reset)
        self.note = sentence("explain")
        self.plane = ImageCanvas(text("cloud.plane"))
        self.words = heading("", "faint")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setWordWrap(True)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.words)
        self.stack.addWidget(self.plane)
        self.space: ScreenView | PictureView | None = None
        self.body.addWidget(self.note)
        self.body.addWidget(self.stack, 1)
        self.hint = heading(text("cloud.hint"), "faint")
        self.hint.setMinimumHeight(22)
        self.hint.setWordWrap(True)
        self.body.addWidget(self.hint)
        self.follow_look()

    def follow_look(self) -> None:
        """Draw the icon in the colours of the application."""
        self.reset.setIcon(icon("reset", tones().words))

    def add_space(self, on_screen: bool) -> ScreenView | PictureView:
        """Create the 3D view; pyvista is imported only here."""
        if on_screen:
            from app.panels.cloud.screen_view import ScreenView

            self.space = ScreenView(text("cloud.space"))
        else:
            from app.panels.cloud.picture_view import PictureView

            self.space = PictureView(text("cloud.space"))
        self.stack.addWidget(self.space)
        return self.space

    @property
    def aspect(self) -> float:
        """Width of the view by its height."""
        return self.stack.width() / max(self.stack.height(), 1)

    def pixels_per_point(self, grid: tuple[int, int]) -> float:
        """Return how far apart the points of a grid (H, W) lie on the screen."""
        return min(self.stack.height() / grid[0], self.stack.width() / grid[1])

    def say_only(self, words: str) -> None:
        """Show words where a view would be."""
        self.words.setText(words)
        self._show(self.words)

    def show_plane(self) -> None:
        """Show the map on the image plane."""
        self._show(self.plane)

    def show_space(self) -> None:
        """Show the 3D view."""
        if self.space is not None:
            self._show(self.space)
            self.space.refresh()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Draw what changed while the pane was hidden."""
        super().showEvent(event)
        if self.space is not None and self.stack.currentWidget() is self.space:
            self.space.refresh()

    def _show(self, widget: QWidget) -> None:
        self.stack.setCurrentWidget(widget)
        in_space = widget is self.space
        self.reset.setEnabled(in_space)
        self.hint.setText(text("cloud.hint") if in_space else "")
