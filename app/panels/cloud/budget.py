"""How many points may be drawn while the camera moves, by how long drawing takes."""

from statistics import median

#: Seconds that drawing a frame may take: with what the window does besides, 15 frames a second.
TARGET = 0.04
_FIRST = 100_000
_FEWEST = 20_000
# Frames that are looked at together; one alone may be slow for reasons of its own.
_FRAMES = 5
_STEP = 4.0
_NEAR = 1.3


class Budget:
    """Follows the speed of the graphics: a fast card soon shows every point, always."""

    def __init__(self) -> None:
        self.points = _FIRST
        self._seconds: list[float] = []

    def spend(self, seconds: float) -> bool:
        """Take the time that one frame took; return whether the number of points changed."""
        self._seconds.append(seconds)
        if len(self._seconds) < _FRAMES:
            return False
        share = TARGET / max(median(self._seconds), 1e-6)
        self._seconds.clear()
        if 1 / _NEAR < share < _NEAR:
            return False
        before = self.points
        self.points = max(int(before * min(max(share, 1 / _STEP), _STEP)), _FEWEST)
        return self.points != before
