import hashlib
import json
import re
import shutil
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from cmdiad_core.edits import Opinion, PersonVerdict
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import OperatingPoint
from cmdiad_core.people import Role, User
from cmdiad_core.store import Store, audit, opening
from cmdiad_core.store.audit_trail import AuditTrail
from cmdiad_core.store.operating_points import OperatingPoints
from cmdiad_core.store.users import Users

ACCEPT, REJECT = PersonVerdict.ACCEPT, PersonVerdict.REJECT
KEPT = "edits", "reviews", "strokes", "audit_trail", "operating_points"


@pytest.fixture
def trail(store):
    return AuditTrail(store.database)


@pytest.fixture
def worked(store, part):
    """Fill the store with one of each; return it."""
    first = store.review(part, "ann", Opinion(), verdict=REJECT, score=0.25, model_id="0123")
    store.review(part, "bob", first, comment="édge")
    store.add_stroke(part, "ann", 1, (0, 0, 2, 3), b"changes")
    store.undo(store.undoable("ann"))
    store.redo(store.redoable("ann"))
    store.add_defect_type("burr", "ann")
    OperatingPoints(store.database).keep(
        "0123", OperatingPoint(1, 2), OperatingPoint(2, 3), "ann", "too many false alarms"
    )
    Users(store.database).put(User("ann", Role.ADMINISTRATOR), "ann")
    Users(store.database).set_password("ann", "geheim", "ann")
    return store


def tampered(store: Store, *statements: str) -> None:
    """Do what no honest program does: past the triggers and the foreign keys."""
    url = store.database._engine.url
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        if url.get_backend_name() == "sqlite":
            for table in KEPT:
                for change in ("update", "delete"):
                    connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{change}")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        for statement in statements:
            assert connection.exec_driver_sql(statement).rowcount > 0


def found(trail: AuditTrail) -> list[str]:
    return [str(problem) for problem in trail.verify().problems]


def test_an_honest_store_is_whole_and_the_trail_tells_everything(worked, trail, part):
    examined = trail.verify()
    assert examined.problems == []
    told = trail.entries()
    assert examined.newest == told[-1]
    assert [one.action for one in told if one.subject == part] == [
        "review",
        "review",
        "stroke",
        "undo",
        "redo",
    ]
    limits = trail.entries(action="operating_point")[0]
    assert (limits.person, limits.reason) == ("ann", "too many false alarms")
    assert json.loads(limits.before) == {"accept_below": 2.0, "reject_from": 3.0}
    assert json.loads(limits.after) == {
        "id": 1,
        "accept_below": 1.0,
        "reject_from": 2.0,
        "own_accept_below": 2.0,
        "own_reject_from": 3.0,
    }
    assert "burr" in [one.subject for one in trail.entries(action="defect_type")]
    # Neither the password nor what the store keeps of it.
    assert all("scrypt" not in f"{one}" and "geheim" not in f"{one}" for one in told)


def test_the_hash_is_what_the_document_says(worked, trail):
    previous = "0" * 64
    for one in trail.entries():
        content = {
            "made_at": one.made_at.strftime("%Y-%m-%dT%H:%M:%S.%f+00:00"),
            **{name: getattr(one, name) for name in ("person", "action", "subject", "reason")},
            "before": one.before,
            "after": one.after,
            "previous": previous,
        }
        text = json.dumps(content, sort_keys=True)
        previous = hashlib.sha256(text.encode()).hexdigest()
        assert one.hash == previous


EDIT = "kind, part, person, made_at, software, target FROM edits WHERE id = 1"
REVIEW = "verdict, comment, model_id, score, model_verdict, provenance FROM reviews WHERE edit = 1"
#: What is done to the database behind the back of the store, and what is said of it.
TAMPERING = [
    (
        "UPDATE reviews SET verdict = 'accept' WHERE verdict = 'reject'",
        "row 1 .* verdict was 'reject' and is 'accept'",
    ),
    ("UPDATE reviews SET score = 0.26 WHERE edit = 1", "row 1 .* score was 0.25 and is 0.26"),
    ("UPDATE reviews SET provenance = '{' WHERE edit = 1", "row 1 .* provenance"),
    ("UPDATE edits SET person = 'eve' WHERE id = 2", "row 2 .* person was 'bob' and is 'eve'"),
    ("UPDATE edits SET made_at = '2001-01-01 00:00:00.000000' WHERE id = 2", "row 2 .* made_at"),
    ("UPDATE edits SET target = 1 WHERE id = 4", "row 4 .* target was 3 and is 1"),
    ("UPDATE strokes SET top = 1", "row 3 .* top was 0 and is 1"),
    ("UPDATE strokes SET changes = x'00'", "row 3 .* sha256"),
    ("DELETE FROM edits WHERE id = 4", "tells of row 4 of the journal; it was removed"),
    ("DELETE FROM reviews WHERE edit = 1", "row 1 .* verdict was 'reject' and is None"),
    (f"INSERT INTO edits SELECT 99, {EDIT}", "row 99 .* has no entry"),
    (f"INSERT INTO edits SELECT 0, {EDIT}", "older rows"),
    (f"INSERT INTO reviews SELECT 3, {REVIEW}", "row 3 .* verdict was None and is 'reject'"),
    (f"INSERT INTO reviews SELECT 77, {REVIEW}", "row 77 of reviews was added"),
    (
        "UPDATE audit_trail SET reason = 'none' WHERE action = 'operating_point'",
        "entry 16 was changed",
    ),
    (
        "UPDATE audit_trail SET made_at = '2001-01-01 00:00:00.000000' WHERE id = 12",
        "entry 12 was changed",
    ),
    ("DELETE FROM audit_trail WHERE id = 12", "entry 13 does not follow"),
    ("DELETE FROM audit_trail WHERE id = 1", "entry 2 is the first"),
    ("DELETE FROM audit_trail", "no readable entry"),
    ("UPDATE users SET role = 'technician'", "user ann differ: role was 'administrator'"),
    ("UPDATE users SET password = NULL", "user ann differ: password"),
    (
        "INSERT INTO users (name, role, active) VALUES ('eve', 'administrator', '1')",
        "user eve was added",
    ),
    ("DELETE FROM users", "tells of user ann; it was removed"),
    (
        "UPDATE defect_types SET name = 'crack?' WHERE name = 'crack'",
        "defect_type crack; it was removed",
    ),
    (
        "UPDATE operating_points SET reject_from = 9",
        "operating_point 0123 differ: reject_from was 2.0",
    ),
]


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_whatever_was_changed_is_found_and_named(worked, trail, tmp_path):
    worked.close()
    whole = Path(worked.database.where)
    for number, (statement, what) in enumerate(TAMPERING):
        place = tmp_path / f"{number}.sqlite"
        shutil.copy(whole, place)
        changed = Store(place)
        tampered(changed, statement)
        problems = found(AuditTrail(changed.database))
        changed.close()
        assert any(re.search(what, one) for one in problems), (statement, problems)
        assert len(problems) <= 3 or statement == "DELETE FROM audit_trail", (statement, problems)


def test_on_a_server_too(worked, trail):
    tampered(worked, "UPDATE reviews SET verdict = 'accept' WHERE verdict = 'reject'")
    (problem,) = found(trail)
    assert "verdict was 'reject' and is 'accept'" in problem


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_a_date_that_is_none_is_told(worked, trail):
    tampered(worked, "UPDATE edits SET made_at = 'yesterday' WHERE id = 2")
    (problem,) = found(trail)
    assert "cannot be read" in problem


def test_an_honest_program_cannot_change_the_past(worked, part):
    for table in KEPT:
        key = "edit" if table in ("reviews", "strokes") else "id"
        for statement in (f"UPDATE {table} SET {key} = {key}", f"DELETE FROM {table}"):
            with (
                pytest.raises(InputError, match=f"rows of {table} are never changed"),
                worked.database.writing() as connection,
            ):
                connection.exec_driver_sql(statement)


def test_a_shortened_trail_is_found_against_an_export(worked, trail, tmp_path, part):
    export = tmp_path / "trail.jsonl"
    newest = trail.export(export)
    assert newest == trail.entries()[-1]
    worked.review(part, "ann", worked.opinions([part])[part], verdict=ACCEPT)
    assert trail.verify(export).problems == []
    newest = trail.export(export)
    # The newest entry is gone, and what it tells of.
    tampered(
        worked,
        "DELETE FROM reviews WHERE edit = 6",
        "DELETE FROM edits WHERE id = 6",
        f"DELETE FROM audit_trail WHERE id = {newest.id}",
    )
    assert trail.verify().problems == []
    assert found_against(trail, export) == [f"entry {newest.id} is in {export} only"]
    # Written anew, it is another one.
    worked.review(part, "ann", worked.opinions([part])[part], verdict=ACCEPT)
    assert trail.verify().problems == []
    assert len(found_against(trail, export)) >= 1


def found_against(trail: AuditTrail, export: Path) -> list[str]:
    return [str(problem) for problem in trail.verify(export).problems]


def test_an_export_that_was_changed_is_refused(worked, trail, tmp_path):
    export = tmp_path / "trail.jsonl"
    trail.export(export)
    export.write_text(export.read_text().replace("false alarms", "escapes"))
    with pytest.raises(InputError, match=r"no export of an audit trail as JSON lines \(line 16"):
        trail.verify(export)
    for content in (b"notes", b"[1]\n", b"\xff\n", b"{}\n"):
        export.write_bytes(content)
        with pytest.raises(InputError, match="no export of an audit trail"):
            trail.verify(export)
    with pytest.raises(InputError, match="cannot be read"):
        trail.verify(tmp_path / "missing")


def test_rows_from_before_the_trail_are_adopted(place, make_part):
    engine = sa.create_engine(f"sqlite:///{place}")
    place.parent.mkdir()
    upgraded(engine, "0002")
    with engine.begin() as connection:
        for statement in OLD:
            connection.exec_driver_sql(statement)
    engine.dispose()
    store = Store(place)
    trail = AuditTrail(store.database)
    assert json.loads(trail.entries()[0].after)["rows"] == 3
    assert trail.verify().problems == []
    old = store.opinions(["0" * 64])["0" * 64]
    store.review("0" * 64, "bob", old, verdict=ACCEPT)
    assert trail.verify().problems == []
    tampered(store, "UPDATE reviews SET verdict = 'accept' WHERE edit = 1")
    (problem,) = found(trail)
    assert problem.startswith("entry 1 tells of 3 older rows of the journal")
    store.close()


def upgraded(engine: sa.Engine, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(opening.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


OLD = (
    f"INSERT INTO parts VALUES ('{'0' * 64}', 'cell', '', '2025-01-01 00:00:00.000000')",
    "INSERT INTO defect_types VALUES (1, 'dent', '#ff8c1a', 1)",
    *(
        f"INSERT INTO edits VALUES ({number}, '{kind}', '{'0' * 64}', 'ann', "
        f"'2025-01-01 00:00:00.000000', '0.1', {target})"
        for number, kind, target in ((1, "review", "NULL"), (2, "stroke", "NULL"), (3, "undo", 2))
    ),
    "INSERT INTO reviews VALUES (1, 'reject', NULL, '', 0.5, NULL, '{}')",
    "INSERT INTO strokes VALUES (2, 1, 0, 0, 1, 1, x'00')",
)


def test_limits_that_an_older_version_kept_are_those_of_the_model_they_were_kept_for(place):
    engine = sa.create_engine(f"sqlite:///{place}")
    place.parent.mkdir()
    upgraded(engine, "0007")
    with engine.begin() as connection:
        for number, before in (1, (2.0, 3.0)), (2, (1.0, 2.0)):
            now = {"accept_below": number / 10, "reject_from": 2.0}
            connection.exec_driver_sql(
                f"INSERT INTO operating_points VALUES ({number}, '0123', {number / 10}, 2.0)"
            )
            audit.record(
                connection,
                person="ann",
                action="operating_point",
                subject="0123",
                before=dict(zip(now, before, strict=True)),
                after={"id": number, **now},
            )
    engine.dispose()
    store = Store(place)
    points = OperatingPoints(store.database)
    assert points.of("0123", OperatingPoint(2, 3)) == OperatingPoint(0.2, 2)
    assert points.of("0123", OperatingPoint(1, 2)) is None
    assert AuditTrail(store.database).verify().problems == []
    with pytest.raises(InputError, match="never changed"), store.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM operating_points")
    store.close()


def test_many_writers_make_one_chain(opened, make_part):
    stores = [opened() for _ in range(3)]
    part = stores[0].identify(make_part("cell 1", rgb=b"1"))
    gate = threading.Barrier(3)

    def work(store: Store) -> None:
        gate.wait()
        for _ in range(8):
            store.add_stroke(part, "ann", 1, (0, 0, 2, 3), b"changes")

    threads = [threading.Thread(target=work, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    trail = AuditTrail(stores[0].database)
    assert trail.verify().problems == []
    assert len(trail.entries(action="stroke")) == 24


def test_the_grid_of_a_stroke_is_told_and_watched(store, trail, part):
    store.add_stroke(part, "ann", 1, (0, 0, 2, 3), b"changes")
    store.add_stroke(part, "ann", 1, (0, 0, 2, 3), b"changes", "infrared")
    told = [json.loads(one.after).get("grid") for one in trail.entries(action="stroke")]
    assert told == [None, "infrared"]
    assert trail.verify().problems == []
    tampered(store, "UPDATE strokes SET grid = 'cloud'")
    assert len(found(trail)) == 2


def test_strokes_of_an_older_store_lie_on_the_first_grid(place):
    engine = sa.create_engine(f"sqlite:///{place}")
    place.parent.mkdir()
    upgraded(engine, "0002")
    with engine.begin() as connection:
        # Without the undo.
        for statement in (*OLD[:4], *OLD[5:]):
            connection.exec_driver_sql(statement)
    upgraded(engine, "0010")
    engine.dispose()
    store = Store(place)
    (stroke,) = store.strokes("0" * 64)
    assert (stroke.grid, stroke.changes) == ("", b"\0")
    assert store.strokes("0" * 64, "infrared") == []
    assert AuditTrail(store.database).verify().problems == []
    with pytest.raises(InputError, match="never changed"), store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE strokes SET grid = 'infrared'")
    store.close()
