"""The size that a window comes with."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStyle, QWidget

from app.theme import words_share


def give_size(dialog: QWidget, width: int, height: int) -> None:
    """Give a dialog its size for words of standard size; larger words need more, if there is."""
    wanted = QSize(width, height) * words_share()
    dialog.resize(wanted.boundedTo(most_size(dialog)))


def most_size(window: QWidget) -> QSize:
    """Return how large a window may be on its screen."""
    # The frame that the system puts around the window has to fit as well; how high it is, only
    # a window on the screen knows.
    frame = window.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight)
    if parent := window.parentWidget():
        below = parent.window()
        frame = max(frame, below.frameGeometry().height() - below.height())
    return window.screen().availableSize() - QSize(0, frame)
