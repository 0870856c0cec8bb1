"""All routes below ``/api/`` that do work, and those for operators."""

from fastapi import FastAPI, Response
from fastapi.responses import HTMLResponse
from prometheus_client import CONTENT_TYPE_LATEST

from digitus.web.api.batch_routes import batch_router
from digitus.web.api.cell_routes import cell_router
from digitus.web.api.docs_page import docs_page
from digitus.web.api.event_routes import EventStreams
from digitus.web.api.export_routes import export_router
from digitus.web.api.group_routes import group_router
from digitus.web.api.predict_routes import predict_router
from digitus.web.api.read_routes import read_router
from digitus.web.gate import Gate
from digitus.web.metrics import Measured
from digitus.web.work.services import Services


def add_api(app: FastAPI, services: Services) -> None:
    """Add the interface to the server."""
    app.include_router(predict_router(services))
    app.include_router(read_router(services))
    if services.review is not None:
        store = services.review.store
        app.include_router(batch_router(services, services.review))
        app.include_router(cell_router(services.review))
        app.include_router(group_router(store))
        app.include_router(export_router(store))
        app.include_router(EventStreams(store, services.limits.requests).router())

    @app.get(
        "/metrics",
        tags=["Server"],
        summary="Metrics",
        responses={200: {"content": {"text/plain": {}}}},
        response_class=Response,
    )
    def metrics() -> Response:
        """Return counts and durations in Prometheus' text format."""
        return Response(services.metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    @app.get("/docs", include_in_schema=False, response_class=HTMLResponse)
    def docs() -> HTMLResponse:
        return HTMLResponse(docs_page(app.openapi()))

    app.add_middleware(Gate, limits=services.limits)
    app.add_middleware(Measured, metrics=services.metrics)
