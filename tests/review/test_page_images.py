import cv2
import numpy as np
import pytest

from digitus.errors import NotThere


def decoded(png):
    return cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)


def test_a_crop_lies_where_the_number_is_on_the_reduced_image(store, batch_id):
    cell = store.cells(batch_id)["cells"][0]  # at 10, 10, 60 x 30 px; the image is half as large
    crop = decoded(store.cell_crop(cell["id"]))
    assert crop.shape == (4 + 15 + 4, 4 + 30 + 4)  # with a margin
    assert list(crop[0]) == list(range(5 - 4, 5 + 30 + 4))
    digit = decoded(store.cell_crop(cell["id"], 2))
    assert digit.shape[1] == 4 + 9 + 4
    assert digit[0, 4] == 25


def test_a_crop_is_made_once(store, batch_id):
    cell = store.cells(batch_id)["cells"][0]
    first = store.cell_crop(cell["id"])
    (path,) = store.folder.glob("crops/*/*/*.png")
    path.write_bytes(b"kept")
    assert store.cell_crop(cell["id"]) == b"kept"
    path.unlink()
    assert store.cell_crop(cell["id"]) == first


def test_the_image_of_a_page_is_the_one_that_was_saved(store, page_id, image):
    found = store.page_image(page_id)
    assert found.path.read_bytes() == image
    assert found.media_type == "image/png"
    assert found.path.name == found.sha256


def test_colors_stay(store, batch_id, reading):
    image = cv2.imencode(".jpg", np.full((200, 300, 3), (200, 30, 30), np.uint8))[1].tobytes()
    document = store.add_documents(batch_id, [("b.jpg", image)])[0]
    store.start_pages(document["id"], 1)
    page_id = store.next_work().page_id
    store.save_page(page_id, reading, image, 1.0)
    assert store.page_image(page_id).media_type == "image/jpeg"
    cell = store.page(page_id)["lines"][0]["cells"][0]
    assert decoded(store.cell_crop(cell["id"])).shape[2] == 3


def test_an_image_before_reading_a_digit_too_many_and_a_lost_file_are_named(store, batch_id):
    document = store.add_documents(batch_id, [("b.png", b"b")])[0]
    store.start_pages(document["id"], 1)
    with pytest.raises(NotThere, match="has no image before it is read"):
        store.page_image(store.next_work().page_id)
    cell = store.cells(batch_id)["cells"][0]
    with pytest.raises(NotThere, match="there is no digit 3"):
        store.cell_crop(cell["id"], 3)
    store.page_image(cell["page_id"]).path.unlink()
    with pytest.raises(NotThere, match="image of a page is missing"):
        store.cell_crop(cell["id"])
