import math

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

from cmdiad_core.metrics import auroc, average_precision, f1_max


def sklearn_f1_max(truth, scores):
    precision, recall, _ = precision_recall_curve(truth, scores)
    total = precision + recall
    return np.max(2 * precision * recall / np.where(total > 0, total, 1))


PAIRS = [
    (auroc, roc_auc_score),
    (average_precision, average_precision_score),
    (f1_max, sklearn_f1_max),
]


def draw(seed: int, levels: int | None, size: int = 300):
    """Scores that know something of the truth; few levels make many ties."""
    rng = np.random.default_rng(seed)
    truth = rng.random(size) < rng.uniform(0.02, 0.98)
    truth[:2] = True, False
    scores = rng.standard_normal(size) + truth
    return truth, scores if levels is None else np.round(scores * levels) / levels


@pytest.mark.parametrize("levels", [None, 4, 1, 0.01])
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("ours", "reference"), PAIRS)
def test_agrees_with_scikit_learn(ours, reference, seed, levels):
    truth, scores = draw(seed, levels)
    assert ours(truth, scores) == pytest.approx(reference(truth, scores), abs=1e-12)


@pytest.mark.parametrize(("ours", "reference"), PAIRS)
def test_agrees_on_two_entries_and_on_maps(ours, reference):
    for truth, scores in (([0, 1], [1, 2]), ([0, 1], [2, 1]), ([1, 0], [5, 5])):
        assert ours(truth, scores) == pytest.approx(reference(truth, scores))
    truth, scores = draw(9, 8, 600)
    flat = ours(truth, scores)
    assert ours(truth.reshape(20, 30), scores.reshape(20, 30).astype(np.float32)) == flat


@pytest.mark.parametrize("metric", [auroc, average_precision, f1_max])
def test_without_defects_there_is_no_number(metric):
    assert math.isnan(metric([False, False], [1.0, 2.0]))
    assert math.isnan(metric([], []))


@pytest.mark.parametrize("metric", [auroc, average_precision, f1_max])
@pytest.mark.parametrize("scores", [[math.nan] * 4, [0.1, 0.2, math.nan, 0.3]])
def test_scores_that_are_no_numbers_are_refused(metric, scores):
    with pytest.raises(ValueError, match="NaN"):
        metric([False, False, True, True], scores)


def test_without_good_parts_there_is_no_auroc():
    assert math.isnan(auroc([True, True], [1.0, 2.0]))
    assert average_precision([True, True], [1.0, 2.0]) == 1
    assert f1_max([True, True], [1.0, 2.0]) == 1


def test_large_counts_do_not_overflow():
    size = 400_000
    truth = np.arange(size) % 2 == 0
    assert auroc(truth, np.arange(size)) == pytest.approx(0.5, abs=1e-4)


def test_pixel_auroc_of_the_published_implementation(parity):
    with np.load(parity / "utilities.npz") as known:
        expected = float(known["pixel_auroc"])
        assert auroc(known["aupro_gt"], known["aupro_pred"]) == pytest.approx(expected, abs=1e-9)
