"""The layout of the window."""


def test_only_the_page_that_is_shown_is_enabled(window):
    frame = window.frame
    pages = (frame.draw_page, frame.test_page, frame.image_page)
    for number in range(3):
        frame.show_page(number)
        assert [page.isEnabled() for page in pages] == [i == number for i in range(3)]


def test_the_inside_is_wider_than_the_answer(window, qtbot):
    frame = window.frame
    frame.show_side(0)
    qtbot.waitUntil(lambda: abs(frame.pages.width() - frame.sides.width()) <= 1)
    frame.show_side(1)
    qtbot.waitUntil(lambda: frame.sides.width() > 1.2 * frame.pages.width())


def test_a_long_name_of_a_model_is_shortened_but_not_for_screen_readers(window):
    name = "a-model-with-a-very-long-name"
    window.frame.name_model(name)
    assert window.frame.model_button.text() == "a-model-with-a-ve…"
    assert window.frame.model_button.accessibleName() == f"Model: {name}"
