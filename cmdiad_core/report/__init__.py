"""What is handed on of an inspection: overlays, reports, a table of regions, a record."""

from cmdiad_core.report.colour_scale import ColourScale
from cmdiad_core.report.drawn import drawn
from cmdiad_core.report.html import write_html
from cmdiad_core.report.judgement import Judgement
from cmdiad_core.report.overlay import write_overlays, write_picture
from cmdiad_core.report.page import render
from cmdiad_core.report.pdf import write_pdf
from cmdiad_core.report.record import record
from cmdiad_core.report.regions import RegionTable, spreadsheet_text
from cmdiad_core.report.report import Report

__all__ = [
    "ColourScale",
    "Judgement",
    "RegionTable",
    "Report",
    "drawn",
    "record",
    "render",
    "spreadsheet_text",
    "write_html",
    "write_overlays",
    "write_pdf",
    "write_picture",
]
