"""The limits of `digitus serve`: each is an option, whose help states the default."""

import dataclasses

import click
import pytest

from digitus.cli.serve import serve
from digitus.cli.service_options import _LIMITS
from digitus.web.limits import Limits, n_cores


def test_every_limit_is_an_option():
    assert set(_LIMITS) == {field.name for field in dataclasses.fields(Limits)}


@pytest.mark.parametrize("name", list(_LIMITS))
def test_the_help_states_the_default(name):
    value = getattr(Limits(), name)
    stated = {"workers": "one for each core", "pixels": "100 million"}
    wanted = stated.get(name, f"{value:g}")
    assert f"[default: {wanted}]" in _LIMITS[name][3]
    assert Limits().workers == n_cores()


@pytest.mark.parametrize(
    ("option", "value"),
    [("--workers", "0"), ("--page-timeout", "nan"), ("--worker-memory", "100")],
)
def test_a_limit_out_of_range_is_refused(option, value):
    with pytest.raises(click.BadParameter):
        serve.make_context("serve", [option, value])


def test_a_database_of_another_kind_is_one_sentence(digitus, tmp_path):
    result = digitus(
        "serve", "--no-open", "--port", 0, "--data-folder", tmp_path, "--database", "mysql://a/b"
    )
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("digitus: --database mysql://a/b: expected")


def test_a_folder_that_cannot_be_written_is_one_sentence(digitus, tmp_path):
    (tmp_path / "file").write_text("")
    folder = tmp_path / "file" / "data"
    result = digitus("serve", "--no-open", "--port", 0, "--data-folder", folder)
    assert (result.code, result.out) == (1, "")
    assert str(tmp_path / "file") in result.err
