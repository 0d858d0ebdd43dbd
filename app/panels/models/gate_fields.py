"""What a candidate has to keep to in a comparison."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.settings import Settings
from app.text import text
from app.widgets.number_box import NumberBox

#: Options of `cmdiad compare`; words are those of ``models.limit.NAME``.
GATES = ("new-escapes", "new-false-rejects", "auroc-loss")
_MOST, _SHARE_STEP = 999, 0.005


class GateFields(QWidget):
    """A number a gate; the first one is always asked, the others may be off.

    Parameters
    ----------
    settings : Settings
        Where the numbers are kept.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self.fields: dict[str, NumberBox] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for name in GATES:
            field = _field(name)
            key = f"models.limit.{name.replace('-', '_')}"
            field.setAccessibleName(text(key))
            field.setToolTip(text(f"{key}.tip"))
            kept = settings.gate(name)
            field.setValue(field.minimum() if kept is None else kept)
            field.valueChanged.connect(self._keep)
            label = QLabel(text(key))
            label.setBuddy(field)
            row.addWidget(label)
            row.addWidget(field)
            self.fields[name] = field

    @property
    def arguments(self) -> list[str]:
        """The gates as `cmdiad compare` takes them."""
        asked = {name: field for name, field in self.fields.items() if field.value() >= 0}
        return [word for name, field in asked.items() for word in (f"--{name}", field.text())]

    def _keep(self) -> None:
        for name, field in self.fields.items():
            self._settings.set_gate(name, field.value())


def _field(name: str) -> NumberBox:
    field = NumberBox()
    is_share = name == "auroc-loss"
    field.setDecimals(3 if is_share else 0)
    field.setSingleStep(_SHARE_STEP if is_share else 1)
    field.setMaximum(1 if is_share else _MOST)
    if name != "new-escapes":
        # One step below 0 nothing is asked.
        field.setMinimum(-field.singleStep())
        field.setSpecialValueText(text("models.limit.off"))
    return field
