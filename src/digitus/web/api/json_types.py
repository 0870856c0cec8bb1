"""The JSON of the interface, as OpenAPI describes it; examples are of real answers."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]
Box = Annotated[list[int], Field(min_length=4, max_length=4, examples=[[120, 340, 58, 41]])]
Point = Annotated[list[float], Field(min_length=2, max_length=3)]


class Described(BaseModel):
    """The base of all types: what is not described is refused."""

    model_config = ConfigDict(extra="forbid")


class ProblemDocument(BaseModel):
    """A failure (RFC 9457), with one sentence that says what to do."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": "Not Found",
                    "status": 404,
                    "detail": "there is no batch of that id; list the batches",
                }
            ]
        }
    )

    type: str
    title: str
    status: int
    detail: str


class Drawing(Described):
    """What a pen drew: lengths in pixels of the canvas, y downwards.

    A point is [x, y], or [x, y, share] with the share of the pen's width there.
    """

    width: int = Field(gt=0, le=20_000, examples=[280])
    height: int = Field(gt=0, le=20_000, examples=[280])
    pen_px: float = Field(gt=0, le=10_000, examples=[20])
    strokes: list[list[Point]] = Field(examples=[[[[140, 40], [140, 240]]]])


Chosen = Annotated[
    str | None,
    Field(max_length=200, examples=["cnn"], description="A name of `GET /api/models`."),
]


class OneDrawing(Drawing):
    """A drawing, and the model that reads it; null is the first one."""

    model: Chosen = None


class Drawings(Described):
    """Several drawings, answered in their order, and the model that reads them."""

    model: Chosen = None
    drawings: list[Drawing] = Field(min_length=1, max_length=256)


class RunnerUp(Described):
    """The second likeliest digit."""

    digit: int
    probability: Share


class FileError(Described):
    """A file or a page that could not be read."""

    source: str = Field(examples=["notes.txt"])
    error: str = Field(examples=["notes.txt: not an image of a known kind; save it as PNG or JPEG"])


class PageResults(Described):
    """The envelope of ``digitus read --json``; docs/reference/outputs.md has its schema."""

    pages: list[dict[str, Any]]
    errors: list[FileError]


class Prediction(Described):
    """The answer for one image or drawing, as ``digitus predict --json`` has it.

    An image of several digits has what ``digitus read --json`` prints as ``reading``.
    """

    source: str = Field(examples=["4.png"])
    verdict: Literal["digit", "blank", "not_a_digit", "several_digits"]
    digit: int | None
    confidence: float | None
    best_guess: int | None
    p_digit: float | None
    runner_up: RunnerUp | None
    probabilities: list[float] | None
    reading: PageResults | None = None


class Predictions(Described):
    """Answers in the order of what was sent, and what could not be read."""

    results: list[Prediction]
    errors: list[FileError]


class JobAccepted(Described):
    """A job that was started."""

    id: str
    status: Literal["waiting", "running", "done", "cancelled", "failed"]
    url: str = Field(examples=["/api/jobs/Zk2rX0a3mYx9t7tC"])


class JobState(Described):
    """How far a job is."""

    id: str
    status: Literal["waiting", "running", "done", "cancelled", "failed"]
    pages_done: int
    pages: int
    seconds_left: float | None


class ModelFacts(BaseModel):
    """A model of the page."""

    name: str = Field(examples=["cnn"])
    title: str
    parameters: int
    declines: bool = Field(description="Whether it declines images that are no digits.")
    bytes: int


class Models(Described):
    """The models; the first is the one that predicts."""

    models: list[ModelFacts]


class ModelAddress(Described):
    """Where the file of a model is."""

    name: str = Field(examples=["cnn"])
    url: str = Field(examples=["api/models/cnn"])


class PartAddress(Described):
    """Where a part of MNIST is, and how many images it has."""

    n: int = Field(examples=[60_000])
    url: str = Field(examples=["api/mnist/train"])


class Resources(BaseModel):
    """What the page is opened with."""

    models: list[ModelAddress]
    mnist: dict[str, PartAddress]
    review: bool = Field(description="Whether pages can be read and reviewed.")


class Health(Described):
    """The server runs."""

    status: Literal["ok"]
