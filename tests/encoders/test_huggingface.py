"""Small vision transformers with random weights, saved as transformers does."""

import json

import numpy as np
import pytest
import torch

from cmdiad_core.encoders import encoder, patch_grid
from cmdiad_core.encoders._image_network import network_input
from cmdiad_core.errors import InputError

#: Imported by the first test, not while tests are collected: that takes seconds.
transformers = None


@pytest.fixture(scope="module", autouse=True)
def _transformers():
    global transformers
    transformers = pytest.importorskip("transformers")


SMALL = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}


def _vit():
    config = transformers.ViTConfig(**SMALL, intermediate_size=64, patch_size=8, image_size=224)
    return transformers.ViTModel(config, add_pooling_layer=False)


def _dinov2():
    config = transformers.Dinov2WithRegistersConfig(**SMALL, patch_size=14, num_register_tokens=4)
    return transformers.Dinov2WithRegistersModel(config)


def _dinov3():
    config = transformers.DINOv3ViTConfig(
        **SMALL, intermediate_size=64, patch_size=16, num_register_tokens=4
    )
    return transformers.DINOv3ViTModel(config)


@pytest.fixture(params=[_vit, _dinov2, _dinov3])
def model(request):
    torch.manual_seed(3)
    return request.param().eval()


@pytest.fixture
def image():
    return np.random.default_rng(0).random((60, 90, 3), np.float32)


def test_features_are_those_of_the_patches_in_their_places(model, image, tmp_path):
    model.save_pretrained(tmp_path)
    colours = {"image_mean": [0.5, 0.4, 0.3], "image_std": [0.2, 0.3, 0.4]}
    (tmp_path / "preprocessor_config.json").write_text(json.dumps(colours), "utf-8")
    features = encoder(f"huggingface:{tmp_path}", "rgb", "cpu").encode(image)
    given = network_input(image, model.config.patch_size, *colours.values())
    with torch.inference_mode():
        tokens = model(given, interpolate_pos_encoding=True).last_hidden_state
    planes = tokens[:, -19 * 28 :].transpose(1, 2).reshape(1, -1, 19, 28)
    wanted = torch.nn.functional.interpolate(planes, patch_grid((60, 90)), mode="bilinear")
    error = features - wanted[0].permute(1, 2, 0).numpy()
    assert np.sqrt(np.square(error).mean()) < 0.03 * float(wanted.std())


def test_models_with_other_weights_have_another_digest(tmp_path):
    digests = set()
    for seed in (3, 3, 4):
        torch.manual_seed(seed)
        _vit().save_pretrained(tmp_path / str(seed))
        digests.add(encoder(f"huggingface:{tmp_path / str(seed)}", "rgb", "cpu").weights_sha256)
    assert len(digests) == 2


def test_a_pooler_that_the_file_lacks_is_no_part_of_the_digest(tmp_path):
    from safetensors.torch import load_file

    _vit().save_pretrained(tmp_path)
    assert not any(name.startswith("pooler") for name in load_file(tmp_path / "model.safetensors"))
    digests = {encoder(f"huggingface:{tmp_path}", "rgb", "cpu").weights_sha256 for _ in range(3)}
    assert len(digests) == 1


def test_entries_that_a_file_lacks_are_named_and_not_made_up(tmp_path):
    from safetensors.torch import load_file, save_file

    _vit().save_pretrained(tmp_path)
    state = load_file(tmp_path / "model.safetensors")
    save_file(
        {n: v for n, v in state.items() if "layernorm.bias" not in n},
        tmp_path / "model.safetensors",
        {"format": "pt"},
    )
    with pytest.raises(InputError, match=r"lacks .*layernorm\.bias"):
        encoder(f"huggingface:{tmp_path}", "rgb", "cpu")


def test_what_is_no_vision_transformer_is_bad_input(tmp_path):
    config = transformers.SwinConfig(embed_dim=8, depths=[1, 1], num_heads=[1, 1], window_size=2)
    transformers.SwinModel(config).save_pretrained(tmp_path / "swin")
    config = transformers.BertConfig(**SMALL, intermediate_size=64, vocab_size=10)
    transformers.BertModel(config).save_pretrained(tmp_path / "bert")
    for name in ("swin", "bert"):
        with pytest.raises(InputError, match="is no vision transformer"):
            encoder(f"huggingface:{tmp_path / name}", "rgb", "cpu")


def test_only_safetensors_are_read(tmp_path):
    model = _vit()
    model.config.save_pretrained(tmp_path)
    torch.save(model.state_dict(), tmp_path / "pytorch_model.bin")
    with pytest.raises(InputError, match=r"config\.json and model\.safetensors"):
        encoder(f"huggingface:{tmp_path}", "rgb", "cpu")


@pytest.mark.parametrize("source", ["", ":none/there", ":facebook/dinov2-base"])
def test_nothing_is_downloaded(source, tmp_path, monkeypatch):
    import socket

    def refuse(*_, **__):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    with pytest.raises(InputError, match=r"huggingface|Hugging Face cache"):
        encoder(f"huggingface{source}", "rgb", "cpu")
