"""Downloads from a server on this machine that misbehaves as asked."""

import hashlib
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import torch

from cmdiad_core.errors import InputError
from cmdiad_core.progress import silent
from cmdiad_core.weights import _download, digest, download, load, record


class _Server(ThreadingHTTPServer):
    content = b""
    mark: str | None = '"one"'
    cuts: list[int]  # bytes after which each answer breaks off
    status = 200
    length = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.cuts, self.asked = [], []


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self):
        server, begin, status = self.server, 0, self.server.status
        wanted = self.headers.get("Range")
        server.asked.append(wanted)
        if wanted and self.headers.get("If-Range") == server.mark:
            begin, status = int(wanted.removeprefix("bytes=").removesuffix("-")), 206
            if begin >= len(server.content):
                status = 416
        body = server.content[begin:]
        self.send_response(status)
        if server.mark:
            self.send_header("ETag", server.mark)
        if server.length:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: server.cuts.pop(0) if server.cuts else None])

    def log_message(self, *_):
        pass


@pytest.fixture
def server(state, tmp_path):
    torch.save(state, tmp_path / "small.pth")
    with _Server() as running:
        running.content = (tmp_path / "small.pth").read_bytes()
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def offered(small, server):
    """Return weights that the server offers, of known SHA-256."""
    known = hashlib.sha256(server.content).hexdigest()
    return replace(small, address=f"http://127.0.0.1:{server.server_port}/small.pth", sha256=known)


def _left(cache):
    return [path for path in cache.iterdir() if path.suffix == ".part"]


def test_weights_arrive_with_their_origin(offered, server, state, cache):
    told = []
    download(offered, lambda *step: told.append(step))
    known = record(offered)
    assert digest(load(offered)) == digest(state) == known.sha256
    assert (known.source, known.source_sha256) == (offered.address, offered.sha256)
    assert told[-1] == ("download", 0, 0)  # in megabytes
    assert not _left(cache)


def test_a_cut_connection_goes_on_where_it_broke(offered, server, state, cache, monkeypatch):
    monkeypatch.setattr(_download, "_CHUNK", 100)
    server.cuts = [500, 300]
    download(offered, silent)
    assert server.asked == [None, "bytes=500-", "bytes=800-"]
    assert digest(load(offered)) == digest(state)


def test_a_later_command_goes_on_where_the_first_broke(offered, server, state, cache):
    server.cuts = [700, 0]
    with pytest.raises(InputError, match=r"broke off after .* run the command again to go on"):
        download(offered, silent)
    assert len(_left(cache)) == 1
    assert record(offered) is None
    download(offered, silent)
    assert server.asked[-1] == "bytes=700-"
    assert digest(load(offered)) == digest(state)


def test_a_file_that_changed_meanwhile_is_fetched_anew(offered, server, state, cache):
    server.cuts = [700, 0]
    with pytest.raises(InputError):
        download(offered, silent)
    (part,) = _left(cache)
    part.write_bytes(bytes(700))  # stands for the start of the other version
    server.mark = '"two"'
    download(offered, silent)
    assert digest(load(offered)) == digest(state)
    assert not _left(cache)


@pytest.mark.parametrize("mark", [None, 'W/"one"', '"' + "x" * 200 + '"'])
def test_without_a_usable_mark_it_begins_again(mark, offered, server, state, cache):
    server.mark, server.cuts = mark, [700]
    download(offered, silent)
    assert server.asked == [None, None]
    assert digest(load(offered)) == digest(state)


def test_what_had_arrived_whole_but_was_not_kept_is_fetched_again(offered, server, state, cache):
    server.cuts = [700, 0]
    with pytest.raises(InputError):
        download(offered, silent)
    (part,) = _left(cache)
    part.write_bytes(server.content)
    download(offered, silent)
    assert digest(load(offered)) == digest(state)


def test_a_wrong_file_is_refused_and_deleted(offered, server, cache):
    wrong = replace(offered, sha256="0" * 64)
    with pytest.raises(InputError, match=f"{offered.sha256} instead of 000"):
        download(wrong, silent)
    assert record(wrong) is None
    assert not _left(cache)


def test_an_unknown_hash_is_recorded_at_the_first_download(offered, server, cache):
    trusted = replace(offered, sha256=None)
    download(trusted, silent)
    assert record(trusted).source_sha256 == hashlib.sha256(server.content).hexdigest()


def test_a_file_that_is_no_checkpoint_is_refused_and_deleted(offered, server, cache):
    server.content = b"<html>not found, but kindly</html>"
    with pytest.raises(InputError, match=r"/small\.pth: is damaged"):
        download(replace(offered, sha256=None), silent)
    assert not _left(cache)


def test_what_the_server_says_is_passed_on(offered, server, cache):
    server.status = 404
    with pytest.raises(InputError, match=r"cannot be downloaded \(404"):
        download(offered, silent)


@pytest.mark.parametrize("length", [True, False])
def test_a_file_of_unknown_or_endless_size_is_refused(length, offered, server, cache, monkeypatch):
    server.length = length
    with monkeypatch.context() as patched:
        patched.setattr(_download, "_LARGEST", 1000)
        with pytest.raises(InputError, match="or it is too large"):
            download(offered, silent)
    assert not _left(cache)


def test_an_address_out_of_reach_names_the_way_without_internet(small, cache):
    with pytest.raises(InputError, match=r"cannot be reached .*cmdiad weights import FILE"):
        download(small, silent)


def test_only_web_addresses_are_fetched(small, state, tmp_path, cache):
    torch.save(state, tmp_path / "small.pth")
    with pytest.raises(InputError, match="is no web address"):
        download(replace(small, address=(tmp_path / "small.pth").as_uri()), silent)


def test_a_full_disk_while_downloading_keeps_what_arrived(
    offered, server, state, cache, monkeypatch
):
    def full(*_):
        raise OSError(28, "No space left on device")

    server.cuts = [700, 0]
    with pytest.raises(InputError):
        download(offered, silent)
    with monkeypatch.context() as patched:
        patched.setattr(_download, "_chunk", full)
        with pytest.raises(InputError, match="No space left on device"):
            download(offered, silent)
    assert _left(cache)[0].stat().st_size == 700
    download(offered, silent)
    assert digest(load(offered)) == digest(state)
