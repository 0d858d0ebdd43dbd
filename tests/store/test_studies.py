import pytest

from cmdiad_core.edits import PersonVerdict
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import Verdict
from cmdiad_core.people import Role, User
from cmdiad_core.store.audit_trail import AuditTrail
from cmdiad_core.store.schema import study_answers
from cmdiad_core.store.studies import Studies
from cmdiad_core.store.users import Users
from cmdiad_core.studies import StudyPart

ACCEPT, REJECT = PersonVerdict.ACCEPT, PersonVerdict.REJECT


@pytest.fixture
def studies(store):
    return Studies(store.database)


@pytest.fixture
def chosen(store, make_part):
    hashes = [store.identify(make_part(f"cell {n}", rgb=bytes([n]))) for n in range(6)]
    return [StudyPart(one, Verdict.REJECT, 1.5, n % 2 == 0) for n, one in enumerate(hashes)]


def test_study_is_the_same_after_a_restart(studies, chosen, opened):
    study = studies.start("May", "eve", chosen, repeats=2, model_id="m")
    again = Studies(opened().database).all()
    assert again == [study]
    assert again[0].parts[:6] == tuple(chosen)
    assert len(study.parts) == 8
    assert len(study.repeats) == 2
    assert (study.name, study.person, study.model_id) == ("May", "eve", "m")
    assert again[0].order("anna") == study.order("anna")


def test_answers_are_kept_at_once_and_are_no_verdicts(studies, chosen, opened, store):
    study = studies.start("May", "eve", chosen)
    studies.answer(study, 3, "anna", ACCEPT)
    studies.answer(study, 3, "anna", REJECT)
    said = Studies(opened().database).answers(study)
    assert [(a.place, a.person, a.verdict) for a in said] == [
        (3, "anna", ACCEPT),
        (3, "anna", REJECT),
    ]
    assert store.verdicts() == []
    assert store.opinions([one.part for one in chosen]) == {}
    assert store.undoable("anna") is None


def test_the_newest_study_comes_first(studies, chosen):
    for name in ("April", "May"):
        studies.start(name, "eve", chosen)
    assert [one.name for one in studies.all()] == ["May", "April"]


def test_starting_takes_an_engineer_answering_anybody_who_labels(studies, chosen, store):
    users = Users(store.database)
    users.put(User("eve", Role.ADMINISTRATOR), "eve")
    users.put(User("tom", Role.TECHNICIAN), "eve")
    with pytest.raises(InputError, match="may not start blind studies"):
        studies.start("May", "tom", chosen)
    study = studies.start("May", "eve", chosen)
    studies.answer(study, 0, "tom", ACCEPT)
    with pytest.raises(InputError, match="no user"):
        studies.answer(study, 0, "ann", ACCEPT)
    assert len(studies.answers(study)) == 1


def test_the_audit_trail_tells_of_both_and_nobody_changes_them(studies, chosen, store):
    study = studies.start("May", "eve", chosen, repeats=1)
    studies.answer(study, 0, "anna", ACCEPT)
    studies.answer(study, 1, "anna", REJECT)
    trail = AuditTrail(store.database)
    assert [(one.action, one.person) for one in trail.entries(subject=str(study.id))] == [
        ("study", "eve"),
        ("answer", "anna"),
        ("answer", "anna"),
    ]
    assert trail.verify().problems == []
    change = study_answers.update().values(verdict="reject")
    with pytest.raises(InputError, match="never changed"), store.database.writing() as connection:
        connection.execute(change)
    with store.database.writing() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER study_answers_no_update")
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.execute(change)
    assert "verdict was 'accept' and is 'reject'" in str(trail.verify().problems[0])
