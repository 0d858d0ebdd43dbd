import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import numpy as np
import pytest
from store_of_weeks import CALIBRATION, CHANGED, LIMITS, MEASURED, MODEL_ID, fill

from cmdiad_core.edits import Finding, Opinion, PersonVerdict
from cmdiad_core.inspection import Provenance, Verdict
from cmdiad_core.report.quality import sections
from cmdiad_core.sample import PartFiles
from cmdiad_core.scoring.rates import Rate
from cmdiad_core.store import Store
from cmdiad_core.store.inspections import Inspected, Inspections
from cmdiad_core.store.nearline import NearLine
from cmdiad_core.workflows.quality import Calibrated, measure_quality

DRIFT = "Drift of the scores of accepted parts: Point cloud + RGB image"
FALSE_REJECTS = "False rejects by week: the model rejects what a person accepts"
ACCEPT, UNSURE, REJECT = PersonVerdict.ACCEPT, PersonVerdict.UNSURE, PersonVerdict.REJECT
MODEL = Calibrated(MODEL_ID, {MEASURED: CALIBRATION}, LIMITS.accept_below)


@pytest.fixture(scope="module")
def quality(tmp_path_factory):
    """Return the quality of 20 weeks with a change at the 14th."""
    store = Store(tmp_path_factory.mktemp("weeks") / "store.sqlite")
    fill(store, per_week=60)
    yield measure_quality(store, MODEL)
    store.close()


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "store.sqlite")
    yield store
    store.close()


@pytest.fixture
def say(store, tmp_path):
    """Return a function that adds a review of a part, by its name."""

    def add(name, verdict, model_verdict=None, *, person="anna", model_id="m", score=0.0):
        file = tmp_path / name
        file.write_text(name)
        part = store.identify(PartFiles(name, {"rgb": file}))
        seen = store.opinions([part]).get(part, Opinion())
        store.review(
            part,
            person,
            seen,
            verdict=verdict,
            model_id=model_id,
            score=score,
            model_verdict=model_verdict,
        )
        return part

    return add


def test_change_is_seen_in_the_week_it_came(quality):
    out = [week.name for week in quality.false_rejects.out_of_control]
    assert out
    assert min(out) >= CHANGED
    (drift,) = quality.drifts
    assert drift.measured == MEASURED
    assert f"{drift.alarm_since:%G-W%V}" == CHANGED
    assert drift.alarms_now


def test_numbers_are_those_counted_by_hand(quality):
    total = quality.false_rejects.total
    assert total.total + quality.escapes.total.total == sum(quality.judged.values())
    assert {(one.first, one.second) for one in quality.between} == {("anna", "bert")}
    assert quality.between[0].kappa.agreed.total == 12 * 20


def test_json_and_tables_tell_the_same(quality):
    content = json.loads(quality.to_json())
    weeks = content["false_rejects"]["weeks"]
    named = [week["week"] for week in weeks if week["out_of_control"]]
    told = {one.title: one for one in sections(quality)}
    table = told[FALSE_REJECTS].rows
    assert [row[0] for row in table if row[-1]] == named
    assert [int(row[2]) for row in table] == [week["count"] for week in weeks]
    assert re.match(r"Alarm since 2026-\d\d-\d\d \d\d:\d\d UTC, still", told[DRIFT].sentences[0])


def test_charts_mark_what_the_tables_name(quality):
    told = {one.title: one for one in sections(quality)}
    weeks, scores = told[FALSE_REJECTS], told[DRIFT]
    marks = Counter(one.get("class") for one in ElementTree.fromstring(weeks.chart).iter())
    assert marks["out"] == len(quality.false_rejects.out_of_control)
    assert marks["out"] + marks["point"] == len(weeks.rows)
    (drift,) = quality.drifts
    marks = Counter(one.get("class") for one in ElementTree.fromstring(scores.chart).iter())
    assert marks["out"] == drift.beyond.sum()
    assert marks["alarm"] == sum(one.alarms for one in drift.periods) > 0
    (line,) = ElementTree.fromstring(scores.chart).findall(".//*[@class='average']")
    assert len(line.get("points").split()) == len(drift.times)


def test_errors_are_told_apart(store, say):
    say("good and rejected", ACCEPT, Verdict.REJECT)
    say("bad and accepted", REJECT, Verdict.ACCEPT)
    say("good and undecided", ACCEPT, Verdict.UNDECIDED)
    say("bad and undecided", REJECT, Verdict.UNDECIDED)
    say("nobody knows", UNSURE, Verdict.REJECT)
    say("the model did not look", REJECT)
    found = measure_quality(store)
    assert (found.false_rejects.total.count, found.false_rejects.total.total) == (1, 2)
    assert (found.escapes.total.count, found.escapes.total.total) == (1, 2)


def test_the_verdict_that_stands_is_the_truth_and_the_first_word_the_model_s(store, say):
    say("cell", REJECT, Verdict.ACCEPT)
    say("cell", ACCEPT, Verdict.REJECT, person="bert")
    assert measure_quality(store).false_rejects.total.total == 1
    assert measure_quality(store).false_rejects.total.count == 0
    store.undo(store.undoable("bert"))
    assert measure_quality(store).escapes.total.count == 1


def test_near_line_results_are_the_truth_and_whom_everybody_is_compared_with(store, say, tmp_path):
    missed = say("missed", UNSURE, Verdict.ACCEPT)
    found = say("found", REJECT, Verdict.REJECT)
    for part, name in ((missed, "missed"), (found, "found")):
        files = PartFiles(name, {"rgb": tmp_path / name})
        NearLine(store.database).add(part, "eve", files, Finding("CT", REJECT, "void"))
    say("found", ACCEPT, Verdict.REJECT, person="bert")  # who has seen the result
    quality = measure_quality(store)
    assert quality.escapes.total.count == 1
    assert [(one.name, one.misses, one.unsure.count) for one in quality.inspectors] == [
        ("anna", Rate(0, 2), 1),
        ("model", Rate(1, 2), 0),
    ]


def test_one_model_s_words_and_none_on_parts_it_learned_from(store, say):
    part = say("learned", ACCEPT, Verdict.REJECT, model_id="new")
    say("new", ACCEPT, Verdict.REJECT, model_id="new")
    say("old", ACCEPT, Verdict.REJECT, model_id="old")
    found = measure_quality(store, Calibrated("new", {}, 1.0, frozenset([part])))
    assert found.false_rejects.total.total == 1
    assert measure_quality(store).false_rejects.total.total == 3


def test_it_is_said_when_only_flagged_parts_were_looked_at(store, say):
    say("one", ACCEPT, Verdict.REJECT)
    found = measure_quality(store)
    assert found.only_flagged
    assert "an escape cannot be seen" in sections(found)[0].sentences[0]
    say("two", ACCEPT, Verdict.ACCEPT)
    assert not measure_quality(store).only_flagged


def test_too_little_data_is_said_with_what_is_needed(store, say):
    words = " ".join(s for one in sections(measure_quality(store)) for s in one.sentences)
    assert "No part has both" in words
    assert "name it with --model" in words
    assert "No two people have judged the same parts" in words
    for number in range(3):
        say(f"part {number}", ACCEPT, Verdict.ACCEPT)
    found = measure_quality(store, Calibrated("m", {(): np.zeros(50)}, 1.0))
    words = " ".join(s for one in sections(found) for s in one.sentences)
    assert "20 parts that this model inspected and accepted" in words
    assert "No inspection was kept yet" in words
    assert "8 weeks are needed to know what is usual; so far: 1." in words


@pytest.fixture
def inspect(store, tmp_path):
    """Return a function that keeps the inspection of a part, by its name; weeks count from 0."""

    def add(name, verdict, score=0.0, *, week=0, model_id="m", measured=("rgb",)):
        file = tmp_path / name
        file.write_text(name)
        part = store.identify(PartFiles(name, {"rgb": file}))
        provenance = dict.fromkeys(measured, Provenance.MEASURED)
        at = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(weeks=week, seconds=week)
        one = Inspected(part, model_id, model_id, provenance, score, 0.5, verdict, at)
        Inspections(store.database).add([one])
        return part

    return add


def test_escape_that_only_a_near_line_station_found_counts_among_inspected_parts(
    store, inspect, tmp_path
):
    part = inspect("missed", Verdict.ACCEPT)
    files = PartFiles("missed", {"rgb": tmp_path / "missed"})
    NearLine(store.database).add(part, "eve", files, Finding("CT", REJECT, "void"))
    assert measure_quality(store).inspected.total.escaped == Rate(1, 1)


def test_weeks_bound_the_errors_by_what_nobody_looked_at(store, say, inspect):
    for number in range(6):
        inspect(f"accepted {number}", Verdict.ACCEPT)
    for number in range(3):
        inspect(f"rejected {number}", Verdict.REJECT, 2.0)
    inspect("undecided", Verdict.UNDECIDED, 0.9)
    inspect("later", Verdict.ACCEPT, week=1)
    inspect("rejected 0", Verdict.ACCEPT, week=1, model_id="another")
    say("accepted 0", ACCEPT, Verdict.ACCEPT)
    say("accepted 1", REJECT, Verdict.ACCEPT)
    say("accepted 2", UNSURE, Verdict.ACCEPT)
    say("rejected 0", ACCEPT, Verdict.REJECT)
    say("undecided", ACCEPT, Verdict.UNDECIDED)
    weeks = measure_quality(store).inspected.weeks
    assert list(weeks) == ["2026-W02", "2026-W03"]
    first = weeks["2026-W02"]
    assert first.flagged == Rate(4, 10)
    assert measure_quality(store).inspected.flagged.weeks[0].rate == first.flagged
    assert (first.flagged_known, first.accepted_known) == (2, 2)
    assert (first.at_least, first.at_most) == (Rate(1, 10), Rate(3, 10))
    assert first.escaped == Rate(1, 2)
    assert weeks["2026-W03"].inspected == 1
    assert measure_quality(store).inspected.total.inspected == 11


def test_drift_rests_on_every_accepted_part(store, say, inspect):
    calibration = np.linspace(-1, 1, 41)
    for number in range(50):
        inspect(f"part {number}", Verdict.ACCEPT, 0.9)
    inspect("flagged", Verdict.REJECT, 3.0)
    inspect("learned", Verdict.ACCEPT, 0.9)
    inspect("escape", Verdict.ACCEPT, 0.9)
    inspect("part 0", Verdict.ACCEPT, 0.8, measured=("rgb", "cloud"))
    say("escape", REJECT, Verdict.ACCEPT)
    learned = say("learned", ACCEPT, Verdict.ACCEPT)
    say("part 0", ACCEPT, Verdict.ACCEPT)
    model = Calibrated("m", {("rgb",): calibration}, 0.95, frozenset([learned]))
    (found,) = measure_quality(store, model).drifts
    assert (found.parts, found.reviewed) == (50, 1)
    # Of the 41 those that would be flagged are left out.
    assert found.calibration_parts == 39
    assert found.alarms_now
    assert measure_quality(store, model).too_few == {("cloud", "rgb"): 1}
    told = " ".join(s for one in sections(measure_quality(store, model)) for s in one.sentences)
    assert "50 parts the model accepted, 1 of them judged by people" in told
