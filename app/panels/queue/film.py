"""The queue as pictures."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSignalBlocker,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFocusEvent, QIcon, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from app.jobs.thumbnails import SIZE, Thumbnails
from app.panels.queue.model import ROLE_ID, Column
from app.text import text
from app.theme import tones

_MARGIN = 6
_LINE = 20
_SIGN = 18

Index = QModelIndex | QPersistentModelIndex


class Filmstrip(QListView):
    """Pictures of the parts with sign, score and name, in the order of the queue.

    Parameters
    ----------
    model : QAbstractItemModel
        The queue's.
    thumbnails : Thumbnails
        Asked for the pictures of those parts that are in view.
    """

    def __init__(self, model: QAbstractItemModel, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.setAccessibleName(text("queue.film"))
        self.setModel(model)
        self.setModelColumn(Column.PART)
        self.setItemDelegate(_Frame(thumbnails, self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        # All frames are of one size, so that a queue of any length is laid out at once.
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.SinglePass)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(_LINE * 2)
        thumbnails.arrived.connect(self.viewport().update)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Get the focus and choose nothing."""
        with nothing_chosen(self):
            super().focusInEvent(event)


@contextmanager
def nothing_chosen(view: QAbstractItemView) -> Iterator[None]:
    """Keep Qt from making the first row the current one where none is: nobody chose that part."""
    selection = view.selectionModel()
    if selection.currentIndex().isValid():
        yield
        return
    with QSignalBlocker(selection):
        yield
        selection.clearCurrentIndex()


class _Frame(QStyledItemDelegate):
    """Draws one part."""

    def __init__(self, thumbnails: Thumbnails, parent: QListView) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """Return the size of every frame."""
        return QSize(SIZE + 2 * _MARGIN, SIZE + 2 * _LINE + 2 * _MARGIN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw picture, sign, score and name."""
        look, rect = tones(), option.rect.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(option.rect.adjusted(1, 1, -1, -1), QColor(look.accent))
        box = QRect(rect.left(), rect.top(), SIZE, SIZE)
        painter.fillRect(box, QColor(look.canvas))
        image = self._thumbnails.get(str(index.data(ROLE_ID)))
        if image is not None:
            inner = QRect(0, 0, image.width(), image.height())
            inner.moveCenter(box.center())
            painter.drawImage(inner, image)
        words = look.on_accent if chosen else look.words
        painter.setPen(QColor(words))
        line = QRect(rect.left(), box.bottom() + 3, SIZE, _LINE)
        row = index.model()
        sign = row.index(index.row(), Column.VERDICT).data(Qt.ItemDataRole.DecorationRole)
        if isinstance(sign, QIcon):
            sign.paint(painter, line.left(), line.top() + 1, _SIGN, _SIGN)
        score = str(row.index(index.row(), Column.SCORE).data() or "")
        line.setLeft(line.left() + _SIGN + 4)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignLeft, score)
        name = QRect(rect.left(), line.bottom(), SIZE, _LINE)
        short = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideLeft, SIZE
        )
        painter.drawText(name, middle | Qt.AlignmentFlag.AlignLeft, short)
