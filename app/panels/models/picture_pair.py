"""One part as both models see it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.text import text
from app.widgets.pane import heading

if TYPE_CHECKING:
    from cmdiad_core.workflows.comparison import ChangedVerdict

_WIDTH = 360


class PicturePair(QWidget):
    """The champion's picture beside the candidate's, each under a line that says whose it is."""

    def __init__(self) -> None:
        super().__init__()
        self.captions = [heading("", "faint"), heading("", "faint")]
        self.pictures = [QLabel(), QLabel()]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 4, 0, 0)
        for column, (caption, picture) in enumerate(zip(self.captions, self.pictures, strict=True)):
            grid.addWidget(caption, 0, column)
            grid.addWidget(picture, 1, column)
        grid.setColumnStretch(2, 1)
        self.hide()

    def show_part(self, one: ChangedVerdict | None) -> None:
        """Show a part, or nothing where it has no pictures."""
        if one is None or not one.pictures:
            self.hide()
            return
        names = text("models.changes.before"), text("models.changes.after")
        verdicts = one.champion, one.candidate
        for place, stored in enumerate(one.pictures):
            words = f"{names[place]}: {text(f'verdict.{verdicts[place]}')}"
            self.captions[place].setText(words)
            pixels = QPixmap()
            pixels.loadFromData(base64.b64decode(stored.partition(",")[2]))
            self.pictures[place].setPixmap(
                pixels.scaledToWidth(_WIDTH, Qt.TransformationMode.SmoothTransformation)
            )
            self.pictures[place].setAccessibleName(f"{one.part}, {words}")
        self.show()
