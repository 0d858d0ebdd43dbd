"""What an entry of the audit trail says, in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.text import known_text, localised, text

if TYPE_CHECKING:
    from cmdiad_core.store._verification import Problem
    from cmdiad_core.store.audit import Entry
    from cmdiad_core.store.audit_pages import NamedEntry
    from cmdiad_core.store.audit_trail import Examined

_UNKNOWN = "–"
#: What says where something is kept and how it is known again, and not what was done.
_KEEPING = {
    *("edit", "id", "job", "made_at", "software", "target", "seed", "person", "provenance"),
    *("top", "left", "bottom", "right", "sha256", "content", "digest", "mask_digest", "batch"),
    *("own_accept_below", "own_reject_from", "last", "added_at"),
}
#: What matters most of an entry, before all else.
_FIRST = "state", "verdict", "comment", "role", "active", "forgotten", "name"
#: Keys of words that stand for a value, by the name of the field.
_VALUES = {
    "verdict": "review",
    "model_verdict": "verdict",
    "role": "role",
    "state": "audit.state",
}


def deed(action: str) -> str:
    """Say what was done."""
    return known_text(f"audit.action.{action}", action)


def local_time(entry: Entry) -> str:
    """Return when, by the clock of this place."""
    return f"{entry.made_at.astimezone():%Y-%m-%d %H:%M:%S}"


def utc_time(entry: Entry) -> str:
    """Return when, in UTC."""
    return f"{entry.made_at:%Y-%m-%d %H:%M:%S}"


def changes(one: NamedEntry) -> list[tuple[str, str, str]]:
    """Return each field that the entry tells of, with its words before and after."""
    before, after = _both(one)
    names = [*after, *(name for name in before if name not in after)]
    return [(_field(name), _said(name, before), _said(name, after)) for name in names]


def in_short(one: NamedEntry) -> tuple[str, str]:
    """Say what was before and what is after, as far as it changed."""
    before, after = _both(one)
    if one.entry.action == "review":
        # Verdict or comment, whichever was not given, stays as it was.
        after = {name: value for name, value in after.items() if value is not None}
        before = {name: value for name, value in before.items() if name in after}
    return _in_short(before, after), _in_short(after, before)


def outcome(examined: Examined) -> str:
    """Say whether the trail is whole."""
    newest = examined.newest
    if examined.problems:
        return text("audit.broken", count=len(examined.problems))
    if newest is None:
        return text("audit.whole.empty")
    return text("audit.whole", number=newest.id, hash=newest.hash)


def problem(one: Problem) -> str:
    """Say what is wrong."""
    what = text(f"audit.problem.{one.kind}", **one.values)
    if one.differences:
        what += ": " + ", ".join(
            text("audit.difference", name=_field(name), told=told, found=found)
            for name, told, found in one.differences
        )
    return what if one.entry is None else text("audit.problem", number=one.entry, what=what)


def _both(one: NamedEntry) -> tuple[dict[str, Any], dict[str, Any]]:
    return _content(one.entry.before, one.types), _content(one.entry.after, one.types)


def _content(packed: str | None, types: Mapping[int, str]) -> dict[str, Any]:
    try:
        found = {} if packed is None else json.loads(packed)
    except ValueError:
        found = packed
    # What somebody else's tool wrote is shown as it is.
    if not isinstance(found, dict):
        return {"": packed}
    defect_type = found.get("defect_type")
    if isinstance(defect_type, int):
        found["defect_type"] = types.get(defect_type, defect_type)
    return found


def _in_short(this: dict[str, Any], other: dict[str, Any]) -> str:
    names = [*(name for name in _FIRST if name in this), *(n for n in this if n not in _FIRST)]
    changed = (name for name in names if name not in _KEEPING and this[name] != other.get(name))
    return ", ".join(f"{_field(name)}: {_said(name, this)}" for name in changed)


def _field(name: str) -> str:
    return known_text(f"audit.field.{name}", name)


def _said(name: str, content: dict[str, Any]) -> str:
    value = content.get(name)
    if value is None or value in ("", [], {}):
        return _UNKNOWN
    if isinstance(value, bool):
        return text("audit.yes" if value else "audit.no")
    if name in _VALUES:
        return known_text(f"{_VALUES[name]}.{value}", str(value))
    if name == "password":
        return text("audit.password")
    if isinstance(value, float):
        # All digits: the trail says what was kept, not about what.
        return localised(repr(value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
