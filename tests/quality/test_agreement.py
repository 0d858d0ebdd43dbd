from itertools import product

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import cohen_kappa_score

from cmdiad_core.edits import PersonVerdict
from cmdiad_core.quality import inspector, interval, kappa, pairs
from cmdiad_core.scoring.rates import Rate

ACCEPT, UNSURE, REJECT = PersonVerdict.ACCEPT, PersonVerdict.UNSURE, PersonVerdict.REJECT


def two(rng, agree, n):
    first = rng.choice(list(PersonVerdict), size=n)
    second = np.where(rng.random(n) < agree, first, rng.choice(list(PersonVerdict), size=n))
    return list(first), list(second)


@pytest.mark.parametrize("agree", [0, 0.5, 0.9])
def test_kappa_is_that_of_the_reference(agree):
    first, second = two(np.random.default_rng(3), agree, 80)
    found = kappa(first, second)
    assert found.value == pytest.approx(cohen_kappa_score(first, second))
    assert found.low < found.value < found.high


def test_interval_is_exact_for_the_share_that_agrees():
    for count, total in ((0, 7), (3, 7), (7, 7), (180, 200)):
        expected = binomtest(count, total).proportion_ci(0.95, "exact")
        assert interval(Rate(count, total)) == pytest.approx(tuple(expected))


def test_interval_holds_the_true_kappa_as_often_as_it_says():
    rng = np.random.default_rng(8)
    cells = np.array([[0.45, 0.03, 0.02], [0.03, 0.04, 0.03], [0.02, 0.03, 0.35]])
    chance = cells.sum(0) @ cells.sum(1)
    true = (np.trace(cells) - chance) / (1 - chance)
    inside = 0
    for _ in range(400):
        drawn = rng.choice(9, size=50, p=cells.ravel())
        found = kappa((drawn // 3).tolist(), (drawn % 3).tolist())
        inside += found.low <= true <= found.high
    assert inside >= 0.93 * 400


def test_complete_agreement_on_few_parts_is_not_certain():
    found = kappa([ACCEPT, REJECT, ACCEPT, REJECT], [ACCEPT, REJECT, ACCEPT, REJECT])
    assert found.value == 1
    assert found.low < 0.0
    assert found.high == 1


def test_kappa_is_not_defined_where_all_verdicts_are_the_same():
    found = kappa([ACCEPT] * 9, [ACCEPT] * 9)
    assert (found.value, found.agreed) == (None, Rate(9, 9))


def test_pairs_judge_the_same_parts():
    found = pairs(
        {
            "bert": {"a": ACCEPT, "b": REJECT, "c": UNSURE},
            "anna": {"a": ACCEPT, "b": ACCEPT},
            "carl": {"d": ACCEPT},
        }
    )
    assert [(one.first, one.second, one.kappa.agreed) for one in found] == [
        ("anna", "bert", Rate(1, 2))
    ]


def test_errors_are_counted_where_the_truth_is_known():
    said = dict(enumerate(a for a, _ in product(PersonVerdict, range(3))))
    truth = {0: False, 1: True, 3: False, 4: True, 6: False, 7: True}
    found = inspector("anna", said, truth)
    assert (found.misses, found.false_alarms) == (Rate(1, 3), Rate(1, 3))
    assert found.unsure == Rate(3, 9)
