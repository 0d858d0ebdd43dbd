"""The CT tab."""

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QShowEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSlider, QSpinBox, QWidget

from app.panels.slices.model import Axis
from app.text import text
from app.widgets.image_canvas import ImageCanvas
from app.widgets.number_box import NumberBox
from app.widgets.pane import Pane, heading, sentence

_LARGEST = 1e9
# Windows from this on need no decimals.
_WHOLE = 100


class SlicesView(Pane):
    """One slice, which one it is, and how its values become grey.

    Attributes
    ----------
    appeared : Signal
        The tab came into view.
    slice_chosen, window_chosen : Signal
        The user wants another slice or axis; another level or window.
    """

    appeared = Signal()
    slice_chosen = Signal()
    window_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(text("slices.title"), parent)
        self.axis = QComboBox()
        for axis in Axis:
            self.axis.addItem(text(f"slices.axis.{axis.name.lower()}"), axis)
        _name(self.axis, "slices.axis")
        self.axis.currentIndexChanged.connect(lambda _: self.slice_chosen.emit())
        self.level, self.window_width = NumberBox(), NumberBox()
        for box, key, low in (
            (self.level, "slices.level", -_LARGEST),
            (self.window_width, "slices.window", 0.0),
        ):
            box.setRange(low, _LARGEST)
            box.setStepType(NumberBox.StepType.AdaptiveDecimalStepType)
            box.setKeyboardTracking(False)
            box.valueChanged.connect(lambda _: self.window_chosen.emit())
            _name(box, key)
        controls: dict[str, QWidget] = {
            "slices.axis": self.axis,
            "slices.level": self.level,
            "slices.window": self.window_width,
        }
        for key, control in controls.items():
            self.add_control(heading(text(key), "faint"))
            self.add_control(control)
        self.note = sentence("explain")
        self.canvas = ImageCanvas(text("slices.canvas"))
        self.canvas.viewport.installEventFilter(self)
        self.slider, self.number = QSlider(Qt.Orientation.Horizontal), QSpinBox()
        for widget in (self.slider, self.number):
            _name(widget, "slices.number")
        self.slider.valueChanged.connect(self.number.setValue)
        self.number.valueChanged.connect(self.slider.setValue)
        self.number.valueChanged.connect(lambda _: self.slice_chosen.emit())
        foot = QHBoxLayout()
        foot.addWidget(heading(text("slices.number"), "faint"))
        foot.addWidget(self.slider, 1)
        foot.addWidget(self.number)
        self.readout = heading(text("slices.hint"), "faint")
        self.readout.setWordWrap(True)
        self.body.addWidget(self.note)
        self.body.addWidget(self.canvas, 1)
        self.body.addLayout(foot)
        self.body.addWidget(self.readout)
        self.offer(0)

    def offer(self, count: int) -> None:
        """Let the user choose one of so many slices, counted from 1; 0 disables everything."""
        for widget in (self.axis, self.level, self.window_width, self.slider, self.number):
            widget.setEnabled(count > 0)
        for widget in (self.slider, self.number):
            with QSignalBlocker(widget):
                widget.setRange(1, max(count, 1))
                # At its ends a scan mostly shows air.
                widget.setValue((count + 1) // 2)

    def show_window(self, level: float, window: float) -> None:
        """Show a level and a window that nobody typed."""
        for box, value in ((self.level, level), (self.window_width, window)):
            box.setDecimals(0 if window >= 100 else 4)
            box.blockSignals(True)
            box.setValue(value)
            box.blockSignals(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Let the wheel go through the slices; with Ctrl it zooms."""
        if not isinstance(event, QWheelEvent):
            return False
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        steps = event.angleDelta().y() / 120
        self.number.setValue(self.number.value() + round(steps))
        return True

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Tell that the slices are looked at now."""
        super().showEvent(event)
        self.appeared.emit()


def _name(widget: QWidget, key: str) -> None:
    widget.setAccessibleName(text(key))
    widget.setToolTip(text(f"{key}.tip"))
