"""The limits as two lines in a histogram, and as numbers."""

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QSignalBlocker, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QPushButton, QWidget

from app.panels.operating_point.model import Histogram
from app.text import text
from app.theme import tones
from app.widgets.pane import Pane, heading
from cmdiad_core.inspection import OperatingPoint, Verdict

_STEPS = 100


class OperatingPointView(Pane):
    """Histogram with two draggable limits, spin boxes for the keyboard, counts.

    Attributes
    ----------
    limits_changed : Signal(float, float)
        The user moved a limit: accept below, reject from.
    reset : Signal
        The user wants the model's own limits back.
    """

    limits_changed = Signal(float, float)
    reset = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(text("limits.title"), parent)
        self._reset = QPushButton(text("limits.reset"))
        self._reset.clicked.connect(self.reset)
        self.add_control(self._reset)
        # A PlotWidget would bring menus and buttons that nobody needs here.
        self._plot = pg.GraphicsLayoutWidget()
        self._plot.setAccessibleName(text("limits.histogram"))
        self._plot.setAcceptDrops(False)
        self._plot.setMinimumHeight(110)
        # Wrapped labels ask for less than they need, and the axis would slide under the boxes.
        self.setMinimumHeight(310)
        self._plot.ci.setContentsMargins(0, 0, 0, 0)
        self._plot.ci.setSpacing(0)
        self._box = pg.ViewBox(enableMenu=False, enableMouse=False)
        self._axis = pg.AxisItem("bottom")
        self._axis.linkToView(self._box)
        self._plot.addItem(self._box, row=0, col=0)
        self._plot.addItem(self._axis, row=1, col=0)
        self._zones = {verdict: pg.LinearRegionItem(movable=False) for verdict in Verdict}
        self._good = pg.BarGraphItem(x=[0.0], height=[0.0], width=1.0)
        self._queue = pg.BarGraphItem(x=[0.0], height=[0.0], width=1.0)
        self.accept_line = pg.InfiniteLine(movable=True)
        self.reject_line = pg.InfiniteLine(movable=True)
        lines = (self.accept_line, self.reject_line)
        for item in (*self._zones.values(), self._good, self._queue, *lines):
            self._box.addItem(item)
        for line in lines:
            line.setZValue(10)
            line.sigPositionChanged.connect(self._dragged)
        self.accept_box = self._number(text("limits.accept"))
        self.reject_box = self._number(text("limits.reject"))
        self.counts = heading("", "")
        self.counts.setWordWrap(True)
        self.legend = heading("", "faint")
        self.legend.setWordWrap(True)
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        for column, box in ((0, self.accept_box), (2, self.reject_box)):
            label = heading(box.accessibleName(), "faint")
            label.setBuddy(box)
            grid.addWidget(label, 0, column)
            grid.addWidget(box, 0, column + 1)
        self.body.addWidget(self.legend)
        self.body.addWidget(self._plot, 1)
        self.body.addLayout(grid)
        self.body.addWidget(self.counts)
        self._paint()

    def show_range(self, low: float, high: float) -> None:
        """Set the scores between which the limits can be moved."""
        blocked = [QSignalBlocker(box) for box in (self.accept_box, self.reject_box)]
        for box in (self.accept_box, self.reject_box):
            box.setRange(low, high)
            box.setSingleStep((high - low) / _STEPS)
        del blocked
        self._box.setXRange(low, high, padding=0.02)

    def show_histogram(self, bars: Histogram) -> None:
        """Show the scores."""
        width = float(bars.edges[1] - bars.edges[0])
        self._good.setOpts(x0=bars.edges[:-1], height=bars.good, width=width)
        self._queue.setOpts(x0=bars.edges[:-1] + width * 0.25, height=bars.queue, width=width / 2)
        top = max(float(bars.good.max()), float(bars.queue.max()), 0.01)
        self._box.setYRange(0, top, padding=0.03)

    def show_limits(self, limits: OperatingPoint) -> None:
        """Put lines, zones and numbers where the limits are."""
        pairs = (
            (self.accept_line, self.accept_box, limits.accept_below),
            (self.reject_line, self.reject_box, limits.reject_from),
        )
        for line, box, value in pairs:
            with QSignalBlocker(line), QSignalBlocker(box):
                line.setValue(value)
                box.setValue(value)
        far = 1e6
        self._zones[Verdict.ACCEPT].setRegion((-far, limits.accept_below))
        self._zones[Verdict.UNDECIDED].setRegion((limits.accept_below, limits.reject_from))
        self._zones[Verdict.REJECT].setRegion((limits.reject_from, far))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the look of the application."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "reject_box"):
            self._paint()

    def _number(self, name: str) -> QDoubleSpinBox:
        box = QDoubleSpinBox()
        box.setAccessibleName(name)
        box.setDecimals(2)
        box.setKeyboardTracking(False)
        box.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        box.valueChanged.connect(self._typed)
        return box

    def _typed(self) -> None:
        self._tell(self.accept_box.value(), self.reject_box.value())

    def _dragged(self) -> None:
        self._tell(self.accept_line.value(), self.reject_line.value())

    def _tell(self, accept_below: float, reject_from: float) -> None:
        low, high = self.reject_box.minimum(), self.reject_box.maximum()
        # The limit that was moved pushes the other one along.
        moved_accept = self.sender() in (self.accept_line, self.accept_box)
        if moved_accept and accept_below > reject_from:
            reject_from = accept_below
        self.limits_changed.emit(
            min(max(accept_below, low), high), min(max(reject_from, low), high)
        )

    def _paint(self) -> None:
        look = tones()
        self._plot.setBackground(look.panel)
        self._axis.setPen(look.line)
        self._axis.setTextPen(look.faint)
        self._good.setOpts(brush=_clear(look.faint, 130), pen=None)
        self._queue.setOpts(brush=QColor(look.words), pen=None)
        for verdict, zone in self._zones.items():
            zone.setBrush(_clear(look.verdict(verdict), 38))
            zone.setZValue(-10)
            for line in zone.lines:
                line.setPen(None)
        self.accept_line.setPen(look.accept, width=3)
        self.reject_line.setPen(look.reject, width=3)
        for line in (self.accept_line, self.reject_line):
            line.setHoverPen(look.words, width=5)


def _clear(colour: str, alpha: int) -> QColor:
    result = QColor(colour)
    result.setAlpha(alpha)
    return result
