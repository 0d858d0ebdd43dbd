"""The nearest normal patches of a patch, as thumbnails."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from app.colour_scale import Colours
from app.panels.features.thumbnails import WINDOW
from app.text import text
from app.theme import tones
from app.widgets.pane import Pane, heading

#: Neighbours of each kind.
COUNT = 5
_SIDE = 84
#: What a thumbnail is drawn around and how it is marked, dark below light.
_MARKS = (("#101418", 4), ("#ffffff", 2))


class PatchView(Pane):
    """The chosen patch, and below each other its measured and its predicted neighbours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(text("patch.title"), parent)
        explain = heading(text("patch.explain"), "faint")
        explain.setWordWrap(True)
        self.numbers = heading(text("patch.nothing"), "")
        self.numbers.setWordWrap(True)
        self.numbers.setToolTip(text("patch.numbers.tip"))
        self.chosen = heading("", "")
        self.chosen.setWordWrap(True)
        self.own = Thumbnail()
        self.measured = [Thumbnail() for _ in range(COUNT)]
        self.predicted = [Thumbnail() for _ in range(COUNT)]
        self.reasons = [_reason(), _reason()]
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setColumnStretch(COUNT + 1, 1)
        grid.addWidget(heading(text("patch.own"), "faint"), 0, 0)
        grid.addWidget(self.own, 1, 0, Qt.AlignmentFlag.AlignTop)
        rows = (("patch.measured", self.measured), ("patch.predicted", self.predicted))
        for number, (key, thumbnails) in enumerate(rows):
            grid.addWidget(heading(text(key), "faint"), 2 * number, 1, 1, COUNT)
            grid.addWidget(self.reasons[number], 2 * number + 1, 1, 1, COUNT)
            for place, thumbnail in enumerate(thumbnails):
                top = Qt.AlignmentFlag.AlignTop
                grid.addWidget(thumbnail, 2 * number + 1, place + 1, top)
        for widget in (explain, self.numbers, self.chosen):
            self.body.addWidget(widget)
        self.body.addLayout(grid)
        self.clear()

    def clear(self) -> None:
        """Show that no patch is chosen."""
        self.chosen.setText(text("patch.choose"))
        self.own.clear()
        for thumbnails, reason in zip((self.measured, self.predicted), self.reasons, strict=True):
            reason.hide()
            for thumbnail in thumbnails:
                thumbnail.clear()


class Thumbnail(QFrame):
    """A patch in its surroundings, with a caption; empty until it is told what to show."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.picture = _Picture()
        self.caption = QLabel()
        self.caption.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.caption.setFixedWidth(_SIDE + 22)
        self.caption.setProperty("role", "faint")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(2)
        column.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.caption)

    def clear(self) -> None:
        """Hide it."""
        self.hide()
        self.picture.show_colours(None, "")

    def describe(self, lines: list[str], tip: str) -> None:
        """Say what it is, in short lines below and in full as a tip."""
        metrics = self.caption.fontMetrics()
        # The end of a part's id tells it from the others.
        elide = Qt.TextElideMode.ElideLeft
        width = self.caption.width()
        self.caption.setText("\n".join(metrics.elidedText(one, elide, width) for one in lines))
        self.setToolTip(tip)
        self.setAccessibleName(", ".join(lines))
        self.setAccessibleDescription(tip)
        self.picture.show_colours(None, text("patch.reading"))
        self.show()

    def show_colours(self, colours: Colours) -> None:
        """Show the surroundings (n, n, 3) of the patch."""
        self.picture.show_colours(colours, "")

    def show_problem(self, short: str, sentence: str) -> None:
        """Say why there is no picture."""
        self.picture.show_colours(None, short)
        self.setToolTip(f"{self.toolTip()}\n{sentence}")


class _Picture(QWidget):
    """A square picture with the patch in its middle surrounded, or a word."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(_SIDE, _SIDE)
        self.words = ""
        self._image: QImage | None = None

    @property
    def is_shown(self) -> bool:
        return self._image is not None

    def show_colours(self, colours: Colours | None, words: str) -> None:
        self.words = words
        self._image = None
        if colours is not None:
            height, width, _ = colours.shape
            data = colours.tobytes()
            shown = QImage(data, width, height, 3 * width, QImage.Format.Format_RGB888)
            self._image = shown.copy()  # Qt does not keep the bytes
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        look = tones()
        painter.fillRect(self.rect(), QColor(look.canvas))
        if self._image is None:
            painter.setPen(QColor(look.faint))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(4, 4, -4, -4), flags, self.words)
            return
        painter.drawImage(self.rect(), self._image)
        side = _SIDE / WINDOW
        patch = QRectF((_SIDE - side) / 2, (_SIDE - side) / 2, side, side).adjusted(-2, -2, 2, 2)
        for colour, width in _MARKS:
            painter.setPen(QPen(QColor(colour), width))
            painter.drawRect(patch)


def _reason() -> QLabel:
    label = heading("", "faint")
    label.setWordWrap(True)
    label.setMinimumHeight(_SIDE)
    return label
