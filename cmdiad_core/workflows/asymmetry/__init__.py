"""Why prediction helps one direction more than the other: a study of a trained model."""

from cmdiad_core.workflows.asymmetry.study import NUMBERS, REPORT, study_asymmetry

__all__ = ["NUMBERS", "REPORT", "study_asymmetry"]
