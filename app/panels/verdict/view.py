"""The verdict panel."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.icons import pixmap
from app.panels.verdict.model import Account
from app.text import text
from app.theme import tones
from app.widgets.badge import Badge
from app.widgets.pane import heading
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
        self.score = _Number(text("verdict.score"), text("verdict.score.tip"))
        self.without = _Number(text("verdict.without"), text("verdict.without.tip"))
        self.p_value = _Number(text("verdict.p_value"), text("verdict.p_value.tip"))
        self.badges: list[Badge] = []
        self._badge_row = QHBoxLayout()
        self._badge_row.setSpacing(6)
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(self.headline)
        words.addWidget(self.detail)
        words.addLayout(self._badge_row)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 16, 10)
        row.setSpacing(16)
        row.addWidget(self.sign)
        row.addLayout(words, 1)
        for number in (self.score, self.without, self.p_value):
            row.addWidget(number)

    def show_words(self, headline: str, detail: str, sign: str, colour: str) -> None:
        """Show a state without numbers."""
        self.headline.setText(headline)
        self.detail.setText(detail)
        self.sign.setPixmap(pixmap(sign, colour, _SIGN, self.devicePixelRatioF()))
        for number in (self.score, self.without, self.p_value):
            number.hide()
        self._show_badges(())

    def show_account(
        self, verdict: Verdict, told: Account, rests_on: Sequence[tuple[str, Provenance]]
    ) -> None:
        """Show a verdict and everything that belongs to it."""
        self.show_words(told.headline, told.size, verdict, tones().verdict(verdict))
        self.score.show_value(told.score)
        self.p_value.show_value(told.p_value, told.p_note)
        if told.without:
            self.without.show_value(told.without)
        self._show_badges(rests_on)

    def _show_badges(self, rests_on: Sequence[tuple[str, Provenance]]) -> None:
        while (item := self._badge_row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.badges = [Badge(title) for title, _ in rests_on]
        for badge, (_, provenance) in zip(self.badges, rests_on, strict=True):
            self._badge_row.addWidget(badge)
            badge.show_provenance(provenance)
        self._badge_row.addStretch()


class _Number(QFrame):
    """A number with its name above and a note below."""

    def __init__(self, name: str, tip: str) -> None:
        super().__init__()
        self.setToolTip(tip)
        self.setAccessibleName(name)
        self.value = heading("", "number")
        self.note = heading("", "faint")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(heading(name, "faint"))
        column.addWidget(self.value)
        column.addWidget(self.note)
        column.addStretch()

    def show_value(self, value: str, note: str = "") -> None:
        self.value.setText(value)
        self.note.setText(note)
        self.show()
