"""Organised point cloud: one 3D point per pixel."""

from cmdiad_core.modalities._modality import Kind, Modality

MODALITY = Modality(
    name="cloud",
    title="Point cloud",
    short="3D",
    kind=Kind.CLOUD,
    channels=3,
    folders=("xyz", "cloud", "pcd", "depth"),
    default_encoder="surface",
    order=1,
)
