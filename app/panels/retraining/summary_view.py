"""What came out of a retraining."""

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.panels.retraining.model import outcomes
from app.panels.retraining.part_lists import PartLists
from app.text import text
from app.widgets.pane import heading


class SummaryView(QWidget):
    """Which parts are right now, and which are not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = heading("", "headline")
        self.words = heading("", "explain")
        self.words.setWordWrap(True)
        self.lists = PartLists(text("retrain.summary"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.words)
        column.addWidget(self.lists, 1)

    def show_result(self, name: str, result: dict[str, Any]) -> None:
        """Show what the command told."""
        found = outcomes(result)
        self.title.setText(text("retrain.made", name=name))
        counts = {key: len(names) for key, names in found.items()}
        safe = "retrain.unsafe" if found["new_escape"] else "retrain.safe"
        self.words.setText(f"{text('retrain.corrected', **counts)} {text(safe, **counts)}")
        self.lists.fill((f"retrain.outcome.{key}", names) for key, names in found.items())
        self.lists.expandToDepth(0)
