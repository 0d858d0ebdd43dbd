"""What people and stations said since a model was made, and which retraining that advises."""

import shutil
from dataclasses import replace

import pytest

from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.detector import Detector
from cmdiad_core.store import Store
from cmdiad_core.workflows.nearline import Match, take_in
from cmdiad_core.workflows.news import Kind, find_news


def _measured_again(store, part, root):
    """Take in the cloud and the result of a part that the line measured without it."""
    for station, names in (("line", ("rgb", "infrared")), ("near", ("cloud",))):
        for name in names:
            path = part.files[name]
            target = root / station / name / f"SN{path.suffix}"
            target.parent.mkdir(parents=True)
            shutil.copy(path, target)
    line, near = (open_dataset(root / station).parts[0] for station in ("line", "near"))
    near = replace(near, defective=part.defective)
    take_in([Match(near, line, "SN")], store, "Ada", source="CT", origin=root, skipped=pytest.fail)
    store.identify(line)


def test_only_good_parts_are_new_pairs(demo_model, demo_data, tmp_path):
    store = Store(tmp_path / "store.sqlite")
    model = Detector.load(demo_model, "cpu")
    parts = open_dataset(demo_data).split("test")
    good = next(part for part in parts if not part.defective)
    bad = [part for part in parts if part.defective]
    for number, part in enumerate((good, *bad)):
        _measured_again(store, part, tmp_path / str(number))
    news = find_news(store, demo_model, model)
    assert (news.good, news.defective) == (1, len(bad))
    assert len(news.parts[Kind.NEW_PAIR]) == 1
