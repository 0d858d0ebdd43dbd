"""The limits as two lines in a histogram, and as numbers."""

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QTransform
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from app.panels.operating_point.model import Group, Histogram
from app.text import text
from app.theme import tones, words_share
from app.widgets.number_axis import NumberAxis
from app.widgets.number_box import NumberBox
from app.widgets.pane import Pane, heading
from app.widgets.words_area import WordsArea
from cmdiad_core.inspection import OperatingPoint, Verdict

_STEPS = 100
# Queue parts by what is known of them: symbol on the bars, the same as a character, place in a bin.
_MARKS = {
    Group.GOOD: ("o", "▨●", 0),
    Group.DEFECTIVE: ("x", "▦✖", 2),
    Group.UNLABELLED: ("t1", "▤▲", 1),
}
# How their bars are filled, as the squares above.
_HATCHES = {
    Group.GOOD: Qt.BrushStyle.BDiagPattern,
    Group.DEFECTIVE: Qt.BrushStyle.CrossPattern,
    Group.UNLABELLED: Qt.BrushStyle.HorPattern,
}
# Share of the axis below which a zone has no room for its name.
_ROOM = 0.16
#: The least height, and how much of it grows with the words.
_LEAST, _GROWTH = 310, 0.75


class OperatingPointView(Pane):
    """Histogram with two draggable limits, spin boxes for the keyboard, counts.

    Attributes
    ----------
    limits_changed : Signal(float, float)
        The user moved a limit: accept below, reject from.
    choosing, reset : Signal
        The user wants to choose limits from scores, or the model's own limits back.
    """

    limits_changed = Signal(float, float)
    choosing = Signal()
    reset = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(text("limits.title"), parent)
        self._reset = QPushButton(text("limits.reset"))
        self._reset.clicked.connect(self.reset)
        self.choose = QPushButton(text("limits.choose"))
        self.choose.setToolTip(text("limits.choose.tip"))
        self.choose.clicked.connect(self.choosing)
        self.add_control(self.choose)
        self.add_control(self._reset)
        # A PlotWidget would bring menus and buttons that nobody needs here.
        self.plot = pg.GraphicsLayoutWidget()
        self.plot.setAccessibleName(text("limits.histogram"))
        self.plot.setAcceptDrops(False)
        self.plot.setMinimumHeight(110)
        self._make_room()
        self.plot.ci.setContentsMargins(0, 0, 0, 0)
        self.plot.ci.setSpacing(0)
        self._box = pg.ViewBox(enableMenu=False, enableMouse=False)
        self._axis = NumberAxis("bottom")
        self._axis.linkToView(self._box)
        self.plot.addItem(self._box, row=0, col=0)
        self.plot.addItem(self._axis, row=1, col=0)
        self._zones = {verdict: pg.LinearRegionItem(movable=False) for verdict in Verdict}
        self._good = pg.BarGraphItem(x=[0.0], height=[0.0], width=1.0)
        self._bars = {group: pg.BarGraphItem(x=[0.0], height=[0.0], width=1.0) for group in _MARKS}
        self._tops = {
            group: pg.ScatterPlotItem(symbol=symbol, size=7, pxMode=True)
            for group, (symbol, _, _) in _MARKS.items()
        }
        self._names = {
            Verdict.ACCEPT: pg.TextItem(text("verdict.accept"), anchor=(1, 0)),
            Verdict.UNDECIDED: pg.TextItem(text("verdict.undecided"), anchor=(0.5, 0)),
            Verdict.REJECT: pg.TextItem(text("verdict.reject"), anchor=(0, 0)),
        }
        self._sizes: dict[Group, int] = {}
        self._top = 1.0
        self.accept_line = pg.InfiniteLine(movable=True)
        self.reject_line = pg.InfiniteLine(movable=True)
        lines = (self.accept_line, self.reject_line)
        bars = (self._good, *self._bars.values(), *self._tops.values())
        for item in (*self._zones.values(), *bars, *lines):
            self._box.addItem(item)
        for name in self._names.values():
            self._box.addItem(name, ignoreBounds=True)
        for line in lines:
            line.setZValue(10)
            line.sigPositionChanged.connect(self._dragged)
        self.accept_box = self._number(text("limits.accept"))
        self.reject_box = self._number(text("limits.reject"))
        self.counts = WordsArea(text("limits.counts.name"))
        self.counts.setToolTip(text("limits.counts.tip"))
        self.legend = heading("", "faint")
        self.legend.setWordWrap(True)
        self.legend.setToolTip(text("limits.legend.tip"))
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        for column, box in ((0, self.accept_box), (2, self.reject_box)):
            label = heading(box.accessibleName(), "faint")
            label.setBuddy(box)
            grid.addWidget(label, 0, column)
            grid.addWidget(box, 0, column + 1)
        self.body.addWidget(self.legend)
        self.body.addWidget(self.plot, 1)
        self.body.addLayout(grid)
        self.body.addWidget(self.counts, 1)
        self._box.sigTransformChanged.connect(self._hatch)
        self._paint()

    def show_range(self, low: float, high: float) -> None:
        """Set the scores between which the limits can be moved."""
        blocked = [QSignalBlocker(box) for box in (self.accept_box, self.reject_box)]
        for box in (self.accept_box, self.reject_box):
            box.setRange(low, high)
            box.setSingleStep((high - low) / _STEPS)
        del blocked
        self._box.setXRange(low, high, padding=0.02)

    def widen_to(self, limits: OperatingPoint) -> None:
        """Let limits be shown that lie beyond the scores between which they are moved."""
        low, high = self.accept_box.minimum(), self.accept_box.maximum()
        if limits.accept_below < low or limits.reject_from > high:
            self.show_range(min(low, limits.accept_below), max(high, limits.reject_from))

    def show_histogram(self, bars: Histogram, sizes: dict[Group, int]) -> None:
        """Show the scores and how many there are."""
        width = float(bars.edges[1] - bars.edges[0])
        left = bars.edges[:-1]
        self._good.setOpts(x0=left, height=bars.shares[Group.CALIBRATION], width=width)
        for group, (_, _, place) in _MARKS.items():
            heights, there = bars.shares[group], bars.shares[group] > 0
            at = left + width * (0.05 + 0.3 * place)
            self._bars[group].setOpts(x0=at[there], height=heights[there], width=width * 0.3)
            self._tops[group].setData(at[there] + width * 0.15, heights[there])
        # Room above the bars for the names of the zones.
        self._top = 1.5 * max(0.01, *(float(shares.max()) for shares in bars.shares.values()))
        self._box.setYRange(0, self._top, padding=0)
        self._sizes = sizes
        self._show_legend()
        self._place_names()

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
        self._place_names()
        far = 1e6
        self._zones[Verdict.ACCEPT].setRegion((-far, limits.accept_below))
        self._zones[Verdict.UNDECIDED].setRegion((limits.accept_below, limits.reject_from))
        self._zones[Verdict.REJECT].setRegion((limits.reject_from, far))

    def place_of(self, score: float) -> QPointF:
        """Return where a score lies on the plot's viewport, at half its height."""
        inside = self._box.mapViewToScene(QPointF(score, self._top / 2))
        return QPointF(self.plot.mapFromScene(inside))

    def _place_names(self) -> None:
        accept, reject = self.accept_line.value(), self.reject_line.value()
        low, high = self.accept_box.minimum(), self.accept_box.maximum()
        room = _ROOM * (high - low)
        middle = min(max((accept + reject) / 2, low + room / 2), high - room / 2)
        # A narrow zone has its name above those of its neighbours.
        narrow = reject - accept <= room
        for verdict, at, side, is_shown in (
            (Verdict.ACCEPT, accept, 1.0, accept - low > room),
            (Verdict.UNDECIDED, middle, 0.5, reject > accept),
            (Verdict.REJECT, reject, 0.0, high - reject > room),
        ):
            lowered = narrow and verdict is not Verdict.UNDECIDED
            self._names[verdict].setAnchor((side, -1.0 if lowered else 0.0))
            self._names[verdict].setPos(at, self._top)
            self._names[verdict].setVisible(is_shown)

    def _show_legend(self) -> None:
        if not self._sizes:
            return
        look = tones()
        marks = [("█", look.faint, Group.CALIBRATION)]
        marks += [(mark, _colour(group), group) for group, (_, mark, _) in _MARKS.items()]
        words = [
            f'<span style="color:{colour}">{mark}</span>&nbsp;'
            + text(f"limits.group.{group}", count=self._sizes[group]).replace(" ", "&nbsp;")
            for mark, colour, group in marks
            if self._sizes[group]
        ]
        self.legend.setText(" &nbsp; ".join(words))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the look of the application."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "reject_box"):
            self._paint()
        elif event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._make_room()

    def _make_room(self) -> None:
        # Wrapped labels ask for less than they need, and the axis would slide under the boxes.
        self.setMinimumHeight(round(_LEAST * (1 + _GROWTH * (words_share() - 1))))

    def _number(self, name: str) -> NumberBox:
        box = NumberBox()
        box.setAccessibleName(name)
        box.setDecimals(2)
        box.setKeyboardTracking(False)
        box.setButtonSymbols(NumberBox.ButtonSymbols.NoButtons)
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

    def _hatch(self) -> None:
        # Bars are drawn in scores and shares: without this a stripe would be as wide as a score.
        for group, bar in self._bars.items():
            bar.setOpts(
                brush=_hatched(group, self._box.viewPixelSize()), pen=pg.mkPen(_colour(group))
            )

    def _paint(self) -> None:
        look = tones()
        self.plot.setBackground(look.panel)
        self._axis.setPen(look.line)
        self._axis.setTextPen(look.faint)
        self._good.setOpts(brush=_clear(look.faint, 130), pen=None)
        for group in self._bars:
            self._tops[group].setPen(_colour(group))
            self._tops[group].setBrush(_colour(group))
        self._hatch()
        for verdict, name in self._names.items():
            name.setColor(look.verdict(verdict))
            # The name of a narrow zone lies over both lines.
            name.fill = pg.mkBrush(look.panel)
            name.setZValue(20)
        self._show_legend()
        for verdict, zone in self._zones.items():
            zone.setBrush(_clear(look.verdict(verdict), 38))
            zone.setZValue(-10)
            for line in zone.lines:
                line.setPen(None)
        self.accept_line.setPen(look.accept, width=3)
        self.reject_line.setPen(look.reject, width=3)
        for line in (self.accept_line, self.reject_line):
            line.setHoverPen(look.words, width=5)


def _hatched(group: Group, pixel: tuple[float, float]) -> QBrush:
    brush = QBrush(QColor(_colour(group)), _HATCHES[group])
    brush.setTransform(QTransform.fromScale(*pixel))
    return brush


def _colour(group: Group) -> str:
    look = tones()
    return {Group.GOOD: look.accept, Group.DEFECTIVE: look.reject}.get(group, look.words)


def _clear(colour: str, alpha: int) -> QColor:
    result = QColor(colour)
    result.setAlpha(alpha)
    return result
