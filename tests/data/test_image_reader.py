import struct
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image

from cmdiad_core.data.readers import modalities_in, read_file
from cmdiad_core.errors import InputError

RNG = np.random.default_rng(7)
COLOURS = RNG.integers(0, 256, (12, 17, 3), np.uint8)
DEEP_COLOURS = RNG.integers(0, 65536, (12, 17, 3), np.uint16)
GREYS = COLOURS[..., 0]
DEEP_GREYS = DEEP_COLOURS[..., 0]


def test_eight_bit_colours_keep_their_values(tmp_path: Path) -> None:
    for suffix in ("png", "bmp", "tif"):
        path = tmp_path / f"part.{suffix}"
        Image.fromarray(COLOURS).save(path)
        rgb = read_file(path, "rgb")["rgb"]
        assert rgb.dtype == np.float32
        np.testing.assert_allclose(rgb, COLOURS / 255, atol=1e-7)
        assert modalities_in(path) == ("rgb",)


def test_jpeg_is_what_pillow_decodes(tmp_path: Path) -> None:
    path = tmp_path / "part.JPG"
    Image.fromarray(COLOURS).save(path)
    with Image.open(path) as image:
        expected = np.asarray(image) / 255
    np.testing.assert_allclose(read_file(path, "rgb")["rgb"], expected, atol=1e-7)


@pytest.mark.parametrize("compression", [None, "lzw", "zlib", "zstd"])
@pytest.mark.parametrize("values", [COLOURS, DEEP_COLOURS], ids=["8 bit", "16 bit"])
def test_compressed_tiffs_with_predictor(
    tmp_path: Path, values: np.ndarray, compression: str | None
) -> None:
    path = tmp_path / "part.tiff"
    tifffile.imwrite(path, values, compression=compression, predictor=compression is not None)
    expected = values / np.iinfo(values.dtype).max
    np.testing.assert_allclose(read_file(path, "rgb")["rgb"], expected, atol=1e-7)


def test_tiff_with_separate_planes(tmp_path: Path) -> None:
    path = tmp_path / "part.tif"
    planes = np.moveaxis(COLOURS, 2, 0)
    tifffile.imwrite(path, planes, planarconfig="separate", photometric="rgb")
    np.testing.assert_allclose(read_file(path, "rgb")["rgb"], COLOURS / 255, atol=1e-7)


def test_twelve_bit_tiff_is_scaled_by_its_own_full_scale(tmp_path: Path) -> None:
    path = tmp_path / "part.tif"
    tifffile.imwrite(path, np.full((4, 8), 4095, np.uint16), bitspersample=12, compression="jpeg")
    np.testing.assert_allclose(read_file(path, "infrared")["infrared"], 1.0, atol=0.01)


def test_inverted_grey_tiff_is_turned_right(tmp_path: Path) -> None:
    path = tmp_path / "part.tif"
    tifffile.imwrite(path, 255 - GREYS, photometric="miniswhite")
    np.testing.assert_allclose(read_file(path, "infrared")["infrared"], GREYS / 255, atol=1e-7)


def test_black_and_white_tiff(tmp_path: Path) -> None:
    path = tmp_path / "part.tif"
    drawing = GREYS > 100
    for photometric, expected in (("minisblack", drawing), ("miniswhite", ~drawing)):
        tifffile.imwrite(path, drawing, photometric=photometric)
        np.testing.assert_array_equal(read_file(path, "infrared")["infrared"], expected)


def test_palette_tiff_is_expanded(tmp_path: Path) -> None:
    path = tmp_path / "part.tif"
    palette = RNG.integers(0, 65536, (3, 256), np.uint16)
    tifffile.imwrite(path, GREYS, photometric="palette", colormap=palette)
    expected = np.moveaxis(palette[:, GREYS], 0, 2) / 65535
    np.testing.assert_allclose(read_file(path, "rgb")["rgb"], expected, atol=1e-6)


def test_palette_of_two_colours_is_expanded(tmp_path: Path) -> None:
    """Neither Pillow nor tifffile writes one: it is put together by hand."""
    path, palette = tmp_path / "part.tif", (9, 65535, 700, 3, 40, 12000)
    tags = [
        (256, 4, 1, 8),
        (257, 4, 1, 2),
        (258, 3, 1, 1),
        (259, 3, 1, 1),
        (262, 3, 1, 3),
        (273, 4, 1, 8),
        (277, 3, 1, 1),
        (278, 4, 1, 2),
        (279, 4, 1, 2),
        (320, 3, 6, 10),
    ]
    entries = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    content = bytes([0b10100000, 0b00000001]) + struct.pack("<6H", *palette)
    start = 8 + len(content)
    path.write_bytes(
        struct.pack("<2sHI", b"II", 42, start)
        + content
        + struct.pack("<H", len(tags))
        + entries
        + bytes(4)
    )
    numbers = np.unpackbits(np.frombuffer(content[:2], np.uint8)).reshape(2, 8)
    expected = np.array(palette).reshape(3, 2).T[numbers] / 65535
    np.testing.assert_allclose(read_file(path, "rgb")["rgb"], expected, atol=1e-7)


def test_sixteen_bit_colour_png_keeps_its_lower_bits(tmp_path: Path) -> None:
    path = tmp_path / "part.png"
    path.write_bytes(imagecodecs.png_encode(DEEP_COLOURS))
    np.testing.assert_allclose(read_file(path, "rgb")["rgb"], DEEP_COLOURS / 65535, atol=1e-7)


def test_grey_becomes_three_channels_for_rgb(tmp_path: Path) -> None:
    for name, greys in (("a.png", GREYS), ("b.png", DEEP_GREYS)):
        Image.fromarray(greys).save(tmp_path / name)
        expected = np.repeat(greys[..., None] / np.iinfo(greys.dtype).max, 3, axis=2)
        rgb = read_file(tmp_path / name, "rgb")["rgb"]
        np.testing.assert_allclose(rgb, expected, atol=1e-7)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "CMYK", "L"])
def test_every_colour_mode_gives_what_pillow_shows(tmp_path: Path, mode: str) -> None:
    image = Image.fromarray(COLOURS).convert(mode)
    path = tmp_path / ("part.jpg" if mode == "CMYK" else "part.png")
    image.save(path)
    with Image.open(path) as stored:
        expected = np.asarray(stored.convert("RGB")) / 255
    np.testing.assert_allclose(read_file(path, "rgb")["rgb"], expected, atol=1e-7)


def test_alpha_is_dropped_not_blended(tmp_path: Path) -> None:
    path = tmp_path / "part.png"
    alpha = np.zeros((12, 17, 1), np.uint8)
    Image.fromarray(np.concatenate([COLOURS, alpha], axis=2)).save(path)
    np.testing.assert_allclose(read_file(path, "rgb")["rgb"], COLOURS / 255, atol=1e-7)


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_grey_with_transparency_is_grey(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"part.{suffix}"
    grey = COLOURS[..., 0]
    Image.merge("LA", [Image.fromarray(grey), Image.fromarray(255 - grey)]).save(path)
    np.testing.assert_allclose(read_file(path, "infrared")["infrared"], grey / 255, atol=1e-7)


def test_orientation_noted_in_the_file_is_not_applied(tmp_path: Path) -> None:
    path = tmp_path / "part.png"
    orientation = Image.Exif()
    orientation[0x0112] = 6
    Image.fromarray(COLOURS).save(path, exif=orientation)
    assert read_file(path, "rgb")["rgb"].shape == (12, 17, 3)


def test_infrared_of_integers_floats_and_equal_channels(tmp_path: Path) -> None:
    cases = {
        "eight.png": (GREYS, GREYS / 255),
        "sixteen.png": (DEEP_GREYS, DEEP_GREYS / 65535),
        "coded.png": (np.repeat(GREYS[..., None], 3, axis=2), GREYS / 255),
    }
    for name, (values, expected) in cases.items():
        Image.fromarray(values).save(tmp_path / name)
        greys = read_file(tmp_path / name, "infrared")["infrared"]
        assert greys.dtype == np.float32
        np.testing.assert_allclose(greys, expected, atol=1e-7)
    kelvin = (293 + RNG.random((12, 17))).astype(np.float32)
    tifffile.imwrite(tmp_path / "kelvin.tif", kelvin)
    found = read_file(tmp_path / "kelvin.tif", "infrared")["infrared"]
    np.testing.assert_array_equal(found, kelvin)


def test_false_colours_are_no_infrared(tmp_path: Path) -> None:
    Image.fromarray(COLOURS).save(tmp_path / "hot.png")
    with pytest.raises(InputError, match="false colours"):
        read_file(tmp_path / "hot.png", "infrared")


def test_names_with_spaces_and_umlauts(tmp_path: Path) -> None:
    path = tmp_path / "Prüfling Nr. 1" / "Ä ö ü 電池.png"
    path.parent.mkdir()
    Image.fromarray(COLOURS).save(path)
    assert read_file(path, "rgb")["rgb"].shape == (12, 17, 3)


def test_real_recording_is_what_pillow_reads(recordings: Path) -> None:
    path = next((recordings / "mvtec_3d_rgb" / "tire" / "test").glob("*/rgb/*.png"))
    with Image.open(path) as image:
        expected = np.asarray(image.convert("RGB")) / 255
    np.testing.assert_allclose(read_file(path, "rgb")["rgb"], expected, atol=1e-7)


def test_other_colours_than_red_green_and_blue_are_not_taken_for_them(tmp_path: Path) -> None:
    image = Image.new("RGB", (32, 32), (200, 30, 30))
    image.convert("YCbCr").save(tmp_path / "plain.tif")
    with pytest.raises(InputError, match="neither grey nor RGB"):
        read_file(tmp_path / "plain.tif", "rgb")
    # JPEG keeps them like that, too, but is decoded to RGB.
    image.save(tmp_path / "jpeg.tif", compression="jpeg")
    shown = read_file(tmp_path / "jpeg.tif", "rgb")["rgb"]
    np.testing.assert_allclose(shown, np.broadcast_to([200, 30, 30], (32, 32, 3)) / 255, atol=0.02)
