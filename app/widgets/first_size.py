"""The size that a dialog comes with."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from app.theme import words_share


def give_size(dialog: QWidget, width: int, height: int) -> None:
    """Give a dialog its size for words of standard size; larger words need more, if there is."""
    wanted = QSize(width, height) * words_share()
    dialog.resize(wanted.boundedTo(dialog.screen().availableSize()))
