"""From distances to a score that means the same whatever a part's modalities are."""

from cmdiad_core.scoring.fusion import fuse, smooth, upsampled
from cmdiad_core.scoring.map_calibration import MapCalibration
from cmdiad_core.scoring.part_regions import find_part_regions, judged_at
from cmdiad_core.scoring.regions import find_regions
from cmdiad_core.scoring.score_calibration import ScoreCalibration
from cmdiad_core.scoring.svm import OneClassSVM

__all__ = [
    "MapCalibration",
    "OneClassSVM",
    "ScoreCalibration",
    "find_part_regions",
    "find_regions",
    "fuse",
    "judged_at",
    "smooth",
    "upsampled",
]
