"""Defects as people mark them: one label mask a part, changed stroke by stroke."""

from cmdiad_core.annotation.annotation import Annotation
from cmdiad_core.annotation.area import Area
from cmdiad_core.annotation.history import Journal
from cmdiad_core.annotation.journal import StrokeJournal
from cmdiad_core.annotation.marked import marked_types

__all__ = ["Annotation", "Area", "Journal", "StrokeJournal", "marked_types"]
