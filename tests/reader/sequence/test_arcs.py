"""Parts, cuts and candidates: what a run is taken apart into, and that a way through is left."""

import numpy as np
import pytest

from digitus.imaging.patch.stroke_width import stroke_width_px
from digitus.reader.results.symbols import LineImage
from digitus.reader.sequence import arcs as candidates
from digitus.reader.sequence.arcs import candidates_of
from digitus.reader.sequence.cuts import cut_runs
from digitus.reader.sequence.lattice import Lattice
from digitus.reader.sequence.line_components import LARGEST_PX, parts_of
from digitus.reader.sequence.sequence_recognizer import shipped_sequence_recognizer
from digitus.synthesis.lines.digit_strings import write_string
from digitus.synthesis.pen.writers import PenWriter
from digitus.training.sequence.arc_truth import right_ranges
from digitus.training.sequence.training_lines import Lesson

HEIGHT_PX = 32


def run_of(ink, height=HEIGHT_PX):
    return LineImage(np.pad(ink, 5).astype(np.float32), 0, 0, float(height))


def bars(*cols, rows=30, width=3):
    ink = np.zeros((rows, max(cols) + width + 1), np.float32)
    for col in cols:
        ink[:, col : col + width] = 1
    return ink


def string(text, *, gap, seed):
    rng = np.random.default_rng(seed)
    return write_string(text, PenWriter(rng, HEIGHT_PX), rng, gap=gap)


def candidates_in(run):
    parts = parts_of(run)
    cuts = cut_runs([parts], [np.ones(len(parts), bool)])[0]
    (seen,) = shipped_sequence_recognizer().look([run])
    return candidates_of(parts, cuts, np.zeros(len(parts), bool), seen)


def test_parts_are_numbered_from_left_to_right():
    parts = parts_of(run_of(bars(40, 2, 20)))
    assert len(parts) == 3
    assert (np.diff(parts.boxes[:, 0]) > 0).all()


def test_a_speck_is_no_part():
    ink = bars(2, 30)
    ink[15, 17] = 1
    assert len(parts_of(run_of(ink))) == 2


def test_a_large_run_is_brought_to_working_size():
    parts = parts_of(run_of(bars(10, 90, rows=160, width=14), height=160))
    assert parts.height_px == LARGEST_PX
    assert parts.ink.shape[0] == pytest.approx(170 * LARGEST_PX / 160, abs=1)


def test_hair_thin_strokes_of_a_run_are_thickened_and_stay_apart():
    thin = run_of(bars(5, 25, width=1, rows=36), height=36)
    parts = parts_of(thin)
    assert stroke_width_px(parts.ink) > 1.5 * stroke_width_px(thin.ink)
    assert len(parts) == 2


def test_the_ink_of_the_parts_is_all_ink_of_the_run():
    parts = parts_of(run_of(string("409", gap=0.2, seed=1).ink))
    assert sum(parts.part(n).sum() for n in range(len(parts))) == pytest.approx(parts.ink.sum())


@pytest.mark.parametrize("seed", range(4))
def test_every_touching_digit_has_a_range_of_its_own(seed):
    """Layers are not kept by ``write_string``: boxes stand in for them."""
    written = string("3806", gap=None, seed=seed)
    layers = np.zeros((4, *written.ink.shape), np.float32)
    for layer, (left, top, width, height) in zip(layers, written.boxes, strict=True):
        place = slice(top, top + height), slice(left, left + width)
        layer[place] = written.ink[place]
    run = run_of(written.ink)
    lesson = Lesson(run, np.pad(layers, ((0, 0), (5, 5), (5, 5))), np.array([3, 8, 0, 6]))
    right = right_ranges(lesson, candidates_in(run))
    assert [int(right[:, digit].any()) for digit in (3, 8, 0, 6)] == [1, 1, 1, 1]


def test_whole_parts_alone_lead_through_every_run():
    found = candidates_in(run_of(string("7142", gap=-0.1, seed=3).ink))
    nodes, start, end = found.nodes, found.start, found.end
    whole = (nodes.cut[start] == 0) & (nodes.cut[end] == 0)
    whole &= nodes.part[end] == nodes.part[start] + 1
    lattice = Lattice.of([(start[whole], end[whole], len(nodes))])
    assert np.isfinite(lattice.posteriors(np.zeros(whole.sum()))[1]).all()


def test_what_reads_as_no_one_thing_is_dropped_unless_it_is_a_whole_part(monkeypatch):
    run = run_of(string("4826", gap=None, seed=4).ink)
    counts = []
    for least in (0.0, candidates.WORTH_A_LOOK, 2.0):
        monkeypatch.setattr(candidates, "WORTH_A_LOOK", least)
        counts.append(len(candidates_in(run)))
    assert counts[0] > counts[1] > counts[2] == len(parts_of(run))


def test_every_arc_goes_forward():
    found = candidates_in(run_of(string("8086", gap=None, seed=5).ink))
    assert (found.start < found.end).all()
    assert len(found.start) > len(found)  # some share ink, some leave a sliver


def test_a_range_holds_ink_of_its_box_alone():
    found = candidates_in(run_of(string("25", gap=None, seed=2).ink))
    ink = found.nodes.parts.ink
    for mine, (left, top, right, bottom) in zip(found.inks, found.boxes, strict=True):
        here = ink[top:bottom, left:right]
        assert mine.shape == here.shape
        assert (mine <= here + 1e-6).all()
