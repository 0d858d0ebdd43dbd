"""What only a server can do wrong."""

import socket
import threading

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from cmdiad_core.edits import ChangedMeanwhile, Opinion, PersonVerdict
from cmdiad_core.errors import InputError
from cmdiad_core.store import Store, opening
from cmdiad_core.store.audit_trail import AuditTrail
from cmdiad_core.store.schema import METADATA


@pytest.fixture
def address(server):
    database = server.new_store()
    yield server.address(database)
    server.drop(database)


def _refused(address: str) -> str:
    with pytest.raises(InputError) as told:
        Store(address)
    sentence = str(told.value)
    assert "\n" not in sentence
    assert "geheim" not in sentence
    return sentence


def test_migrations_make_the_tables_that_the_code_uses(store):
    with store.database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_of_many_who_judge_a_part_at_once_one_is_kept(opened, make_part):
    stores = [opened() for _ in range(4)]
    part = stores[0].identify(make_part("cell", rgb=b"image"))
    gate, told = threading.Barrier(4), []

    def work(number: int) -> None:
        gate.wait()
        try:
            stores[number].review(part, f"{number}", Opinion(), verdict=PersonVerdict.REJECT)
        except ChangedMeanwhile as changed:
            told.append(changed.opinion.verdict.person)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (kept,) = stores[0].history(part)
    assert told == [kept.person] * 3
    assert AuditTrail(stores[0].database).verify().problems == []


def test_a_new_store_may_be_opened_by_several_programs_at_once(server):
    address = server.address(server.new_database())
    gate, found = threading.Barrier(3), []

    def work() -> None:
        gate.wait()
        store = Store(address)
        found.append(len(store.defect_types()))
        store.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [8, 8, 8]


def test_a_store_held_by_another_program_is_told(store, part, address, monkeypatch):
    monkeypatch.setattr(opening, "PATIENCE_S", 0.05)
    with store.database.writing(), pytest.raises(InputError, match="by another program"):
        store.review(part, "ann", Opinion(), verdict=PersonVerdict.REJECT)
    assert store.opinions([part]) == {}


def test_an_address_that_leads_nowhere_is_told(server):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"postgresql://ann:geheim@127.0.0.1:{free.getsockname()[1]}/store"
        assert "no server answers" in _refused(nobody)
    assert "no server answers" in _refused("postgresql://ann:geheim@nowhere.invalid/store")
    assert "name or password" in _refused(server.address("postgres", password="geheimnis"))
    assert "name or password" in _refused(server.address("postgres", name="eve"))
    assert "make an empty database" in _refused(server.address("nothing"))


def test_the_database_of_another_program_is_refused_and_left_alone(server):
    database = server.new_database()
    server.execute("CREATE TABLE customers (name TEXT)", database)
    assert "another program" in _refused(server.address(database))
    engine = sa.create_engine(server.address(database).replace(":", "+pg8000:", 1))
    assert sa.inspect(engine).get_table_names() == ["customers"]
    engine.dispose()


def test_who_may_only_read_is_told(server, address, store, part):
    server.execute("CREATE ROLE reader LOGIN PASSWORD 'geheim'")
    database = address.rpartition("/")[2]
    server.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader", database)
    reading = Store(server.address(database, name="reader"))
    with pytest.raises(InputError, match="ask who runs the server for the right"):
        reading.review(part, "ann", Opinion(), verdict=PersonVerdict.REJECT)
    assert reading.opinions([part]) == {}
    reading.close()
    assert "ask who runs the server" in _refused(
        server.address(server.new_database(), name="reader")
    )


def test_a_window_goes_on_when_the_server_was_started_anew(server, store, part):
    store.review(part, "ann", Opinion(), verdict=PersonVerdict.REJECT)
    server.execute(
        "SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity "
        "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    assert set(store.opinions([part])) == {part}
