from collections import Counter

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.data.loading import load_mask, load_sample
from cmdiad_core.detector import Detector, Recipe
from cmdiad_core.progress import silent
from cmdiad_core.workflows.evaluate import evaluate


@pytest.fixture(scope="module")
def detector(demo_model):
    return Detector.load(demo_model, "cpu")


@pytest.fixture(scope="module")
def looked():
    """How often each part was inspected for `evaluation`, by the modalities used."""
    return Counter()


@pytest.fixture(scope="module")
def evaluation(detector, demo_data, looked):
    inspect = Detector.inspect

    def counted(self, sample, using, predict):
        looked[sample.id, tuple(using)] += 1
        return inspect(self, sample, using, predict)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Detector, "inspect", counted)
        return evaluate(detector, demo_data, progress=silent, skipped=pytest.fail)


def test_every_pattern_is_evaluated_with_and_without_prediction(evaluation, detector):
    found = {(result.using, result.predicting) for result in evaluation.patterns}
    assert found == {
        (("rgb",), ()),
        (("rgb",), ("cloud",)),
        (("cloud",), ()),
        (("cloud",), ("rgb",)),
        (("cloud", "rgb"), ()),
    }
    assert len(evaluation.patterns) == 5
    assert evaluation.model == detector.id


@pytest.mark.parametrize(
    ("using", "predicting"), [(("rgb",), ()), (("cloud",), ("rgb",)), (("cloud", "rgb"), ())]
)
def test_auroc_is_that_of_the_inspections(evaluation, detector, demo_data, using, predicting):
    (result,) = (
        one for one in evaluation.patterns if (one.using, one.predicting) == (using, predicting)
    )
    truth, scores, masks, maps = [], [], [], []
    for part in open_dataset(demo_data).split("test"):
        sample = load_sample(part)
        if not set(using) <= set(sample.measured):
            continue
        inspection = detector.inspect(sample, using, predict=bool(predicting))
        truth.append(bool(part.defective))
        scores.append(inspection.score)
        masks.append(load_mask(part, sample.shape).ravel())
        maps.append(inspection.map.ravel())
    assert (result.n_good, result.n_defective) == (truth.count(False), truth.count(True))
    assert result.image_auroc == pytest.approx(roc_auc_score(truth, scores))
    expected = roc_auc_score(np.concatenate(masks), np.concatenate(maps))
    assert result.pixel_auroc == pytest.approx(expected)


def test_what_predicts_nothing_is_inspected_once(evaluation, looked):
    assert {looked[key] for key in looked if key[1] == ("cloud", "rgb")} == {1}
    assert {looked[key] for key in looked if len(key[1]) == 1} == {2}


def test_real_images_with_foreign_objects_are_told_from_good_ones(recordings):
    folder = recordings / "foreign_object"
    if not folder.is_dir():
        pytest.skip("the foreign object recordings are not on this machine")
    dataset = open_dataset(folder)
    recipe = Recipe(encoders={"rgb": "filter_bank"}, bank_size=1000, bank_candidates=8000)
    train = dataset.split("train")[:15]
    checks = dataset.split("validation")[:10]
    detector = Detector.fit(
        map(load_sample, train), map(load_sample, checks), recipe=recipe, device="cpu"
    )
    parts = dataset.split("test")
    scores = [detector.inspect(load_sample(part), ("rgb",)).score for part in parts]
    assert roc_auc_score([part.defective for part in parts], scores) >= 0.95
