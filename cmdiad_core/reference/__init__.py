"""The paper's pipelines, with or without the oddities of the published code."""

from cmdiad_core.reference.backbones import Backbones
from cmdiad_core.reference.parts import CachedParts
from cmdiad_core.reference.pipelines import (
    FittedPipeline,
    Pipeline,
    Settings,
    fit_pipeline,
    pipelines,
)

__all__ = [
    "Backbones",
    "CachedParts",
    "FittedPipeline",
    "Pipeline",
    "Settings",
    "fit_pipeline",
    "pipelines",
]
