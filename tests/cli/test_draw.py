"""``digitus draw``: the model for the window, and the error if no window can be opened."""

import pytest

from digitus.errors import WindowError


@pytest.mark.parametrize(("words", "model"), [((), None), (("--model", "mlp"), "mlp")])
def test_the_model_is_passed_to_the_window(digitus, monkeypatch, words, model):
    asked = []
    monkeypatch.setattr("digitus.desktop.run", lambda name: asked.append(name) or 0)
    assert digitus("draw", *words).code == 0
    assert asked == [model]


def test_an_error_of_the_window_is_exit_1_and_one_line(digitus, monkeypatch):
    def fail(name):
        raise WindowError("there is no display here")

    monkeypatch.setattr("digitus.desktop.run", fail)
    result = digitus("draw")
    assert (result.code, result.out) == (1, "")
    assert result.err == "digitus: there is no display here\n"
