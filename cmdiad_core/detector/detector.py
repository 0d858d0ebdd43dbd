"""`Detector`: fit, inspect, save, load."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.detector.calibration import Calibration, HeldOut, Judged
from cmdiad_core.detector.device import resolve_device
from cmdiad_core.detector.encoding import Shapes, encode
from cmdiad_core.detector.feature_study import FeatureStudy
from cmdiad_core.detector.lineage import Lineage, file_record
from cmdiad_core.detector.looking import Look
from cmdiad_core.detector.pattern import Pattern
from cmdiad_core.detector.recipe import Recipe
from cmdiad_core.detector.sources import (
    Evidence,
    PartFeatures,
    Prediction,
    Sources,
)
from cmdiad_core.encoders import Encoder
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import Inspection, ModalityResult, OperatingPoint, Provenance
from cmdiad_core.modalities import modality
from cmdiad_core.progress import Progress, silent
from cmdiad_core.sample import PartFiles, Sample
from cmdiad_core.scoring import find_part_regions

Map = NDArray[np.float32]


@dataclass(frozen=True)
class Detector:
    """An inspector trained on all modalities that works with any of them.

    Parameters
    ----------
    recipe : Recipe
        What it was built with.
    encoders : mapping of str to Encoder
        By modality.
    sources : Sources
        Feature spaces, banks and distillers.
    calibration : Calibration
        What is normal.
    operating_point : OperatingPoint
        Default limits.
    device : str
        Torch device that pretrained encoders compute on.
    before_background : tuple of str
        Modalities in which good parts lie on a background, which is not looked at.
    training_parts : tuple of PartFiles
        The parts that `MemoryBank.origins` count; without files where they were made in memory.
    calibration_parts : tuple of PartFiles
        The good parts outside the banks that calibrated it; none where training parts did in turn.
    held_out : tuple of HeldOut
        What calibration rests on; empty where it was loaded, because only retraining reads it.
    lineage : Lineage or None
        The model it was retrained from; None for a first one.
    id : str
        Digest of everything learned; empty until saved.
    name : str
        For people.
    """

    recipe: Recipe
    encoders: Mapping[str, Encoder]
    sources: Sources
    calibration: Calibration
    operating_point: OperatingPoint
    device: str
    before_background: tuple[str, ...] = ()
    training_parts: tuple[PartFiles, ...] = ()
    calibration_parts: tuple[PartFiles, ...] = ()
    held_out: tuple[HeldOut, ...] = ()
    lineage: Lineage | None = None
    id: str = ""
    name: str = ""
    _pairs: Sequence[tuple[str, str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        known = self.calibration.maps
        pairs = [pair for pair in self.sources.distillers if ">".join(pair) in known]
        object.__setattr__(self, "_pairs", pairs)

    @property
    def modalities(self) -> tuple[str, ...]:
        """Names of the modalities it knows, in the order they are shown."""
        return tuple(sorted(self.encoders, key=lambda name: modality(name).order))

    @property
    def scale(self) -> tuple[float, float]:
        """Lowest and highest score of the colour scale of every map of this model."""
        return 0.0, 3.0 * max(self.operating_point.reject_from, 1.0)

    @property
    def calibration_scores(self) -> dict[tuple[str, ...], NDArray[np.float32]]:
        """Scores of good parts outside the banks, by measured modalities, predictions used."""
        chosen = {names: self._pattern(names, predict=True) for names in self._measurable()}
        return {names: self.calibration.scores[p].scores for names, p in chosen.items()}

    @classmethod
    def fit(
        cls,
        train: Iterable[Sample],
        calibration: Iterable[Sample] = (),
        *,
        recipe: Recipe,
        device: str = "auto",
        progress: Progress = silent,
    ) -> "Detector":
        """Learn from good parts.

        Parameters
        ----------
        train : iterable of Sample
            Good parts, each with any of the modalities in `recipe.encoders`; read once.
        calibration : iterable of Sample
            Good parts kept out of the banks, from which scores get their meaning. Where there
            are none, every training part is judged by a detector fitted without it and its fold.
        recipe : Recipe
            Encoders, sizes, seed.
        device : str
            Torch device, or ``"auto"``.
        progress : Progress
            Told of every step; may raise `Cancelled`.

        Raises
        ------
        InputError
            When there are too few parts to learn from.
        """
        from cmdiad_core.detector.fitting import fit

        return fit(train, calibration, recipe=recipe, device=device, progress=progress)

    def predicts(self, measured: tuple[str, ...]) -> tuple[str, ...]:
        """Return the modalities whose predictions take part in the score, given those measured."""
        return self._pattern(measured, predict=True).predicted

    def inspect(
        self, sample: Sample, using: Sequence[str] | None = None, predict: bool = True
    ) -> Inspection:
        """Return everything there is to say about a part.

        Parameters
        ----------
        sample : Sample
            The part; modalities the model does not know are not looked at.
        using : sequence of str, optional
            Look at these modalities only, as if the others had not been taken.
        predict : bool
            Let predictions of the absent modalities take part in the score.

        Raises
        ------
        InputError
            When the part has none of the modalities, or a combination that no good part had.
        """
        start = perf_counter()
        measured = self._usable(sample.id, sample.measured, using)
        look = self.look(sample.using(measured))
        _require_valid(look)
        features, shapes = look.features, look.shapes
        encode_done = perf_counter()
        predictions = self.sources.predictions(features)
        predict_done = perf_counter()
        pattern = self._pattern(measured, predict)
        plain = self._pattern(measured, predict=False)
        # What is measured and predicted alike is compared on the screen but not scored twice.
        scored = {pair: p for pair, p in predictions.items() if pair[1] in pattern.predicted}
        evidence = self.sources.evidence(features, scored)
        search_done = perf_counter()
        judged = self.calibration.judged(evidence)
        fused = self._map(pattern, judged, shapes)
        without = fused if pattern == plain else self._map(plain, judged, shapes)
        results = {
            name: replace(
                self._result(name, pattern, features, predictions, evidence, judged, shapes),
                foreground=look.masks.get(name),
            )
            for name in self.modalities
        }
        score = float(fused.max())
        on_one_grid = self.recipe.registered or len(measured) == 1
        shown = fused if on_one_grid else None
        limit = self.operating_point.accept_below
        regions = find_part_regions(shown, results, sample.using(measured), limit)
        end = perf_counter()
        return Inspection(
            sample_id=sample.id,
            model_id=self.id,
            score=score,
            p_value=self.calibration.scores[pattern].p_value(score),
            calibration_size=len(self.calibration.scores[pattern].raw),
            operating_point=self.operating_point,
            map=shown,
            modalities=results,
            regions=regions,
            score_without_predictions=float(without.max()),
            p_value_without_predictions=self.calibration.scores[plain].p_value(
                float(without.max())
            ),
            seconds={
                "encode": encode_done - start,
                "predict": predict_done - encode_done,
                "search": search_done - predict_done,
                "score": end - search_done,
                "total": end - start,
            },
        )

    def look(self, sample: Sample) -> Look:
        """Return a part in the feature spaces of this detector and of those taught from it.

        Raises
        ------
        InputError
            Modalities whose pixels do not correspond, for a model that needs them to.
        """
        part = encode(self.encoders, sample, self.recipe, self.before_background)
        features = self.sources.project(part.before(self.before_background))
        return Look(file_record(sample), features, part.shapes, part.masks)

    def score(self, look: Look) -> float:
        """Return the anomaly score of a part, as `inspect` gives it.

        Raises
        ------
        InputError
            As by `inspect`.
        """
        measured = self._usable(look.part.id, look.features, None)
        _require_valid(look)
        pattern = self._pattern(measured, predict=True)
        predictions = self.sources.predictions(look.features) if pattern.predicted else {}
        scored = {pair: p for pair, p in predictions.items() if pair[1] in pattern.predicted}
        evidence = self.sources.evidence(look.features, scored)
        judged = self.calibration.judged(evidence)
        return float(self._map(pattern, judged, look.shapes).max())

    def study(self, inspection: Inspection, name: str) -> FeatureStudy:
        """Return what lies behind the modality `name` of an inspection by this detector."""
        normal = self.calibration.maps.get(name)
        return FeatureStudy(
            self.sources,
            self.training_parts,
            inspection.modalities,
            name,
            None if normal is None else normal.quantiles,
        )

    def save(self, folder: Path) -> "Detector":
        """Write the model folder and return this detector with its id; see `saving.save`."""
        from cmdiad_core.detector.saving import save

        return save(self, folder)

    @classmethod
    def load(cls, folder: Path, device: str = "auto") -> "Detector":
        """Read a model folder; `InputError` names what is wrong with it."""
        from cmdiad_core.detector.saving import load

        return load(folder, resolve_device(device))

    def _usable(
        self, part: str, measured: Collection[str], using: Sequence[str] | None
    ) -> tuple[str, ...]:
        wanted = tuple(measured) if using is None else tuple(using)
        for name in wanted if using is not None else ():
            if name not in self.encoders:
                raise InputError(name, f"is unknown to the model, which knows {self._known()}")
            if name not in measured:
                raise InputError(part, f"has no {name} measurement")
        usable = tuple(sorted({name for name in wanted if name in self.encoders}))
        if not usable:
            raise InputError(
                part,
                f"has {' and '.join(measured)}, but the model knows {self._known()}",
            )
        if Pattern(usable) not in self.calibration.scores:
            raise InputError(
                part,
                f"has {' and '.join(usable)}, a combination that no good part had that "
                "calibrates the model; choose among them (--using)",
            )
        return usable

    def _known(self) -> str:
        return " and ".join(self.modalities)

    def _measurable(self) -> list[tuple[str, ...]]:
        return [p.measured for p in self.calibration.scores if not p.predicted]

    def _pattern(self, measured: tuple[str, ...], predict: bool) -> Pattern:
        plain = Pattern(measured)
        fuller = [
            pattern
            for pattern in self.calibration.scores
            if pattern.measured == measured and pattern.predicted and not pattern.alone
        ]
        return fuller[0] if predict and fuller else plain

    def _map(self, pattern: Pattern, judged: Mapping[str, Judged], shapes: Shapes) -> Map:
        raw = self.calibration.raw_map(pattern, judged, shapes, self._pairs)
        return self.calibration.scores[pattern].score(raw)

    def _result(
        self,
        name: str,
        pattern: Pattern,
        features: PartFeatures,
        predictions: Mapping[tuple[str, str], Prediction],
        evidence: Mapping[str, Evidence],
        judged: Mapping[str, Judged],
        shapes: Shapes,
    ) -> ModalityResult:
        guesses = [p for (_, target), p in predictions.items() if target == name]
        predicted = np.mean([one.features for one in guesses], axis=0) if guesses else None
        sure = np.mean([one.confidence for one in guesses], axis=0) if guesses else None
        if name in pattern.measured:
            own = self._map(Pattern((name,)), judged, shapes)
            return ModalityResult(
                Provenance.MEASURED,
                own,
                float(own.max()),
                features[name],
                predicted,
                sure,
                bank_distance=evidence[name].distance,
            )
        if name in pattern.predicted:
            own = self._map(Pattern(pattern.measured, (name,), alone=True), judged, shapes)
            return ModalityResult(
                Provenance.PREDICTED, own, float(own.max()), None, predicted, sure
            )
        return ModalityResult(Provenance.ABSENT, predicted_features=predicted, confidence=sure)


def _require_valid(look: Look) -> None:
    for name, values in look.features.items():
        if not np.isfinite(values).any():
            raise InputError(look.part.files.get(name, look.part.id), f"has no valid {name} data")
