"""Exported models, whole ones and hostile ones."""

import hashlib
import json
import shutil
import stat
import zipfile

import pytest

from cmdiad_core.detector import Detector
from cmdiad_core.detector.archive import COMPARISON, PAGE, manifest_of, pack, unpack
from cmdiad_core.errors import InputError


@pytest.fixture(scope="module")
def exported(demo_model, tmp_path_factory):
    path = tmp_path_factory.mktemp("exported") / "Modell für Ähre.cmdiad"
    pack(demo_model, path, {COMPARISON: b'{"a": 1}', PAGE: b"<script>"})
    return path


@pytest.fixture
def members(exported):
    """Return the files of the exported model by name."""
    with zipfile.ZipFile(exported) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def refused(tmp_path):
    """Return a function that expects an import to fail in one sentence that names the file."""

    def expect(path, words: str) -> None:
        there = set(tmp_path.rglob("*"))
        with pytest.raises(InputError, match=words) as told:
            unpack(path, tmp_path / "new" / "model", "cpu")
        assert str(told.value).startswith(str(path))
        assert "\n" not in str(told.value)
        left = set(tmp_path.rglob("*")) - there - {tmp_path / "new"}
        assert not left

    return expect


def write(path, members, **options):
    with zipfile.ZipFile(path, "w", **options) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def with_manifest(members):
    """Return the files with a manifest that fits them."""
    rest = {name: content for name, content in members.items() if name != "manifest.json"}
    manifest = json.loads(members["manifest.json"])
    manifest["members"] = {n: hashlib.sha256(c).hexdigest() for n, c in rest.items()}
    return {**rest, "manifest.json": json.dumps(manifest).encode()}


def test_a_model_comes_back_byte_for_byte_and_works(exported, demo_model, tmp_path):
    folder = tmp_path / "neu" / "quick"
    assert unpack(exported, folder, "cpu") == b'{"a": 1}'
    read = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert read == {path.name: path.read_bytes() for path in demo_model.iterdir()}
    assert Detector.load(folder, "cpu").id == Detector.load(demo_model, "cpu").id
    assert [path.name for path in folder.parent.iterdir()] == ["quick"]


def test_the_manifest_has_the_digest_of_every_file(exported, members):
    manifest = manifest_of(exported)
    rest = {name: content for name, content in members.items() if name != "manifest.json"}
    assert manifest.members == {n: hashlib.sha256(c).hexdigest() for n, c in rest.items()}
    assert manifest.name == "quick"
    assert set(rest) > {COMPARISON, PAGE}


def test_a_folder_that_is_there_is_left_alone(exported, tmp_path):
    folder = tmp_path / "there"
    folder.mkdir()
    with pytest.raises(InputError, match="needs a new folder"):
        unpack(exported, folder)


def test_what_is_no_archive(refused, tmp_path):
    path = tmp_path / "a.cmdiad"
    path.write_bytes(b"no model at all")
    refused(path, "is no exported model")
    refused(write(path, {"readme.txt": b""}), "manifest.json is missing")
    refused(tmp_path / "nowhere.cmdiad", "cannot be read")


@pytest.mark.parametrize("share", [0.2, 0.9, 0.9999])
def test_a_truncated_file(refused, exported, tmp_path, share):
    content = exported.read_bytes()
    path = tmp_path / "cut.cmdiad"
    path.write_bytes(content[: int(len(content) * share)])
    refused(path, "was not copied whole")


def test_a_changed_byte_anywhere_in_a_file_is_found(refused, exported, members, tmp_path):
    content = bytearray(exported.read_bytes())
    place = content.index(members["model.safetensors"][:4000]) + 3999
    content[place] ^= 1
    path = tmp_path / "changed.cmdiad"
    path.write_bytes(content)
    refused(path, "was not copied whole")


def test_other_limits_than_those_of_the_manifest(refused, members, tmp_path):
    card = json.loads(members["model.json"])
    card["operating_point"]["accept_below"] = 99
    members["model.json"] = json.dumps(card).encode()
    path = write(tmp_path / "a.cmdiad", members)
    refused(path, "model.json is not what its manifest says")


@pytest.mark.parametrize(
    "name",
    ["../outside.txt", "/tmp/outside.txt", "sub/model.json", "..\\outside.txt", "run.py", "sub/"],
)
def test_paths_that_lead_elsewhere(refused, members, tmp_path, name):
    members[name] = b"x"
    path = write(tmp_path / "a.cmdiad", with_manifest(members))
    refused(path, "does not belong into a model")


def test_links(refused, members, tmp_path):
    path = tmp_path / "a.cmdiad"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            if name == "model.safetensors":
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
                content = b"/etc/passwd"
            archive.writestr(info, content)
    refused(path, "model.safetensors is a link")


def test_a_bomb(refused, members, tmp_path):
    members["calibration.safetensors"] = bytes(10_000_000)
    path = write(tmp_path / "a.cmdiad", with_manifest(members), compression=zipfile.ZIP_DEFLATED)
    refused(path, "is compressed, which no export does")


def test_sizes_that_are_not_true(refused, members, tmp_path):
    path = write(tmp_path / "a.cmdiad", members)
    content = bytearray(path.read_bytes())
    # Both sizes in the central directory, where a reader looks for them.
    place = content.rindex(b"PK\x01\x02", 0, content.rindex(b"model.safetensors"))
    content[place + 20 : place + 28] = (2**31).to_bytes(4, "little") * 2
    path.write_bytes(content)
    refused(path, "more is in it than there can be")


@pytest.mark.parametrize("gone", ["model.json", "model.safetensors", "calibration.safetensors"])
def test_a_file_that_the_manifest_names_is_missing(refused, members, tmp_path, gone):
    del members[gone]
    refused(write(tmp_path / "a.cmdiad", members), f"{gone} is missing")


def test_a_file_that_the_manifest_does_not_name(refused, members, tmp_path):
    manifest = json.loads(members["manifest.json"])
    del manifest["members"]["calibration.safetensors"]
    members["manifest.json"] = json.dumps(manifest).encode()
    path = write(tmp_path / "a.cmdiad", members)
    refused(path, "calibration.safetensors is not named in its manifest")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name(refused, members, tmp_path):
    path = write(tmp_path / "a.cmdiad", members)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("model.json", b"{}")
    refused(path, "holds model.json more than once")


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        (b"{", "manifest.json is not valid"),
        (b'{"name": "a", "members": {}, "more": 1}', "manifest.json is not valid"),
        (b" " * 70_000, "manifest.json is too large"),
        (b'{"cmdiad_model": 2, "name": "a", "members": {}}', "by a newer version"),
    ],
)
def test_a_bad_manifest(refused, members, tmp_path, manifest, words):
    members["manifest.json"] = manifest
    refused(write(tmp_path / "a.cmdiad", members), words)


def test_a_model_that_does_not_load(refused, members, tmp_path):
    members["model.safetensors"] = b"nothing"
    path = write(tmp_path / "a.cmdiad", with_manifest(members))
    refused(path, "cannot be used: it is damaged or not the file model.json belongs to")


def test_a_full_disk_is_told_before_anything_is_written(refused, exported, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 9, 1000))
    with pytest.raises(InputError, match=r"needs \d+ MB, but 0 MB are free there"):
        unpack(exported, tmp_path / "new")
    assert list(tmp_path.iterdir()) == []
