from collections.abc import Iterator
from pathlib import Path

import pytest
from postgresql_server import Server, why_not

from cmdiad_core.sample import PartFiles
from cmdiad_core.store import Store


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Return a PostgreSQL server."""
    if why := why_not():
        pytest.skip(why)
    running = Server()
    yield running
    running.stop()


@pytest.fixture
def place(tmp_path):
    return tmp_path / "Prüfplatz 3" / "store.sqlite"


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, place) -> Iterator[str | Path]:
    """Return the address of a store: a test that asks for it runs on both databases."""
    if request.param == "sqlite":
        yield place
        return
    running = request.getfixturevalue("server")
    database = running.new_store()
    yield running.address(database)
    running.drop(database)


@pytest.fixture
def opened(address):
    """Return a function that opens the store once more, as another window would."""
    stores = []

    def open_() -> Store:
        stores.append(Store(address))
        return stores[-1]

    yield open_
    for store in stores:
        store.close()


@pytest.fixture
def store(opened):
    return opened()


@pytest.fixture
def make_part(tmp_path):
    """Return a function that writes the files of a part."""

    def make(part_id: str, **contents: bytes) -> PartFiles:
        files = {}
        for name, content in contents.items():
            files[name] = tmp_path / name / f"{part_id}.bin"
            files[name].parent.mkdir(exist_ok=True)
            files[name].write_bytes(content)
        return PartFiles(part_id, files)

    return make


@pytest.fixture
def part(store, make_part):
    """Return the content hash of a part that the store knows."""
    return store.identify(make_part("cell 7", rgb=b"image", cloud=b"points"))
