import errno
import io
import os

import numpy as np
import pytest

from cmdiad_core.array_cache import ArrayCache
from cmdiad_core.errors import InputError

ONE = np.zeros(1000, np.float32)  # 4,128 bytes as a file


@pytest.fixture
def said():
    return []


def _cache(folder, said, limit=10**6):
    return ArrayCache(folder, limit, said.append)


def _never():
    raise AssertionError("made again")


def test_an_array_is_made_once(tmp_path, said):
    cache = _cache(tmp_path / "features", said)
    made = cache.get("part 1", lambda: np.arange(6, dtype=np.float16).reshape(2, 3))
    again = _cache(tmp_path / "features", said).get("part 1", _never)
    assert again.dtype == np.float16
    np.testing.assert_array_equal(again, made)
    assert cache.get("part 2", lambda: ONE).shape == (1000,)


def test_what_was_used_longest_ago_goes_first(tmp_path, said):
    cache = _cache(tmp_path, said, limit=5 * 4200)
    for key in "abcd":
        cache.get(key, lambda: ONE)
    for age, path in enumerate(sorted(tmp_path.iterdir(), key=lambda p: p.stat().st_mtime_ns)):
        os.utime(path, ns=(age, age))
    cache.get("a", _never)
    for key in "ef":
        cache.get(key, lambda: ONE)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 5 * 4200
    cache.get("a", _never)
    with pytest.raises(AssertionError, match="made again"):
        cache.get("b", _never)
    # Another cache on the folder keeps the bound as well.
    other = _cache(tmp_path, said, limit=5 * 4200)
    for key in "ghi":
        other.get(key, lambda: ONE)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 5 * 4200


def _archive():
    content = io.BytesIO()
    np.savez(content, ONE)
    return content.getvalue()


def _of_shape(shape):
    said = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}"
    return b"\x93NUMPY\x01\x00v\x00" + said.ljust(117).encode() + b"\n"


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"no array",
        b"\x93NUMPY\x01\x00v\x00{'descr': '<f4'",
        b"PK\x03\x04" + bytes(100),
        _archive(),
        _of_shape("(999999999999999,)"),
        _of_shape("(10000000000000000000000000,)"),
    ],
)
def test_a_damaged_file_is_made_anew(tmp_path, said, damage):
    cache = _cache(tmp_path, said)
    cache.get("part", lambda: ONE)
    (path,) = tmp_path.iterdir()
    path.write_bytes(damage)
    assert cache.get("part", lambda: ONE + 1)[0] == 1
    assert cache.get("part", _never)[0] == 1


def test_processes_that_share_a_folder_keep_its_bound(tmp_path, said):
    limit = 25 * 4200
    sharing = [_cache(tmp_path, said, limit) for _ in range(4)]
    for number in range(20):
        for process, cache in enumerate(sharing):
            cache.get(f"{process} {number}", lambda: ONE)
            assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= limit


def test_the_folder_is_not_listed_at_every_array(tmp_path, said, monkeypatch):
    cache = _cache(tmp_path, said, limit=1000 * 4200)
    listed = []
    entries = ArrayCache._entries
    monkeypatch.setattr(ArrayCache, "_entries", lambda self: listed.append(1) or entries(self))
    for number in range(40):
        cache.get(str(number), lambda: ONE)
    assert 1 < len(listed) < 5


def test_where_nothing_can_be_written_arrays_are_still_read(tmp_path, said, monkeypatch):
    _cache(tmp_path, said).get("part", lambda: ONE)

    def refused(path):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("pathlib.Path.touch", refused)
    assert len(_cache(tmp_path, said).get("part", _never)) == 1000


def test_a_pickle_in_the_cache_is_not_run(tmp_path, said):
    cache = _cache(tmp_path, said)
    cache.get("part", lambda: ONE)
    (path,) = tmp_path.iterdir()
    with path.open("wb") as file:
        np.save(file, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    assert cache.get("part", lambda: ONE).dtype == np.float32


def test_a_full_disk_is_said_once_and_work_goes_on(tmp_path, said, monkeypatch):
    cache = _cache(tmp_path, said)

    def full(path, content):
        raise InputError(path, "cannot be written (No space left on device)")

    monkeypatch.setattr("cmdiad_core.array_cache.write_file", full)
    for key in "ab":
        assert len(cache.get(key, lambda: ONE)) == 1000
    assert len(said) == 1
    assert "No space left" in str(said[0])
