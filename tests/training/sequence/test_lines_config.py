"""The config of the preset ``lines``."""

import pytest

from digitus.training.sequence.lines_config import LinesConfig


def test_the_defaults_are_the_numbers_of_the_shipped_file():
    config = LinesConfig()
    assert config.written_lines == 50_000
    assert (config.first_round, config.epochs - config.first_round) == (13, 15)
    assert (config.scorer_lines, config.text_weight_lines) == (4_000, 500)
    assert (config.calibration_lines, config.curve_strings) == (6_000, 2_000)
    assert (config.curve_pages, config.scorer_images) == (210, 3_000)


def test_fewer_lines_are_fewer_of_everything():
    full, small = LinesConfig(), LinesConfig(lines=200)
    for name in ("written_lines", "scorer_lines", "calibration_lines", "curve_strings"):
        assert getattr(small, name) == getattr(full, name) // 100


@pytest.mark.parametrize(
    "wrong", [{"lines": 49}, {"epochs": -1}, {"validation": 999}, {"threads": 0}, {"rate": 0.0}]
)
def test_a_number_out_of_range_is_refused_by_name(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        LinesConfig(**wrong)
