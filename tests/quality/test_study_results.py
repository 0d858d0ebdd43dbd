from datetime import UTC, datetime
from itertools import pairwise

import pytest

from cmdiad_core.edits import PersonVerdict
from cmdiad_core.inspection import Verdict
from cmdiad_core.quality import study_result
from cmdiad_core.scoring.rates import Rate
from cmdiad_core.studies import Study, StudyAnswer, StudyPart

ACCEPT, UNSURE, REJECT = PersonVerdict.ACCEPT, PersonVerdict.UNSURE, PersonVerdict.REJECT
NOW = datetime(2026, 5, 4, tzinfo=UTC)


def study_of(*parts, repeats=()):
    served = (*parts, *(parts[place] for place in repeats))
    return Study(1, "May", "eve", NOW, 7, "model", served)


@pytest.fixture
def study():
    return study_of(
        StudyPart("a", Verdict.ACCEPT, 0.1, defective=False),
        StudyPart("b", Verdict.REJECT, 2.0, defective=True),
        StudyPart("c", Verdict.UNDECIDED, 1.0, defective=True),
        StudyPart("d"),
        repeats=(1, 3),
    )


def answers(person, *verdicts):
    return [StudyAnswer(place, person, NOW, v) for place, v in enumerate(verdicts) if v]


def test_everybody_has_an_order_of_their_own_that_stays():
    study = study_of(*(StudyPart(str(n)) for n in range(30)), repeats=range(10))
    anna, bert = study.order("anna"), study.order("bert")
    assert sorted(anna) == sorted(bert) == list(range(40))
    assert anna != bert
    assert anna == study.order("anna")
    assert anna != sorted(anna)
    shown = [study.parts[place].part for place in anna]
    assert all(one != other for one, other in pairwise(shown))


def test_results(study):
    found = study_result(
        study,
        [
            *answers("anna", ACCEPT, REJECT, ACCEPT, ACCEPT, ACCEPT, ACCEPT),
            *answers("bert", REJECT, REJECT, UNSURE),
        ],
        "model",
    )
    assert found.answered == {"anna": 6, "bert": 3}
    assert [(one.name, one.misses, one.false_alarms) for one in found.inspectors] == [
        ("anna", Rate(1, 2), Rate(0, 1)),
        ("bert", Rate(0, 2), Rate(1, 1)),
        ("model", Rate(0, 2), Rate(0, 1)),
    ]
    assert found.between[0].kappa.agreed == Rate(1, 3)
    assert [(one.first, one.kappa.agreed) for one in found.with_model] == [
        ("anna", Rate(2, 3)),
        ("bert", Rate(2, 3)),
    ]
    # The second showing of b was accepted, that of d as before; bert has seen none.
    assert [(one.first, one.kappa.agreed) for one in found.with_self] == [("anna", Rate(1, 2))]


def test_latest_answer_counts(study):
    said = [*answers("anna", REJECT), *answers("anna", ACCEPT)]
    found = study_result(study, said, "model")
    assert found.inspectors[0].false_alarms == Rate(0, 1)


def test_without_answers_there_is_the_model_alone(study):
    found = study_result(study, [], "model")
    assert [one.name for one in found.inspectors] == ["model"]
    assert found.between == found.with_model == found.with_self == ()
