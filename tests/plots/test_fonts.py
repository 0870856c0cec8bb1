from digitus.plots.fonts import font_files


def test_the_fonts_come_in_the_order_of_the_patterns():
    names = [path.name for path in font_files("cmr10", "DejaVuSerif*", "DejaVuSans")]
    assert names[0] == "cmr10.ttf"
    assert names[-1] == "DejaVuSans.ttf"
    assert names[1:-1] == sorted(names[1:-1])
    assert all(name.startswith("DejaVuSerif") for name in names[1:-1])


def test_an_unknown_font_is_left_out():
    assert font_files("no-such-font") == []
