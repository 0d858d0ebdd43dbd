import pytest

from cmdiad_core.errors import InputError
from cmdiad_core.filter_expression import condition

NAMES = {"score": float, "area_mm2": float, "modality": str}
ROWS = [
    {"score": 2.0, "area_mm2": 10.0, "modality": "rgb"},
    {"score": 1.0, "area_mm2": 10.0, "modality": "rgb"},
    {"score": 2.0, "area_mm2": None, "modality": "cloud"},
    {"score": -3.0, "area_mm2": 90.0, "modality": "infrared"},
]


def _met(expression):
    meets = condition(expression, NAMES)
    return [number for number, row in enumerate(ROWS) if meets(row)]


@pytest.mark.parametrize(
    ("expression", "rows"),
    [
        ("score > 1.5 and area_mm2 < 20 and modality == 'rgb'", [0]),
        ("score > 1.5 or modality == 'infrared'", [0, 2, 3]),
        ("not score > 1.5", [1, 3]),
        ("not (score > 1.5 or score < 0)", [1]),
        (" 1 <= score <= 2 ", [0, 1, 2]),
        ('modality != "rgb"', [2, 3]),
        ("score < -2.5", [3]),
        ("20 > area_mm2", [0, 1]),
        ("area_mm2 != 10", [3]),
        ("score == 1", [1]),
        ("score >= 1.0 and not modality == 'rgb'", [2]),
    ],
)
def test_conditions_mean_what_python_means_and_the_unmeasured_meets_none(expression, rows):
    assert _met(expression) == rows


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("", "not a complete condition"),
        ("score >", "not a complete condition"),
        ("score > 1; score", "not a complete condition"),
        ("(" * 300 + "score" + ")" * 300, "longer than 500 characters"),
        ("(" * 240 + "score" + ")" * 240, "not a complete condition"),
        ("score\0 > 1", "not a complete condition"),
        ("depth > 1", "does not know “depth”"),
        ("score", "cannot use “score” as a condition"),
        ("score > 1 and 3", "cannot use “3” as a condition"),
        ("score > '1'", "one is a number and one a word"),
        ("modality == score", "one is a number and one a word"),
        ("modality in 'rgb'", "knows only < <= > >= == !="),
        ("score is 1", "knows only < <= > >= == !="),
        ("score > True", "cannot compare “True”"),
        ("score == None", "cannot compare “None”"),
        ("score > 1 + 1", "cannot compare “1 + 1”"),
        ("score > 9**9**9", "cannot compare"),
        ("__import__('os').system('x') == 1", "cannot compare"),
        ("score.__class__ == 1", "cannot compare"),
        ("[score for score in ()] == 1", "cannot compare"),
        ("(lambda: 1)()", "as a condition"),
        ("(score := 3) > 1", "cannot compare"),
        ("f'{score}' == 'rgb'", "cannot compare"),
        ("score > 1j", "cannot compare “1j”"),
    ],
)
def test_what_is_no_condition_is_named_with_what_may_be_used(expression, problem):
    with pytest.raises(InputError) as caught:
        condition(expression, NAMES)
    sentence = str(caught.value)
    assert problem in sentence
    assert "score, area_mm2, modality" in sentence
    assert "\n" not in sentence
