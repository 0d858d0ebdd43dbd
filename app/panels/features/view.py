"""The features tab."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.colour_scale import Colours, ColourScale
from app.text import text
from app.widgets.image_canvas import ImageCanvas
from app.widgets.pane import Pane, heading
from app.widgets.scale_bar import ScaleBar
from cmdiad_core.inspection import Map

_ROW_HEIGHT = 290


class FeaturesView(QScrollArea):
    """One row per modality.

    Attributes
    ----------
    appeared : Signal
        The tab came into view.
    """

    appeared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(text("features.title"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.rows: dict[str, ModalityRow] = {}
        self.words = heading(text("features.nothing"), "faint")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        intro = heading(text("features.intro"), "faint")
        intro.setWordWrap(True)
        intro.setContentsMargins(4, 4, 4, 0)
        self._column.addWidget(intro)
        self._column.addWidget(self.words, 1)
        self.setWidget(inside)

    def set_modalities(self, titles: dict[str, str]) -> None:
        """Make a row for each modality (name to title)."""
        if list(titles) == list(self.rows):
            return
        for row in self.rows.values():
            row.hide()
            row.deleteLater()
        self.rows = {name: ModalityRow(title) for name, title in titles.items()}
        for row in self.rows.values():
            self._column.addWidget(row, 1)
        self.words.setVisible(not titles)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Tell that the features are looked at now."""
        super().showEvent(event)
        self.appeared.emit()


class ModalityRow(Pane):
    """Measured features, predicted features and their distance, side by side."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.setMinimumHeight(_ROW_HEIGHT)
        self.measured = _Picture(text("features.measured"))
        self.predicted = _Picture(text("features.predicted"))
        self.distance = _Picture(text("features.distance"))
        self.bar = ScaleBar(text("features.distance"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        pictures = (self.measured, self.predicted, self.distance)
        self.titles = [heading(picture.accessibleName(), "faint") for picture in pictures]
        for column, picture in enumerate(pictures):
            grid.addWidget(self.titles[column], 0, column)
            grid.addWidget(picture, 1, column)
            grid.setColumnStretch(column, 1)
        grid.addWidget(self.bar, 1, len(pictures))
        grid.setRowStretch(1, 1)
        self.body.addLayout(grid, 1)

    def show_confidence(self, share: float | None) -> None:
        """Say how sure the prediction is (0 to 1), where there is one."""
        title = self.titles[1]
        if share is None:
            title.setText(text("features.predicted"))
            title.setToolTip("")
        else:
            title.setText(text("features.predicted_sure", share=share))
            title.setToolTip(text("features.sure_help"))


class _Picture(QStackedWidget):
    """A picture, or words that say why there is none."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.words = heading("", "faint")
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.canvas = ImageCanvas(name)
        self.addWidget(self.words)
        self.addWidget(self.canvas)

    def say(self, words: str) -> None:
        self.words.setText(words)
        self.setCurrentWidget(self.words)

    def show_colours(self, colours: Colours) -> None:
        self.canvas.show_image(colours)
        self.setCurrentWidget(self.canvas)

    def show_values(self, values: Map, scale: ColourScale) -> None:
        colours, known = scale.colours(values), scale.draws(values)
        colours[~known] = (40, 46, 50)
        self.show_colours(colours)
