"""Overlay files: each anomaly map of a part over the picture of the part."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from cmdiad_core.errors import InputError
from cmdiad_core.file_names import file_stem
from cmdiad_core.inspection import Inspection, Map, Provenance
from cmdiad_core.report import _words
from cmdiad_core.report._drawing import draw_map
from cmdiad_core.report._length import Length, width_of
from cmdiad_core.report._picture import picture
from cmdiad_core.report._sheet import compose
from cmdiad_core.report.colour_scale import ColourScale
from cmdiad_core.sample import Sample
from cmdiad_core.text import text
from cmdiad_core.writing import write_file

#: Longest side of the picture in an overlay file, in pixels: small parts are enlarged.
_LONGEST = (760, 1600)


@dataclass(frozen=True)
class Overlay:
    """One anomaly map over the part.

    Parameters
    ----------
    source : str
        ``"fused"`` or the name of a modality.
    title : str
        Whose map it is, and whether that was measured or predicted.
    under : str
        What the picture below shows.
    width : Length
        How wide that is.
    image : Image
        The map over the picture.
    highest : float
        Largest value of the map.
    dashed : bool
        What was looked at is surrounded by dashes; otherwise it is the whole picture.
    """

    source: str
    title: str
    under: str
    width: Length
    image: Image.Image
    highest: float
    dashed: bool


def overlays(
    sample: Sample, inspection: Inspection, scale: ColourScale, longest: int
) -> Iterator[Overlay]:
    """Draw the fused map where there is one, then that of each modality that has one."""
    if inspection.map is not None:
        source, title = _fused(inspection)
        yield _overlay(source, title, inspection.map, sample, inspection, scale, longest)
    for name, result in inspection.modalities.items():
        if result.map is not None and result.provenance is not Provenance.ABSENT:
            over = name if name in inspection.using else None
            title = _own(name, inspection)
            yield _overlay(name, title, result.map, sample, inspection, scale, longest, over)


def write_overlays(
    sample: Sample, inspection: Inspection, scale: ColourScale, folder: Path
) -> list[Path]:
    """Write a PNG for the fused map and for the map of each modality.

    Nothing is drawn below the accept limit. Dashes surround what was looked at. The regions of
    the fused map are outlined and numbered on all of them, in the order of `Inspection.regions`.

    Parameters
    ----------
    sample : Sample
        The part as measured.
    inspection : Inspection
        What the detector says of it.
    scale : ColourScale
        Colours of the scores: the same for all parts of a model, so that
        colours can be compared and a good part looks calm.
    folder : Path
        Where the files go, e.g. ``test_dent_003_fused.png``; made where it does not exist.

    Returns
    -------
    list of Path
        The fused map first, then the modalities in the order of the inspection.

    Raises
    ------
    InputError
        The folder cannot be written.
    """
    written = []
    for overlay in overlays(sample, inspection, scale, _longest(sample)):
        path = folder / f"{file_stem(sample.id)}_{overlay.source}.png"
        _write_sheet(overlay, inspection, scale, path)
        written.append(path)
    return written


def write_picture(
    sample: Sample, inspection: Inspection, scale: ColourScale, path: Path, over: str
) -> None:
    """Write a PNG like those of `write_overlays`: the map that lies over a measured modality.

    Parameters
    ----------
    sample, inspection, scale
        As in `write_overlays`.
    path : Path
        The file.
    over : str
        The measured modality to show below the map, which is the fused one where there is one,
        else the modality's own.

    Raises
    ------
    InputError
        The file cannot be written, or the modality has no map of its own and none was fused.
    """
    shown = inspection.map_over(over)
    if shown is None:
        raise InputError(sample.id, f"has no anomaly map over its {_words.title(over)}")
    source, title = (over, _own(over, inspection)) if inspection.map is None else _fused(inspection)
    longest = _longest(sample)
    overlay = _overlay(source, title, shown, sample, inspection, scale, longest, over)
    _write_sheet(overlay, inspection, scale, path)


def _write_sheet(overlay: Overlay, inspection: Inspection, scale: ColourScale, path: Path) -> None:
    limits = inspection.operating_point
    lines = (
        f"{inspection.sample_id} · {overlay.title}",
        text(
            "report.found",
            verdict=_words.verdict(inspection.verdict),
            score=_words.score(inspection.score, limits),
            highest=_words.score(overlay.highest, limits),
            under=overlay.under,
        ),
        _words.basis_sentence(inspection),
        *([text("report.dashed")] if overlay.dashed else []),
    )
    write_file(path, _png(compose(overlay.image, lines, overlay.width, scale, limits)))


def _longest(sample: Sample) -> int:
    return int(np.clip(max(sample.shape), *_LONGEST))


def _fused(inspection: Inspection) -> tuple[str, str]:
    return "fused", text(
        "report.map.fused" if len(inspection.modalities) > 1 else "report.map.only"
    )


def _own(name: str, inspection: Inspection) -> str:
    provenance = inspection.modalities[name].provenance
    return text(f"report.map.{provenance}", modality=_words.title(name))


def _overlay(
    source: str,
    title: str,
    shown: Map,
    sample: Sample,
    inspection: Inspection,
    scale: ColourScale,
    longest: int,
    over: str | None = None,
) -> Overlay:
    under = picture(sample, preferred=over)
    width = width_of(sample, under.modality)
    image = draw_map(under.pixels, shown, inspection, scale, longest, source)
    highest = float(np.nanmax(shown)) if np.isfinite(shown).any() else float("nan")
    dashed = inspection.foreground_of(source) is not None
    return Overlay(source, title, under.title, width, image, highest, dashed)


def _png(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    # The default level takes four times as long for a tenth less.
    image.save(stream, "PNG", compress_level=2)
    return stream.getvalue()
