"""Pouch cells that never were: a demo data set of three modalities from one seed."""

from cmdiad_core.data.demo.data_set import generate
from cmdiad_core.data.demo.defects import DEFECTS, Defect
from cmdiad_core.data.demo.recipe import Flaw, Part, draw_part
from cmdiad_core.data.demo.render import Rendering, render

__all__ = ["DEFECTS", "Defect", "Flaw", "Part", "Rendering", "draw_part", "generate", "render"]
