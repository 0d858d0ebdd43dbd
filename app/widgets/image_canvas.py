"""An image with a map over it."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtWidgets import QGraphicsItem, QVBoxLayout, QWidget

from app.colour_scale import Colours, ColourScale
from app.outline import LINE_COLOURS, cell_size, outline
from app.theme import tones
from app.widgets.label_layer import LabelLayer
from app.widgets.tiled_image import TiledImage
from app.widgets.tiled_map import TiledMap
from cmdiad_core.boundary import boundary, dashes
from cmdiad_core.edits import Box

#: Colours of a dashed line that is seen on any ground.
_DASHES = ("#ffffff", "#101418")
#: Milliseconds after which a limit that was moved is taken to rest.
_REST_MS = 150
#: Colour, diameter and width in pixels of the screen of the two rings around the cursor.
_RINGS = (("#101418", 17, 4), ("#ffffff", 17, 2))


class ImageCanvas(QWidget):
    """Pixels are square, row 0 is at the top; zoom with the wheel, drag to move.

    Parameters
    ----------
    name : str
        Accessible name.
    still : bool
        The whole image always: the wheel scrolls what the canvas lies in.

    Attributes
    ----------
    pointed, clicked : Signal(float, float)
        The mouse is over, or clicked, this row and column of the image.
    left : Signal
        The mouse is no longer over the image.
    """

    pointed = Signal(float, float)
    clicked = Signal(float, float)
    left = Signal()

    def __init__(self, name: str, *, still: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._view = pg.GraphicsView(self)
        self._view.setAcceptDrops(False)
        self.setFocusProxy(self._view)
        self._view.setAccessibleName(name)
        self._box = pg.ViewBox(lockAspect=True, invertY=True, enableMenu=False, defaultPadding=0.02)
        self._box.setMouseEnabled(not still, not still)
        self._view.setCentralItem(self._box)
        self._image, self._map = TiledImage(), TiledMap()
        self._map.setZValue(1)
        self._box.addItem(self._image)
        self._line = pg.ImageItem(axisOrder="row-major")
        self._line.setZValue(2)
        self._box.addItem(self._map)
        self._box.addItem(self._line)
        # Pens as wide as a pixel of the screen: thin at any zoom.
        self._dashes = [pg.PlotCurveItem(pen=pen, connect="pairs") for pen in _DASHES]
        for item in self._dashes:
            item.setZValue(3)
            self._box.addItem(item, ignoreBounds=True)
        self._shape: tuple[int, ...] = ()
        self._scale: ColourScale | None = None
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._draw_outline)
        self._cursor = [pg.ScatterPlotItem(symbol="o", brush=None, pxMode=True) for _ in _RINGS]
        for item, (colour, size, width) in zip(self._cursor, _RINGS, strict=True):
            item.setPen(pg.mkPen(colour, width=width))
            item.setSize(size)
            item.setZValue(9)
            self._box.addItem(item, ignoreBounds=True)
        self._frame = [pg.PlotCurveItem(pen=pg.mkPen(c, width=w)) for c, _, w in _RINGS]
        for item in self._frame:
            item.setZValue(8)
            self._box.addItem(item, ignoreBounds=True)
        self._labels = LabelLayer()
        self.add_layer(self._labels, 4)
        self._view.setMouseTracking(True)
        self._view.scene().sigMouseMoved.connect(self._tell_place)
        self._view.scene().sigMouseClicked.connect(self._tell_click)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self._paint_ground()

    @property
    def shows_map(self) -> bool:
        """Whether a map lies over the image."""
        return self._map.values is not None

    @property
    def shows_foreground(self) -> bool:
        """Whether a dashed line surrounds what was looked at."""
        return any(len(item.xData) for item in self._dashes if item.xData is not None)

    def show_image(self, image: Colours | None) -> None:
        """Show grey (H, W) or colour (H, W, 3) pixels; the view is kept while the size is."""
        self._image.show_array(image)
        if image is not None and image.shape[:2] != self._shape:
            self._shape = image.shape[:2]
            # The map of the part before would have a say in what is the whole image.
            self._map.show_array(None)
            self._line.clear()
            self.fit()

    def show_map(self, values: NDArray[np.float32] | None, scale: ColourScale | None) -> None:
        """Lay a map over the image, stretched to its size.

        While only the limits change, the map follows at once and its outline when they rest.
        """
        only_limits = (
            values is not None
            and values is self._map.values
            and scale is not None
            and scale.colours_as(self._scale)
        )
        self._scale = scale
        if values is None or scale is None:
            self._map.show_array(None)
            self._line.clear()
            return
        self._map.set_scale(scale)
        if not only_limits:
            self._map.show_array(values)
        if self._image.image is not None:
            self._map.lay_over(self._image.boundingRect())
        if only_limits:
            self._line.clear()
            self._rest.start()
        else:
            self._draw_outline()

    def _draw_outline(self) -> None:
        self._rest.stop()
        values = self._map.values
        if values is None or self._scale is None:
            return
        shape, lines = values.shape, outline(self._scale.draws(values))
        self._line.setImage(LINE_COLOURS[lines], autoLevels=False)
        if self._image.image is not None:
            ground, cell = self._image.boundingRect(), cell_size(shape)
            wide = ground.width() / shape[1] * lines.shape[1] * cell
            high = ground.height() / shape[0] * lines.shape[0] * cell
            self._line.setRect(QRectF(0, 0, wide, high))

    def show_foreground(self, mask: NDArray[np.bool_] | None) -> None:
        """Surround the patches (h, w) that were looked at by dashes; None removes the line."""
        sides = boundary(np.zeros((1, 1), bool) if mask is None else mask)
        height, width = (1, 1) if mask is None else mask.shape
        ground = self._image.boundingRect()
        ends = sides * (ground.width() / width, ground.height() / height)
        light = dashes(sides)
        for item, drawn in zip(self._dashes, (light, ~light), strict=True):
            item.setData(*ends[drawn].reshape(-1, 2).T)

    def show_region(self, box: tuple[int, int, int, int] | None) -> None:
        """Frame the rows and columns of a region; None removes the frame."""
        x: list[int] = []
        y: list[int] = []
        if box is not None:
            top, left, bottom, right = box
            x, y = [left, right, right, left, left], [top, top, bottom, bottom, top]
        for item in self._frame:
            item.setData(x, y)

    @property
    def framed(self) -> tuple[int, int, int, int] | None:
        """The box of the framed region."""
        x, y = self._frame[0].getData()
        if x is None or not len(x):
            return None
        return int(min(y)), int(min(x)), int(max(y)), int(max(x))

    def show_labels(self, labels: NDArray[np.uint8] | None, colours: Mapping[int, str]) -> None:
        """Mark what labels (H, W) of the image's size name, in colours by label; None: nothing."""
        self._labels.show_labels(labels, colours)

    def change_labels(self, box: Box) -> None:
        """Redraw the labels in a box where they changed."""
        self._labels.change(box)

    @property
    def labels(self) -> LabelLayer:
        """The labels as they are drawn."""
        return self._labels

    @property
    def shows_labels(self) -> bool:
        """Whether there are labels that can be drawn on."""
        return not self._labels.boundingRect().isEmpty()

    @property
    def viewport(self) -> QWidget:
        """The widget that gets the mouse."""
        return self._view.viewport()  # type: ignore[no-any-return]

    def add_layer(self, item: QGraphicsItem, height: int) -> None:
        """Lay something in the coordinates of the image over everything below `height`."""
        item.setZValue(height)
        self._box.addItem(item, ignoreBounds=True)

    def place_at(self, position: QPointF) -> tuple[float, float]:
        """Return row and column, also off the image, at a place of the viewport."""
        point = self._box.mapSceneToView(self._view.mapToScene(position.toPoint()))
        return point.y(), point.x()

    def show_cursor(self, place: tuple[float, float] | None) -> None:
        """Mark a row and column of the image; None removes the mark."""
        x, y = ([], []) if place is None else ([place[1]], [place[0]])
        for item in self._cursor:
            item.setData(x, y)

    @property
    def cursor_place(self) -> tuple[float, float] | None:
        """The marked row and column."""
        x, y = self._cursor[0].getData()
        return (float(y[0]), float(x[0])) if len(x) else None

    def scene_position(self, row: float, column: float) -> QPointF:
        """Return where a place of the image lies on this widget."""
        inside: QPointF = self._box.mapViewToScene(QPointF(column, row))
        return QPointF(self._view.mapTo(self, self._view.mapFromScene(inside)))

    def set_opacity(self, share: float) -> None:
        """Set how much the map covers, 0 to 1."""
        self._map.setOpacity(share)

    def set_pixel_aspect(self, aspect: float) -> None:
        """Draw pixels so many times as wide as high."""
        if self._box.state["aspectLocked"] != aspect:
            self._box.setAspectLocked(True, aspect)
            self.fit()

    def fit(self) -> None:
        """Show the whole image."""
        self._box.autoRange(padding=0.02)

    def visible_rect(self) -> list[float]:
        """Return the part of the image in view: left, top, right, bottom in its pixels."""
        (left, right), (top, bottom) = self._box.viewRange()
        return [left, top, right, bottom]

    def show_rect(self, rect: Sequence[float]) -> None:
        """Show this part of the image, as `visible_rect` gives it."""
        left, top, right, bottom = rect
        self._box.setRange(xRange=(left, right), yRange=(top, bottom), padding=0)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the look of the application."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_ground()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Tell that the mouse went."""
        super().leaveEvent(event)
        self.left.emit()

    def _place(self, position: QPointF) -> tuple[float, float] | None:
        if self._image.image is None:
            return None
        point = self._box.mapSceneToView(position)
        inside = self._image.boundingRect().contains(point)
        return (point.y(), point.x()) if inside else None

    def _tell_place(self, position: QPointF) -> None:
        if (place := self._place(position)) is not None:
            self.pointed.emit(*place)
        else:
            self.left.emit()

    def _tell_click(self, event: MouseClickEvent) -> None:
        place = self._place(event.scenePos())
        if place is not None and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(*place)

    def _paint_ground(self) -> None:
        self._view.setBackground(tones().canvas)
