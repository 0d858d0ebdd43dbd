"""The image pane."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSlider, QWidget

from app.text import text
from app.widgets.image_canvas import ImageCanvas
from app.widgets.pane import Pane, heading, sentence
from app.widgets.scale_bar import ScaleBar

_LEAST_SOURCE = 130


class ImageView(Pane):
    """Canvas, colour bar, choice of the image and opacity of the map.

    Attributes
    ----------
    source_chosen : Signal(str)
        The user wants to see this modality under the map.
    opacity_changed : Signal(int)
        Opacity of the map in percent.
    """

    source_chosen = Signal(str)
    opacity_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(text("image.title"), parent)
        self.source = QComboBox()
        self.source.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        # Large words leave less room than the longest title asks for.
        self.source.setMinimumWidth(_LEAST_SOURCE)
        self.source.view().setTextElideMode(Qt.TextElideMode.ElideNone)
        self.source.setAccessibleName(text("image.source"))
        self.source.setToolTip(text("image.source.tip"))
        self.source.activated.connect(self._tell_source)
        self.add_control(self.source)
        self.note = sentence("explain")
        self.canvas = ImageCanvas(text("image.canvas"))
        self.bar = ScaleBar(text("scale.title"))
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setAccessibleName(text("image.opacity"))
        self.opacity.valueChanged.connect(self.opacity_changed)
        self._percent = QLabel()
        self.opacity.valueChanged.connect(lambda value: self._percent.setText(f"{value} %"))
        self.body.addWidget(self.note)
        middle = QHBoxLayout()
        middle.addWidget(self.canvas, 1)
        middle.addWidget(self.bar)
        self.body.addLayout(middle, 1)
        self.legend = sentence()
        self.body.addWidget(self.legend)
        foot = QHBoxLayout()
        foot.addWidget(heading(text("image.opacity"), "faint"))
        foot.addWidget(self.opacity, 1)
        foot.addWidget(self._percent)
        self._percent.setMinimumWidth(44)
        self.body.addLayout(foot)

    def list_sources(self, choices: Sequence[tuple[str, str, bool]], chosen: str) -> None:
        """Offer sources (name, title, can be shown)."""
        self.source.clear()
        for name, title, there in choices:
            self.source.addItem(title if there else text("image.lacking", title=title), name)
            model = self.source.model()
            if isinstance(model, QStandardItemModel):
                model.item(self.source.count() - 1).setEnabled(there)
        self.source.setCurrentIndex(self.source.findData(chosen))

    def _tell_source(self, row: int) -> None:
        self.source_chosen.emit(self.source.itemData(row))
