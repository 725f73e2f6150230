"""A stand-in names the one contact of the customer, and promises nothing that ends with their return (CANC-24)."""

from __future__ import annotations

import pytest

from tests.adapters.letters.company import ENOUGH, card, release
from tests.adapters.letters.test_leaving_letters import FACTS, by_hand


def parts_of(name: str) -> dict[str, str]:
    """What a person writes of the letter."""
    return ENOUGH.get(name) or by_hand(name)


ONE_CONTACT = [
    # the letter, what its owner promises and what a stand-in says instead, in English, Malay and Indonesian
    (
        "cancellation_acknowledgement",
        "en",
        "I stay your one point of contact",
        "Wei Ling Chong is your one point of contact",
    ),
    ("cancellation_acknowledgement", "ms", "Saya kekal sebagai satu-satunya", "Wei Ling Chong ialah satu-satunya"),
    ("cancellation_acknowledgement", "id", "Saya tetap menjadi satu-satunya", "Wei Ling Chong adalah satu-satunya"),
    ("engaged_notice", "en", "I remain your single contact", "Wei Ling Chong is your single contact"),
    ("engaged_notice", "ms", "saya kekal sebagai orang", "Wei Ling Chong ialah orang"),
    ("engaged_notice", "id", "tetap menjadi narahubung", "Wei Ling Chong adalah narahubung"),
]
BACK = {"en": "until they are back", "ms": "sehingga beliau kembali", "id": "sampai ia kembali"}


@pytest.mark.parametrize(("name", "language", "promise", "instead"), ONE_CONTACT)
async def test_a_stand_in_promises_the_owner_and_not_themselves_as_the_one_contact(
    desk, name, language, promise, instead
):  # CANC-24, CANC-28
    desk.directory.cards["p-two"] = card(id="p-two", name="Jonas Roth", email="jonas@northwind-saas.example")
    desk.locale(language)
    for n, by in ((1, "p-csm"), (2, "p-two")):
        await desk.draft(name, n=n, leaving=FACTS, signer=by, stands_in_for="p-csm")
        shown = (await desk.letters.preview("case-1", f"m-{n}")).text
        parts = {part: f"{text} ({n})" for part, text in parts_of(name).items()}
        sent = (await desk.letters.compose(release(parts, n, by=by, stands_in_for="p-csm"))).text
        for text in (shown, sent):
            assert (promise in text, instead in text, BACK[language] in text) == (n == 1, n == 2, n == 2)
