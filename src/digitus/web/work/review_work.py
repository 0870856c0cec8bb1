"""The review store, and the thread that reads what waits in it."""

from dataclasses import dataclass

from digitus.review.store import ReviewStore
from digitus.web.work.batch_reading import BatchReading
from digitus.web.work.page_sources import PageSources


@dataclass(frozen=True)
class ReviewWork:
    """What the review endpoints use.

    Attributes:
        store: the database and its files.
        reading: reads what waits there.
        sources: brings the images of pages of archives.
    """

    store: ReviewStore
    reading: BatchReading
    sources: PageSources
