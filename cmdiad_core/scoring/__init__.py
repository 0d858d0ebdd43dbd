"""From distances to a score that means the same whatever a part's modalities are."""

from cmdiad_core.scoring.fusion import fuse, smooth, tempered, upsampled
from cmdiad_core.scoring.limits import (
    Costs,
    Guarantee,
    limit_by_youden,
    limit_costs,
    limit_escapes,
    limit_false_rejects,
    limit_known_defects,
)
from cmdiad_core.scoring.map_calibration import MapCalibration, MapCalibrationFit
from cmdiad_core.scoring.nearline import Choice, Doubt, Reason, choose, doubt
from cmdiad_core.scoring.part_regions import find_part_regions, judged_at
from cmdiad_core.scoring.rates import ErrorRates, Rate
from cmdiad_core.scoring.regions import find_regions
from cmdiad_core.scoring.score_calibration import ScoreCalibration
from cmdiad_core.scoring.surroundings import Surroundings, SurroundingsFit, surroundings
from cmdiad_core.scoring.svm import OneClassSVM

__all__ = [
    "Choice",
    "Costs",
    "Doubt",
    "ErrorRates",
    "Guarantee",
    "MapCalibration",
    "MapCalibrationFit",
    "OneClassSVM",
    "Rate",
    "Reason",
    "ScoreCalibration",
    "Surroundings",
    "SurroundingsFit",
    "choose",
    "doubt",
    "find_part_regions",
    "find_regions",
    "fuse",
    "judged_at",
    "limit_by_youden",
    "limit_costs",
    "limit_escapes",
    "limit_false_rejects",
    "limit_known_defects",
    "smooth",
    "surroundings",
    "tempered",
    "upsampled",
]
