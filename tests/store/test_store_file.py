import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from cmdiad_core.edits import Opinion, PersonVerdict
from cmdiad_core.errors import InputError
from cmdiad_core.store import Store, opening
from cmdiad_core.store.schema import METADATA

ROOT = Path(__file__).parents[2]


@pytest.fixture
def address(place):
    return place


def test_migrations_make_the_tables_that_the_code_uses(store, place):
    with sa.create_engine(f"sqlite:///{place}").connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_the_file_is_safe_against_a_crash_and_against_other_windows(store, place):
    with sqlite3.connect(place) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_an_address_opens_the_same_store(store, place, part):
    store.review(part, "ann", Opinion(), verdict=PersonVerdict.REJECT)
    other = Store(f"sqlite:///{place}")
    assert set(other.opinions([part])) == {part}
    other.close()


def test_the_environment_may_say_where_the_store_is(place, monkeypatch):
    monkeypatch.setenv("CMDIAD_STORE", str(place))
    store = Store()
    assert store.database.where == str(place)
    store.close()


OPENED = """
import sys
from cmdiad_core.store import Store

print(len(Store(sys.argv[1]).defect_types()))
"""


def test_a_new_store_may_be_opened_by_several_programs_at_once(place):
    command = [sys.executable, "-c", OPENED, str(place)]
    running = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(3)]
    assert {process.communicate(timeout=60)[0] for process in running} == {b"8\n"}


def _refused(place) -> str:
    with pytest.raises(InputError) as told:
        Store(place)
    assert str(told.value).startswith(str(place))
    assert "\n" not in str(told.value)
    return str(told.value)


def test_a_store_of_a_newer_version_is_refused(store, place):
    with sqlite3.connect(place) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "newer version" in _refused(place)


def test_files_of_other_programs_are_refused_and_left_alone(tmp_path):
    foreign = tmp_path / "foreign.sqlite"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE customers (name TEXT)")
    assert "another program" in _refused(foreign)
    with sqlite3.connect(foreign) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("customers",)]
    text = tmp_path / "notes.txt"
    text.write_bytes(b"remember the milk " * 100)
    assert "not a store" in _refused(text)
    assert text.read_bytes() == b"remember the milk " * 100


def test_addresses_that_lead_nowhere_are_told_without_the_password():
    with pytest.raises(InputError, match="no address"):
        Store("://")
    with pytest.raises(InputError, match="cannot be used") as told:
        Store("frobnicate://ann:secret@host/db")
    assert "secret" not in str(told.value)


def test_a_closed_folder_is_told(closed_folder):
    assert "permissions" in _refused(closed_folder / "store.sqlite")


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    assert "cannot be made" in _refused(tmp_path / "file" / "store.sqlite")


def test_a_store_held_by_another_program_is_told_and_nothing_is_half_written(
    place, monkeypatch, make_part
):
    monkeypatch.setattr(opening, "PATIENCE_S", 0.05)
    store = Store(place)
    part = store.identify(make_part("cell 7", rgb=b"image"))
    other = sqlite3.connect(place, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(InputError, match="another program"):
        store.review(part, "ann", Opinion(), verdict=PersonVerdict.REJECT)
    assert store.opinions([part]) == {}  # reading goes on
    other.execute("ROLLBACK")
    other.close()
    store.review(part, "ann", Opinion(), verdict=PersonVerdict.REJECT)
    assert set(store.opinions([part])) == {part}
    store.close()


def test_a_full_disk_is_told_and_what_stood_stands(place, make_part):
    store = Store(place)
    part = store.identify(make_part("cell 7", rgb=b"image"))
    opinion = store.review(part, "ann", Opinion(), verdict=PersonVerdict.REJECT)
    store.close()

    def fill(connection, _) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # means: as many as there are

    sa.event.listen(sa.Engine, "connect", fill)
    try:
        full = Store(place)
        with pytest.raises(InputError, match="disk is full"):
            full.review(part, "ann", opinion, comment="long " * 10_000)
        assert full.opinions([part])[part] == opinion
        full.close()
    finally:
        sa.event.remove(sa.Engine, "connect", fill)
