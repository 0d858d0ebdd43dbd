"""The verdict panel."""

from collections.abc import Mapping

from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from app.icons import pixmap
from app.panels.verdict.model import Account
from app.text import text
from app.theme import tones
from app.widgets.badge_row import BadgeRow
from app.widgets.pane import heading, say, sentence
from cmdiad_core.inspection import Provenance, Verdict

_SIGN = 46


class VerdictView(QFrame):
    """Sign, headline, numbers and what they rest on, in one strip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "true")
        self.setAccessibleName(text("verdict.title"))
        self.sign = QLabel()
        self.sign.setFixedWidth(_SIGN)
        self.headline = heading("", "headline")
        self.headline.setWordWrap(True)
        self.detail = heading("", "faint")
        self.detail.setWordWrap(True)
        self.caution = sentence("explain")
        self.score = _Number(text("verdict.score"), text("verdict.score.tip"))
        self.without = _Number(text("verdict.without"), text("verdict.without.tip"))
        self.p_value = _Number(text("verdict.p_value"), text("verdict.p_value.tip"))
        self.badges = BadgeRow(spacing=6)
        grid = QGridLayout(self)
        grid.setContentsMargins(14, 9, 16, 10)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.sign, 0, 0, 2, 1)
        grid.addWidget(self.headline, 0, 1)
        grid.addWidget(self.detail, 1, 1)
        for column, number in enumerate((self.score, self.without, self.p_value), start=2):
            grid.addWidget(number, 0, column, 2, 1)
        grid.addLayout(self.badges, 2, 0, 1, 5)
        grid.addWidget(self.caution, 3, 0, 1, 5)

    def show_words(self, headline: str, detail: str, sign: str, colour: str) -> None:
        """Show a state without numbers."""
        # Else everything below would move up, and down again as soon as the result is there.
        self.setMinimumHeight(self.height() if self.isVisible() else 0)
        self._show_words(headline, detail, sign, colour)
        for number in (self.score, self.without, self.p_value):
            number.show_value("")
        self.badges.show_provenances({})

    def show_account(
        self, verdict: Verdict, told: Account, rests_on: Mapping[str, Provenance]
    ) -> None:
        """Show a verdict and everything that belongs to it; `rests_on` is by title."""
        self.setMinimumHeight(0)
        self._show_words(told.headline, told.size, verdict, tones().verdict(verdict))
        self.score.show_value(told.score)
        self.without.show_value(told.without)
        self.p_value.show_value(told.p_value, told.p_note)
        self.badges.show_provenances(rests_on)

    def show_caution(self, words: str) -> None:
        """Say why the verdict is not to be relied on; nothing if it is."""
        say(self.caution, words)

    def _show_words(self, headline: str, detail: str, sign: str, colour: str) -> None:
        self.headline.setText(headline)
        self.detail.setText(detail)
        self.sign.setPixmap(pixmap(sign, colour, _SIGN, self.devicePixelRatioF()))


class _Number(QFrame):
    """A number with its name above and a note below."""

    def __init__(self, name: str, tip: str) -> None:
        super().__init__()
        self.setToolTip(tip)
        self.setAccessibleName(name)
        self.name = heading("", "faint")
        self.value = heading("", "number")
        self.note = heading("", "faint")
        self._title = name
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.name)
        column.addWidget(self.value)
        column.addWidget(self.note)
        column.addStretch()

    def show_value(self, value: str, note: str = "") -> None:
        self.name.setText(self._title if value else "")
        self.value.setText(value)
        self.note.setText(note)
