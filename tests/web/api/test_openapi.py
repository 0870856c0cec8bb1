"""The OpenAPI document and its page: examples, failures, no script, no other site."""

import re

import pytest

from digitus.web.api.docs_page import example_of


@pytest.fixture
def document(api):
    return api.get("/openapi.json").json()


def operations(document):
    return [
        (f"{method.upper()} {path}", one)
        for path, methods in document["paths"].items()
        for method, one in methods.items()
    ]


def test_every_operation_has_a_summary_a_description_and_a_tag(document):
    for label, one in operations(document):
        assert one["summary"], label
        assert one["description"].endswith("."), label
        assert len(one["tags"]) == 1, label


def test_every_json_body_and_answer_has_an_example(document):
    for label, one in operations(document):
        contents = [one.get("requestBody", {}).get("content", {})]
        contents += [response.get("content", {}) for response in one["responses"].values()]
        for content in contents:
            json = content.get("application/json")
            if json and not {"example", "examples"} & json.keys():
                assert example_of(document, json["schema"]) not in (None, {}), label


def test_every_failure_is_a_problem_document(document):
    for label, one in operations(document):
        for status, response in one["responses"].items():
            if status >= "4":
                assert list(response["content"]) == ["application/problem+json"], label
    (schema,) = [
        one for name, one in document["components"]["schemas"].items() if name == "ProblemDocument"
    ]
    assert schema["required"] == ["type", "title", "status", "detail"]


def test_the_page_shows_every_operation_without_a_script(api, document):
    page = api.get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for path, methods in document["paths"].items():
        assert f"<code>{path}</code>" in page.text
        for one in methods.values():
            assert one["summary"] in page.text
    assert not re.search(r"<script|style=|\son\w+=|https?://", page.text)
    assert "script-src 'self'" in page.headers["content-security-policy"]


def test_what_the_page_links_exists(api):
    page = api.get("/docs").text
    links = set(re.findall(r'(?:href|src)="([^"]+)"', page))
    assert {"/styles/docs.css", "/openapi.json", "/"} <= links
    assert {api.get(link).status_code for link in links} == {200}


def test_the_metrics_count_requests_by_route_and_predictions(api, seven):
    api.post("/api/predict", json=seven)
    api.get("/api/jobs/none-of-that-name")
    text = api.get("/metrics").text
    assert re.search(r'digitus_predictions_total\{kind="drawing"\} [1-9]', text)
    route = 'method="GET",route="/api/jobs/{job_id}",status="404"'
    assert f"digitus_requests_total{{{route}}}" in text
    assert "none-of-that-name" not in text
    for name in ("queue_length", "worker_processes", "workers_busy", "workers_replaced"):
        assert f"digitus_{name} " in text
    assert 'digitus_request_seconds_bucket{le="0.4",route="/api/predict"}' in text
