"""Thermogram of the part."""

from cmdiad_core.modalities._modality import Kind, Modality

MODALITY = Modality(
    name="infrared",
    title="Infrared image",
    short="IR",
    kind=Kind.IMAGE,
    channels=1,
    folders=("infrared", "ir", "thermal"),
    default_encoder="filter_bank",
    order=2,
)
