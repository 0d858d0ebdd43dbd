import json

import pytest
from store_of_weeks import CHANGED, fill

from cmdiad_core.store import Store


@pytest.fixture(scope="module")
def weeks(tmp_path_factory):
    place = tmp_path_factory.mktemp("weeks") / "store.sqlite"
    store = Store(place)
    fill(store, per_week=60)
    store.close()
    return place


def test_tables_json_and_page(weeks, tmp_path, cmdiad):
    files = tmp_path / "quality.json", tmp_path / "quality.html"
    ended = cmdiad("quality", "--store", weeks, "--json", files[0], "--html", files[1])
    assert ended.status == 0
    assert CHANGED in ended.out
    assert "Out of control" in ended.out
    assert json.loads(files[0].read_text())["model"] is None
    page = files[1].read_text()
    assert CHANGED in page
    assert "http" not in page


def test_empty_store_says_what_is_needed(tmp_path, cmdiad):
    Store(tmp_path / "new.sqlite").close()
    ended = cmdiad("quality", "--store", tmp_path / "new.sqlite")
    assert ended.status == 0
    assert "No part has both a person's verdict" in ended.out


def test_store_that_cannot_be_used_ends_in_a_sentence(tmp_path, refused):
    (tmp_path / "notes.txt").write_text("no database " * 100)
    said = refused("quality", "--store", tmp_path / "notes.txt", naming=tmp_path / "notes.txt")
    assert "is not a store of cmdiad" in said


def test_tables_and_page_speak_the_language_asked_for(weeks, tmp_path, cmdiad):
    page = tmp_path / "quality.html"
    ended = cmdiad("quality", "--store", weeks, "--html", page, "--language", "de")
    assert ended.status == 0
    for said in (ended.out, page.read_text("utf-8")):
        assert "Außer Kontrolle: 2026-W" in said


def test_a_language_that_is_not_there_is_refused(weeks, cmdiad):
    ended = cmdiad("quality", "--store", weeks, "--language", "fr")
    assert ended.status == 2
    assert "--language: is not known; there are en, de" in ended.err
