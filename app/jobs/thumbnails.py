"""Small pictures of parts, made on the worker when a view first asks for them."""

from collections import OrderedDict
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.colour_scale import Colours
from app.workbench import Workbench
from cmdiad_core.sample import PartFiles

#: Longest side in pixels.
SIZE = 112
_KEPT = 2000
_WANTED = 120
_TOPIC = "thumbnails"


class Thumbnails(QObject):
    """A cache with a bound, filled one picture after the other.

    What was asked for last comes first: it is what the user looks at now. Requests that were
    scrolled past long ago are forgotten.

    Parameters
    ----------
    bench : Workbench
        Its worker makes them.

    Attributes
    ----------
    arrived : Signal(str)
        The picture of the part with this id can be had now.
    """

    arrived = Signal(str)

    def __init__(self, bench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._kept: OrderedDict[str, QImage | None] = OrderedDict()
        self._wanted: OrderedDict[str, None] = OrderedDict()
        bench.session.parts_changed.connect(self._forget)

    def get(self, part_id: str) -> QImage | None:
        """Return the picture of a part; None while there is none, or where there can be none."""
        if part_id in self._kept:
            self._kept.move_to_end(part_id)
            return self._kept[part_id]
        self._wanted[part_id] = None
        self._wanted.move_to_end(part_id)
        if len(self._wanted) > _WANTED:
            self._wanted.popitem(last=False)
        self._make_next()
        return None

    def _forget(self) -> None:
        self._bench.worker.drop(_TOPIC)
        self._kept.clear()
        self._wanted.clear()

    def _make_next(self) -> None:
        worker, entries = self._bench.worker, self._bench.session.entries
        if not self._wanted or worker.waiting(_TOPIC):
            return
        part_id = next(reversed(self._wanted))
        part = entries[part_id].part

        def done(image: QImage | None) -> None:
            self._wanted.pop(part_id, None)
            self._kept[part_id] = image
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            self.arrived.emit(part_id)
            self._make_next()

        # A part that cannot be read says so where it is opened; here it just has no picture.
        worker.submit(
            _TOPIC, part_id, lambda: _drawn(part), done, lambda _: done(None), title="", urgent=True
        )


def _drawn(part: PartFiles) -> QImage | None:
    import numpy as np
    from PIL import Image

    from app.panels.image.model import sources
    from cmdiad_core.data.loading import load_sample

    there = [source for source in sources() if source.name in part.files]
    if not there:
        return None
    name = there[0].name
    sample = load_sample(replace(part, files={name: part.files[name]}))
    picture = Image.fromarray(np.ascontiguousarray(there[0].pixels(sample))).convert("RGB")
    picture.thumbnail((SIZE, SIZE), Image.Resampling.BOX, reducing_gap=2.0)
    pixels: Colours = np.asarray(picture)
    height, width = pixels.shape[:2]
    return QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()
