"""Numbers of parts, each with the list behind it."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from app.text import text

#: Names that one list shows; nobody reads more.
_SHOWN = 500


class PartLists(QTreeWidget):
    """A row a group; the parts are below it.

    Parameters
    ----------
    name : str
        For those who do not see it.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)

    def fill(self, groups: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Show groups by the key of their title, whose ``.tip`` explains the number."""
        self.clear()
        for key, names in groups:
            row = QTreeWidgetItem([text(key), str(len(names))])
            row.setTextAlignment(1, Qt.AlignmentFlag.AlignRight)
            for column in (0, 1):
                row.setToolTip(column, text(f"{key}.tip"))
            for name in names[:_SHOWN]:
                below = QTreeWidgetItem([name])
                below.setToolTip(0, name)
                row.addChild(below)
            if len(names) > _SHOWN:
                row.addChild(QTreeWidgetItem([text("retrain.more", count=len(names) - _SHOWN)]))
            self.addTopLevelItem(row)
