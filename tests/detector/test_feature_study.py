from functools import cache

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.data.loading import load_sample
from cmdiad_core.detector import Detector
from cmdiad_core.inspection import Provenance

PATCH = (20, 31)


@pytest.fixture(scope="module")
def trained(demo_model):
    return Detector.load(demo_model, "cpu")


@pytest.fixture(scope="module")
def inspected_part(demo_data):
    part = next(part for part in open_dataset(demo_data).split("test") if len(part.files) > 1)
    return load_sample(part)


@pytest.fixture(scope="module")
def features(trained):
    """Return a function: the features of a training part from its file, in feature space."""

    @cache
    def of(number, name):
        measured = load_sample(trained.training_parts[number]).measured[name]
        return trained.sources.spaces[name](trained.encoders[name].encode(measured))

    return of


@pytest.mark.parametrize("name", ["rgb", "cloud"])
def test_a_bank_entry_is_what_its_origin_looks_like(trained, features, name):
    bank = trained.sources.banks[name]
    for entry, (number, row, column) in zip(bank.entries, bank.origins.tolist(), strict=True):
        assert trained.training_parts[number].files[name].is_absolute()
        np.testing.assert_allclose(features(number, name)[row, column], entry, atol=1e-5)
    assert len(set(bank.origins[:, 0].tolist())) > 1


@pytest.mark.parametrize(("source", "target"), [("rgb", "cloud"), ("cloud", "rgb")])
def test_an_entry_of_predictions_is_what_is_predicted_at_its_origin(
    trained, features, source, target
):
    bank = trained.sources.banks[f"{source}>{target}"]
    origins = bank.origins.tolist()
    for entry, (number, row, column) in list(zip(bank.entries, origins, strict=True))[::15]:
        predicted = trained.sources.distillers[source, target](features(number, source))[0]
        np.testing.assert_allclose(predicted[row, column], entry, atol=1e-5)


def test_neighbours_are_those_of_a_search_through_all(trained, inspected_part):
    study = trained.study(trained.inspect(inspected_part), "rgb")
    for given, bank, found in (
        (study.measured, "rgb", study.measured_neighbours(*PATCH, 5)),
        (
            trained.sources.distillers["cloud", "rgb"](
                trained.inspect(inspected_part).modalities["cloud"].measured_features
            )[0],
            "cloud>rgb",
            study.predicted_neighbours(*PATCH, 5),
        ),
    ):
        entries, origins = trained.sources.banks[bank].entries, trained.sources.banks[bank].origins
        distance = cdist(given[PATCH][None], entries)[0]
        nearest = np.argsort(distance)[:5]
        np.testing.assert_allclose([n.distance for n in found], distance[nearest], rtol=1e-3)
        places = [(n.part, n.row, n.column) for n in found]
        assert places == [(trained.training_parts[p], r, c) for p, r, c in origins[nearest]]
        assert {n.predicted_from for n in found} == {"cloud" if ">" in bank else ""}


def test_the_signed_distance_is_measured_minus_predicted(trained, inspected_part):
    inspection = trained.inspect(inspected_part)
    study = trained.study(inspection, "cloud")
    given = inspection.modalities["rgb"].measured_features
    predicted = trained.sources.distillers["rgb", "cloud"](given)[0]
    own, other = (trained.sources.banks[name] for name in ("cloud", "rgb>cloud"))
    expected = own.distance(study.measured[PATCH]) - other.distance(predicted[PATCH])
    assert study.signed_distance()[PATCH] == pytest.approx(expected, abs=1e-3)


def test_what_was_not_measured_has_predicted_neighbours_only(trained, inspected_part):
    inspection = trained.inspect(inspected_part, using=("rgb",))
    study = trained.study(inspection, "cloud")
    assert inspection.modalities["cloud"].provenance is Provenance.PREDICTED
    assert study.signed_distance() is None
    assert study.measured_neighbours(*PATCH, 5) == []
    assert len(study.predicted_neighbours(*PATCH, 5)) == 5
    measured = trained.study(inspection, "rgb")
    assert measured.predicted_distance is None
    assert measured.predicted_neighbours(*PATCH, 5) == []


def test_a_patch_where_nothing_was_measured_has_no_neighbours(trained, inspected_part):
    inspection = trained.inspect(inspected_part)
    inspection.modalities["rgb"].measured_features[PATCH] = np.nan
    assert trained.study(inspection, "rgb").measured_neighbours(*PATCH, 5) == []


def test_several_predictions_are_averaged_and_their_neighbours_merged(fitted, part):
    inspection = fitted.inspect(part(50))
    study = fitted.study(inspection, "rgb")
    distances, mixed = [], []
    for source in ("cloud", "infrared"):
        given = inspection.modalities[source].measured_features
        predicted = fitted.sources.distillers[source, "rgb"](given)[0]
        bank = fitted.sources.banks[f"{source}>rgb"]
        distances.append(cdist(predicted[PATCH][None], bank.entries))
        mixed.append(bank.distance(predicted[PATCH]))
    assert study.predicted_distance[PATCH] == pytest.approx(np.mean(mixed), abs=1e-3)
    found = [neighbour.distance for neighbour in study.predicted_neighbours(*PATCH, 5)]
    np.testing.assert_allclose(found, np.sort(np.concatenate(distances, axis=1))[0, :5], atol=1e-3)
    assert study.measured_neighbours(*PATCH, 1)[0].part.id.startswith("part/")
