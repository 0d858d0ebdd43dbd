"""Feature maps side by side: measured, predicted, signed distance, confidence."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.colour_scale import Colours, ColourScale
from app.panels.features.basis import NOTHING
from app.text import text
from app.widgets.image_canvas import ImageCanvas
from app.widgets.pane import Pane, heading
from app.widgets.scale_bar import ScaleBar
from cmdiad_core.inspection import Map

#: Confidence is a share.
_SHARE = ColourScale(0.0, 1.0)
_HEIGHT = 170


class MapsView(Pane):
    """Four maps on the patch grid.

    Attributes
    ----------
    pointed, clicked : Signal(float, float)
        The mouse is over, or clicked, this row and column of the patch grid.
    left : Signal
        The mouse is no longer over a map.
    """

    pointed = Signal(float, float)
    clicked = Signal(float, float)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(text("features.maps"), parent)
        explain = heading(text("features.maps.explain"), "faint")
        explain.setWordWrap(True)
        self.body.addWidget(explain)
        self.measured = FeatureMap("measured")
        self.predicted = FeatureMap("predicted")
        self.signed = FeatureMap("signed", scaled=True)
        self.confidence = FeatureMap("confidence", scaled=True)
        self.maps = (self.measured, self.predicted, self.signed, self.confidence)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        for number, shown in enumerate(self.maps):
            grid.addWidget(shown, 0, number)
            # A colour bar needs room of its own.
            grid.setColumnStretch(number, 5 if shown.bar is None else 7)
            shown.canvas.pointed.connect(self.pointed)
            shown.canvas.clicked.connect(self.clicked)
            shown.canvas.left.connect(self.left)
        self.body.addLayout(grid)

    def show_colours(self, measured: Colours | None, predicted: Colours | None) -> None:
        """Show features as colours; None says that there are none."""
        self.measured.show_colours(measured)
        self.predicted.show_colours(predicted)

    def show_values(self, signed: Map | None, scale: ColourScale, confidence: Map | None) -> None:
        """Show the distances on their scale, and the confidence; None says that there is none."""
        self.signed.show_values(signed, scale)
        self.confidence.show_values(confidence, _SHARE)

    def clear(self) -> None:
        """Say that there is nothing to show."""
        self.show_colours(None, None)
        self.show_values(None, _SHARE, None)
        self.show_cursor(None)

    def show_cursor(self, place: tuple[float, float] | None) -> None:
        """Mark a row and column of the patch grid in every map."""
        for shown in self.maps:
            shown.canvas.show_cursor(place)


class FeatureMap(QWidget):
    """A map with its name, or a sentence that says why there is none.

    Parameters
    ----------
    key : str
        Of its texts.
    scaled : bool
        Whether a colour bar stands beside it.
    """

    def __init__(self, key: str, *, scaled: bool = False) -> None:
        super().__init__()
        name, tip = text(f"features.{key}"), text(f"features.{key}.tip")
        self.setToolTip(tip)
        self.title = heading(name, "faint")
        # Large words in a narrow window leave a line too little room.
        self.title.setWordWrap(True)
        self.canvas = ImageCanvas(name, still=True)
        self.words = heading(text(f"features.{key}.none"), "faint")
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack = QStackedWidget()
        self.stack.setMinimumHeight(_HEIGHT)
        self.stack.addWidget(self.words)
        self.stack.addWidget(self.canvas)
        self.bar = ScaleBar(name, tip) if scaled else None
        row = QHBoxLayout()
        row.addWidget(self.stack, 1)
        if self.bar is not None:
            row.addWidget(self.bar)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self.title)
        column.addLayout(row, 1)

    def show_colours(self, colours: Colours | None) -> None:
        """Show colours (h, w, 3), or say that there are none."""
        if colours is None:
            self.stack.setCurrentWidget(self.words)
        else:
            self.canvas.show_image(colours)
            self.stack.setCurrentWidget(self.canvas)

    def show_values(self, values: Map | None, scale: ColourScale) -> None:
        """Show values (h, w) on a scale, or say that there are none."""
        if self.bar is not None:
            self.bar.show_scale(None if values is None else scale)
        if values is None:
            self.show_colours(None)
            return
        colours, known = scale.colours(values), scale.draws(values)
        colours[~known] = NOTHING
        self.show_colours(colours)
