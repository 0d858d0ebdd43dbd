import os
import sqlite3
import sys
import threading

import pytest

from cmdiad_core.errors import InputError
from cmdiad_core.writing import new_file, write_file


def test_what_was_there_stays_until_all_is_written(tmp_path):
    path = tmp_path / "found.json"
    path.write_text("before")
    with new_file(path) as file:
        file.write(b"after")
        assert path.read_text() == "before"
    assert path.read_text() == "after"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_one_and_what_it_leads_to_is_replaced(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    target, link = tmp_path / "elsewhere" / "found.json", tmp_path / "link.json"
    target.write_text("before")
    link.symlink_to(target)
    write_file(link, b"after")
    assert link.is_symlink()
    assert target.read_text() == "after"
    assert [path.name for path in target.parent.iterdir()] == ["found.json"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_a_pipe_is_written_to_and_stays_one(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    write_file(pipe, b"found")
    reader.join(30)
    assert read == [b"found"]
    assert pipe.is_fifo()


def test_a_database_is_not_replaced(tmp_path):
    path = tmp_path / "store.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("create table verdicts (part)")
    before = path.read_bytes()
    with pytest.raises(InputError, match=r"store\.sqlite: is a database"):
        write_file(path, b"{}")
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
