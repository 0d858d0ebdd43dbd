"""Keeps the readout in step with the cursor."""

from PySide6.QtWidgets import QLabel

from app.annotating import Tool
from app.panels.measuring.model import all_lines, in_words
from app.panels.readout.model import readout
from app.text import text
from app.widgets.pane import heading
from app.workbench import Workbench


class ReadoutController:
    """Owns the line of numbers under the views."""

    def __init__(self, bench: Workbench) -> None:
        self._session = bench.session
        self.view: QLabel = heading("", "faint")
        self.view.setAccessibleName(text("readout.title"))
        self.view.setToolTip(text("readout.tip"))
        self._session.cursor_changed.connect(self.show)
        self._session.shown_changed.connect(self.show)
        self._session.measuring.changed.connect(self.show)
        self._session.annotating.tool_changed.connect(self.show)
        self.show()

    def show(self) -> None:
        """Show the state of now."""
        session = self._session
        lines = all_lines(session)
        if lines and session.annotating.tool is Tool.MEASURE:
            length = in_words(lines[-1]).replace("\n", ", ")
            self.view.setText(text("measuring.latest", length=length))
        elif session.sample is None or session.cursor is None:
            self.view.setText(text("readout.nothing"))
        else:
            self.view.setText(readout(session.sample, session.inspection, session.cursor))
