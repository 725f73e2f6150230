"""Whether a text asks to cancel, and how much, in three languages (CANC-10)."""

from __future__ import annotations

import pytest

from adapters.email.mime import NO_MORE
from models.cancellation import Scope
from rules.inbound.wish import Clarity, wish_of
from tests.unit.rules.inbound.rules import SHIPPED


@pytest.mark.parametrize(
    "text",
    [
        "Please cancel our subscription.",
        "Could you please cancel\nour company's subscription by Friday?",
        "We would like our account to be cancelled.",
        "CANCEL OUR SUBSCRIPTION",
        "We are not happy with the export and want to cancel our contract.",
        "How do I find my invoices? Also, please cancel our subscription.",
        "This is our notice of termination.",
        "We will be ending our agreement in March.",
        "Dengan ini kami mengajukan penghentian layanan.",
        "Tolong nonaktifkan akun kami.",
        "Kami ingin membatalkan langganan kami.",
        "Mohon tutup akaun kami.",
        "Kami mahu menamatkan kontrak mulai Januari.",
        "Kami ingin berhenti berlangganan.",
        "Mohon hentikan layanan untuk perusahaan kami.",
        "Kami tidak akan melanjutkan langganan tahun depan.",
    ],
)
def test_a_plain_wish_is_clear(text: str) -> None:
    assert (wish_of(text, SHIPPED).clarity, wish_of(text, SHIPPED).scope) == (Clarity.CLEAR, Scope.WHOLE)


def test_a_wish_for_no_more_optional_letters_is_none_to_leave() -> None:
    assert wish_of(NO_MORE, SHIPPED).clarity is Clarity.NONE


@pytest.mark.parametrize(
    "text",
    [
        "If you cannot fix this we will cancel our contract.",
        "How do we cancel our subscription?",
        "We do not want to cancel our subscription.",
        "Please ignore our cancellation request.",
        "Our subscription was cancelled by mistake.",
        "Please cancel our subscription. No wait, we do not want to cancel.",
        "We will not be renewing.",
        "We cancel our contract unless the price drops.",
        "Kalau harga naik, kami akan membatalkan langganan.",
        "Kami tidak mahu membatalkan langganan.",
        "Bagaimana cara membatalkan langganan?",
        "Kami sedang mempertimbangkan untuk menghentikan layanan.",
        "What does cancellation cost?",
        "When our customers cancel their subscription the webhook fails.",
        "We cannot cancel anything in our account.",
        "We cancelled our contract with another vendor and moved to you.",
        "Kenapa layanan kami dihentikan?",
        "Layanan berhenti tiba-tiba sejak pagi.",
        "Cancel our subscription for 12 users.",
        "Please cancel the contract for the fleet module only.",
        "Saya mau cancel langganan, gimana caranya?",
        "Kami tidak akan menyambung kontrak.",
        "I'd like to stop using your product.",
        "Please cancel.",
    ],
)
def test_a_question_a_threat_or_a_wish_that_is_taken_back_is_unclear_and_says_why(text: str) -> None:
    found = wish_of(text, SHIPPED)
    assert found.clarity is Clarity.UNCLEAR
    assert found.why


@pytest.mark.parametrize(
    "text",
    [
        "Can we cancel the meeting on Thursday?",
        "Boleh batalkan mesyuarat esok?",
        "Please upgrade our plan and cancel the old invoice.",
        "Cancel my booking in our account, please.",
        "Mohon batalkan pesanan di akun kami.",
        "Where do I find the cancel button in the order form?",
        "Laporan bulan ini bagus sekali.",
        "",
    ],
)
def test_what_speaks_of_other_things_is_no_wish(text: str) -> None:
    assert wish_of(text, SHIPPED).clarity is Clarity.NONE


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("Please cancel 12 of our licences.", Scope.USERS),
        ("Tolong batalkan 5 lesen.", Scope.USERS),
        ("Mohon batalkan 5 lisensi kami.", Scope.USERS),
        ("Please cancel the analytics module.", Scope.PART),
        ("Please cancel part of our subscription.", Scope.PART),
        ("Please cancel the reports module of our subscription.", Scope.PART),
        ("Batalkan modul laporan.", Scope.PART),
        ("Please cancel all our licences.", Scope.WHOLE),
    ],
)
def test_a_part_or_some_users_are_no_whole_subscription(text: str, scope: Scope) -> None:
    assert (wish_of(text, SHIPPED).clarity, wish_of(text, SHIPPED).scope) == (Clarity.CLEAR, scope)


def test_a_whole_and_a_part_at_once_is_for_a_person() -> None:
    found = wish_of("Cancel our subscription. Please cancel the analytics module.", SHIPPED)
    assert found.clarity is Clarity.UNCLEAR
    assert "also a part" in found.why


@pytest.mark.parametrize(
    "text",
    [
        "Cancel our contract. No sales calls, please.",
        "Batalkan langganan kami. Jangan telefon.",
        "Please cancel our subscription at the end of December. No calls please.",
        "Cancel our contract. Do not call; email is fine.",
        "Please don't call. Cancel our subscription.",
        "Mohon batalkan langganan kami. Jangan hubungi kami.",
        "Mohon batalkan langganan kami. Jangan telepon ya.",
        "Batalkan langganan kami. Kami tidak perlu dibujuk.",
    ],
)
def test_the_wish_for_no_sales_conversation_is_heard(text: str) -> None:  # CANC-36
    assert wish_of(text, SHIPPED).no_sales_contact
