"""How functions are compiled, and where their code is kept."""

from numba import njit

from digitus.nn.compiled import jit


def test_a_compilation_is_reported_once():
    reports = []
    functions = [njit(lambda x: x + 1), njit(lambda x: x + 2)]
    with jit.compilation_reported(lambda: reports.append("compiles")):
        for function in functions:
            function(1)
    assert reports == ["compiles"]
    with jit.compilation_reported(lambda: reports.append("again")):
        functions[0](1)
    assert reports == ["compiles"]


def test_code_is_kept_in_a_directory_named_after_the_sources(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    kept = jit._directory("")
    assert kept.parent == tmp_path / "digitus"
    assert kept == jit._directory("")
    assert jit._directory(str(tmp_path / "other")).parent == tmp_path / "other" / "digitus"


def test_compilation_works_where_no_directory_can_be_written(monkeypatch):
    def refuse(function, *, cache=False, **options):
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return njit(function, **options)

    monkeypatch.setattr(jit, "njit", refuse)
    assert jit.compiled_and_kept(lambda x: x + 1)(1) == 2
