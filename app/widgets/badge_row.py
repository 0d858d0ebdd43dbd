"""What a verdict rests on: a badge for each modality."""

from collections.abc import Mapping

from PySide6.QtWidgets import QHBoxLayout

from app.widgets.badge import Badge
from cmdiad_core.inspection import Provenance


class BadgeRow(QHBoxLayout):
    """Badges side by side.

    Parameters
    ----------
    spacing : int
        Pixels between them.

    Attributes
    ----------
    badges : dict of str to Badge
        By the title of the modality.
    """

    def __init__(self, spacing: int) -> None:
        super().__init__()
        self.badges: dict[str, Badge] = {}
        self.setSpacing(spacing)
        self.addStretch()

    def show_provenances(self, rests_on: Mapping[str, Provenance]) -> None:
        """Say by title what was measured, predicted, or neither."""
        # Badges are kept: each one shown or hidden lays out the whole window anew.
        for title in rests_on:
            if title not in self.badges:
                self.badges[title] = Badge(title)
                self.insertWidget(len(self.badges) - 1, self.badges[title])
        for title, badge in self.badges.items():
            badge.show_provenance(rests_on.get(title))
