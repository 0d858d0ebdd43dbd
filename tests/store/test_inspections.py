from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from cmdiad_core.errors import InputError
from cmdiad_core.inspection import OperatingPoint, Provenance, Verdict
from cmdiad_core.store.audit_trail import AuditTrail
from cmdiad_core.store.inspections import Inspected, Inspections
from cmdiad_core.store.operating_points import OperatingPoints
from cmdiad_core.store.schema import inspections as table

RGB = {"rgb": Provenance.MEASURED, "cloud": Provenance.PREDICTED}
BOTH = {"rgb": Provenance.MEASURED, "cloud": Provenance.MEASURED}
START = datetime(2026, 1, 5, 8, tzinfo=UTC)


@pytest.fixture
def inspections(store):
    return Inspections(store.database)


@pytest.fixture
def found(part):
    return Inspected(part, "digest", "m", RGB, 0.25, 0.6, Verdict.ACCEPT, START)


def test_inspection_is_the_same_after_a_restart(inspections, found, opened):
    inspections.add([found])
    assert Inspections(opened().database).all() == [found]
    assert found.measured == ("rgb",)


def test_inspecting_the_same_lot_again_does_not_fill_the_store(inspections, found):
    again = found._replace(made_at=START + timedelta(days=1))
    inspections.add([found, again])
    inspections.add([again])
    inspections.add([again._replace(score=0.25 + 1e-7)])
    assert inspections.all() == [found]


def test_another_score_model_or_pattern_is_kept(inspections, found):
    others = [
        found._replace(score=0.3),
        found._replace(score=0.3, model="other", model_id="n"),
        found._replace(score=0.3, provenance=BOTH),
        found._replace(score=0.25),  # again what it was at first
    ]
    inspections.add([found])
    for one in others:
        inspections.add([one])
    assert inspections.all() == [found, *others]
    assert inspections.all("n") == [others[1]]


def test_kept_limits_decide_on_the_verdict(inspections, found, store):
    kept = OperatingPoints(store.database)
    own = OperatingPoint(0.5, 1.0)
    kept.keep("m", OperatingPoint(0.1, 0.2), own, "ann", "stricter")
    inspections.add([found], {found.model: own})
    # A model of the same id with limits of its own.
    other = found._replace(model="other")
    inspections.add([other], {"other": OperatingPoint(0.4, 1.0)})
    assert [one.verdict for one in inspections.all()] == [Verdict.REJECT, Verdict.ACCEPT]


def test_rows_are_never_changed_and_the_audit_trail_is_whole_without_them(
    inspections, found, store
):
    inspections.add([found])
    for change in (table.update().values(score=0.0), table.delete()):
        with pytest.raises(InputError, match="never changed"), store.database.writing() as writing:
            writing.execute(change)
    assert AuditTrail(store.database).verify().problems == []
    with store.database.reading() as reading:
        assert reading.scalar(sa.select(sa.func.count()).select_from(table)) == 1
