"""What a report keeps of one part: the inspection, without its maps, and small pictures."""

import base64
import io
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from cmdiad_core.inspection import Inspection, Region, Verdict
from cmdiad_core.report import _words
from cmdiad_core.report._colour_strip import ColourStrip
from cmdiad_core.report._drawing import MOST_REGIONS, fitted
from cmdiad_core.report._length import width_of
from cmdiad_core.report._picture import picture
from cmdiad_core.report.colour_scale import ColourScale
from cmdiad_core.report.judgement import Judgement
from cmdiad_core.report.overlay import overlays
from cmdiad_core.sample import Sample
from cmdiad_core.text import text

#: Longest sides in pixels.
_FIGURE = 420
_THUMBNAIL = 96

_QUALITY = 82


@dataclass(frozen=True)
class Figure:
    """A picture with the words below it.

    Parameters
    ----------
    data : bytes
        The picture as a JPEG file.
    size : (int, int)
        Width and height in pixels.
    title, note : str
        What it shows.
    predicted : bool
        It shows the map of a modality that was not measured.
    """

    data: bytes
    size: tuple[int, int]
    title: str
    note: str
    predicted: bool = False

    @property
    def uri(self) -> str:
        """The picture for a page that needs no other file."""
        return data_uri(self.data)


@dataclass(frozen=True)
class Entry:
    """One part of a report.

    Parameters
    ----------
    inspection : Inspection
        Without maps and features, which would fill the memory.
    strip : ColourStrip
        The colour bar with the operating point of this inspection.
    thumbnail : bytes
        The fused map as a small JPEG file.
    thumbnail_size : (int, int)
        Its width and height in pixels.
    figures : tuple of Figure
        The part, the fused map and the maps of the modalities; may be empty.
    judgement : Judgement or None
        What a person said of it.
    """

    inspection: Inspection
    strip: ColourStrip
    thumbnail: bytes
    thumbnail_size: tuple[int, int]
    figures: tuple[Figure, ...]
    judgement: Judgement | None = None

    @property
    def thumbnail_uri(self) -> str:
        """The thumbnail for a page that needs no other file."""
        return data_uri(self.thumbnail)

    @property
    def flagged(self) -> bool:
        """Whether someone has to look at the part."""
        return self.inspection.verdict is not Verdict.ACCEPT

    @property
    def regions(self) -> tuple[tuple[int, Region], ...]:
        """The regions that are numbered in the figures, with their numbers."""
        return tuple(enumerate(self.inspection.regions[:MOST_REGIONS], start=1))


def make_entry(
    sample: Sample, inspection: Inspection, scale: ColourScale, judgement: Judgement | None
) -> Entry:
    """Draw what a report shows of a part and let go of its arrays."""
    limits = inspection.operating_point
    part = picture(sample)
    plain = fitted(part.pixels, _FIGURE)
    note = f"{part.title}, {width_of(sample, part.modality).words}"
    figures = [Figure(jpeg(plain), plain.size, text("report.the_part"), note)]
    drawn = list(overlays(sample, inspection, scale, _FIGURE))
    for overlay in drawn:
        highest = _words.score(overlay.highest, limits)
        note = text("report.highest", score=highest, under=overlay.under)
        if overlay.dashed:
            note += f"; {text('report.dashed')}"
        predicted = overlay.source in inspection.predicting
        size = overlay.image.size
        figures.append(Figure(jpeg(overlay.image), size, overlay.title, note, predicted))
    small = drawn[0].image.copy()
    small.thumbnail((_THUMBNAIL, _THUMBNAIL), Image.Resampling.LANCZOS)
    return Entry(
        inspection=_without_arrays(inspection),
        strip=ColourStrip(scale, limits),
        thumbnail=jpeg(small),
        thumbnail_size=small.size,
        figures=tuple(figures),
        judgement=judgement,
    )


def _without_arrays(inspection: Inspection) -> Inspection:
    # What is None says that nothing was fused place by place.
    nothing = None if inspection.map is None else np.empty((0, 0), np.float32)
    bare = {
        name: replace(result, map=None, measured_features=None, predicted_features=None)
        for name, result in inspection.modalities.items()
    }
    return replace(inspection, map=nothing, modalities=bare)


def jpeg(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    # Full colour resolution: the colours of a map are its numbers.
    image.save(stream, "JPEG", quality=_QUALITY, subsampling=0)
    return stream.getvalue()


def data_uri(content: bytes) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(content).decode("ascii")
