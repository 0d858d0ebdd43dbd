"""The full screen of a blind study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.icons import icon
from app.text import text
from app.theme import tones
from app.widgets.image_canvas import ImageCanvas
from app.widgets.pane import heading, say, sentence
from cmdiad_core.edits import PersonVerdict

if TYPE_CHECKING:
    from app.panels.presentation.cloud_picture import CloudPicture

_MARGIN = 20
_BACK = ("Backspace", "Left")


class StudyView(QDialog):
    """Image and cloud of one part without a word on it, and three answers.

    While it is open, no key and no click reaches the workbench.

    Parameters
    ----------
    space : CloudPicture or None
        Shows clouds; None where this machine cannot draw them.
    keys : mapping of PersonVerdict to sequence of QKeySequence
        The keys that give each answer.

    Attributes
    ----------
    answered : Signal(PersonVerdict)
        The inspector gave an answer.
    stepped_back : Signal
        The inspector wants to see the part before again.
    source_chosen : Signal(str)
        The inspector wants to see the image of this modality.
    leaving : Signal
        The view is about to close.
    """

    answered = Signal(object)
    stepped_back = Signal()
    source_chosen = Signal(str)
    leaving = Signal()

    def __init__(
        self,
        space: CloudPicture | None,
        keys: Mapping[PersonVerdict, Sequence[QKeySequence]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(text("study.title"))
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.space = space
        self.counter = heading("", "headline")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(text("study.progress"))
        self.source = QComboBox()
        self.source.setAccessibleName(text("image.source"))
        self.source.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.source.activated.connect(
            lambda row: self.source_chosen.emit(self.source.itemData(row))
        )
        self.image = ImageCanvas(text("study.image"))
        self.problem = sentence("explain")
        self.end = heading("", "welcome")
        self.end.setWordWrap(True)
        self.end.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.answers = {verdict: self._answer(verdict, keys) for verdict in PersonVerdict}
        self.back = self._button("back", self.stepped_back.emit)
        self.leave = self._button("leave", self.reject)
        self.views, self.pages = QWidget(), QStackedWidget()
        self._lay_out()
        for key in _BACK:
            QShortcut(QKeySequence(key), self, self.back.click)
        QShortcut(QKeySequence("Esc"), self, self.reject)

    def show_on(self, window: QWidget) -> None:
        """Fill the screen that a window is on."""
        self.setGeometry(window.screen().geometry())
        self.showFullScreen()

    def show_place(self, number: int, total: int, done: int) -> None:
        """Say which part it is, and how many are answered."""
        self.counter.setText(text("study.counter", number=number, total=total))
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        self.progress.setToolTip(text("study.progress.tip", done=done, total=total))
        self.back.setEnabled(number > 1)

    def list_sources(self, choices: Sequence[tuple[str, str]], chosen: str) -> None:
        """Offer the images (name, title) that the part has."""
        self.source.clear()
        for name, title in choices:
            self.source.addItem(title, name)
        self.source.setCurrentIndex(self.source.findData(chosen))
        self.source.setEnabled(len(choices) > 1)
        for widget in (self.source, self.explain):
            widget.show()

    def let_answer(self, possible: bool) -> None:
        """Let the inspector answer, or not: nobody judges what is not on the screen."""
        for button in self.answers.values():
            button.setEnabled(possible)
        # A button would take the space bar for a click.
        self.image.setFocus()

    def show_end(self, words: str) -> None:
        """Show the last page."""
        self.end.setText(words)
        self.pages.setCurrentWidget(self.end)
        for widget in (self.source, self.explain):
            widget.hide()
        self.leave.setFocus()

    def complain(self, words: str) -> None:
        """Say why an answer was not kept; nothing if it was."""
        say(self.problem, words)

    def done(self, result: int) -> None:
        """Close, after the workbench is back."""
        self.leaving.emit()
        super().done(result)

    def _answer(
        self, verdict: PersonVerdict, keys: Mapping[PersonVerdict, Sequence[QKeySequence]]
    ) -> QPushButton:
        button = QPushButton(icon(f"person-{verdict}", tones().review(verdict)), "")
        name = text(f"review.{verdict}")
        wanted = keys.get(verdict, ())
        letter = wanted[0].toString(QKeySequence.SequenceFormat.NativeText) if wanted else ""
        button.setText(f"{name} ({letter})" if letter else name)
        button.setAccessibleName(name)
        button.setToolTip(text("study.answer.tip"))
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self.answered.emit(verdict))
        for key in wanted:
            QShortcut(key, self, button.click)
        return button

    def _button(self, key: str, call: object) -> QPushButton:
        button = QPushButton(text(f"study.{key}"))
        button.setToolTip(text(f"study.{key}.tip"))
        button.setAutoDefault(False)
        button.clicked.connect(call)
        return button

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(18)
        head.addWidget(self.counter)
        head.addWidget(self.progress, 1)
        head.addWidget(self.source)
        self.explain = heading(text("study.explain"), "faint")
        self.explain.setWordWrap(True)
        row = QHBoxLayout(self.views)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addWidget(self.image, 1)
        if self.space is not None:
            row.addWidget(self.space, 1)
        self.pages.addWidget(self.views)
        self.pages.addWidget(self.end)
        foot = QHBoxLayout()
        foot.addWidget(self.back)
        foot.addStretch()
        for button in self.answers.values():
            foot.addWidget(button)
        foot.addStretch()
        foot.addWidget(self.leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, _MARGIN - 6, _MARGIN, _MARGIN - 6)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.explain)
        column.addWidget(self.pages, 1)
        column.addWidget(self.problem)
        column.addLayout(foot)
