"""What the fuzzer checks beside its own checks, and what no JSON Schema can say.

The desk answers 400 with `errors` where a request does not fit its schemas, and 400 without them where a rule refuses what fits (a
month that has not begun, an amount that is no pack). So a request that fits the published schema must never be answered with `errors`:
then the schema would promise what the desk does not take.
"""

import os
import re

import schemathesis
from schemathesis import GenerationMode

UNSAYABLE = (
    "must be an IANA time zone",
    "two contacts have the same address",
    "must lie in the years after",
)


# Ids that fit the schema are made those of a real account and ticket, so that the rules behind the schema are reached.
REAL = {"accountId": os.environ["ACCOUNT_ID"], "ticketId": os.environ["TICKET_ID"]}
ID = re.compile(r"^(?:acc|tkt)_[0-9A-HJKMNP-TV-Z]{26}$")


def with_real_ids(values):
    if not isinstance(values, dict):
        return values
    for name, real in REAL.items():
        if isinstance(values.get(name), str) and ID.match(values[name]):
            values[name] = real
    return values


@schemathesis.hook
def map_path_parameters(ctx, path_parameters):
    return with_real_ids(path_parameters)


@schemathesis.hook
def map_query(ctx, query):
    return with_real_ids(query)


@schemathesis.hook
def map_body(ctx, body):
    return with_real_ids(body)


@schemathesis.check
def schema_tells_the_whole_truth(ctx, response, case):
    mode = case.meta.generation.mode if case.meta else None
    if mode is not GenerationMode.POSITIVE or response.status_code != 400:
        return
    errors = response.json().get("errors", [])
    unexpected = [error for error in errors if not error["message"].startswith(UNSAYABLE)]
    assert not unexpected, f"fits the published schema and is refused: {unexpected}"


@schemathesis.check
def problems_are_problems(ctx, response, case):
    if response.status_code < 400:
        return
    problem = response.json()
    assert response.headers["content-type"][0] == "application/problem+json"
    assert problem["status"] == response.status_code
    assert problem["type"].startswith("urn:makegood:problem:")
    assert problem["title"] and problem["detail"]
    if response.status_code in (429, 503):
        assert "retry-after" in response.headers
