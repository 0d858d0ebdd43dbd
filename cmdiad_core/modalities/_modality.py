from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How the values of a modality lie on the pixel grid."""

    IMAGE = "image"  #: (H, W) or (H, W, channels), finite, 1.0 = full scale of the file's type
    CLOUD = "cloud"  #: (H, W, 3) x, y, z in the file's unit, NaN where nothing was measured


@dataclass(frozen=True)
class Modality:
    """One kind of measurement.

    Parameters
    ----------
    name : str
        Identifier used in files, options and models, e.g. ``"rgb"``.
    title : str
        Name on the screen and in reports.
    short : str
        Name where there is little room.
    kind : Kind
        How its values lie on the pixel grid.
    channels : int
        Values per pixel.
    folders : tuple of str
        Folder names that hold it in data sets, e.g. ``("xyz",)``.
    default_encoder : str
        The encoder used when none is asked for.
    order : int
        Position on the screen, lowest first.
    """

    name: str
    title: str
    short: str
    kind: Kind
    channels: int
    folders: tuple[str, ...]
    default_encoder: str
    order: int
