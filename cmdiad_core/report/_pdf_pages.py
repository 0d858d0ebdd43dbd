"""Pages that say at their foot which of how many they are."""

from collections.abc import Callable
from functools import partial
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from cmdiad_core.report._pdf_style import FAINT, MARGIN, PAGE, REGULAR
from cmdiad_core.text import text


class NumberedPages(Canvas):  # type: ignore[misc]  # reportlab has no types
    """A canvas that writes the feet when the number of pages is known.

    Parameters
    ----------
    *args, **options
        Those of the canvas.
    foot : str
        Written at the left of each page.
    """

    def __init__(self, *args: Any, foot: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self._foot = foot
        self._pages: list[dict[str, Any]] = []

    @classmethod
    def with_foot(cls, foot: str) -> Callable[..., "NumberedPages"]:
        """Return what makes such a canvas."""
        return partial(cls, foot=foot)

    def showPage(self) -> None:  # noqa: N802
        """Keep the page; its foot is still to come."""
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write the feet and the file."""
        pages = self._pages
        for page in pages:
            self.__dict__.update(page)
            self.setFont(REGULAR, 7)
            self.setFillColor(HexColor(FAINT))
            self.drawString(MARGIN, 0.6 * MARGIN, self._foot)
            number = text("report.page", number=self._pageNumber, total=len(pages))
            self.drawRightString(PAGE[0] - MARGIN, 0.6 * MARGIN, number)
            super().showPage()
        super().save()
