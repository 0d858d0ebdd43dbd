"""The method in three pictures."""

import re

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.text import text
from app.theme import tones
from app.widgets.first_size import give_size
from app.widgets.pane import heading
from cmdiad_core.resources import resource

PICTURES = ("learn", "inspect", "judge")
_SIZE = (1040, 760)
_PICTURE = (450, 201)


class MethodHelp(QDialog):
    """Pictures in the words and colours of the workbench, each with a few sentences."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(text("method.title"))
        give_size(self, *_SIZE)
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(14)
        grid.setColumnStretch(1, 1)
        for row, name in enumerate(PICTURES):
            words = QVBoxLayout()
            words.addStretch()
            words.addWidget(heading(text(f"method.{name}.title")))
            explain = heading(text(f"method.{name}"), "")
            explain.setWordWrap(True)
            words.addWidget(explain)
            words.addStretch()
            grid.addWidget(_Picture(name), row, 0)
            grid.addLayout(words, row, 1)
        area = QScrollArea()
        area.setAccessibleName(self.windowTitle())
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inside)
        buttons = QDialogButtonBox()
        close = buttons.addButton(text("dialog.close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(area, 1)
        column.addWidget(buttons)


class _Picture(QWidget):
    """One drawing, in the colours of now."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(text(f"method.{name}.title"))
        self.setFixedSize(*_PICTURE)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._source = resource(f"help/{name}.svg").read_text("utf-8")

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw it."""
        drawing = re.sub(r"\{([a-z_.]+)\}", lambda found: text(found[1]), self._source)
        drawing = re.sub(r"@([a-z_]+)", lambda found: vars(tones())[found[1]], drawing)
        painter = QPainter(self)
        QSvgRenderer(QByteArray(drawing.encode())).render(painter, self.rect().toRectF())
        painter.end()
