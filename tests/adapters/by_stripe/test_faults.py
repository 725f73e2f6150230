"""Stripe down, slow, refusing, or with a wrong key: tried again or final, in a sentence, and never with a secret."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.billing.stripe.billing import StripeBilling
from adapters.billing.stripe.service import StripeAccount, StripeService
from models.faults import PermanentFault, TransientFault
from tests.adapters.by_stripe.asking import END
from tests.adapters.conftest import WallClock
from tests.adapters.test_billing import eur, final
from tests.stripe_world import KEY, Answer, StripeWorld

BUSY = b'{"error": {"type": "invalid_request_error", "code": "rate_limit"}}'


@pytest.mark.parametrize(
    "answer",
    [
        None,
        Answer(429, {}, BUSY),
        Answer(500, {}, b'{"error": {"type": "api_error"}}'),
        Answer(503, {}, b"<html>no</html>"),
        Answer(409, {}, b'{"error": {"type": "idempotency_error"}}'),
        Answer(400, {}, b'{"error": {"type": "idempotency_error", "message": "other parameters"}}'),
        Answer(200, {}, b'{"object": "li', 5_000),
        Answer(200, {}, b'{"object": "li'),
    ],
    ids=["hangs up", "429", "500", "503", "409", "other parameters", "breaks off", "half an answer"],
)
async def test_what_may_pass_is_tried_again(billing: StripeBilling, stripe_world: StripeWorld, answer: Any) -> None:
    stripe_world.answers.append(answer)
    with pytest.raises(TransientFault, match="Billing by Stripe") as fault:
        await billing.issue_final_invoice(final(END))
    assert KEY not in str(fault.value)
    assert (await billing.issue_final_invoice(final(END))).total == eur(-100_00)


async def test_stripe_is_asked_again_when_it_says_where_that_is_soon(
    billing: StripeBilling, stripe_world: StripeWorld, clock: WallClock
) -> None:
    rests: list[float] = []

    async def rest(seconds: float) -> None:
        rests.append(seconds)

    patient = StripeBilling(StripeService(stripe_world.account, clock, rest=rest), clock)
    stripe_world.answers.append(Answer(429, {"Retry-After": "4"}, BUSY))
    assert (await patient.issue_final_invoice(final(END))).total == eur(-100_00)
    stripe_world.answers.append(Answer(429, {"Retry-After": "60"}, BUSY))
    with pytest.raises(TransientFault, match="answer 429"):
        await patient.read_back("acc-1", END)
    assert rests == [4]


async def test_a_stripe_that_is_not_there_is_tried_again(stripe_world: StripeWorld) -> None:
    nobody = StripeAccount(key=SecretStr(KEY), url="http://127.0.0.1:9")
    with pytest.raises(TransientFault, match="could not be reached"):
        await StripeBilling(StripeService(nobody)).issue_final_invoice(final(END))


async def test_a_stripe_that_does_not_answer_is_given_up_in_time(stripe_world: StripeWorld, clock: WallClock) -> None:
    with stripe_world.silent():
        billing = StripeBilling(StripeService(stripe_world.account, clock, seconds=0.1), clock)
        with pytest.raises(TransientFault, match="did not answer in time"):
            await billing.read_back("acc-1", END)


@pytest.fixture
def wrong_key(stripe_world: StripeWorld) -> Iterator[StripeBilling]:
    stripe_world.keys = {"sk_test_of_somebody_else"}
    yield StripeBilling(StripeService(stripe_world.account))


async def test_a_wrong_key_is_said_in_a_sentence_without_the_key(wrong_key: StripeBilling) -> None:
    said = await wrong_key.check()
    assert "put FOLLOWTHROUGH_STRIPE_KEY right" in said
    assert "sk_test" not in said
    with pytest.raises(PermanentFault) as fault:
        await wrong_key.issue_final_invoice(final(END).model_copy(update={"case_id": "can-1"}))
    assert "case can-1" in fault.value.sentence
    assert fault.value.__cause__ is None


@pytest.mark.parametrize(
    ("status", "error", "sentence"),
    [
        (402, {"type": "card_error", "code": "card_declined", "message": "Ann's card"}, "declined .*card_declined"),
        (400, {"type": "invalid_request_error", "message": "Ann"}, "refuses the request .*answer 400"),
        (403, {"type": "invalid_request_error", "message": "Ann"}, "give it the rights"),
    ],
)
async def test_a_clear_no_is_final_and_quotes_nobody(
    billing: StripeBilling, stripe_world: StripeWorld, status: int, error: dict[str, str], sentence: str
) -> None:
    body = str({"error": error}).replace("'s", "s").replace("'", '"').encode()
    stripe_world.answers.append(Answer(status, {"Request-Id": "req_1"}, body))
    with pytest.raises(PermanentFault, match=sentence) as refusal:
        await billing.issue_final_invoice(final(END))
    assert refusal.value.kind == "BillingRefused"
    assert "Ann" not in refusal.value.sentence


async def test_the_key_is_in_no_text_of_ours(billing: StripeBilling, service: StripeService) -> None:
    assert KEY not in repr((service.account, billing, vars(billing)))
