import http.client
import urllib.error
import urllib.request
from pathlib import Path

from cmdiad_core.errors import InputError
from cmdiad_core.progress import Progress

_SECONDS = 30
_CHUNK = 2**20
#: No published weights are larger.
_LARGEST = 4 * 10**9


def fetch(address: str, beside: Path, progress: Progress) -> Path:
    """Download a file, going on with what an earlier try left.

    What has arrived is kept in a file named after the server's mark (ETag) of what it offers, and
    the rest is asked for on condition that the mark still holds (RFC 9110, section 13.1.5), so
    that two versions are never joined.

    Parameters
    ----------
    address : str
        What to get.
    beside : Path
        What the file is named after; suffixes are added.
    progress : Progress
        Told of the stage ``"download"`` in megabytes.

    Returns
    -------
    Path
        The whole file.

    Raises
    ------
    InputError
        The address cannot be reached, the connection breaks without anything arriving, or the
        disk is full; what has arrived is kept.
    """
    arrived = -1
    try:
        beside.parent.mkdir(parents=True, exist_ok=True)
        while True:
            part, total = _receive(address, beside, progress)
            if (size := part.stat().st_size) == total:
                return part
            if size <= arrived:
                raise InputError(
                    address,
                    f"broke off after {size / 1e6:.0f} of {total / 1e6:.0f} MB; run the command "
                    "again to go on",
                )
            arrived = size
    except urllib.error.HTTPError as error:
        raise InputError(address, f"cannot be downloaded ({error.code} {error.reason})") from error
    except urllib.error.URLError as error:
        raise InputError(
            address,
            f'cannot be reached ({error.reason}); get the file elsewhere and use "cmdiad weights '
            'import FILE"',
        ) from error
    except (OSError, http.client.HTTPException) as error:
        raise InputError(address, f"cannot be downloaded ({error})") from error


def _receive(address: str, beside: Path, progress: Progress) -> tuple[Path, int]:
    """Ask once; return the file with what has arrived so far and the bytes it should have."""
    if not address.startswith(("https://", "http://")):
        raise InputError(address, "is no web address")
    request = urllib.request.Request(address)  # noqa: S310  (checked above)
    old = next(beside.parent.glob(f"{beside.name}.?*.part"), None)
    done = old.stat().st_size if old else 0
    if old:
        mark = bytes.fromhex(old.name.split(".")[-2]).decode()
        request.add_header("Range", f"bytes={done}-")
        request.add_header("If-Range", mark)
    try:
        response = urllib.request.urlopen(request, timeout=_SECONDS)  # noqa: S310
    except urllib.error.HTTPError as error:
        if old and error.code == http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
            old.unlink()
            return _receive(address, beside, progress)
        raise
    with response:
        if response.status != http.client.PARTIAL_CONTENT:
            if old:
                old.unlink()
            done, old = 0, None
        part = old or beside.with_name(f"{beside.name}.{_mark(response.headers)}.part")
        total = done + int(response.headers.get("Content-Length", _LARGEST + 1))
        if total > _LARGEST:
            raise InputError(address, "does not say how large its file is, or it is too large")
        with part.open("ab" if done else "wb") as file:
            while chunk := _chunk(response):
                file.write(chunk)
                done += len(chunk)
                progress("download", done // 10**6, total // 10**6)
    return part, total


def _mark(headers: http.client.HTTPMessage) -> str:
    """Return what identifies the server's version of a file, as part of a file name."""
    mark = headers.get("ETag", "")
    # Weak marks do not promise the same bytes.
    return "" if mark.startswith("W/") or len(mark) > 80 else mark.encode().hex()


def _chunk(response: http.client.HTTPResponse) -> bytes:
    """Return what arrives next; nothing at the end and when the connection breaks."""
    try:
        return response.read(_CHUNK)
    except (http.client.IncompleteRead, ConnectionError, TimeoutError):
        return b""
