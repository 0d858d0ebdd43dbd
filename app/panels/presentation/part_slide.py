"""The slide of one part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.colour_scale import ColourScale
from app.icons import pixmap
from app.panels.presentation.story import Story
from app.text import text
from app.theme import tones
from app.widgets.badge_row import BadgeRow
from app.widgets.image_canvas import ImageCanvas
from app.widgets.pane import heading
from app.widgets.scale_bar import ScaleBar
from cmdiad_core.inspection import Provenance, Verdict

if TYPE_CHECKING:
    from app.panels.presentation.cloud_picture import CloudPicture

_SIGN = 96


class PartSlide(QWidget):
    """Verdict and reason above, the image and the cloud below, each as large as there is room.

    Parameters
    ----------
    space : CloudPicture or None
        Shows clouds; None where this machine cannot draw them.
    """

    def __init__(self, space: CloudPicture | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sign = QLabel()
        self.sign.setFixedSize(_SIGN, _SIGN)
        self.verdict, self.score = heading("", "huge"), heading("", "faint")
        self.why, self.truth, self.name = heading("", "lead"), heading("", ""), heading("", "faint")
        self.why.setWordWrap(True)
        for label in (self.score, self.name, self.truth):
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.badges = BadgeRow(spacing=12)
        self.image = ImageCanvas(text("image.canvas"))
        self.plane = ImageCanvas(text("cloud.plane"))
        self.space = space
        self.image_caption, self.cloud_caption = heading("", "caption"), heading("", "caption")
        self.bar = ScaleBar(text("scale.title"))
        self._lay_out()

    def show_story(self, name: str, verdict: Verdict, told: Story) -> None:
        """Show what is said of a part."""
        self._say(name, str(verdict), tones().verdict(verdict), told.verdict, told.why)
        self.score.setText(told.score)
        self.truth.setText(told.truth)

    def show_words(self, name: str, sign: str, headline: str, words: str) -> None:
        """Show a state in which there is nothing to look at."""
        self._say(name, sign, tones().faint, headline, words)
        for label in (self.score, self.truth, self.image_caption):
            label.setText("")
        self.show_provenances({})
        for widget in (self.image, self.bar):
            widget.hide()
        self.show_no_cloud()

    def show_scale(self, scale: ColourScale) -> None:
        """Show what the colours mean, with the limits marked."""
        self.bar.show_scale(scale)
        self.bar.show()

    def show_provenances(self, rests_on: Mapping[str, Provenance]) -> None:
        """Say by title what was measured, predicted, or neither."""
        self.badges.show_provenances(rests_on)

    def show_no_cloud(self) -> None:
        """Leave all room to the image."""
        self._show_cloud_as(None, "")

    def show_plane(self, caption: str) -> None:
        """Show the map on the image plane in place of a cloud."""
        self._show_cloud_as(self.plane, caption)

    def show_space(self, caption: str) -> None:
        """Show the cloud."""
        self._show_cloud_as(self.space, caption)

    def _show_cloud_as(self, widget: QWidget | None, caption: str) -> None:
        self.cloud_caption.setText(caption)
        self.cloud_caption.setVisible(bool(caption))
        for one in (self.plane, self.space):
            if one is not None:
                one.setVisible(one is widget)

    def _say(self, name: str, sign: str, colour: str, headline: str, words: str) -> None:
        self.name.setText(name)
        self.verdict.setText(headline)
        self.verdict.setStyleSheet(f"color: {colour}")
        self.why.setText(words)
        self.sign.setPixmap(pixmap(sign, colour, _SIGN, self.devicePixelRatioF()))

    def _lay_out(self) -> None:
        head = QGridLayout()
        head.setHorizontalSpacing(24)
        head.setVerticalSpacing(2)
        head.addWidget(self.sign, 0, 0, 3, 1)
        head.addWidget(self.verdict, 0, 1, 2, 1)
        for row, label in enumerate((self.name, self.score)):
            head.addWidget(label, row, 2)
        head.addWidget(self.why, 2, 1)
        head.addWidget(self.truth, 2, 2)
        head.setColumnStretch(1, 1)
        views = QHBoxLayout()
        views.setSpacing(14)
        for caption, widgets in (
            (self.image_caption, (self.image,)),
            (self.cloud_caption, (self.plane, self.space)),
        ):
            caption.setWordWrap(True)
            column = QVBoxLayout()
            column.setSpacing(6)
            column.addWidget(caption)
            for widget in widgets:
                if widget is not None:
                    column.addWidget(widget, 1)
            views.addLayout(column, 1)
        views.addWidget(self.bar)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addLayout(self.badges)
        column.addLayout(views, 1)
