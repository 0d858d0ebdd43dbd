from dataclasses import replace

import pytest

from cmdiad_core.errors import InputError
from cmdiad_core.models import Figures, GateKind, GateResult, KeptComparison, ModelFacts
from cmdiad_core.people import Role, User
from cmdiad_core.store import _model_rows
from cmdiad_core.store._verification import problems
from cmdiad_core.store.audit import entries
from cmdiad_core.store.audit_trail import AuditTrail
from cmdiad_core.store.model_files import folder_digest
from cmdiad_core.store.models import Models
from cmdiad_core.store.users import Users

FIGURES = Figures(
    data="parts",
    n_good=4,
    n_defective=9,
    image_auroc=0.9,
    aupro_30=None,
    escapes=1,
    false_rejects=0,
    ms_per_part=40.0,
)


@pytest.fixture
def models(store):
    return Models(store.database)


@pytest.fixture
def make(tmp_path):
    """Return a function that writes something that is a model as far as the store knows."""

    def made(name: str) -> ModelFacts:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "model.json").write_text(name)
        (folder / "model.safetensors").write_text("arrays")
        return ModelFacts(
            digest=folder_digest(folder),
            id=f"id of {name}",
            name=name,
            folder=folder,
            parent="",
            accept_below=0.5,
            reject_from=1.0,
            megabytes=0.1,
            parts={"train": 3},
        )

    return made


@pytest.fixture
def compared(models):
    """Return a function that keeps a comparison of two models."""

    def keep(
        champion: ModelFacts,
        candidate: ModelFacts,
        *,
        passed: bool = True,
        gate: GateResult | None = None,
    ) -> None:
        found = "none" if passed else "cell 7"
        gate = gate or GateResult("at most 0 new escapes", passed, found)
        models.keep(
            KeptComparison(
                champion=champion.digest,
                candidate=candidate.digest,
                content=f'{{"passed": {passed}, "{champion.id}": "{candidate.id}"}}',
                gates=(gate,),
                champion_figures=FIGURES,
                candidate_figures=replace(FIGURES, escapes=0),
            ),
            "ann",
        )

    return keep


@pytest.fixture
def three(models, make):
    """Return three registered models."""
    made = [make(name) for name in ("first", "second", "third")]
    for one in made:
        models.add(one, "ann")
    return made


def test_entries_of_older_versions_that_tell_less_of_a_model_are_whole(
    store, models, make, monkeypatch
):
    told = _model_rows.model_told

    def less(row):
        digest, content = told(row)
        return digest, {n: content[n] for n in content if n not in ("figures", "added_at")}

    monkeypatch.setattr(_model_rows, "model_told", less)
    models.add(make("first"), "ann")
    monkeypatch.undo()
    assert AuditTrail(store.database).verify().problems == []


def test_a_gate_that_was_not_tested_is_not_passed(models, three, compared):
    first, second, _ = three
    models.promote(first.digest, "ann", "the first one")
    lacking = GateResult(
        "at most 0 new escapes", False, "no defective parts", GateKind.NEW_ESCAPES, 0, tested=False
    )
    compared(first, second, gate=lacking)
    words = r"was not tested at a gate \(at most 0 new escapes: no defective parts\); override it"
    with pytest.raises(InputError, match=words):
        models.promote(second.digest, "ann", "better")
    models.promote(second.digest, "ann", "no defect was ever seen", override=True)
    (gate,) = models.promotions()[-1].gates
    assert gate == lacking


def test_a_model_is_known_by_its_content_also_where_it_was_moved(models, make, tmp_path):
    facts = make("first")
    models.add(facts, "ann")
    models.add(facts, "bob")
    moved = facts.folder.rename(tmp_path / "moved")
    models.add(replace(facts, name="moved", folder=moved), "bob")
    (known,) = models.all()
    assert (known.name, known.folder, known.added_by) == ("moved", moved, "ann")
    assert known.figures is None


def test_promotion_needs_a_comparison_with_the_model_in_use_that_passes(models, three, compared):
    first, second, third = three
    assert models.champion() is None
    models.promote(first.digest, "ann", "the first one")
    with pytest.raises(InputError, match="was not compared with the model in use"):
        models.promote(second.digest, "ann", "better")
    compared(third, second)
    with pytest.raises(InputError, match="was not compared with the model in use"):
        models.promote(second.digest, "ann", "better")
    compared(first, second, passed=False)
    with pytest.raises(InputError, match=r"fails a gate \(at most 0 new escapes, found cell 7\)"):
        models.promote(second.digest, "ann", "better")
    assert models.champion().digest == first.digest
    models.promote(second.digest, "ann", "cell 7 was relabelled", override=True)
    compared(second, third)
    models.promote(third.digest, "ann", "better")
    told = [(one.overridden, [gate.passed for gate in one.gates]) for one in models.promotions()]
    assert told == [(False, []), (True, [False]), (False, [True])]
    assert [one.replaced for one in models.promotions()] == ["", first.digest, second.digest]
    by_name = {one.name: one for one in models.all()}
    assert by_name["second"].figures == FIGURES  # the newest one, where it was the champion
    assert by_name["third"].figures.escapes == 0
    assert '"passed": True' in models.comparison(by_name["third"].comparison)
    with pytest.raises(InputError, match="is the model in use already"):
        models.promote(third.digest, "ann", "again", override=True)


def test_an_override_that_was_not_needed_is_none(models, three, compared):
    first, second, _ = three
    models.promote(first.digest, "ann", "begin", override=True)
    compared(first, second)
    models.promote(second.digest, "ann", "better", override=True)
    assert [one.overridden for one in models.promotions()] == [False, False]


def test_rolling_back_goes_one_further_back_every_time(models, three):
    digests = [one.digest for one in three]
    for digest in digests:
        models.promote(digest, "ann", "why not", override=True)
    assert models.roll_back("ann", "too many false alarms").name == "second"
    assert models.roll_back("ann", "still").name == "first"
    with pytest.raises(InputError, match="no model in use before"):
        models.roll_back("ann", "still")
    # What is promoted after a roll-back stands on what was rolled back to.
    models.promote(digests[2], "ann", "tried again", override=True)
    assert models.roll_back("ann", "no").name == "first"
    assert models.champion().name == "first"
    assert [one.returns_to for one in models.promotions()] == [None, None, None, 2, 1, None, 1]


def test_rolling_back_passes_over_what_was_forgotten(models, three):
    for one in three:
        models.promote(one.digest, "ann", "why not", override=True)
    models.forget(three[1].digest, "ann", "was trained on wrong parts")
    assert [one.name for one in models.all()] == ["first", "third"]
    assert models.roll_back("ann", "bad").name == "first"
    assert three[1].folder.is_dir()
    models.add(three[1], "ann")
    assert len(models.all()) == 3


def test_the_model_in_use_cannot_be_forgotten(models, three):
    models.promote(three[0].digest, "ann", "begin")
    with pytest.raises(InputError, match="is the model in use"):
        models.forget(three[0].digest, "ann", "away")


def test_files_that_are_gone_or_changed_are_told_and_nothing_is_promoted(models, three, tmp_path):
    first, second, third = three
    models.promote(first.digest, "ann", "begin")
    models.promote(second.digest, "ann", "better", override=True)
    (third.folder / "model.json").write_text("other limits")
    with pytest.raises(InputError, match="holds other files than the model third"):
        models.promote(third.digest, "ann", "better", override=True)
    first.folder.rename(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="is gone, with it the model first"):
        models.roll_back("ann", "bad")
    assert models.champion().name == "second"


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_reason_is_needed(models, three, reason):
    models.promote(three[0].digest, "ann", "begin")
    for refused in (
        lambda: models.promote(three[1].digest, "ann", reason, override=True),
        lambda: models.roll_back("ann", reason),
        lambda: models.forget(three[1].digest, "ann", reason),
    ):
        with pytest.raises(InputError, match="reason: is missing"):
            refused()


def test_roles_decide_who_promotes_and_who_forgets(store, models, three):
    users = Users(store.database)
    users.put(User("ann", Role.ADMINISTRATOR), "ann")
    users.put(User("eve", Role.ENGINEER), "ann")
    users.put(User("tim", Role.TECHNICIAN), "ann")
    with pytest.raises(InputError, match="tim: is technician and may not promote models"):
        models.promote(three[0].digest, "tim", "begin")
    models.promote(three[0].digest, "eve", "begin")
    models.promote(three[1].digest, "eve", "better", override=True)
    with pytest.raises(InputError, match="may not promote models"):
        models.roll_back("tim", "bad")
    with pytest.raises(InputError, match="may not delete"):
        models.forget(three[2].digest, "eve", "away")
    with pytest.raises(InputError, match="may not retrain"):
        models.add(three[2], "tim")
    models.forget(three[2].digest, "ann", "away")


def test_everything_is_in_the_audit_trail(store, models, three, compared):
    first, second, third = three
    models.promote(first.digest, "ann", "begin")
    compared(first, second)
    models.promote(second.digest, "bob", "better")
    models.roll_back("ann", "worse")
    models.forget(third.digest, "ann", "away")
    trail = AuditTrail(store.database)
    told = [one for one in trail.entries() if one.action not in ("adopt", "defect_type")]
    assert [one.action for one in told] == [
        *["model"] * 3,
        # Of both models the figures are kept with the comparison.
        *("promote", "comparison", "model", "model", "promote", "rollback", "model"),
    ]
    promoted = told[7]
    assert (promoted.person, promoted.reason) == ("bob", "better")
    assert first.digest in promoted.before
    assert promoted.subject == second.digest
    assert '"overridden": false' in promoted.after
    assert trail.verify().problems == []


def test_a_changed_row_is_found(store, models, three, compared):
    first, second, _ = three
    models.promote(first.digest, "ann", "begin")
    compared(first, second)
    models.promote(second.digest, "bob", "better")
    models.roll_back("ann", "worse")
    for change, words in (
        ("UPDATE promotions SET reason = 'best' WHERE number = 2", "reason was 'better'"),
        ("UPDATE promotions SET model = replaced WHERE number = 2", "it was removed"),
        ("DELETE FROM promotions WHERE number = 3", "it was removed"),
        ("UPDATE comparisons SET gates = '[]'", "gates was"),
        ("UPDATE comparisons SET content = '{}'", "content was"),
        ("UPDATE comparisons SET made_at = '2001-01-01 00:00:00'", "made_at was"),
        ("UPDATE models SET accept_below = 9", "accept_below was"),
        ("UPDATE models SET figures = '{\"escapes\": 0}' WHERE name = 'second'", "figures was"),
        ("UPDATE models SET figures = NULL WHERE name = 'first'", "figures was"),
        ("UPDATE models SET comparison = NULL WHERE name = 'first'", "comparison was"),
        ("UPDATE models SET added_at = '2001-01-01 00:00:00'", "added_at was"),
    ):
        with store.database.writing() as connection:
            before = connection.begin_nested()
            # What an honest program cannot do.
            if connection.dialect.name == "sqlite":
                for name in ("promotions_no_update", "promotions_no_delete"):
                    connection.exec_driver_sql(f"DROP TRIGGER {name}")
                connection.exec_driver_sql("DROP TRIGGER comparisons_no_update")
            else:
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            connection.exec_driver_sql(change)
            found = [str(one) for one in problems(connection, entries(connection))]
            before.rollback()
        assert any(words in problem for problem in found), (change, found)
    assert AuditTrail(store.database).verify().problems == []


def test_two_windows_see_one_model_in_use(opened, models, three):
    other = Models(opened().database)
    before = other.latest_promotion()
    models.promote(three[0].digest, "ann", "begin")
    assert other.latest_promotion() > before
    assert other.champion().name == "first"
