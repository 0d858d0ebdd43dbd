import hashlib
import os

import pytest
import torch

from cmdiad_core.errors import InputError
from cmdiad_core.weights import digest, import_file, load, record, verify


@pytest.fixture
def file(state, tmp_path):
    torch.save(state, tmp_path / "downloaded elsewhere.pth")
    return tmp_path / "downloaded elsewhere.pth"


def test_imported_weights_are_those_of_the_file_and_say_where_they_came_from(
    file, small, other, state, cache
):
    content = file.read_bytes()
    assert import_file(file, [other, small]) == small
    assert digest(load(small)) == digest(state)
    known = record(small)
    assert (known.source, known.sha256) == (file.name, digest(state))
    assert known.source_sha256 == hashlib.sha256(content).hexdigest()
    assert file.read_bytes() == content
    assert record(other) is None
    verify(small)


def test_absent_weights_say_how_to_get_them(small, cache):
    assert record(small) is None
    with pytest.raises(InputError, match=r'weights small: .*"cmdiad weights get small"'):
        load(small)


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty"])
def test_damage_in_the_cache_is_found(damage, file, small, cache):
    import_file(file, [small])
    path = cache / "small.safetensors"
    content = bytearray(path.read_bytes())
    content[-2] ^= 1
    damaged = {"cut": content[:-10], "empty": b"", "flipped": content}[damage]
    path.write_bytes(damaged)
    with pytest.raises(InputError, match=r"small\.safetensors.*is damaged"):
        verify(small)


def test_a_full_disk_leaves_the_older_weights(file, small, state, cache, tmp_path, monkeypatch):
    import_file(file, [small])
    torch.save({n: v + 1 for n, v in state.items()}, tmp_path / "newer.pth")

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fdopen", full)
        with pytest.raises(InputError, match="No space left on device"):
            import_file(tmp_path / "newer.pth", [small])
    assert digest(load(small)) == digest(state)
    assert [path.name for path in cache.iterdir()] == ["small.safetensors"]
