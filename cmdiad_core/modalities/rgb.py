"""Colour image of the part."""

from cmdiad_core.modalities._modality import Kind, Modality

MODALITY = Modality(
    name="rgb",
    title="RGB image",
    short="RGB",
    kind=Kind.IMAGE,
    channels=3,
    folders=("rgb",),
    default_encoder="filter_bank",
    order=0,
)
