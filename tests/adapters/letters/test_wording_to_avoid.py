"""What a message must not say (the last column of TMPL-1..33), and what its parts must hold beyond being there."""

from __future__ import annotations

import pytest

from tests.adapters.letters.samples import SAMPLES

AVOIDED = [
    # requirement, message, part, what is said, what the refusal quotes
    ("TMPL-36", "cancellation_acknowledgement", "personal_word", "We're sad, Aisyah, after March.", "we're sad"),
    ("TMPL-36", "cancellation_acknowledgement", "personal_word", "Kami sedih anda pergi, Aisyah.", "kami sedih"),
    (
        "TMPL-36",
        "cancellation_followup",
        "personal_word",
        "Setelah semua yang kami lakukan!",
        "setelah semua yang kami lakukan",
    ),
    ("TMPL-35", "reason_question", "personal_word", "You need to tell us why, Aisyah.", "you need to tell us"),
    ("TMPL-40", "save_invitation", "personal_word", "This is your last chance, Aisyah.", "last chance"),
    ("TMPL-40", "save_invitation", "why", "diskaun untuk akaun anda, sebelum terlambat", "diskaun"),
    ("TMPL-40", "save_invitation", "why", "hal itu; ini kesempatan terakhir kita", "kesempatan terakhir"),
    ("OFFB-34", "interview_invitation", "personal_word", "Are you sure that no is your answer?", "are you sure"),
    ("TMPL-48", "final_message", "specific", "we hope that you reconsider it all", "reconsider"),
    ("TMPL-48", "final_message", "wish", "kedai baharu, walaupun boleh ubah fikiran", "ubah fikiran"),
    ("TMPL-50", "executive_note", "personal_word", "Mohon pertimbangkan kembali, Ibu Aisyah.", "pertimbangkan kembali"),
    ("TMPL-52", "win_back_contact", "change", "a special offer for former customers", "special offer"),
    ("OFFB-37", "fixed_what_you_named", "personal_word", "We miss you and your team, Aisyah.", "we miss you"),
    ("TMPL-36", "date_answer", "personal_word", "Kami kecewa dengan anda, Aisyah.", "kecewa dengan anda"),
    ("TMPL-48", "final_message", "wish", "it, though please stay with us", "please stay with us"),
    ("TMPL-50", "executive_note", "personal_word", "There is a discount for you, Aisyah.", "discount"),
    ("TMPL-52", "win_back_contact", "personal_word", "Ready to come back, Aisyah?", "ready to come back"),
    ("TMPL-2", "concession_offer", "personal_word", "Please don't leave, Aisyah.", "please don't leave"),
    ("TMPL-2", "concession_offer", "problem", "50% off, just please tell me what it takes.", "just please"),
    ("TMPL-2", "concession_offer", "problem", "Kami merayu, beri kami sebulan lagi.", "kami merayu"),
    ("TMPL-2", "concession_offer", "problem", "Tolong jangan berhenti sekarang.", "tolong jangan berhenti"),
    ("TMPL-2", "concession_offer", "until", "Until further notice.", "until further notice"),
    ("TMPL-2", "concession_offer", "until", "Tanpa had masa.", "tanpa had masa"),
    ("TMPL-2", "concession_offer", "until", "Berlaku tanpa batas waktu.", "tanpa batas waktu"),
    ("TMPL-3", "value_summary", "said", "It saves time and money for all.", "saves time and money"),
    ("TMPL-3", "value_summary", "said", "Ia menjimatkan masa dan wang anda.", "menjimatkan masa dan wang"),
    ("TMPL-3", "value_summary", "said", "Ini menghemat waktu dan uang Anda.", "menghemat waktu dan uang"),
    ("TMPL-5", "acknowledgment", "assessment", "We'll look into it.", "we'll look into it"),
    ("TMPL-5", "acknowledgment", "assessment", "Kami akan semak perkara ini.", "kami akan semak perkara ini"),
    ("TMPL-5", "acknowledgment", "next_contact", "Kami akan cek, 2026-12-02.", "kami akan cek"),
    ("TMPL-7", "roadmap_answer", "why", "You need it, and we hope to build it.", "we hope to"),
    ("TMPL-7", "roadmap_answer", "why", "Ia akan dibina suatu masa nanti.", "suatu masa nanti"),
    ("TMPL-7", "roadmap_answer", "why", "Dibangun suatu saat nanti.", "suatu saat nanti"),
    ("TMPL-8", "delivery_commitment", "first_update", "ASAP, say 2026-12-07", "asap"),
    ("TMPL-8", "delivery_commitment", "personal_word", "We deliver as soon as possible.", "as soon as possible"),
    ("TMPL-8", "delivery_commitment", "personal_word", "Kami hantar secepat mungkin.", "secepat mungkin"),
    ("TMPL-8", "delivery_commitment", "personal_word", "Kami kirim secepatnya, Aisyah.", "secepatnya"),
    ("TMPL-13", "apology", "ownership", "If you look at our records, you see it.", "if you look at our records"),
    ("TMPL-13", "apology", "feeling", "I am sorry if you felt ignored.", "sorry if"),
    ("TMPL-13", "apology", "ownership", "Kami memang sudah menjawab tiket anda.", "kami memang sudah menjawab"),
    ("TMPL-13", "apology", "ownership", "Menurut catatan kami, sudah dijawab.", "menurut catatan kami"),
    ("SAVE-47", "apology", "ownership", "We were late, so here is a discount.", "discount"),
    ("TMPL-14", "what_changes", "commitments", "We’ll do better.\nA call each Tuesday.", "we'll do better"),
    ("TMPL-14", "what_changes", "commitments", "Kami akan berusaha lebih baik.\n2", "kami akan berusaha lebih baik"),
    (
        "TMPL-14",
        "what_changes",
        "commitments",
        "Kami akan berusaha sebaik mungkin.\n2",
        "kami akan berusaha sebaik mungkin",
    ),
    ("TMPL-15", "new_csm", "personal_word", "It was his fault that you had to wait.", "his fault"),
    ("TMPL-15", "new_csm", "handover", "We admit that nobody told you.", "we admit"),
    ("TMPL-15", "new_csm", "personal_word", "Semua ini salah beliau, Puan.", "salah beliau"),
    ("TMPL-15", "new_csm", "personal_word", "Ini kesalahan kami, Ibu Aisyah.", "kesalahan kami"),
    ("TMPL-16", "written_sla", "reviews", "Every month, and we will do our best.", "we will do our best"),
    ("TMPL-17", "pricing_conversation", "structures", "How about 40% off?\nOr by month?", "40%"),
    ("TMPL-17", "pricing_conversation", "structures", "Forty is much: 40 per cent\nBy month", "40 per cent"),
    ("TMPL-17", "pricing_conversation", "structures", "Kurang ４０ peratus\nBulanan", "40 peratus"),
    ("TMPL-17", "pricing_conversation", "personal_word", "Half price for you, Aisyah.", "half price"),
    ("TMPL-17", "pricing_conversation", "personal_word", "Kami beri setengah harga, Ibu.", "setengah harga"),
    ("TMPL-19", "phase_in", "schedule", "Month 1: 40% off\nMonth 2: 40% off, forever", "forever"),
    ("TMPL-19", "phase_in", "schedule", "Bulan 1: 40%\nBulan 2: 20% selama-lamanya", "selama-lamanya"),
    ("TMPL-19", "phase_in", "schedule", "Bulan 1: 40%\nBulan 2: 20% selamanya", "selamanya"),
    ("TMPL-20", "differentiation", "facts", "We are better: 47 links.", "we are better"),
    ("TMPL-20", "differentiation", "facts", "Kami lebih baik: 47 sambungan.", "kami lebih baik"),
    ("TMPL-20", "differentiation", "facts", "Kami lebih unggul: 47 koneksi.", "kami lebih unggul"),
    ("TMPL-20", "differentiation", "relevance", "Their product is outdated anyway.", "outdated"),
    ("TMPL-21", "hard_to_replicate", "integration", "Their link is unreliable with yours.", "unreliable"),
    ("TMPL-21", "hard_to_replicate", "integration", "Produk mereka sudah ketinggalan zaman.", "ketinggalan zaman"),
    ("TMPL-21", "hard_to_replicate", "integration", "Produk itu tidak bisa dipercaya.", "tidak bisa dipercaya"),
    ("TMPL-22", "selective_roadmap", "items", "Confidential: one list for all shops.", "confidential"),
    ("TMPL-22", "selective_roadmap", "items", "Ciri ini belum diumumkan lagi.", "belum diumumkan"),
    ("TMPL-22", "selective_roadmap", "items", "Ini rahasia: satu daftar stok.", "rahasia"),
    ("TMPL-33", "contract_clause", "measure", "We will do our best for 99.5%.", "we will do our best"),
]


def labels(rows: list[tuple[str, ...]]) -> list[object]:
    return [pytest.param(*row[1:], id=f"{row[0]}: {row[-1]}") for row in rows]


@pytest.mark.parametrize(("name", "part", "said", "quoted"), labels(AVOIDED))
async def test_a_message_does_not_leave_with_what_it_must_not_say(desk, name, part, said, quoted):
    sentence = await desk.refused(name, SAMPLES[name].whole | {part: said})
    assert sentence.startswith(f"The part '{part}' says '{quoted}'; ")
    assert "\n" not in sentence
    assert ". " not in sentence


PERSONAL = [name for name, sample in SAMPLES.items() if "personal_word" in sample.must]


@pytest.mark.parametrize("name", [pytest.param(name, id=f"TMPL-1: {name}") for name in PERSONAL])
@pytest.mark.parametrize("generic", ["Just checking in!", "Hanya ingin menyemak!", "Hanya ingin mengecek!"])
async def test_no_message_is_a_generic_check_in(desk, name, generic):  # TMPL-1
    sentence = await desk.refused(name, SAMPLES[name].whole | {"personal_word": generic})
    assert sentence.startswith("The part 'personal_word' could be written to anybody; ")


NEARLY = [
    # words that hold a phrase only in part, or a figure that is no discount
    ("TMPL-8", "delivery_commitment", "personal_word", "The ASAPRO import works, Aisyah.", "ASAPRO"),
    ("TMPL-17", "pricing_conversation", "structures", "12 payments instead of 1\nA start in April", "12 payments"),
    ("TMPL-21", "hard_to_replicate", "knowledge", "We know the better shelves of your buyers.", "better"),
    ("TMPL-20", "differentiation", "reasons", "They keep the chronology of each order.", "chronology"),
]


@pytest.mark.parametrize(("name", "part", "said", "kept"), labels(NEARLY))
async def test_words_that_only_resemble_a_phrase_may_leave(desk, name, part, said, kept):
    assert kept in (await desk.write(name, SAMPLES[name].whole | {part: said})).text


async def test_what_one_message_must_not_say_another_may(desk):
    assert "20%" in (await desk.write("concession_offer", SAMPLES["concession_offer"].must)).text


ASKED = [
    # requirement, message, part, what is said, what the refusal says of it
    ("TMPL-2", "concession_offer", "terms", "A little off the price", "holds no figure"),
    ("TMPL-2", "concession_offer", "tied_to", "renewal", "could be written to anybody"),
    ("TMPL-3", "value_summary", "figures", "Many campaigns since 2026-05-01", "holds no figure"),
    ("TMPL-3", "value_summary", "comparison", "Much cheaper than doing it by hand.", "holds no figure"),
    ("TMPL-5", "acknowledgment", "stakeholder", "our management", "must be a name and a title"),
    ("TMPL-6", "workaround", "until", "Until it is built", "names no date"),
    ("TMPL-7", "roadmap_answer", "roadmap_period", "The second quarter", "holds no figure"),
    ("TMPL-7", "roadmap_answer", "expected", "Next summer", "names no date"),
    ("TMPL-7", "roadmap_answer", "beta_access", "Before the others", "names no date"),
    ("TMPL-7", "roadmap_answer", "confirmed_by", "engineering", "must be a name and a title"),
    ("TMPL-8", "delivery_commitment", "milestones", "All of it on 2027-06-30", "has 1 of at least 2 lines"),
    ("TMPL-8", "delivery_commitment", "milestones", "Beta, then\nAll on 2027-06-30", "in 'Beta, then', names no date"),
    ("TMPL-8", "delivery_commitment", "first_update", "Next Monday", "names no date"),
    ("TMPL-10", "value_summary", "period", "The last 6 months", "names no date"),
    ("TMPL-10", "value_report", "estimates", "Quite some downtime", "holds no figure"),
    ("TMPL-11", "value_summary", "cost_comparison", "By hand: 2 people", "compares nothing"),
    ("TMPL-11", "value_report", "cost_comparison", f"60 or 36\n{'by hand ' * 9}", "by hand by h…', compares nothing"),
    ("TMPL-12", "untapped_potential", "features_used", "3 of the features", "compares nothing"),
    ("TMPL-12", "untapped_potential", "gain", "It could save many hours a week.", "holds no figure"),
    ("TMPL-12", "untapped_potential", "implementation", "With your team", "names no date"),
    ("TMPL-14", "what_changes", "commitments", "A call every Tuesday at 10:00", "has 1 of at least 2 lines"),
    ("TMPL-15", "new_csm", "successor", "Priya Nair", "must be a name and a title"),
    ("TMPL-15", "new_csm", "how", "By phone", "holds no figure"),
    (
        "TMPL-16",
        "written_sla",
        "levels",
        "From 24 hours to 4\nCSM: in 2 hours",
        "in 'CSM: in 2 hours', compares nothing",
    ),
    ("TMPL-16", "written_sla", "starting", "From now on", "names no date"),
    ("TMPL-17", "pricing_conversation", "structures", "Payments by month only", "has 1 of at least 2 lines"),
    ("TMPL-18", "partial_retention", "scope", "Core users only", "holds no figure"),
    ("TMPL-18", "partial_retention", "revisit", "After the summer", "names no date"),
    ("TMPL-19", "phase_in", "schedule", "Months 1 to 3: 40% off\nThen less", "in 'Then less', holds no figure"),
    ("TMPL-19", "phase_in", "standard_from", "When it pays off", "names no date"),
    ("TMPL-20", "differentiation", "facts", "We link many more sources.", "holds no figure"),
    ("TMPL-22", "selective_roadmap", "horizon", "On 2027-01-15", "holds no figure besides its dates"),
    ("TMPL-22", "selective_roadmap", "approved_by", "product", "must be a name and a title"),
    ("TMPL-23", "beta_invitation", "start", "Next month", "names no date"),
    ("TMPL-24", "peer_introduction", "consent", "They like us", "names no date"),
    ("TMPL-25", "feature_trial", "items", "Rules: fewer gaps\nLabels: no typing", "has 2 of at least 3 lines"),
    ("TMPL-25", "feature_trial", "ends", "After 30 days", "names no date"),
    ("TMPL-33", "contract_clause", "kind", "a good clause", "must be one of: performance_guarantee, paid_pilot"),
    ("TMPL-33", "contract_clause", "measure", "Imports finish in good time.", "holds no figure"),
    ("TMPL-33", "contract_clause", "by", "In 90 days", "names no date"),
    ("TMPL-33", "contract_clause", "then", "Leave at once", "holds no figure"),
]


@pytest.mark.parametrize(("name", "part", "said", "wrong"), labels(ASKED))
async def test_a_part_holds_what_the_message_must_contain(desk, name, part, said, wrong):
    sentence = await desk.refused(name, SAMPLES[name].whole | {part: said})
    assert sentence.startswith(f"The part '{part}'")
    assert wrong in sentence
