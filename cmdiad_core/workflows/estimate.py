"""What a retraining will take."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cmdiad_core.detector import Detector
from cmdiad_core.detector.lineage import Depth
from cmdiad_core.detector.teaching import MOST_PATCHES
from cmdiad_core.jobs import Job

# Measured on one core of a server with the default encoders.
_START_S = 2.0
_ENCODE_S = 0.12
#: Products of a pair of numbers a second: in searches, in picking, and in training distillers.
_SEARCH, _PICK, _TRAIN = 2.0e10, 2.5e9, 1.5e10
_CALIBRATE_S = 0.002
_START_BYTES = 260e6
_FLOAT = 4


@dataclass(frozen=True)
class Estimate:
    """What is expected.

    Parameters
    ----------
    seconds : float
        On the clock.
    memory : float
        Bytes at the peak.
    pace : float
        By which earlier retrainings at this depth corrected the seconds.
    """

    seconds: float
    memory: float
    pace: float


def estimate(
    depth: Depth,
    model: Detector,
    good: int,
    confirmed: int,
    done: Sequence[Job] = (),
    seconds_a_part: float | None = None,
) -> Estimate:
    """Return what a retraining will take on this machine, alone.

    Parameters
    ----------
    depth : Depth
        How much is learned anew.
    model : Detector
        That is retrained.
    good : int
        New confirmed-good parts.
    confirmed : int
        All confirmed parts that are looked at.
    done : sequence of Job
        Earlier retrainings; their median error at this depth corrects the estimate.
    seconds_a_part : float or None
        Measured time to read and encode a part; None for that of the default encoders.
    """
    encode = _ENCODE_S if seconds_a_part is None else seconds_a_part
    recipe, banks = model.recipe, model.sources.banks
    names, pairs = len(model.encoders), len(model.sources.distillers)
    rows, columns = np.max([one.origins[:, 1:].max(0) + 1 for one in banks.values()], axis=0)
    patches = float(rows * columns)
    width = float(max(one.entries.shape[1] for one in banks.values()))
    size = float(max(len(one.entries) for one in banks.values()))
    raw = sum(len(space.mean) for space in model.sources.spaces.values())
    old, checks = len(model.training_parts), max(len(model.calibration_parts), 1)
    added = float(MOST_PATCHES * good)
    search = patches * size * width / _SEARCH
    pick = width / _PICK
    look = confirmed * (encode + 2 * names * search)
    calibrate = checks * 2 ** (names + 1) * _CALIBRATE_S
    fitted = pairs * (
        recipe.steps * recipe.batch * 3 * recipe.hidden * (2 * width + recipe.hidden) / _TRAIN
        + recipe.bank_size * recipe.bank_candidates * pick
    )
    taught = good * search + added * patches * good * pick / 4
    part = patches * width * _FLOAT
    if depth is Depth.TEACH:
        renewed = checks * patches * added * width / _SEARCH
        seconds = look + calibrate + (names + pairs) * (taught + renewed)
        memory = part * (names * confirmed + (names + pairs) * good + names * checks)
    elif depth is Depth.REFINE:
        seconds = look + old * encode + calibrate + names * taught + fitted
        seconds += checks * (names + pairs) * search
        memory = part * names * (confirmed + checks) + 3 * part * names * (old + good)
    else:
        seconds = 2 * look + (old + checks + good) * encode + calibrate + fitted
        seconds += names * recipe.bank_size * recipe.bank_candidates * pick
        seconds += checks * (names + pairs) * search
        memory = patches * raw * _FLOAT * (old + checks + good) + 3 * part * names * (old + good)
    pace = _pace(depth, done)
    return Estimate(pace * (_START_S + seconds), _START_BYTES + memory, pace)


def _pace(depth: Depth, done: Sequence[Job]) -> float:
    """Return how much longer than estimated earlier ones took on this machine."""
    ratios = [
        job.seconds / job.expected_seconds * job.pace
        for job in done
        if job.seconds and job.expected_seconds and job.pace and depth in job.arguments
    ]
    return float(np.median(ratios[:5])) if ratios else 1.0
