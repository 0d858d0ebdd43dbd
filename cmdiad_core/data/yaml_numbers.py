"""The numbers in a small YAML file, such as simulators write beside their images."""

import re
from pathlib import Path

from cmdiad_core.errors import InputError

YAML = (".yaml", ".yml")

_MAX_BYTES = 100_000

# Two flat files of one data set do not justify a YAML parser, whose syntax invites attacks.
_ENTRY = re.compile(
    r"""(?:^|[\s{,])["']?(?P<key>[A-Za-z_]\w*)["']?\s*:\s*
    (?P<value>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|true|false)(?=\s|[,}]|$)""",
    re.VERBOSE | re.IGNORECASE,
)


def read_numbers(path: Path) -> dict[str, float]:
    """Return every ``key: number`` of a file, whatever it is nested in; true is 1, false is 0.

    Raises
    ------
    InputError
        The file cannot be opened, is no text or is too large for what it should be.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(path, f"is larger than the {_MAX_BYTES} bytes that are read")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(path, f"cannot be opened: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise InputError(path, "is not a YAML file, or damaged; copy it again") from error
    words = {"true": 1.0, "false": 0.0}
    return {
        entry["key"]: words[value] if (value := entry["value"].lower()) in words else float(value)
        for entry in _ENTRY.finditer(text)
    }
