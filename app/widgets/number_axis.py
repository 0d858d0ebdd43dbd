"""An axis whose numbers are written as the language has them."""

from collections.abc import Sequence

import pyqtgraph as pg

from app.text import localised


class NumberAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """An axis of a plot."""

    def tickStrings(  # noqa: N802
        self, values: Sequence[float], scale: float, spacing: float
    ) -> list[str]:
        """Return what stands beside each tick."""
        return [localised(words) for words in super().tickStrings(values, scale, spacing)]
