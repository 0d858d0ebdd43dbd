"""Numbers are written, and may be typed, as the language has them."""

import pytest

from app import actions, text
from app.widgets.number_axis import NumberAxis
from app.widgets.number_box import NumberBox


@pytest.fixture
def box(language, qtbot):
    """Return a field of the language with a prefix and a suffix."""
    box = NumberBox()
    qtbot.addWidget(box)
    box.setRange(0, 10_000)
    box.setPrefix("z. B. ")
    box.setSuffix(" mm")
    box.show()
    return box


def type_in(box, words, qtbot):
    box.selectAll()
    qtbot.keyClicks(box, words)
    box.interpretText()


@pytest.mark.parametrize("language", text.LANGUAGES, indirect=True)
@pytest.mark.parametrize("words", ["0.79", "0,79"])
def test_both_signs_are_taken_for_the_decimal_one(box, words, qtbot):
    type_in(box, words, qtbot)
    assert box.value() == 0.79


@pytest.mark.parametrize("language", text.LANGUAGES, indirect=True)
def test_a_field_does_not_group_digits(box, qtbot):
    type_in(box, "1234.5", qtbot)
    assert box.value() == 1234.5
    assert box.cleanText() == text.number(1234.5)


def test_german_numbers_have_a_comma(language):
    assert text.number(-0.001) == "0,00"
    assert text.number(1234.5, ",.1f") == "1.234,5"
    assert text.number(0.05, ".1%") == "5,0 %"
    assert text.text("readout.mm", x=1.25, y=-2.0, z=300.0) == "x 1,2, y -2,0, z 300,0 mm"
    assert NumberAxis("bottom").tickStrings([0.5, 1.5], 1, 0.5) == ["0,5", "1,5"]


def test_english_numbers_have_a_point():
    assert text.number(0.05, ".1%") == "5.0%"
    assert text.number(1.5) == "1.50"


def test_the_german_window_shows_no_decimal_point(language, inspected, show, bench):
    show("part_reject")
    actions.set_operating_point(bench, 0.75, 1.25)
    verdict, limits = inspected.verdict.view, inspected.operating_point.view
    assert limits.accept_box.cleanText() == "0,75"
    assert "," in verdict.score.value.text()
    table = inspected.queue.view.table.model()
    scores = [table.index(row, 1).data() for row in range(table.rowCount())]
    assert scores
    assert all("." not in score for score in scores)
