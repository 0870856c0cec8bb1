"""POST /api/predict: drawings and images, the same answers as Python's, and sentences."""

import json

import pytest

from digitus.cli.predict.answers import Answer, envelope
from digitus.recognizer import Recognizer

JSON = {"Content-Type": "application/json"}


def test_a_drawing_is_read_as_in_python(api, seven):
    found = api.post("/api/predict", json=seven).json()
    wanted = Recognizer().predict_strokes(**seven)
    (result,) = found["results"]
    assert found["errors"] == []
    assert (result["verdict"], result["digit"]) == (wanted.verdict, wanted.digit) == ("digit", 7)
    assert result["confidence"] == pytest.approx(wanted.confidence, abs=1e-5)
    assert result.keys() == wanted.to_json("drawing 1").keys()


def test_several_drawings_are_answered_in_their_order(api, seven):
    one = seven | {"strokes": [[[45, 20], [45, 100]]]}
    blank = seven | {"strokes": []}
    found = api.post("/api/predict", json={"drawings": [one, blank, seven]}).json()
    assert [result["digit"] for result in found["results"]] == [1, None, 7]
    assert found["results"][1]["verdict"] == "blank"


def test_images_are_read_and_what_is_none_is_listed(api, page, repository):
    four = (repository / "examples/4-pencil.jpg").read_bytes()
    files = [("files", ("4.jpg", four)), ("files", ("../notes.txt", b"no image"))]
    answer = api.post("/api/predict", files=files)
    assert answer.status_code == 200
    (result,) = answer.json()["results"]
    wanted = envelope([Answer("4.jpg", Recognizer().predict(four))])["results"][0]
    assert (result["source"], result["digit"]) == ("4.jpg", 4)
    assert result["confidence"] == pytest.approx(wanted["confidence"], abs=1e-5)
    sentence = "notes.txt: not an image of a known kind; save it as PNG or JPEG"
    assert answer.json()["errors"] == [{"source": "notes.txt", "error": sentence}]


def test_if_no_file_is_an_image_the_problem_lists_each(api):
    answer = api.post("/api/predict", files=[("files", ("a.txt", b"a")), ("files", ("b", b""))])
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith("a.txt: not an image")
    assert [one["source"] for one in answer.json()["errors"]] == ["a.txt", "b"]


def test_a_drawing_of_several_digits_is_not_answered_as_one(api, seven):
    two = seven | {"width": 160, "strokes": [*seven["strokes"], [[130, 20], [130, 100]]]}
    (result,) = api.post("/api/predict", json=two).json()["results"]
    assert (result["verdict"], result["digit"]) == ("several_digits", None)


def test_an_image_of_several_digits_is_read_as_a_page(api, page):
    (result,) = api.post("/api/predict", files=[("files", ("71.png", page))]).json()["results"]
    assert (result["verdict"], result["digit"]) == ("several_digits", None)
    (read,) = result["reading"]["pages"]
    assert read["source"] == "71.png"
    assert "".join(line["text"] for line in read["lines"]).replace(" ", "") == "71"


def test_a_pdf_is_sent_to_where_pages_are_read(api):
    answer = api.post("/api/predict", files=[("files", ("a.pdf", b"%PDF-1.4\n"))])
    assert answer.status_code == 422
    assert "POST /api/read" in answer.json()["detail"]


@pytest.mark.parametrize("name", ["cnn", "mlp"])
def test_a_model_can_be_chosen(api, seven, repository, name):
    recognizer = Recognizer(name)
    wanted = recognizer.predict_strokes(**seven).confidence
    for body in ({"model": name, **seven}, {"model": name, "drawings": [seven]}):
        (result,) = api.post("/api/predict", json=body).json()["results"]
        assert result["confidence"] == pytest.approx(wanted, abs=1e-5)
    four = (repository / "examples/4-pencil.jpg").read_bytes()
    sent = {"files": [("files", ("4.jpg", four))], "data": {"model": name}}
    (result,) = api.post("/api/predict", **sent).json()["results"]
    assert result["confidence"] == pytest.approx(recognizer.predict(four).confidence, abs=1e-5)


def test_a_model_that_is_not_listed_is_refused(api, seven, page):
    sentence = "model: expected one of cnn, mlp, got '../x'; choose one of these"
    files = {"files": [("files", ("a.png", page))], "data": {"model": "../x"}}
    for sent in ({"json": seven | {"model": "../x"}}, files):
        answer = api.post("/api/predict", **sent)
        assert (answer.status_code, answer.json()["detail"]) == (422, sentence)


def test_drawings_that_would_take_long_are_refused(api):
    way = [[i % 2 * 1999, i % 1999] for i in range(20_000)]
    long = {"width": 2000, "height": 2000, "pen_px": 1, "strokes": [way]}
    empty = {"width": 2000, "height": 2000, "pen_px": 1, "strokes": []}
    for body in (long, {"drawings": [empty] * 9}):
        answer = api.post("/api/predict", json=body)
        assert answer.status_code == 422
        assert answer.json()["detail"].startswith("the strokes are too long, too wide or too many")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"strokes": [[[1, "x"]]]}, "strokes.0.0.1: input should be a valid number"),
        ({"strokes": [[[1]]]}, "strokes.0.0: list should have at least 2 items"),
        ({"strokes": [[[1, 2], [1, 2, 0.5]]]}, "a stroke is a list of"),
        ({"strokes": [[[1, 2, -1]]]}, "the third number of a point"),
        ({"width": 0}, "width: input should be greater than 0"),
        ({"width": 20000, "height": 20000}, "width, height: 20000 x 20000 pixels; at most 4 mil"),
        ({"strokes": [[[1, 2]] * 20_001]}, "strokes: 20,001 points; at most 20,000 are read"),
        ({"color": "red"}, "color: extra inputs are not permitted"),
    ],
)
def test_what_is_no_drawing_is_refused_with_a_sentence(api, seven, change, sentence):
    answer = api.post("/api/predict", json=seven | change)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(sentence)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_a_point_that_is_nowhere_is_refused(api, seven, number):
    body = json.dumps(seven).replace("[70, 20]", f"[{number}, 20]")
    assert api.post("/api/predict", content=body, headers=JSON).status_code == 422


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b'{"drawings": []}', b"null"])
def test_what_is_no_json_of_drawings_is_refused(api, body):
    answer = api.post("/api/predict", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["title"]) == (422, "Unprocessable Entity")


def test_another_type_of_body_is_refused(api):
    answer = api.post("/api/predict", content=b"7", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415
    assert "text/plain" in answer.json()["detail"]
