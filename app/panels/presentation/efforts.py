"""What a scan with each sensor takes; nobody has to say it."""

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.panels.presentation.savings import Effort
from app.settings import Settings
from app.text import modality_title, text
from app.widgets.number_box import NumberBox
from app.widgets.pane import heading

_LARGEST = 999_999.0
_KINDS = ("seconds", "cost")


class EffortForm(QWidget):
    """Seconds and cost per scan of each modality, kept for the next time.

    Parameters
    ----------
    modalities : sequence of str
        All that the model knows.
    settings : Settings
        What is shown and changed.
    """

    def __init__(
        self, modalities: Sequence[str], settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self.boxes: dict[tuple[str, str], NumberBox] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(18)
        grid.addWidget(heading(text("presentation.efforts")), 0, 0)
        for column, kind in enumerate(_KINDS, start=1):
            grid.addWidget(heading(text(f"presentation.{kind}"), "faint"), 0, column)
        for row, name in enumerate(modalities, start=1):
            title = modality_title(name)
            grid.addWidget(QLabel(title), row, 0)
            for column, kind in enumerate(_KINDS, start=1):
                box = self._box(name, kind)
                box.setAccessibleName(f"{title}: {text(f'presentation.{kind}')}")
                grid.addWidget(box, row, column)
        grid.setColumnStretch(3, 1)

    def efforts(self) -> dict[str, Effort]:
        """Return what was said, by modality."""
        names = dict.fromkeys(name for name, _ in self.boxes)
        value = self._settings.scan_effort
        return {name: Effort(*(value(name, kind) for kind in _KINDS)) for name in names}

    def _box(self, name: str, kind: str) -> NumberBox:
        box = NumberBox()
        box.setRange(0, _LARGEST)
        # The lowest value stands for "nobody said".
        box.setSpecialValueText(text("presentation.unknown"))
        box.setToolTip(text(f"presentation.{kind}.tip"))
        box.setMinimumWidth(120)
        box.setValue(self._settings.scan_effort(name, kind) or 0.0)
        box.valueChanged.connect(
            lambda value: self._settings.set_scan_effort(name, kind, value or None)
        )
        self.boxes[name, kind] = box
        return box
