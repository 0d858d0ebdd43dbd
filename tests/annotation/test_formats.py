import base64
import io
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from matplotlib.path import Path as Outline
from PIL import Image
from scipy import ndimage

from cmdiad_core.annotation.formats import annotation_format, formats
from cmdiad_core.annotation.outlines import outlines
from cmdiad_core.annotation.shapes import polygon
from cmdiad_core.errors import InputError
from cmdiad_core.writing import write_file


@dataclass(frozen=True)
class Part:
    id: str
    file: str
    shape: tuple[int, int]
    path: Path = Path("/nowhere/a.png")


TYPES = {"dent": 1, "hot spot": 2, "a/b..": 7}
PARTS = [
    Part("test/dent/003", "test/dent/rgb/003.png", (50, 70)),
    Part("Zellen/ä b/003", "Zellen/ä b/003.png", (33, 41)),
    Part("empty", "empty.png", (9, 9)),
]


def write(one, target, masks):
    for path, content in one.files(target, masks, TYPES):
        write_file(path, content)


@pytest.fixture
def masks():
    """Return blobs of three types with holes, touching the edges."""
    rng = np.random.default_rng(5)
    found = []
    for part in PARTS[:2]:
        mask = np.zeros(part.shape, np.uint8)
        for value in TYPES.values():
            noise = ndimage.gaussian_filter(rng.normal(size=part.shape), 1.5)
            mask[noise > 0.12] = value
        found.append((part, mask))
    return [*found, (PARTS[2], np.zeros(PARTS[2].shape, np.uint8))]


@pytest.mark.parametrize("name", formats())
def test_what_was_written_is_read_back_exactly(name, masks, tmp_path):
    one = annotation_format(name)
    write(one, tmp_path / "out", masks)
    read = one.read(tmp_path / "out", PARTS, TYPES)
    for part, mask in masks:
        np.testing.assert_array_equal(read.get(part.id, np.zeros(part.shape)), mask)


@pytest.mark.parametrize("seed", range(5))
def test_outlines_hold_the_centres_of_their_pixels(seed):
    mask = np.random.default_rng(seed).random((20, 25)) < 0.6
    rows, columns = np.mgrid[:20, :25] + 0.5
    places = np.stack([rows.ravel(), columns.ravel()], axis=1)
    inside = np.zeros(mask.size, bool)
    for rings in outlines(mask):
        held = [Outline(ring).contains_points(places) for ring in rings]
        inside ^= np.logical_xor.reduce(held)
        np.testing.assert_array_equal(
            polygon(rings, mask.shape).on_grid(mask.shape).ravel(), np.logical_xor.reduce(held)
        )
    np.testing.assert_array_equal(inside.reshape(mask.shape), mask)


def test_masks_lie_where_mvtec_has_them(masks, tmp_path):
    write(annotation_format("mvtec"), tmp_path, masks)
    with Image.open(tmp_path / "ground_truth" / "hot spot" / "test" / "dent" / "003.png") as image:
        pixels = np.asarray(image)
    np.testing.assert_array_equal(pixels, (masks[0][1] == 2) * np.uint8(255))
    everything = {str(p.relative_to(tmp_path)).split("/")[0] for p in tmp_path.rglob("*")}
    assert everything == {"ground_truth"}
    assert (tmp_path / "ground_truth" / "a%2Fb..").is_dir()


def test_part_id_cannot_lead_out_of_the_folder(tmp_path):
    part = Part("../../x", "x.png", (4, 4))
    mask = np.ones((4, 4), np.uint8)
    one = annotation_format("mvtec")
    write(one, tmp_path / "a" / "b", [(part, mask)])
    assert not list(tmp_path.glob("*.png"))
    assert len(list((tmp_path / "a" / "b").rglob("x.png"))) == 1
    np.testing.assert_array_equal(one.read(tmp_path / "a" / "b", [part], TYPES)[part.id], mask)


def coco_counts(mask):
    """Count runs pixel by pixel, as the definition has it: columns first, outside first."""
    counts, before = [0], False
    for column in range(mask.shape[1]):
        for row in range(mask.shape[0]):
            if bool(mask[row, column]) is not before:
                counts.append(0)
                before = not before
            counts[-1] += 1
    return counts


def coco_string(counts):
    """Pack runs as `rleToString` of the COCO tools does."""
    packed = ""
    for place, count in enumerate(counts):
        x = count - counts[place - 2] if place > 2 else count
        more = True
        while more:
            bits, x = x & 0x1F, x >> 5
            more = x != -1 if bits & 0x10 else x != 0
            packed += chr((bits | 0x20 if more else bits) + 48)
    return packed


def coco(segmentation, **image):
    part = PARTS[0]
    image = {"id": 4, "file_name": "003.png", "width": 70, "height": 50, **image}
    image["file_name"] = image["file_name"].replace("003.png", part.file)
    return {
        "images": [image],
        "categories": [{"id": 90, "name": "dent"}],
        "annotations": [{"image_id": 4, "category_id": 90, "segmentation": segmentation}],
    }


def test_coco_runs_and_boxes_are_as_defined(masks, tmp_path):
    write(annotation_format("coco"), tmp_path, masks)
    content = json.loads((tmp_path / "annotations.json").read_text())
    assert [one["file_name"] for one in content["images"]] == [part.file for part in PARTS]
    crowds = [one for one in content["annotations"] if one["iscrowd"]]
    assert crowds
    assert len(crowds) < len(content["annotations"])
    for one in content["annotations"]:
        height, width = PARTS[one["image_id"] - 1].shape
        rows, columns = np.mgrid[:height, :width] + 0.5
        if one["iscrowd"]:
            inside, flat = np.zeros(height * width, bool), 0
            for place, count in enumerate(one["segmentation"]["counts"]):
                inside[flat : flat + count] = place % 2
                flat += count
            inside = inside.reshape((height, width), order="F")
            assert coco_counts(inside) == one["segmentation"]["counts"]
        else:
            corners = np.reshape(one["segmentation"][0], (-1, 2))
            places = np.stack([columns.ravel(), rows.ravel()], axis=1)
            inside = Outline(corners).contains_points(places).reshape(height, width)
        at = np.argwhere(inside)
        (top, left), (bottom, right) = at.min(axis=0), at.max(axis=0) + 1
        assert one["bbox"] == [left, top, right - left, bottom - top]
        assert one["area"] == inside.sum()


def test_coco_runs_from_other_tools(masks, tmp_path):
    inside = masks[0][1] == 1
    for counts in (coco_counts(inside), coco_string(coco_counts(inside))):
        path = tmp_path / "other.json"
        path.write_text(json.dumps(coco({"size": [50, 70], "counts": counts})))
        read = annotation_format("coco").read(path, PARTS, TYPES)
        np.testing.assert_array_equal(read[PARTS[0].id], inside)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "is no COCO file"),
        ("[]", "is no COCO file"),
        (coco([[1, 1, 5, 5]]), "polygon of 4 numbers"),
        (coco([[1, 1, 5, 5, 1e400, 3]]), "not a number|is no COCO file"),
        (coco([[0, 0, 9, 50] * 500_000]), "more than can be drawn"),
        (coco({"size": [50, 70], "counts": [1, 2]}), "do not add up"),
        (coco({"size": [50, 70], "counts": [-1, 3501]}), "is no COCO file"),
        (coco({"size": [50, 70], "counts": [10**30]}), "do not add up|is no COCO file"),
        (coco({"size": [50, 70], "counts": "\u20ac~"}), "no COCO tool"),
        (coco({"size": [5, 7], "counts": [35]}), "instead of"),
        (coco([], width=71), "71 x 50 pixels"),
        (coco([], file_name="nowhere.png"), "no part"),
        (coco([], id=5), "does not list"),
        (
            {**coco([]), "categories": [{"id": 90, "name": "rust"}]},
            "'rust'; there are a/b.., dent, hot spot",
        ),
    ],
)
def test_bad_coco_is_one_sentence(content, sentence, tmp_path):
    path = tmp_path / "bad.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(InputError, match=sentence) as told:
        annotation_format("coco").read(path, PARTS, TYPES)
    assert str(told.value).startswith(str(path))
    assert "\n" not in str(told.value)


def test_negative_corners_are_cut_off(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(coco([[-10, -10, 20, -10, 20, 5, -10, 5]])))
    mask = annotation_format("coco").read(path, PARTS, TYPES)[PARTS[0].id]
    expected = np.zeros(PARTS[0].shape)
    expected[:5, :20] = 1
    np.testing.assert_array_equal(mask, expected)


def labelme(**shape):
    shape = {"label": "dent", "points": [[0, 0], [9, 0], [9, 9]], "shape_type": "polygon"} | shape
    return {"imagePath": "003.png", "imageHeight": 50, "imageWidth": 70, "shapes": [shape]}


def png(pixels):
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


def test_labelme_rectangles_and_masks_of_other_programs(tmp_path):
    path = tmp_path / "a.json"
    one = annotation_format("labelme")
    path.write_text(json.dumps(labelme(shape_type="rectangle", points=[[3, 4], [10, 9]])))
    expected = np.zeros(PARTS[0].shape)
    expected[4:9, 3:10] = 1
    np.testing.assert_array_equal(one.read(path, PARTS[:1], TYPES)[PARTS[0].id], expected)
    inside = np.random.default_rng(1).random((6, 8)) < 0.5
    shape = {"shape_type": "mask", "points": [[3, 4], [10, 9]], "mask": png(inside)}
    path.write_text(json.dumps(labelme(**shape)))
    expected[:] = 0
    expected[4:10, 3:11] = inside
    np.testing.assert_array_equal(one.read(path, PARTS[:1], TYPES)[PARTS[0].id], expected)


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        ({"label": "rust"}, "'rust'"),
        ({"points": [[1, 1]]}, "polygon of 2 numbers"),
        ({"shape_type": "circle"}, "'circle'"),
        ({"shape_type": "mask", "mask": "!!"}, "no PNG"),
        ({"shape_type": "mask", "mask": base64.b64encode(b"x").decode()}, "no PNG"),
        ({"shape_type": "mask", "points": [[66, 4]], "mask": png(np.ones((6, 8), bool))}, "beside"),
        ({"shape_type": "mask", "points": [[-1, 4]], "mask": png(np.ones((6, 8), bool))}, "beside"),
    ],
)
def test_bad_labelme_is_one_sentence(shape, sentence, tmp_path):
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(labelme(**shape)))
    with pytest.raises(InputError, match=sentence):
        annotation_format("labelme").read(path, PARTS[:1], TYPES)


def test_image_that_two_parts_have_is_not_guessed(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(labelme()))
    with pytest.raises(InputError, match="several parts"):
        annotation_format("labelme").read(path, PARTS, TYPES)


def test_bad_masks_are_one_sentence(tmp_path):
    one = annotation_format("mvtec")
    with pytest.raises(InputError, match="has no masks"):
        one.read(tmp_path, PARTS, TYPES)
    path = tmp_path / "ground_truth" / "dent" / "test" / "dent" / "003.png"
    path.parent.mkdir(parents=True)
    Image.new("L", (9, 9)).save(path)
    with pytest.raises(InputError, match="has 9 x 9 pixels"):
        one.read(tmp_path, PARTS, TYPES)
    path.write_bytes(b"no image")
    with pytest.raises(InputError, match=r"003\.png"):
        one.read(tmp_path, PARTS, TYPES)
    with pytest.raises(InputError, match="is no format; there are coco, labelme, mvtec"):
        annotation_format("yolo")


def test_labelme_finds_an_image_beside_or_below_its_file(tmp_path):
    one, mask = annotation_format("labelme"), np.ones((4, 4), np.uint8)
    parts = [
        Part(f"{name}/003", f"{name}/rgb/003.png", (4, 4), tmp_path / name / "rgb" / "003.png")
        for name in ("a", "b")
    ]
    write(one, tmp_path, [(part, mask) for part in parts])
    for part in parts:
        path = part.path.with_suffix(".json")
        assert path.parent / json.loads(path.read_text())["imagePath"] == part.path
    assert one.read(tmp_path, parts, TYPES).keys() == {"a/003", "b/003"}
    write(one, tmp_path / "elsewhere", [(parts[0], mask)])
    path = tmp_path / "elsewhere" / "a" / "rgb" / "003.json"
    assert json.loads(path.read_text())["imagePath"] == "a/rgb/003.png"
    assert one.read(path, parts, TYPES).keys() == {"a/003"}
