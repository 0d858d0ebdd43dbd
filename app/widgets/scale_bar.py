"""The colour bar: an absolute scale with the operating point marked on it."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.colour_scale import ColourScale
from app.text import number, text
from app.theme import tones

_BAR = 16
_LEFT = 10
_MARGIN = 12
_TICKS = 5


class ScaleBar(QWidget):
    """Vertical colour bar.

    Parameters
    ----------
    name : str
        Accessible name: what is measured on it.
    tip : str
        What its numbers mean; empty for anomaly scores.
    """

    def __init__(self, name: str, tip: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setToolTip(tip or text("scale.tip"))
        # Only anomaly scores have limits marked on them.
        self._bare = bool(tip)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._scale: ColourScale | None = None

    def show_scale(self, scale: ColourScale | None) -> None:
        """Show a scale; None leaves the bar empty."""
        if scale != self._scale:
            self._scale = scale
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return room for the bar and its words."""
        longest = "≥ -8.88" if self._bare else text("scale.reject", score="88.88")
        words = self.fontMetrics().horizontalAdvance(longest)
        return QSize(_LEFT + _BAR + 12 + words, 160)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the same width, less height."""
        return QSize(self.sizeHint().width(), 90)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw bar, ticks and marks."""
        if self._scale is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        margin = max(_MARGIN, self._line / 2)
        bar = QRectF(_LEFT, margin, _BAR, self.height() - 2 * margin)
        self._draw_bar(painter, bar, self._scale)
        taken = self._draw_marks(painter, bar, self._scale)
        self._draw_ticks(painter, bar, self._scale, taken)

    def _draw_bar(self, painter: QPainter, bar: QRectF, scale: ColourScale) -> None:
        table = scale.table()[::-1].copy()
        image = QImage(table.data, 1, len(table), 4, QImage.Format.Format_RGBA8888)
        painter.fillRect(bar, QColor(tones().canvas))
        painter.drawImage(bar, image)
        painter.setPen(QPen(QColor(tones().faint), 1))
        painter.drawRect(bar)

    def _draw_marks(self, painter: QPainter, bar: QRectF, scale: ColourScale) -> list[float]:
        if scale.limits is None:
            return []
        look = tones()
        taken: list[float] = []
        marks = [(scale.limits.reject_from, "scale.reject", look.reject)]
        if scale.limits.accept_below < scale.limits.reject_from:
            marks.append((scale.limits.accept_below, "scale.accept", look.accept))
        for score, key, colour in marks:
            y = bar.bottom() - scale.position(score) * bar.height()
            painter.setPen(QPen(QColor(colour), 2))
            painter.drawLine(QPointF(bar.left() - 2, y), QPointF(bar.right() + 3, y))
            painter.setBrush(QColor(colour))
            painter.setPen(Qt.PenStyle.NoPen)
            tip = [QPointF(bar.left() - 2, y), QPointF(1, y - 5), QPointF(1, y + 5)]
            painter.drawPolygon(QPolygonF(tip))
            painter.setPen(QColor(look.words))
            at = self._free(y, taken)
            taken.append(at)
            self._write(painter, bar, at, text(key, score=number(score)))
        return taken

    def _draw_ticks(
        self, painter: QPainter, bar: QRectF, scale: ColourScale, taken: list[float]
    ) -> None:
        painter.setPen(QColor(tones().faint))
        for step in range(_TICKS):
            share = step / (_TICKS - 1)
            y = bar.bottom() - share * bar.height()
            if all(abs(y - other) >= self._line for other in taken):
                # Scores beyond the scale have its last colour.
                sign = "≥ " if share == 1 else "≤ " if share == 0 and scale.low < 0 else ""
                score = scale.low + share * (scale.high - scale.low)
                self._write(painter, bar, y, f"{sign}{number(score)}")

    def _free(self, y: float, taken: list[float]) -> float:
        below = [other for other in taken if abs(other - y) < self._line]
        return max(below) + self._line if below else y

    def _write(self, painter: QPainter, bar: QRectF, y: float, words: str) -> None:
        box = QRectF(
            bar.right() + 7, y - self._line / 2, self.width() - bar.right() - 7, self._line
        )
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)

    @property
    def _line(self) -> float:
        return self.fontMetrics().height()
