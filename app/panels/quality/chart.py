"""A chart in the colours of the application."""

from abc import ABCMeta, abstractmethod

import pyqtgraph as pg
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.theme import tones
from app.widgets.number_axis import NumberAxis

_HEIGHT = 130
#: Names along the lower axis, at most.
_TICKS = 10


class _Meta(type(QWidget), ABCMeta):  # type: ignore[misc]
    pass


class Chart(QWidget, metaclass=_Meta):
    """Two axes that are neither dragged nor zoomed, and a tip at each point.

    Parameters
    ----------
    name : str
        Accessible name.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.plot = pg.PlotItem(enableMenu=False, axisItems={"left": NumberAxis("left")})
        self.plot.setMouseEnabled(False, False)
        self.plot.hideButtons()
        self.plot.showGrid(y=True, alpha=0.15)
        self._view = pg.GraphicsView()
        self._view.setAcceptDrops(False)
        self._view.setAccessibleName(name)
        self._view.setCentralItem(self.plot)
        self.points = pg.ScatterPlotItem(
            hoverable=True, tip=lambda x, y, data: data, pxMode=True, size=7
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self.setMinimumHeight(_HEIGHT)

    @abstractmethod
    def paint(self) -> None:
        """Draw what is shown in the colours of now."""

    def name_places(self, names: list[str]) -> None:
        """Write names under 0, 1, 2 …, as many as there is room for."""
        every = -(-len(names) // _TICKS)
        ticks = [(place, name) for place, name in enumerate(names) if place % every == 0]
        self.plot.getAxis("bottom").setTicks([ticks])

    def follow_look(self) -> None:
        """Take the colours of the application."""
        look = tones()
        self._view.setBackground(look.panel)
        for side in ("bottom", "left"):
            self.plot.getAxis(side).setPen(look.line)
            self.plot.getAxis(side).setTextPen(look.faint)
        self.paint()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the look of the application."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "points"):
            self.follow_look()


def clear(colour: str, alpha: int) -> QColor:
    """Return a colour that lets through what is behind it."""
    result = QColor(colour)
    result.setAlpha(alpha)
    return result
