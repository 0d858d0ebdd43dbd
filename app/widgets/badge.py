"""Says in word, shape and border where what a pane shows comes from."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from app.icons import pixmap
from app.text import text
from app.theme import tones
from cmdiad_core.inspection import Provenance


class Badge(QFrame):
    """Measured, predicted or absent.

    Parameters
    ----------
    subject : str
        Put before the word where the badge stands alone, e.g. the name of a modality.
    """

    def __init__(self, subject: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("badge")
        self._subject = subject
        self._sign = QLabel()
        self._words = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 1, 10, 1)
        row.setSpacing(6)
        row.addWidget(self._sign)
        row.addWidget(self._words)
        self.provenance: Provenance | None = None
        self.hide()

    @property
    def words(self) -> str:
        """What it says."""
        return self._words.text()

    def show_provenance(self, provenance: Provenance | None) -> None:
        """Show where it comes from; None hides the badge."""
        if provenance is self.provenance:
            return
        self.provenance = provenance
        self.setVisible(provenance is not None)
        if provenance is not None:
            self._describe(provenance)

    def _describe(self, provenance: Provenance) -> None:
        word = text(f"provenance.{provenance}")
        self._words.setText(f"{self._subject}: {word}" if self._subject else word)
        look = tones()
        colour = {
            Provenance.MEASURED: look.accent,
            Provenance.PREDICTED: look.undecided,
            Provenance.ABSENT: look.faint,
        }[provenance]
        self._sign.setPixmap(pixmap(provenance, colour, 13, self.devicePixelRatioF()))
        self.setToolTip(text(f"provenance.{provenance}.tip"))
        self.setAccessibleName(self.words)
        self.setProperty("provenance", str(provenance))
        # A changed property restyles a widget only when it is polished anew.
        for widget in (self, self._words):
            self.style().unpolish(widget)
            self.style().polish(widget)
