"""Features as points."""

import numpy as np
import pyqtgraph as pg
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QWidget

from app.panels.features.scatter import Scatter
from app.text import text
from app.theme import tones
from app.widgets.pane import Pane, heading
from cmdiad_core.inspection import Map

_HEIGHT = 250
#: Farthest, in pixels of the screen, that the mouse may be from the point it means.
_REACH = 9


class ScatterView(Pane):
    """Points of the bank, of this part measured and of this part predicted.

    Attributes
    ----------
    pointed, clicked : Signal(float, float)
        The mouse is over, or clicked, the point of the patch whose middle is at this row and
        column of the patch grid.
    left : Signal
        The mouse is over no point of this part.
    plane_chosen : Signal(str)
        ``"pca"`` or ``"umap"``.
    """

    pointed = Signal(float, float)
    clicked = Signal(float, float)
    left = Signal()
    plane_chosen = Signal(str)

    def __init__(self, umap: bool, parent: QWidget | None = None) -> None:
        super().__init__(text("scatter.title"), parent)
        self.plane = QComboBox()
        self.plane.setAccessibleName(text("scatter.plane"))
        self.plane.setToolTip(text("scatter.plane.tip"))
        self.plane.addItem(text("scatter.pca"), "pca")
        self.plane.addItem(text("scatter.umap" if umap else "scatter.no_umap"), "umap")
        if not umap:
            items = self.plane.model()
            if isinstance(items, QStandardItemModel):
                items.item(1).setEnabled(False)
            self.plane.setToolTip(text("scatter.no_umap.tip"))
        self.plane.activated.connect(
            lambda index: self.plane_chosen.emit(self.plane.itemData(index))
        )
        self.add_control(self.plane)
        self.legend = heading(text("scatter.legend"), "faint")
        self.legend.setWordWrap(True)
        self._plot = pg.GraphicsView()
        self._plot.setAcceptDrops(False)
        self._plot.setAccessibleName(text("scatter.title"))
        self._plot.setToolTip(text("scatter.tip"))
        self._plot.setMinimumHeight(_HEIGHT)
        self._box = pg.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0.05)
        self._plot.setCentralItem(self._box)
        self._bank = pg.ScatterPlotItem(symbol="o", size=3, pen=None)
        self._measured = pg.ScatterPlotItem(symbol="o", size=4, pen=None)
        self._predicted = pg.ScatterPlotItem(symbol="x", size=5, pen=None)
        self._pair = pg.PlotCurveItem()
        self._marks = pg.ScatterPlotItem(symbol="o", size=15, brush=None)
        for item in (self._bank, self._predicted, self._measured, self._pair, self._marks):
            self._box.addItem(item, ignoreBounds=item in (self._pair, self._marks))
        self._plot.setMouseTracking(True)
        self._plot.scene().sigMouseMoved.connect(self._tell_place)
        self._plot.scene().sigMouseClicked.connect(self._tell_click)
        self._shown: Scatter | None = None
        self.body.addWidget(self.legend)
        self.body.addWidget(self._plot, 1)
        self._paint()

    def show_scatter(self, scatter: Scatter | None) -> None:
        """Show points; None empties the plot."""
        self._shown = scatter
        self.legend.setText(text("scatter.legend"))
        self.show_mark(None)
        shown = (
            (self._bank, None if scatter is None else scatter.bank),
            (self._measured, None if scatter is None else scatter.measured),
            (self._predicted, None if scatter is None else scatter.predicted),
        )
        for item, points in shown:
            known = np.empty((0, 2), np.float32) if points is None else _known(points)
            item.setData(x=known[:, 0], y=known[:, 1])
        self._box.autoRange()

    def say_learning(self) -> None:
        """Empty the plot and say what it waits for."""
        self.show_scatter(None)
        self.legend.setText(text("scatter.learning"))

    def show_mark(self, patch: tuple[int, int] | None) -> None:
        """Mark the points of one patch, joined by a line; None removes the marks."""
        found = []
        if patch is not None and self._shown is not None:
            both = (self._shown.measured, self._shown.predicted)
            found = [points[patch] for points in both if points is not None]
        marked = _known(np.array(found, np.float32).reshape(-1, 2))
        self._marks.setData(x=marked[:, 0], y=marked[:, 1])
        self._pair.setData(x=marked[:, 0], y=marked[:, 1])

    @property
    def marked(self) -> Map:
        """Places (n, 2) that are marked."""
        return np.stack(self._marks.getData(), axis=1)

    def scene_position(self, x: float, y: float) -> QPointF:
        """Return where a place of the plane lies on the plot."""
        inside: QPointF = self._box.mapViewToScene(QPointF(x, y))
        return QPointF(self._plot.mapFromScene(inside))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the look of the application."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_shown"):
            self._paint()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Tell that the mouse went."""
        super().leaveEvent(event)
        self.left.emit()

    def _patch(self, position: QPointF) -> tuple[int, int] | None:
        if self._shown is None:
            return None
        point = self._box.mapSceneToView(position)
        width, height = self._box.viewPixelSize()
        return self._shown.nearest(point.x(), point.y(), (_REACH * width, _REACH * height))

    def _tell_place(self, position: QPointF) -> None:
        if (patch := self._patch(position)) is not None:
            self.pointed.emit(patch[0] + 0.5, patch[1] + 0.5)
        else:
            self.left.emit()

    def _tell_click(self, event: MouseClickEvent) -> None:
        patch = self._patch(event.scenePos())
        if patch is not None and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(patch[0] + 0.5, patch[1] + 0.5)

    def _paint(self) -> None:
        look = tones()
        self._plot.setBackground(look.panel)
        self._bank.setBrush(_clear(look.faint, 120))
        self._measured.setBrush(_clear(look.accent, 190))
        self._predicted.setBrush(_clear(look.undecided, 190))
        self._pair.setPen(look.words, width=1)
        self._marks.setPen(look.words, width=2)


def _known(points: Map) -> Map:
    flat = points.reshape(-1, 2)
    return flat[np.isfinite(flat).all(axis=1)]


def _clear(colour: str, alpha: int) -> QColor:
    result = QColor(colour)
    result.setAlpha(alpha)
    return result
