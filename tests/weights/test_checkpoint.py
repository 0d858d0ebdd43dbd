import argparse
import io
import json
import os
import pickle
import struct
import zipfile

import pytest
import torch
from safetensors.torch import save_file

from cmdiad_core.encoders import published_weights
from cmdiad_core.encoders._point_mae import PointMAE
from cmdiad_core.encoders._vision_transformer import VisionTransformer
from cmdiad_core.errors import InputError
from cmdiad_core.weights import digest, read_checkpoint


def _under(prefix, state):
    return {prefix + name: value for name, value in state.items()}


def _student(state):
    return {name: torch.zeros_like(value) for name, value in state.items()}


FORMS = {
    "plain, as of DINO and timm": lambda s: s,
    "a training checkpoint of DINO": lambda s: {
        "student": _under("backbone.", _student(s)) | {"head.weight": torch.ones(1)},
        "teacher": _under("module.backbone.", s) | {"head.weight": torch.ones(1)},
        "optimizer": {"state": {0: {"exp_avg": torch.ones(3)}}, "param_groups": [{"lr": 1e-4}]},
        "args": argparse.Namespace(arch="vit_base", patch_size=8),
        "epoch": 100,
    },
    "pretraining of Point-MAE": lambda s: {
        "base_model": _under("module.MAE_encoder.", s)
        | {"module.MAE_decoder.norm.weight": torch.ones(3), "module.mask_token": torch.ones(1)},
        "epoch": 300,
    },
    "flat and distributed": lambda s: {"state_dict": _under("module.", s)},
    "half precision": lambda s: {n: v.half() if v.is_floating_point() else v for n, v in s.items()},
}


@pytest.mark.parametrize("form", FORMS)
def test_the_network_is_found_in_every_form(form, small, other, state, tmp_path):
    torch.save(FORMS[form](state), tmp_path / "file.pth")
    found, read = read_checkpoint(tmp_path / "file.pth", [other, small])
    assert found == small
    assert list(read) == list(state)
    for name, value in state.items():
        torch.testing.assert_close(read[name], value, rtol=1e-3, atol=1e-3)
        assert read[name].dtype == value.dtype


@pytest.mark.parametrize("legacy", [False, True])
def test_files_of_any_age_and_safetensors_hold_the_same(legacy, small, state, tmp_path):
    torch.save(state, tmp_path / "a.pth", _use_new_zipfile_serialization=not legacy)
    save_file(state, tmp_path / "b.safetensors")
    digests = [
        digest(read_checkpoint(tmp_path / n, [small])[1]) for n in ("a.pth", "b.safetensors")
    ]
    assert digests[0] == digests[1] == digest(state)


def test_the_digest_depends_on_names_shapes_and_values(state):
    changed = [
        {name.replace("norm", "nrom"): value for name, value in state.items()},
        {n: v.t() if v.ndim == 2 else v for n, v in state.items()},
        {n: v + 1e-6 if v.ndim == 2 else v for n, v in state.items()},
    ]
    assert len({digest(one) for one in [state, *changed]}) == 4


def _without(state, name):
    return {n: v for n, v in state.items() if n != name}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda s: _without(s, "norm.bias"), "small as published: it lacks norm.bias$"),
        (lambda s: s | {"fc.weight": torch.ones(2)}, "it also has fc.weight$"),
        (
            lambda s: s | {"blocks.0.weight": torch.ones(3, 3)},
            "blocks.0.weight is 3 x 3 instead of 2 x 3$",
        ),
        (
            lambda s: s | {"norm.weight": torch.tensor([1, float("nan"), 1])},
            "norm.weight holds values that are no numbers$",
        ),
        (
            lambda s: s | {"norm.weight": torch.tensor([1, 1e60, 1], dtype=torch.float64)},
            "norm.weight holds values that are no numbers$",
        ),
        (
            lambda s: s | {"norm.running_var": torch.tensor([1.0, -1.0, 1.0])},
            "norm.running_var holds variances below 0$",
        ),
        (lambda s: {"a": torch.ones(1)}, "does not hold other or small: it has a$"),
        (lambda s: {"epoch": 3}, "it has no tensors$"),
        (lambda s: [1, 2], "it has no tensors$"),
    ],
)
def test_what_does_not_fit_is_named(change, sentence, small, other, state, tmp_path):
    torch.save(change(state), tmp_path / "file.pth")
    with pytest.raises(InputError, match=sentence) as caught:
        read_checkpoint(tmp_path / "file.pth", [other, small])
    assert str(tmp_path / "file.pth") in str(caught.value)


KINDS = {
    "complex": lambda v: v.to(torch.complex64),
    "whole numbers": lambda v: v.to(torch.int8),
    "truths": lambda v: v > 0,
    "float8": lambda v: v.to(torch.float8_e4m3fn),
    "without numbers": lambda v: v.to("meta"),
    "sparse": lambda v: v.to_sparse(),
    "sparse rows": lambda v: v.to_sparse_csr(),
    "quantised": lambda v: torch.quantize_per_tensor(v, 0.1, 0, torch.qint8),
    "nested": lambda v: torch.nested.nested_tensor([v[0], v[1, :1]]),
}


@pytest.mark.filterwarnings("ignore")  # torch says of some of them that they are new or old
@pytest.mark.parametrize("kind", KINDS)
def test_tensors_of_another_kind_are_named(kind, small, state, tmp_path):
    changed = state | {"blocks.0.weight": KINDS[kind](state["blocks.0.weight"])}
    torch.save(changed, tmp_path / "file.pth")
    with pytest.raises(InputError, match=r"blocks\.0\.weight is no plain tensor"):
        read_checkpoint(tmp_path / "file.pth", [small])


def test_float8_in_safetensors_is_named(small, state, tmp_path):
    changed = state | {"norm.bias": state["norm.bias"].to(torch.float8_e4m3fn)}
    save_file(changed, tmp_path / "file.safetensors")
    with pytest.raises(InputError, match=r"norm\.bias is no plain tensor"):
        read_checkpoint(tmp_path / "file.safetensors", [small])


class _Hostile:
    def __init__(self, trace):
        self.trace = trace

    def __reduce__(self):
        return os.mkdir, (str(self.trace),)


@pytest.mark.parametrize("legacy", [False, True])
def test_a_hostile_pickle_is_refused_and_not_run(legacy, small, state, tmp_path):
    hostile = state | {"extra": _Hostile(tmp_path / "trace")}
    torch.save(hostile, tmp_path / "file.pth", _use_new_zipfile_serialization=not legacy)
    with pytest.raises(InputError, match="more than tensors and is refused; nothing in it was run"):
        read_checkpoint(tmp_path / "file.pth", [small])
    assert not (tmp_path / "trace").exists()


@pytest.mark.filterwarnings("error")
def test_a_plain_pickle_is_refused_without_a_warning(small, tmp_path):
    (tmp_path / "file.pth").write_bytes(pickle.dumps(_Hostile(tmp_path / "trace"), protocol=4))
    with pytest.raises(InputError, match="nothing in it was run"):
        read_checkpoint(tmp_path / "file.pth", [small])
    assert not (tmp_path / "trace").exists()


def _bomb():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data/0", bytes(10**7))
    return content.getvalue()


def _cyclic():
    content = {}
    content["content"] = content
    return pickle.dumps(content)


def _shared():
    """Return thirty dictionaries of which each holds the next twice."""
    content = {}
    for _ in range(30):
        content = {"a": content, "b": content}
    file = io.BytesIO()
    torch.save(content, file)
    return file.getvalue()


HUGE = json.dumps({"a": {"dtype": "F32", "shape": [10**12], "data_offsets": [0, 4 * 10**12]}})


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is damaged"),
        (b"hello", "is damaged"),
        (b"PK\x03\x04", "is damaged"),
        (_bomb(), "would unpack to 10 MB"),
        (_cyclic(), "is damaged"),
        (_shared(), "is damaged"),
        (struct.pack("<Q", len(HUGE)) + HUGE.encode(), "is damaged"),
        (struct.pack("<Q", 2**60) + b"{", "is damaged"),
    ],
)
def test_damaged_and_hostile_files_are_bad_input(content, sentence, small, tmp_path):
    (tmp_path / "file.pth").write_bytes(content)
    with pytest.raises(InputError, match=sentence):
        read_checkpoint(tmp_path / "file.pth", [small])


@pytest.mark.parametrize("suffix", ["pth", "safetensors"])
def test_a_file_that_ends_early_is_bad_input(suffix, small, state, tmp_path):
    path = tmp_path / f"file.{suffix}"
    torch.save(state, path) if suffix == "pth" else save_file(state, path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(InputError, match="is damaged"):
        read_checkpoint(path, [small])


def test_a_missing_file_is_bad_input(small, tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_checkpoint(tmp_path / "none.pth", [small])
    with pytest.raises(InputError, match="cannot be read"):
        read_checkpoint(tmp_path, [small])


@pytest.mark.parametrize(
    ("module", "prefix", "name"),
    [(VisionTransformer, "", "dino_vitb8"), (PointMAE, "MAE_encoder.", "point_mae")],
)
def test_the_published_networks_are_told_apart(module, prefix, name, tmp_path):
    with torch.device("meta"):
        entries = module().state_dict().items()
    # One number repeated takes no room in the file.
    state = {
        entry: torch.tensor(number, dtype=value.dtype).expand(value.shape)
        for number, (entry, value) in enumerate(entries)
    }
    torch.save({"base_model": _under(prefix, state)}, tmp_path / "file.pth")
    found, read = read_checkpoint(tmp_path / "file.pth", published_weights())
    assert found.name == name
    assert all(torch.equal(read[entry], value) for entry, value in state.items())
