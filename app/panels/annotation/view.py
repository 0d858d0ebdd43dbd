"""The tools above the image."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeySequence, QPainter, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.annotating import RADII, Tool
from app.icons import icon
from app.refusal import permit
from app.text import text
from app.theme import tones, words_share
from app.widgets.number_box import NumberBox
from app.widgets.pane import say, sentence
from cmdiad_core.edits import DefectType

_SWATCH = 14
#: Height of a window, with words of standard size, that has room for sentences beside the image.
_LEAST_FOR_SENTENCES = 640


class AnnotationView(QWidget):
    """Tools, defect type, size of the brush, level of the wand, and which colour is which type.

    Attributes
    ----------
    tool_chosen, type_chosen, radius_chosen, level_chosen : Signal
        What the user wants to mark with.
    undo_asked, redo_asked : Signal
        The user wants a stroke back.
    """

    tool_chosen = Signal(Tool)
    type_chosen = Signal(int)
    radius_chosen = Signal(float)
    level_chosen = Signal(float)
    undo_asked = Signal()
    redo_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(text("annotation.title"))
        self.buttons = {tool: self._button(tool) for tool in Tool}
        self.buttons[Tool.MEASURE].setToolTip(f"{text('annotation.measure.tip')} (M)")
        group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(2)
        for button in self.buttons.values():
            group.addButton(button)
            row.addWidget(button)
        self.undo = _tool_button("undo", "Ctrl+Z")
        self.undo.clicked.connect(self.undo_asked)
        self.redo = _tool_button("redo", "Ctrl+Shift+Z")
        self.redo.clicked.connect(self.redo_asked)
        row.addSpacing(6)
        row.addWidget(self.undo)
        row.addWidget(self.redo)
        row.addStretch()
        self.types = QComboBox()
        self.types.setAccessibleName(text("annotation.type"))
        self.types.setToolTip(text("annotation.type.tip"))
        self.types.setMinimumContentsLength(9)
        self.types.activated.connect(lambda row: self.type_chosen.emit(self.types.itemData(row)))
        self.radius = _number("annotation.size", (2 * RADII[0], 2 * RADII[1]), 1, " px")
        self.radius.valueChanged.connect(lambda width: self.radius_chosen.emit(width / 2))
        self.level = _number("annotation.level", (-99, 999), 0.05, "")
        self.level.setDecimals(2)
        self.level.valueChanged.connect(self.level_chosen)
        self.hint = sentence()
        options = QHBoxLayout()
        options.setSpacing(6)
        options.addWidget(self.types)
        options.addWidget(self.radius)
        options.addWidget(self.level)
        options.addStretch()
        self.legend = QLabel()
        self.legend.setWordWrap(True)
        self.legend.setAccessibleName(text("annotation.legend"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(row)
        layout.addLayout(options)
        layout.addWidget(self.hint)
        layout.addWidget(self.legend)
        self.follow_look()

    @property
    def has_room(self) -> bool:
        """Whether the window is high enough for sentences; else they would squeeze the image."""
        return self.window().height() >= _LEAST_FOR_SENTENCES * words_share()

    def show_tool(self, tool: Tool, radius: float, level: float | None) -> None:
        """Show what is in use; only what the tool needs can be seen."""
        self.buttons[tool].setChecked(True)
        self.types.setVisible(tool.marks and tool is not Tool.ERASER)
        self.radius.setVisible(tool in (Tool.BRUSH, Tool.ERASER))
        self.level.setVisible(tool is Tool.WAND)
        # The image below shall not move, and be drawn anew, as the first stroke ends.
        keeps_room = self.legend.sizePolicy()
        keeps_room.setRetainSizeWhenHidden(tool.marks and self.has_room)
        self.legend.setSizePolicy(keeps_room)
        with QSignalBlocker(self.radius), QSignalBlocker(self.level):
            self.radius.setValue(2 * radius)
            if level is not None:
                self.level.setValue(level)
        say(self.hint, hint(tool) if self.has_room else "")

    def list_types(self, types: Sequence[DefectType], chosen: DefectType | None) -> None:
        """Offer defect types."""
        with QSignalBlocker(self.types):
            self.types.clear()
            for one in types:
                key = "" if one.digit is None else f"{one.digit}  "
                self.types.addItem(_swatch(one.colour), f"{key}{one.name}", one.id)
            self.types.setCurrentIndex(-1 if chosen is None else self.types.findData(chosen.id))

    def show_legend(self, types: Sequence[DefectType]) -> None:
        """Say which colour is which type."""
        squares = (
            f'<span style="color:{one.colour}">■</span>&nbsp;{_plain(one.name)}' for one in types
        )
        # Where there is no room, the choice of the type has the same colours.
        say(self.legend, " &nbsp; ".join(squares) if self.has_room else "")

    def let_mark(self, refused: str, has_strokes: bool) -> None:
        """Let the user mark defects; `refused` says why they may not."""
        for tool, button in self.buttons.items():
            permit(button, text(f"annotation.{tool}.tip"), refused if tool.marks else "")
        for name, key, button in (
            ("undo", "Ctrl+Z", self.undo),
            ("redo", "Ctrl+Shift+Z", self.redo),
        ):
            permit(button, _tip(name, key), refused, possible=has_strokes)

    def follow_look(self) -> None:
        """Draw the icons in the colours of the application."""
        for tool, button in self.buttons.items():
            button.setIcon(icon(f"tool-{tool}", tones().words))
        self.undo.setIcon(icon("undo", tones().words))
        self.redo.setIcon(icon("redo", tones().words))

    def _button(self, tool: Tool) -> QToolButton:
        button = _tool_button(str(tool), "")
        button.setCheckable(True)
        button.clicked.connect(lambda: self.tool_chosen.emit(tool))
        return button


def hint(tool: Tool) -> str:
    """Return how a tool is used; nothing for none."""
    return text(f"annotation.hint.{tool}") if tool is not Tool.LOOK else ""


def _tool_button(name: str, key: str) -> QToolButton:
    button = QToolButton()
    button.setProperty("tool", "true")
    button.setAccessibleName(text(f"annotation.{name}"))
    button.setToolTip(_tip(name, key))
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button


def _tip(name: str, key: str) -> str:
    tip = text(f"annotation.{name}.tip")
    keys = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    return f"{tip} ({keys})" if keys else tip


def _number(name: str, ends: tuple[float, float], step: float, unit: str) -> NumberBox:
    box = NumberBox()
    box.setRange(*ends)
    box.setSingleStep(step)
    box.setDecimals(0 if step >= 1 else 2)
    box.setSuffix(unit)
    box.setPrefix(f"{text(name)} ")
    box.setAccessibleName(text(name))
    box.setToolTip(text(f"{name}.tip"))
    box.setKeyboardTracking(False)
    return box


def _swatch(colour: str) -> QIcon:
    pixels = QPixmap(_SWATCH, _SWATCH)
    pixels.fill(QColor(colour))
    painter = QPainter(pixels)
    painter.setPen(QColor(tones().line))
    painter.drawRect(0, 0, _SWATCH - 1, _SWATCH - 1)
    painter.end()
    return QIcon(pixels)


def _plain(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(" ", "&nbsp;")
