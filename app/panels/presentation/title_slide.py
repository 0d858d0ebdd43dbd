"""The first slide."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.icons import pixmap
from app.widgets.pane import heading

_LOGO = 110


class TitleSlide(QWidget):
    """A name, a sentence, and what comes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        logo = QLabel()
        logo.setPixmap(pixmap("cmdiad", "#000000", _LOGO, self.devicePixelRatioF()))
        self.title, self.sentence = heading("", "huge"), heading("", "opening")
        self.outlook = heading("", "faint")
        column = QVBoxLayout(self)
        column.setContentsMargins(60, 20, 60, 20)
        column.setSpacing(26)
        column.addStretch(2)
        for label in (logo, self.title, self.sentence, self.outlook):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            column.addWidget(label)
        column.addStretch(3)

    def show_words(self, title: str, sentence: str, outlook: str) -> None:
        """Say what is shown."""
        self.title.setText(title)
        self.sentence.setText(sentence)
        self.outlook.setText(outlook)
