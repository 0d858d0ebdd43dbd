"""What is handed on of an inspection: overlays, a page for a batch, a record for programs."""

from cmdiad_core.report.html import write_report
from cmdiad_core.report.overlay import write_overlays
from cmdiad_core.report.page import render
from cmdiad_core.report.record import record

__all__ = ["record", "render", "write_overlays", "write_report"]
