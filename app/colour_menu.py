"""The choice of a colour map."""

from functools import partial

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from app import actions
from app.colour_scale import COLOUR_MAPS
from app.text import text
from app.workbench import Workbench


class ColourMenu(QMenu):
    """One entry per colour map, the one in use ticked.

    Parameters
    ----------
    bench : Workbench
        What the choice acts on.
    """

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(text("colours.title"), parent)
        self.setToolTip(text("colours.tip"))
        group = QActionGroup(self)
        for name in COLOUR_MAPS:
            if name == COLOUR_MAPS[-1]:
                self.addSeparator()
            action = self.addAction(text(f"colours.{name}"))
            action.setCheckable(True)
            action.setChecked(name == bench.session.colour_map)
            action.triggered.connect(partial(actions.choose_colours, bench, name))
            group.addAction(action)
