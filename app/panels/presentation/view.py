"""The full screen of a tour."""

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.panels.presentation.part_slide import PartSlide
from app.panels.presentation.savings_slide import SavingsSlide
from app.panels.presentation.title_slide import TitleSlide
from app.text import text
from app.theme import tones
from cmdiad_core.resources import resource

_FORWARD = ("Right", "Down", "Space", "PgDown")
_BACK = ("Left", "Up", "Backspace", "PgUp")
_MARGIN = 28


class PresentationView(QDialog):
    """Slides, and two large buttons to walk through them; words grow with the screen.

    While it is open, no key and no click reaches the workbench.

    Parameters
    ----------
    part_slide : PartSlide
        Shows one part after the other.

    Attributes
    ----------
    stepped : Signal(int)
        The user wants to go so many slides on, or back.
    """

    stepped = Signal(int)

    def __init__(self, part_slide: PartSlide, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("presentation")
        self.setWindowTitle(text("presentation.title"))
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.title, self.part, self.savings = TitleSlide(), part_slide, SavingsSlide()
        self.stack = QStackedWidget()
        for slide in (self.title, self.part, self.savings):
            self.stack.addWidget(slide)
        self.previous = self._button("previous", lambda: self.stepped.emit(-1))
        self.next = self._button("next", lambda: self.stepped.emit(1))
        self.next.setDefault(True)
        self.leave = self._button("leave", self.reject)
        self.counter = QLabel()
        self.counter.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.counter.setAccessibleName(text("presentation.counter.tip"))
        self._lay_out()
        for keys, step in ((_FORWARD, 1), (_BACK, -1)):
            self._bind(keys, step)
        # A picture that was clicked would keep the key to itself.
        QShortcut(QKeySequence("Esc"), self, self.reject)

    def show_on(self, window: QWidget) -> None:
        """Fill the screen that a window is on."""
        self.setGeometry(window.screen().geometry())
        self.showFullScreen()
        self.next.setFocus()

    def show_slide(self, slide: QWidget, number: int, total: int) -> None:
        """Show a slide and its place among all."""
        self.stack.setCurrentWidget(slide)
        self.counter.setText(text("presentation.counter", number=number, total=total))
        self.previous.setEnabled(number > 1)
        self.next.setEnabled(number < total)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Make words as large as the screen allows."""
        super().resizeEvent(event)
        unit = min(self.height(), self.width() * 9 / 16) / 100
        sheet = resource("style/presentation.qss").read_text("utf-8")
        for name, value in vars(tones()).items():
            sheet = sheet.replace(f"@{name};", f"{value};")
        self.setStyleSheet(
            re.sub(r"([\d.]+)vh", lambda found: f"{round(float(found[1]) * unit)}px", sheet)
        )

    def _bind(self, keys: tuple[str, ...], step: int) -> None:
        for key in keys:
            QShortcut(QKeySequence(key), self, lambda: self.stepped.emit(step))

    def _button(self, key: str, call: object) -> QPushButton:
        button = QPushButton(text(f"presentation.{key}"))
        button.setToolTip(text(f"presentation.{key}.tip"))
        button.clicked.connect(call)
        return button

    def _lay_out(self) -> None:
        for button in (self.previous, self.next):
            button.setProperty("large", "true")
        foot = QHBoxLayout()
        foot.addWidget(self.previous)
        foot.addStretch()
        foot.addWidget(self.counter)
        foot.addWidget(self.leave)
        foot.addStretch()
        foot.addWidget(self.next)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, _MARGIN - 8, _MARGIN, _MARGIN - 12)
        column.setSpacing(14)
        column.addWidget(self.stack, 1)
        column.addLayout(foot)
