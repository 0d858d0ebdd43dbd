import sqlite3

import pytest

from cmdiad_core.people import Role, User
from cmdiad_core.store.database import Database
from cmdiad_core.store.users import Users


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: "ann")
    return tmp_path / "store.sqlite"


def test_the_first_user_enters_the_others(cmdiad, refused, place):
    refused("users", "set", "bob", "technician", "--store", place, naming="bob")
    assert "everybody may do everything" in cmdiad("users", "list", "--store", place).out
    assert cmdiad("users", "set", "ann", "administrator", "--store", place).status == 0
    assert cmdiad("users", "set", "bob", "engineer", "--store", place).status == 0
    ended = cmdiad("users", "deactivate", "bob", "--reason", "left", "--store", place)
    assert (ended.status, ended.out) == (0, "bob may only look from now on\n")
    listed = cmdiad("users", "list", "--store", place).out.splitlines()
    assert listed == ["ann  administrator", "bob  engineer  no longer active"]
    words = "users", "set", "eve", "engineer", "--store", place
    refused(*words, "--person", "bob", naming="no longer active")
    refused("users", "deactivate", "eve", "--store", place, naming="no user")
    refused("users", "deactivate", "ann", "--store", place, naming="active administrator")


def test_who_has_a_password_says_it_in_a_script(cmdiad, refused, place, monkeypatch):
    database = Database(place)
    Users(database).put(User("ann", Role.ADMINISTRATOR), "ann")
    Users(database).set_password("ann", "geheim", "ann")
    words = "users", "set", "bob", "engineer", "--store", place
    monkeypatch.setenv("CMDIAD_PASSWORD", "guessed")
    refused(*words, naming="another password")
    monkeypatch.setenv("CMDIAD_PASSWORD", "geheim")
    assert cmdiad(*words).status == 0
    assert "ann  administrator  password" in cmdiad("users", "list", "--store", place).out
    database.close()


def test_a_changed_row_is_found_and_named(cmdiad, refused, place, tmp_path):
    export, table = tmp_path / "trail.jsonl", tmp_path / "trail.csv"
    refused("audit", "verify", "--store", place, naming=f"{place}: is not there")
    cmdiad("users", "set", "ann", "administrator", "--store", place)
    whole = cmdiad("audit", "verify", "--store", place)
    assert whole.status == 0
    assert "newest entry 10, hash" in whole.out
    written = cmdiad("audit", "export", export, "--store", place)
    assert written.out.rpartition("; ")[2] == whole.out.rpartition("; ")[2]
    assert cmdiad("audit", "export", table, "--store", place).status == 0
    assert len(table.read_text().splitlines()) == 11
    against = "audit", "verify", "--store", place, "--against", export
    assert cmdiad(*against).status == 0
    with sqlite3.connect(place) as connection:
        connection.execute("UPDATE users SET role = 'technician'")
    broken = cmdiad("audit", "verify", "--store", place)
    assert broken.status == 3
    assert "role was 'administrator' and is 'technician'" in broken.out
    with sqlite3.connect(place) as connection:
        connection.execute("DELETE FROM users")
        connection.execute("DROP TRIGGER audit_trail_no_delete")
        connection.execute("DELETE FROM audit_trail WHERE id = 10")
    assert cmdiad("audit", "verify", "--store", place).status == 0
    broken = cmdiad(*against)
    assert broken.status == 3
    assert f"entry 10 is in {export} only" in broken.out
    refused("audit", "verify", "--store", place, "--against", table, naming=table)


def test_whatever_acts_in_a_name_takes_its_password_in_one_way(
    refused, place, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    database = Database(place)
    Users(database).put(User("ann", Role.ADMINISTRATOR), "ann")
    Users(database).set_password("ann", "geheim", "ann")
    for words, goes_on_to in (
        (("retrain", "no model", "--out", "new", "--depth", "teach"), "no model"),
        (("nearline", "import", "no results"), "no results"),
        (("models", "promote", "no model", "--reason", "better"), "no model"),
    ):
        monkeypatch.setenv("CMDIAD_PASSWORD", "guessed")
        refused(*words, "--store", place, naming="ann: has another password")
        monkeypatch.setenv("CMDIAD_PASSWORD", "geheim")
        refused(*words, "--store", place, naming=goes_on_to)
    database.close()


@pytest.mark.parametrize("name", ["", " ann", "ann ", "an\nn", "ann\u200b"])
def test_a_name_that_could_be_mistaken_is_refused(name, refused, place):
    words = ("users", "set", name, "administrator", "--store", place)
    refused(*words, naming="is no name for a user")


def test_a_password_that_nobody_can_be_asked_for(cmdiad, place):
    database = Database(place)
    Users(database).put(User("ann", Role.ADMINISTRATOR), "ann")
    Users(database).set_password("ann", "geheim", "ann")
    database.close()
    ended = cmdiad("users", "set", "bea", "technician", "--person", "ann", "--store", place)
    assert ended.status == 2
    problem = (
        "Password of ann: cannot be asked for without a terminal; put it into $CMDIAD_PASSWORD"
    )
    assert ended.err.splitlines()[-1] == problem


def test_a_trail_is_compared_with_json_lines_and_no_table(cmdiad, refused, place, tmp_path):
    cmdiad("users", "set", "ann", "administrator", "--store", place)
    table = tmp_path / "trail.csv"
    assert cmdiad("audit", "export", table, "--store", place).status == 0
    words = ("audit", "verify", "--against", table, "--store", place)
    refused(*words, naming="is no export of an audit trail as JSON lines")
