"""schemathesis sends what the OpenAPI document allows and what it forbids, and checks the answers.

No answer may be a 500, none outside of what the document describes, and 429 and 503 must say when
to try again. `make test-long` tries more: DIGITUS_API_CASES sets the number of cases an operation.
"""

import os

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CASES = int(os.environ.get("DIGITUS_API_CASES", "6"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
ENDLESS = "/api/batches/{batch_id}/events"
"""Tested on its own: the answer does not end."""


def check(case, known):
    """Send a case, with ids that exist in some of the cases, and check the answer."""
    for name in ("batch_id", "page_id", "cell_id"):
        value = case.path_parameters.get(name)
        if isinstance(value, int) and value >= 1 and value % 4:
            case.path_parameters[name] = known[name]
    response = case.call(timeout=60)
    if response.status_code in (429, 503):
        assert response.headers["retry-after"][0].isdecimal()
        return
    case.validate_response(response, checks=CHECKS)


@pytest.fixture(scope="module")
def known(address, page, until):
    """Ids of a batch, a page and a cell that exist."""
    with httpx.Client(base_url=address, timeout=60) as api:
        batch = api.post("/api/batches", json={}).json()["id"]
        api.post(f"/api/batches/{batch}/documents", files=[("files", ("a.png", page))])
        until(lambda: api.get(f"/api/batches/{batch}").json()["state"] == "done")
        page_id = api.get(f"/api/batches/{batch}/pages").json()["pages"][0]["id"]
        cell = api.get(f"/api/batches/{batch}/cells").json()["cells"][0]["id"]
    return {"batch_id": batch, "page_id": page_id, "cell_id": cell}


def try_all(document, known):
    """Return the failures by operation."""
    failures = {}
    for operation in [one.ok() for one in document.get_all_operations()]:

        @settings(
            max_examples=CASES,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=st.one_of(*map(operation.as_strategy, MODES)))
        def answers(case):
            check(case, known)

        try:
            answers()
        except (Exception, BaseExceptionGroup) as error:
            failures[operation.label] = str(error)
    return failures


def test_every_answer_is_as_described(address, known):
    document = schemathesis.openapi.from_url(f"{address}/openapi.json").exclude(path=ENDLESS)
    assert document.statistic.operations.selected > 30
    assert try_all(document, known) == {}


def test_an_answer_that_is_not_as_described_is_found(address, known):
    document = httpx.get(f"{address}/openapi.json", timeout=60).json()
    answers = document["paths"]["/healthz"]["get"]["responses"]
    answers["200"]["content"]["application/json"]["schema"] = {"type": "integer"}
    wrong = schemathesis.openapi.from_dict(document).include(path="/healthz")
    wrong.config.update(base_url=address)
    assert list(try_all(wrong, known)) == ["GET /healthz"]
