"""Any vision transformer that the library transformers loads from a folder."""

import json
from pathlib import Path
from typing import ClassVar

import torch
from torch import Tensor, nn

from cmdiad_core.encoders._encoder import FeatureMap
from cmdiad_core.encoders._image_network import IMAGENET, PATCHES, network_input, on_patch_grid
from cmdiad_core.encoders._pretrained import Pretrained
from cmdiad_core.errors import InputError
from cmdiad_core.modalities import Kind
from cmdiad_core.sample import Measurement


class HuggingFace(Pretrained):
    """Features of the last layer of a vision transformer such as DINOv2 or DINOv3.

    Nothing is downloaded: the source is a folder with ``config.json`` and
    ``model.safetensors``, or the name of a model in the Hugging Face cache of this machine.
    """

    name: ClassVar[str] = "huggingface"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.IMAGE})
    native_grid: ClassVar[int] = PATCHES

    def encode(self, values: Measurement) -> FeatureMap:
        """Return features (h, w, width of the model) of an image."""
        image = network_input(values, self._patch, *self._colours)
        with torch.inference_mode():
            features = _features(self._network, image.to(self._device, self._type), self._patch)
            return on_patch_grid(features, (values.shape[0], values.shape[1]))

    def _load(self, source: str) -> nn.Module:
        if not source:
            raise InputError("encoder huggingface", "needs a model: huggingface:FOLDER")
        try:
            from transformers import AutoModel
            from transformers.utils.logging import disable_progress_bar
        except ImportError as error:
            raise InputError(
                "encoder huggingface", 'needs: pip install "cmdiad[huggingface]"'
            ) from error
        disable_progress_bar()
        try:
            loaded, report = AutoModel.from_pretrained(
                source, local_files_only=True, use_safetensors=True, output_loading_info=True
            )
            self._colours = _colours(source)
        except Exception as error:  # what can be wrong with a folder takes many forms in there
            raise InputError(
                source,
                "holds no model that transformers can load (config.json and model.safetensors), "
                "and is not in the Hugging Face cache of this machine",
            ) from error
        # Transformers fills what a file lacks with random numbers. The pooler is not used.
        lacking = [n for n in sorted(report["missing_keys"]) if not n.startswith("pooler")]
        if lacking:
            raise InputError(source, f"lacks {lacking[0]} and so {len(lacking)} entries in all")
        # The same each time, or a model would not find the weights again that it was trained with.
        for name in report["missing_keys"]:
            loaded.state_dict()[name].zero_()
        network: nn.Module = loaded.eval()
        try:
            self._patch = int(loaded.config.patch_size)
            _features(network, torch.zeros(1, 3, 4 * self._patch, 4 * self._patch), self._patch)
        except Exception as error:
            raise InputError(
                source, "is no vision transformer with one token for each square patch"
            ) from error
        return network


def _features(network: nn.Module, images: Tensor, patch: int) -> Tensor:
    """Return the last layer's features (1, channels, h, w) of images (1, 3, h, w times patch)."""
    height, width = (side // patch for side in images.shape[2:])
    tokens: Tensor = network(pixel_values=images, interpolate_pos_encoding=True).last_hidden_state
    # Class and register tokens come first.
    planes = tokens[:, -height * width :].transpose(1, 2)
    return planes.reshape(1, tokens.shape[2], height, width)


def _colours(source: str) -> tuple[list[float], list[float]]:
    """Return mean and deviation of the colours that a model was trained on."""
    from transformers.utils import cached_file

    name = "preprocessor_config.json"
    found = cached_file(
        source, name, local_files_only=True, _raise_exceptions_for_missing_entries=False
    )
    settings = json.loads(Path(found).read_text("utf-8")) if found else {}
    mean, deviation = (
        [float(value) for value in settings.get(key, usual)]
        for key, usual in zip(("image_mean", "image_std"), IMAGENET, strict=True)
    )
    return mean, deviation


ENCODER = HuggingFace
