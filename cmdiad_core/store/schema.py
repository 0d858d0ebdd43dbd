"""The tables as the code of now uses them; `migrations` makes them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from cmdiad_core.inspection import Provenance

METADATA = sa.MetaData()

#: Hexadecimal digits of a SHA-256.
HASH = 64


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """Moments in UTC, also where the database keeps no time zone."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Store without the zone."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give the zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


class ProvenanceByModality(sa.types.TypeDecorator[Mapping[str, Provenance]]):
    """What a score rests on, as JSON; few combinations occur, each is decoded once."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, Provenance] | None, dialect: Any) -> str:
        """Store as JSON."""
        return json.dumps(value, sort_keys=True)

    def process_result_value(self, value: str | None, dialect: Any) -> Mapping[str, Provenance]:
        """Return a mapping that is shared and must not be changed."""
        return _provenance(value or "{}")


@cache
def _provenance(stored: str) -> Mapping[str, Provenance]:
    found = {name: Provenance(one) for name, one in json.loads(stored).items()}
    return MappingProxyType(found)


parts = sa.Table(
    "parts",
    METADATA,
    sa.Column("hash", sa.String(HASH), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("serial", sa.Text, nullable=False),
    sa.Column("first_read_at", UtcDateTime, nullable=False),
)

#: Where the files of a part were last seen, by modality.
places = sa.Table(
    "places",
    METADATA,
    sa.Column("part", sa.String(HASH), sa.ForeignKey("parts.hash"), primary_key=True),
    sa.Column("files", sa.JSON, nullable=False),
    sa.Column("camera", sa.Text),
    sa.Column("registered", sa.Boolean, nullable=False),
)

#: Digests of files that were read, so that none is read twice for its digest.
files = sa.Table(
    "files",
    METADATA,
    sa.Column("path", sa.Text, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("modified_ns", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.String(HASH), nullable=False),
)

#: The journal; rows are only ever added. An undo is a row that names its target.
edits = sa.Table(
    "edits",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("part", sa.String(HASH), sa.ForeignKey("parts.hash"), nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Column("software", sa.Text, nullable=False),
    sa.Column("target", sa.Integer, sa.ForeignKey("edits.id")),
    sa.Index("edits_of_part", "part", "kind", "id"),
    sa.Index("edits_of_person", "person", "id"),
    sa.Index("edits_with_target", "target", "id"),
)

reviews = sa.Table(
    "reviews",
    METADATA,
    sa.Column("edit", sa.Integer, sa.ForeignKey("edits.id"), primary_key=True),
    sa.Column("verdict", sa.String(8)),
    sa.Column("comment", sa.Text),
    sa.Column("model_id", sa.Text, nullable=False),
    sa.Column("score", sa.Float),
    sa.Column("model_verdict", sa.String(12)),
    sa.Column("provenance", ProvenanceByModality, nullable=False),
)

strokes = sa.Table(
    "strokes",
    METADATA,
    sa.Column("edit", sa.Integer, sa.ForeignKey("edits.id"), primary_key=True),
    sa.Column("defect_type", sa.Integer, sa.ForeignKey("defect_types.id"), nullable=False),
    sa.Column("top", sa.Integer, nullable=False),
    sa.Column("left", sa.Integer, nullable=False),
    sa.Column("bottom", sa.Integer, nullable=False),
    sa.Column("right", sa.Integer, nullable=False),
    sa.Column("changes", sa.LargeBinary, nullable=False),
    # As in `cmdiad_core.sample.Sample.grids`.
    sa.Column("grid", sa.Text, nullable=False, server_default=""),
)

#: What near-line stations found; rows are only ever added.
nearline_results = sa.Table(
    "nearline_results",
    METADATA,
    sa.Column("edit", sa.Integer, sa.ForeignKey("edits.id"), primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("verdict", sa.String(8)),
    sa.Column("defect_type", sa.Text, nullable=False),
    sa.Column("merged", sa.String(HASH), sa.ForeignKey("parts.hash"), nullable=False),
    sa.Column("mask_digest", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("files", sa.JSON, nullable=False),
    sa.Column("mask", sa.Text, nullable=False),
    sa.Column("stroke", sa.Integer, sa.ForeignKey("edits.id")),
    # The first result that was taken in with it, and the last edit that belongs to it.
    sa.Column("batch", sa.Integer, sa.ForeignKey("edits.id")),
    sa.Column("last", sa.Integer, sa.ForeignKey("edits.id")),
    sa.Index("nearline_results_of_merged", "merged"),
)

#: What models said of parts, whether or not anybody looked; rows are only ever added.
inspections = sa.Table(
    "inspections",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("part", sa.String(HASH), sa.ForeignKey("parts.hash"), nullable=False),
    sa.Column("model", sa.String(HASH), nullable=False),
    sa.Column("model_id", sa.Text, nullable=False),
    sa.Column("provenance", ProvenanceByModality, nullable=False),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("p_value", sa.Float, nullable=False),
    sa.Column("verdict", sa.String(12), nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Column("software", sa.Text, nullable=False),
    sa.Index("inspections_of_part", "part"),
)

defect_types = sa.Table(
    "defect_types",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("colour", sa.String(7), nullable=False),
    sa.Column("digit", sa.Integer, unique=True),
)

users = sa.Table(
    "users",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("password", sa.Text),
)

#: Limits that people kept for models; rows are only ever added, the newest of a model counts.
operating_points = sa.Table(
    "operating_points",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("model_id", sa.Text, nullable=False),
    sa.Column("accept_below", sa.Float, nullable=False),
    sa.Column("reject_from", sa.Float, nullable=False),
    # Those the model came with: two models of one id may differ in them.
    sa.Column("own_accept_below", sa.Float),
    sa.Column("own_reject_from", sa.Float),
    sa.Index("operating_points_of_model", "model_id", "id"),
)

jobs = sa.Table(
    "jobs",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("candidate", sa.Text, nullable=False),
    sa.Column("arguments", sa.JSON, nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("started", UtcDateTime, nullable=False),
    sa.Column("ended", UtcDateTime),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("process", sa.Integer, nullable=False),
    sa.Column("process_started", sa.Float, nullable=False),
    sa.Column("log", sa.Text, nullable=False),
    sa.Column("expected_seconds", sa.Float),
    sa.Column("expected_bytes", sa.Float),
    sa.Column("pace", sa.Float),
    sa.Column("peak_bytes", sa.BigInteger),
    sa.Column("problem", sa.Text, nullable=False),
    sa.Index(
        "one_running_job",
        "kind",
        "model",
        unique=True,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    ),
)

#: Rows are only ever added; each holds the hash of the one before.
audit_trail = sa.Table(
    "audit_trail",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("action", sa.String(32), nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("before", sa.Text),
    sa.Column("after", sa.Text),
    sa.Column("previous", sa.String(HASH), nullable=False),
    sa.Column("hash", sa.String(HASH), nullable=False, unique=True),
)

#: Blind studies; rows of these three tables are only ever added.
studies = sa.Table(
    "studies",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Column("seed", sa.Integer, nullable=False),
    sa.Column("model_id", sa.Text, nullable=False),
)

study_parts = sa.Table(
    "study_parts",
    METADATA,
    sa.Column("study", sa.Integer, sa.ForeignKey("studies.id"), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("part", sa.String(HASH), sa.ForeignKey("parts.hash"), nullable=False),
    sa.Column("model_verdict", sa.String(12)),
    sa.Column("score", sa.Float),
    sa.Column("defective", sa.Boolean),
)

study_answers = sa.Table(
    "study_answers",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("study", sa.Integer, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Column("verdict", sa.String(8), nullable=False),
    sa.ForeignKeyConstraint(["study", "place"], ["study_parts.study", "study_parts.place"]),
    sa.Index("study_answers_of_study", "study", "id"),
)

comparisons = sa.Table(
    "comparisons",
    METADATA,
    sa.Column("digest", sa.String(HASH), primary_key=True),
    sa.Column("champion", sa.String(HASH), nullable=False),
    sa.Column("candidate", sa.String(HASH), nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Column("gates", sa.JSON, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
)

#: A model that was forgotten stays for the promotions that name it.
models = sa.Table(
    "models",
    METADATA,
    sa.Column("digest", sa.String(HASH), primary_key=True),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("folder", sa.Text, nullable=False),
    sa.Column("parent", sa.Text, nullable=False),
    sa.Column("accept_below", sa.Float, nullable=False),
    sa.Column("reject_from", sa.Float, nullable=False),
    sa.Column("megabytes", sa.Float, nullable=False),
    sa.Column("parts", sa.JSON, nullable=False),
    sa.Column("added_by", sa.Text, nullable=False),
    sa.Column("added_at", UtcDateTime, nullable=False),
    sa.Column("figures", sa.JSON),
    sa.Column("comparison", sa.String(HASH), sa.ForeignKey("comparisons.digest")),
    sa.Column("forgotten", sa.Boolean, nullable=False),
)

#: Rows are only ever added; the newest one says which model is in use.
promotions = sa.Table(
    "promotions",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("model", sa.String(HASH), sa.ForeignKey("models.digest"), nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Column("replaced", sa.String(HASH), sa.ForeignKey("models.digest")),
    sa.Column("comparison", sa.String(HASH), sa.ForeignKey("comparisons.digest")),
    sa.Column("gates", sa.JSON, nullable=False),
    sa.Column("overridden", sa.Boolean, nullable=False),
    sa.Column("returns_to", sa.Integer, sa.ForeignKey("promotions.number")),
)
