"""Dark and light look, by the system or by choice, and the size of all words."""

import re
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from cmdiad_core.edits import PersonVerdict
from cmdiad_core.inspection import Verdict
from cmdiad_core.resources import resource


@dataclass(frozen=True)
class Tones:
    """The colours of one look."""

    window: str
    panel: str
    raised: str
    line: str
    words: str
    faint: str
    accent: str
    on_accent: str
    progress: str
    canvas: str
    accept: str
    undecided: str
    reject: str

    def verdict(self, verdict: Verdict) -> str:
        """Return the colour of a verdict; all three stay apart for every kind of colour vision."""
        return {
            Verdict.ACCEPT: self.accept,
            Verdict.UNDECIDED: self.undecided,
            Verdict.REJECT: self.reject,
        }[verdict]

    def review(self, verdict: PersonVerdict) -> str:
        """Return the colour of a person's verdict."""
        return {
            PersonVerdict.ACCEPT: self.accept,
            PersonVerdict.UNSURE: self.undecided,
            PersonVerdict.REJECT: self.reject,
        }[verdict]


DARK = Tones(
    window="#1b2125",
    panel="#21282d",
    raised="#2c353b",
    line="#39444b",
    words="#e4eaed",
    faint="#9aa8b0",
    accent="#5aa9d6",
    on_accent="#0c1519",
    progress="#2d6488",
    canvas="#12171a",
    accept="#3f95d0",
    undecided="#d99a1c",
    reject="#e0602b",
)
LIGHT = Tones(
    window="#eef1f3",
    panel="#ffffff",
    raised="#f4f6f8",
    line="#ccd4d9",
    words="#1a2329",
    faint="#566670",
    accent="#0b6ea8",
    on_accent="#ffffff",
    progress="#a6cfe8",
    canvas="#dde3e6",
    accept="#0b6ea8",
    undecided="#a86f00",
    reject="#bf4410",
)


class Scheme(StrEnum):
    """Which look the user wants."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


@dataclass(frozen=True)
class Look:
    """What the user chose.

    Parameters
    ----------
    scheme : Scheme
        Dark, light, or what the system asks for.
    text_percent : int
        Size of all words.
    """

    scheme: Scheme = Scheme.SYSTEM
    text_percent: int = 100


_chosen = Look()


def tones() -> Tones:
    """Return the colours in use; where the system asks for nothing they are dark."""
    if _chosen.scheme is Scheme.SYSTEM:
        return LIGHT if _system_is_light() else DARK
    return LIGHT if _chosen.scheme is Scheme.LIGHT else DARK


def words_share() -> float:
    """Return how large words are against the standard size."""
    return _chosen.text_percent / 100


def follow_system(application: QApplication) -> None:
    """Give the application its look now and whenever the system's changes."""
    application.setStyle("Fusion")
    QApplication.styleHints().colorSchemeChanged.connect(lambda _: apply(application))
    apply(application)


def choose(application: QApplication, look: Look) -> None:
    """Give the application another look."""
    global _chosen
    if look != _chosen:
        _chosen = look
        apply(application)


def apply(application: QApplication) -> None:
    """Give the application the look in use."""
    look = tones()
    application.setPalette(_palette(look))
    sheet = resource("style/workbench.qss").read_text("utf-8")
    share = words_share()
    sheet = re.sub(r"(\d+)pt", lambda found: f"{int(found[1]) * share:.1f}pt", sheet)
    for name, value in vars(look).items():
        sheet = sheet.replace(f"@{name};", f"{value};").replace(f"@{name} ", f"{value} ")
    application.setStyleSheet(sheet)


def _system_is_light() -> bool:
    return QApplication.styleHints().colorScheme() is Qt.ColorScheme.Light


def _palette(look: Tones) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: look.window,
        role.WindowText: look.words,
        role.Base: look.panel,
        role.AlternateBase: look.raised,
        role.Text: look.words,
        role.PlaceholderText: look.faint,
        role.Button: look.raised,
        role.ButtonText: look.words,
        role.ToolTipBase: look.raised,
        role.ToolTipText: look.words,
        role.Highlight: look.accent,
        role.HighlightedText: look.on_accent,
        role.Link: look.accent,
        role.Mid: look.line,
        role.Dark: look.canvas,
    }
    palette = QPalette()
    for key, value in colours.items():
        palette.setColor(key, QColor(value))
    for key in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, key, QColor(look.faint))
    return palette
