"""An opened image or document: which of its pages is shown, and the answers to them."""

from collections.abc import Callable

from digitus.data.sources.watching import Watch
from digitus.desktop.answer.answer import Answer, ReadPage, read_image, read_pages
from digitus.recognizer import Recognizer


class OpenedImage:
    """Keeps the answer of each page, with its corrections, until another model reads it.

    Args:
        image: a file, or the bytes of an image.

    Attributes:
        page: the page that is shown, from 1.
        n_pages: number of pages; 1 until one was read.
        answers: of the pages that were read.
    """

    def __init__(self, image: str | bytes) -> None:
        self.image = image
        self.page, self.n_pages = 1, 1
        self.answers: dict[int, Answer] = {}

    def reader(self) -> Callable[[Recognizer], Answer]:
        """Return a function that reads the shown page, or returns its answer."""
        page, known = self.page, self.answers.get(self.page)
        return lambda recognizer: known or read_image(recognizer, self.image, page)

    def keep(self, answer: Answer) -> None:
        """Keep the answer to the shown page."""
        self.answers[self.page], self.n_pages = answer, answer.n_pages

    def turn(self, by: int) -> bool:
        """Go to another page; return whether there is one."""
        page = self.page + by
        if not 1 <= page <= self.n_pages:
            return False
        self.page = page
        return True

    def all_pages(self, recognizer: Recognizer, watch: Watch) -> list[ReadPage]:
        """Return the numbers of all pages; those that were not shown yet are read.

        Raises:
            ImageError: if a page cannot be read.
            Cancelled: if the watch was stopped.
        """
        answers, found = dict(self.answers), []
        for page in range(1, self.n_pages + 1):
            watch.report("", page - 1, self.n_pages)
            known = answers.get(page)
            if known is None:
                found.append(read_pages(recognizer, self.image, page))
            elif known.page is not None:
                found.append(known.page)
        return found
