"""A table of words that explains its columns."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem

from app.text import text
from app.widgets.table import dress


class WordTable(QTableWidget):
    """Rows of words, the first column wide, the others to the right.

    Parameters
    ----------
    name : str
        Accessible name.
    columns : sequence of str
        Keys of their headings in the catalogue; each has a tip.
    """

    def __init__(self, name: str, columns: Sequence[str]) -> None:
        super().__init__(0, len(columns))
        dress(self, name)
        self._tips = [text(f"{key}.tip") for key in columns]
        for place, key in enumerate(columns):
            head = QTableWidgetItem(text(key))
            head.setToolTip(self._tips[place])
            head.setTextAlignment(_side(place))
            self.setHorizontalHeaderItem(place, head)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def show_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show other rows."""
        self.setRowCount(len(rows))
        for row, cells in enumerate(rows):
            for place, words in enumerate(cells):
                item = QTableWidgetItem(words)
                item.setTextAlignment(_side(place))
                item.setToolTip(self._tips[place])
                self.setItem(row, place, item)


def _side(place: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if place else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
