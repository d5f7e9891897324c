"""What may come next on a stream: a table, without I/O."""

from __future__ import annotations

import pytest

from pygateway import ProtocolError
from pygateway.frames import (
    AWAIT,
    BATCH,
    CALL,
    COPY,
    DELETE,
    ERROR,
    GET,
    KINDS,
    OUTPUT,
    RELEASE,
    RESULT,
    SET,
    WELCOME,
)
from pygateway.turns import AT_REST, AWAITING, LET_GO, RUN, SHOW, TAKE, answer_to, due

ALWAYS = {CALL: RUN, GET: RUN, SET: RUN, DELETE: RUN, COPY: RUN, BATCH: RUN, AWAIT: RUN, RELEASE: LET_GO}
ANSWERED = {**ALWAYS, RESULT: TAKE, ERROR: TAKE, OUTPUT: SHOW}


@pytest.mark.parametrize(("state", "expected"), [(AT_REST, ALWAYS), (AWAITING, ANSWERED)], ids=["at rest", "awaiting"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_frame_is_due_or_a_protocol_error(state: dict[int, str], expected: dict[int, str], kind: int) -> None:
    if kind in expected:
        assert due(state, kind) == expected[kind]
    else:
        with pytest.raises(ProtocolError, match=f"kind {kind}"):
            due(state, kind)
    assert WELCOME not in expected


def test_an_answer_is_for_the_request_that_awaits_it() -> None:
    frame = (RESULT, 0, 7, 0, 0, b"", ())
    assert answer_to(7, frame) is frame
    with pytest.raises(ProtocolError, match="request 7 came where 8"):
        answer_to(8, frame)
