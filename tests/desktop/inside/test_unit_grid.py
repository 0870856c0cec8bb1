import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor

from digitus.desktop.inside.unit_grid import UnitGrid


@pytest.fixture
def grid(qtbot):
    grid = UnitGrid()
    qtbot.addWidget(grid)
    grid.resize(500, 300)
    grid.show()
    return grid


def fill(grid, n=20, *, side=1):
    values = np.random.default_rng(0).uniform(-1, 1, (side, side, n))
    grid.show_units(values, limit=1.0, texts=[f"Unit {i}: {i / 10}" for i in range(n)])
    return values


def press(qtbot, grid, unit):
    place = grid.cell(unit).center().toPoint()
    qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=place)


@pytest.mark.parametrize(("n", "side"), [(1, 1), (10, 1), (128, 1), (37, 1), (24, 14), (96, 3)])
def test_every_unit_has_its_own_cell_inside_the_widget(grid, n, side):
    fill(grid, n, side=side)
    grid.resize(500, grid.heightForWidth(500))
    boxes = [grid.cell(unit) for unit in range(n)]
    assert all(grid.rect().toRectF().contains(box) for box in boxes)
    assert [grid.unit_at(box.center()) for box in boxes] == list(range(n))


def test_a_click_chooses_the_unit_under_it(qtbot, grid):
    fill(grid)
    with qtbot.waitSignal(grid.unit_chosen) as blocker:
        press(qtbot, grid, 13)
    assert blocker.args == [13]
    assert grid.chosen == 13
    assert grid.accessibleDescription() == "Unit 13: 1.3"


def test_a_click_beside_the_units_chooses_nothing(qtbot, grid):
    fill(grid, 3)
    with qtbot.assertNotEmitted(grid.unit_chosen):
        qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=QPoint(480, 290))


def test_every_unit_is_reached_with_the_keys(qtbot, grid):
    fill(grid, 32)
    grid.choose(0)
    for key, unit in [
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Down, 17),
        (Qt.Key.Key_Left, 16),
        (Qt.Key.Key_Up, 0),
        (Qt.Key.Key_Up, 0),
        (Qt.Key.Key_Left, 0),
        (Qt.Key.Key_End, 31),
        (Qt.Key.Key_Down, 31),
        (Qt.Key.Key_Home, 0),
    ]:
        qtbot.keyClick(grid, key)
        assert grid.chosen == unit


def test_digit_keys_choose_no_unit(qtbot, grid):
    fill(grid)
    with qtbot.assertNotEmitted(grid.unit_chosen):
        qtbot.keyClick(grid, Qt.Key.Key_3)


def test_a_cell_is_painted_in_the_color_of_its_value(grid):
    values = np.array([1.0, 0.0, -1.0]).reshape(1, 1, 3)
    grid.show_units(values, limit=1.0, texts=["", "", ""])
    image, role = grid.grab().toImage(), grid.palette().ColorRole
    found = [image.pixelColor(grid.cell(i).center().toPoint()) for i in range(3)]
    wanted = [grid.palette().color(r) for r in (role.Accent, role.Base, role.LinkVisited)]
    assert [QColor(color.rgb()) for color in found] == [QColor(color.rgb()) for color in wanted]


def test_an_empty_grid_ignores_keys_and_clicks(qtbot, grid):
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    qtbot.mouseClick(grid, Qt.MouseButton.LeftButton)
    assert not grid.grab().isNull()
