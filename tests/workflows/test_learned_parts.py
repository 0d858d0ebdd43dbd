"""What a model learned from is known again, and nothing is learned from nothing."""

import shutil
from pathlib import Path

import pytest

from cmdiad_core.detector.lineage import Depth
from cmdiad_core.errors import InputError
from cmdiad_core.progress import silent
from cmdiad_core.workflows.compare import Gates, compare
from cmdiad_core.workflows.retrain import retrain


@pytest.fixture
def parts(demo_data, tmp_path):
    """Return a function that copies one modality of a test part to another data set."""

    def copy(data: str, kind: str, number: str, name: str) -> Path:
        place = Path("test") / kind / name
        source = next((demo_data / place).glob(f"{number}.*"))
        (tmp_path / data / place).mkdir(parents=True, exist_ok=True)
        shutil.copy(source, tmp_path / data / place)
        return tmp_path / data

    return copy


def test_a_part_taught_with_fewer_modalities_does_not_judge_the_candidate(
    demo_model, parts, tmp_path
):
    taught = parts("line", "good", "000", "rgb")
    for number, name in (("000", "rgb"), ("000", "xyz"), ("001", "rgb"), ("001", "xyz")):
        validation = parts("laboratory", "good", number, name)
    parts("laboratory", "dent", "000", "rgb")
    candidate = tmp_path / "candidate"
    retrain(
        demo_model,
        candidate,
        depth=Depth.TEACH,
        labels=taught,
        progress=silent,
        skipped=pytest.fail,
    )
    found = compare(
        demo_model, candidate, validation, gates=Gates(), progress=silent, skipped=pytest.fail
    )
    assert (found.n_validation, found.n_left_out, found.n_corrected) == (2, 1, 1)


@pytest.mark.parametrize("depth", [Depth.TEACH, Depth.REBUILD])
def test_nothing_is_made_of_parts_none_of_which_can_be_read(depth, demo_model, parts, tmp_path):
    labels = parts("line", "good", "000", "rgb")
    file = labels / "test" / "good" / "rgb" / "000.png"
    file.write_bytes(file.read_bytes()[:500])
    said: list[InputError] = []
    candidate = tmp_path / "candidate"
    with pytest.raises(InputError, match="no confirmed part that can be used") as caught:
        retrain(
            demo_model,
            candidate,
            depth=depth,
            labels=labels,
            progress=silent,
            skipped=said.append,
        )
    assert caught.value.where == labels
    assert [error.where for error in said] == [file]
    assert not candidate.exists()
