"""Pictures in a PDF report."""

import hashlib
import io

from reportlab.platypus import Flowable


class Picture(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A JPEG file as it is: reportlab's own would keep the pixels of every picture in memory.

    Parameters
    ----------
    data : bytes
        The file.
    size : (int, int)
        Its width and height in pixels.
    room : (float, float)
        Width and height in points that it is fitted into.
    """

    def __init__(self, data: bytes, size: tuple[int, int], room: tuple[float, float]) -> None:
        super().__init__()
        self._data = data
        factor = min(room[0] / size[0], room[1] / size[1])
        self.width, self.height = factor * size[0], factor * size[1]

    def draw(self) -> None:
        """Put the file into the document."""
        self.canv.drawImage(_Jpeg(self._data), 0, 0, self.width, self.height)


class _Jpeg:
    """What reportlab asks of an image: a name by which it is stored once, and the file."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __str__(self) -> str:
        return hashlib.sha256(self._data).hexdigest()

    def jpeg_fh(self) -> io.BytesIO:
        return io.BytesIO(self._data)
