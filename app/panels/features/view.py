"""The features tab: a feature laboratory for one modality of the shown part."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.panels.features.histogram_view import HistogramView
from app.panels.features.maps_view import MapsView
from app.panels.features.patch_view import PatchView
from app.panels.features.scatter_view import ScatterView
from app.panels.features.verdict_view import VerdictTable
from app.text import text
from app.widgets.badge import Badge
from app.widgets.pane import heading


class FeaturesView(QScrollArea):
    """Maps, neighbours, distances, points and verdicts, one below the other.

    Empty until it is filled, so that the window need not wait for it.

    Attributes
    ----------
    appeared : Signal
        The tab came into view.
    modality_chosen : Signal(str)
        The user wants to see this modality.
    """

    appeared = Signal()
    modality_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(text("features.title"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)

    def fill(self, umap: bool) -> None:
        """Make everything inside; `umap` tells whether points can be laid out by UMAP."""
        self.modality = QComboBox()
        self.modality.setAccessibleName(text("features.modality"))
        self.modality.setToolTip(text("features.modality.tip"))
        self.modality.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.modality.activated.connect(
            lambda index: self.modality_chosen.emit(self.modality.itemData(index))
        )
        self.badge = Badge()
        self.words = heading("", "faint")
        self.words.setWordWrap(True)
        self.maps = MapsView()
        self.patch = PatchView()
        self.histogram = HistogramView()
        self.scatter = ScatterView(umap)
        self.verdicts = VerdictTable()
        label = heading(text("features.modality"))
        label.setBuddy(self.modality)
        head = QHBoxLayout()
        head.setContentsMargins(4, 4, 4, 0)
        head.setSpacing(10)
        for widget in (label, self.modality, self.badge):
            head.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.words, 1)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(7)
        column.addLayout(head)
        self._plots = QHBoxLayout()
        self._plots.setSpacing(7)
        self._plots.addWidget(self.histogram, 1)
        self._plots.addWidget(self.scatter, 1)
        column.addWidget(self.maps)
        column.addWidget(self.patch)
        column.addLayout(self._plots)
        column.addWidget(self.verdicts)
        column.addStretch(1)
        self.setWidget(inside)
        self._place_plots()

    def list_modalities(self, titles: dict[str, str], shown: str) -> None:
        """Offer modalities (name to title), of which `shown` is the chosen one."""
        listed = {self.modality.itemData(i) for i in range(self.modality.count())}
        if listed != set(titles):
            self.modality.clear()
            for name, title in titles.items():
                self.modality.addItem(title, name)
        self.modality.setEnabled(bool(titles))
        self.modality.setCurrentIndex(self.modality.findData(shown))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Follow the width."""
        super().resizeEvent(event)
        if self.widget() is not None:
            self._place_plots()

    def _place_plots(self) -> None:
        """Put them side by side where there is room, else below each other."""
        needed = sum(w.minimumSizeHint().width() for w in (self.histogram, self.scatter))
        narrow = self.viewport().width() < needed + self._plots.spacing()
        way = QBoxLayout.Direction
        self._plots.setDirection(way.TopToBottom if narrow else way.LeftToRight)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Tell that the features are looked at now."""
        super().showEvent(event)
        self.appeared.emit()
