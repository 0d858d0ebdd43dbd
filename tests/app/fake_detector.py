"""A detector with the real one's interface whose scores are known beforehand."""

import threading
from types import SimpleNamespace

import numpy as np

from cmdiad_core.detector.feature_study import FeatureStudy
from cmdiad_core.detector.sources import Sources
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import (
    Inspection,
    ModalityResult,
    OperatingPoint,
    Provenance,
    Region,
)
from cmdiad_core.memory_bank import MemoryBank
from cmdiad_core.sample import PartFiles

SIZE = 48
PATCHES = 12
CHANNELS = 8
# By stem of the part; others score 1.
SCORES = {"reject": 9.0, "undecided": 4.0, "accept": 0.5}


class FakeDetector:
    """Counts its calls and can be made to wait."""

    id = "0123456789abcdef"
    name = "fake-cells"
    modalities = ("rgb", "cloud", "infrared")
    device = "cpu"
    operating_point = OperatingPoint(3.0, 6.0)
    scale = (0.0, 12.0)
    recipe = SimpleNamespace(registered=True)
    training_parts = ()
    calibration_parts = ()

    def __init__(self):
        self.calibration_scores = {("cloud", "infrared", "rgb"): np.linspace(-2, 2.5, 40)}
        self.calls = []
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def load(self, folder, device="auto"):
        if not (folder / "model.json").is_file():
            raise InputError(folder, "is not a model: model.json is missing")
        return self

    def inspect(self, sample, using=None, predict=True):
        self.calls.append(sample.id)
        assert self.may_go_on.wait(20)
        score = next((s for stem, s in SCORES.items() if stem in sample.id), 1.0)
        values = np.zeros(sample.shape, np.float32)
        values[10:20, 24:36] = score
        modalities = {name: self._result(name, sample, values) for name in self.modalities}
        predicting = any(r.provenance is Provenance.PREDICTED for r in modalities.values())
        seen_by = next(iter(sample.measured))
        region = Region(score, seen_by, Provenance.MEASURED, 120, (10, 24, 20, 36), (15, 30))
        return Inspection(
            sample_id=sample.id,
            model_id=self.id,
            score=score,
            p_value=0.024,
            calibration_size=40,
            operating_point=self.operating_point,
            map=values,
            modalities=modalities,
            regions=(region,),
            score_without_predictions=score - 0.25 if predicting else score,
            p_value_without_predictions=0.049 if predicting else 0.024,
            seconds={},
        )

    def study(self, inspection, name):
        origins = np.zeros((50, 3), np.int32)
        entries = np.random.default_rng(7).normal(size=(50, CHANNELS))
        banks = {one: MemoryBank(entries, origins) for one in self.modalities}
        parts = (PartFiles("train/good/000", {}),)
        return FeatureStudy(Sources({}, banks, {}), parts, inspection.modalities, name, None)

    def _result(self, name, sample, values):
        features = np.random.default_rng(3).normal(size=(PATCHES, PATCHES, CHANNELS))
        features = features.astype(np.float32)
        if name in sample.measured:
            distance = np.linspace(0, 2, PATCHES**2, dtype=np.float32).reshape(PATCHES, PATCHES)
            return ModalityResult(
                Provenance.MEASURED, values, 1.0, features, features * 0.5, bank_distance=distance
            )
        # Infrared cannot be predicted by this model.
        if name == "infrared":
            return ModalityResult(Provenance.ABSENT)
        sure = np.full((PATCHES, PATCHES), 0.63, np.float32)
        return ModalityResult(Provenance.PREDICTED, values * 0.5, 1.0, None, features, sure)
