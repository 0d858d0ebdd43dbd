"""A panel that can be moved to another side of the window, put away and brought back."""

from PySide6.QtWidgets import QDockWidget, QWidget

from app.widgets.pane import Pane


class Dock(QDockWidget):
    """Frame of a panel outside of the centre.

    Parameters
    ----------
    name : str
        By which a saved layout knows it; never shown.
    pane : Pane
        The panel; its heading becomes the dock's.
    """

    def __init__(self, name: str, pane: Pane, parent: QWidget | None = None) -> None:
        super().__init__(pane.title.text(), parent)
        self.setObjectName(name)
        pane.title.hide()
        self.setWidget(pane)
