import numpy as np
import pytest

from cmdiad_core.scoring import OneClassSVM


@pytest.fixture(scope="module")
def normal():
    rng = np.random.default_rng(0)
    return rng.normal([2.0, 1.0], 0.1, (400, 2))


def test_the_margin_of_the_definition(normal):
    # nu: about that share of the normal parts lies on the wrong side of the margin.
    layer = OneClassSVM.fit(normal)
    assert np.mean(layer(normal) < layer.offset) == pytest.approx(0.5, abs=0.1)


def test_sources_with_larger_scores_count_more(normal):
    # What the published pipelines suffer from (R3), and why scores are scaled first.
    layer = OneClassSVM.fit(normal)
    assert layer.coefficients[0] / layer.coefficients[1] == pytest.approx(2, rel=0.1)


def test_fitting_is_repeatable_and_maps_are_scored_pixel_by_pixel(normal):
    layer, again = OneClassSVM.fit(normal), OneClassSVM.fit(normal)
    np.testing.assert_array_equal(layer.coefficients, again.coefficients)
    planes = np.arange(12.0).reshape(2, 3, 2)
    expected = planes[..., 0] * layer.coefficients[0] + planes[..., 1] * layer.coefficients[1]
    np.testing.assert_allclose(layer(planes), expected)
