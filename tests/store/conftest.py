import pytest

from cmdiad_core.sample import PartFiles
from cmdiad_core.store import Store


@pytest.fixture
def place(tmp_path):
    return tmp_path / "Prüfplatz 3" / "store.sqlite"


@pytest.fixture
def opened(place):
    """Return a function that opens the store once more, as another window would."""
    stores = []

    def open_() -> Store:
        stores.append(Store(place))
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
