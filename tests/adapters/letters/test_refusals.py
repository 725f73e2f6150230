"""What keeps a message from leaving, one by one; each refusal says what would be right (OFFB-58)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.case import RefusalType
from models.faults import PermanentFault
from models.telling import Promised, Told
from tests.adapters.letters.company import AT, ENOUGH, OPENED, account, card, contact, release


def without(template: str, *names: str) -> dict[str, str]:
    return {name: text for name, text in ENOUGH[template].items() if name not in names}


def changed(template: str, **parts: str) -> dict[str, str]:
    return ENOUGH[template] | parts


@pytest.mark.parametrize("part", ["progress", "status", "next_steps", "personal_word"])
async def test_the_weekly_update_demands_each_of_its_parts(desk, part):  # SAVE-19
    sentence = await desk.refused("weekly_update", without("weekly_update", part))
    assert sentence.startswith(f"Still to be written: {part} (")


async def test_a_missing_progress_may_also_be_a_reason(desk):  # TMPL-31
    sentence = await desk.refused("weekly_update", without("weekly_update", "progress"))
    assert "or no_progress_because (the reason" in sentence


async def test_everything_that_is_missing_is_named_at_once(desk):
    sentence = await desk.refused("acknowledgment", {})
    assert all(name in sentence for name in ("personal_word", "issue", "stakeholder"))


async def test_a_blank_part_is_a_missing_part(desk):
    assert "issue (" in await desk.refused("acknowledgment", changed("acknowledgment", issue=" \n\t "))


async def test_progress_and_a_reason_for_none_contradict_each_other(desk):
    edits = changed("weekly_update", no_progress_because="The supplier delivered the wrong keys.")
    assert "Both 'progress' and 'no_progress_because'" in await desk.refused("weekly_update", edits)


async def test_a_status_is_on_track_or_delayed(desk):  # SAVE-19
    sentence = await desk.refused("weekly_update", changed("weekly_update", status="mostly fine"))
    assert "must be one of: on_track, delayed" in sentence


@pytest.mark.parametrize(
    "said", ["No progress yet.", "We are working on it", "Belum ada kemajuan", "tidak ada kemajuan!"]
)
async def test_progress_without_an_accomplishment_is_none(desk, said):  # SAVE-19
    assert "'progress' could be written to anybody" in await desk.refused(
        "weekly_update", changed("weekly_update", progress=said)
    )


@pytest.mark.parametrize(
    "generic",
    [
        "Just checking in!",
        "Hi Aisyah, just wanted to check in!",
        "I hope this email finds you well. Just following up.",
        "Hanya ingin mengecek!",
        "Sekadar bertanya khabar. Semoga anda sihat.",
        "Apa kabar? Semoga Anda sehat.",
        "We'll look into it",
        "!!! ... 🙂",
        "ok",
    ],
)
async def test_a_generic_word_is_not_a_personal_word(desk, generic):  # TMPL-1, OFFB-58
    sentence = await desk.refused("weekly_update", changed("weekly_update", personal_word=generic))
    assert "'personal_word' could be written to anybody" in sentence


@pytest.mark.parametrize(
    "specific", ["谢谢您周一的电话。", "شكرا على مكالمتك يوم الاثنين", "Terima kasih atas panggilan hari Isnin."]
)
async def test_a_short_word_of_any_script_may_be_personal(desk, specific):
    assert specific in (await desk.write("weekly_update", changed("weekly_update", personal_word=specific))).text


async def test_the_words_of_the_template_are_not_a_personal_word(desk):  # OFFB-58
    copied = "if I have misunderstood anything, please reply to this EMAIL!"
    sentence = await desk.refused("acknowledgment", changed("acknowledgment", personal_word=copied))
    assert "only repeats the template" in sentence


async def test_a_repeated_message_needs_a_new_personal_word(desk):  # OFFB-58
    await desk.write("weekly_update", n=1)
    shouted = changed("weekly_update", personal_word=ENOUGH["weekly_update"]["personal_word"].upper() + "!!")
    assert "the same as in the last message" in await desk.refused("weekly_update", shouted, n=2)
    fresh = changed("weekly_update", personal_word="Good that Tuesday's test with your store in Ipoh went ahead.")
    assert "Ipoh" in (await desk.write("weekly_update", fresh, n=2)).text


async def test_a_late_message_does_not_repeat_the_one_that_overtook_it(desk):  # OFFB-58
    await desk.draft("weekly_update", n=1)
    other = changed("weekly_update", personal_word="Good that Tuesday's test with your store in Ipoh went ahead.")
    await desk.write("weekly_update", other, n=2, at=AT)
    await desk.write("weekly_update", n=3, at=AT + timedelta(hours=1))
    assert "the same as in the last message" in await desk.refused("weekly_update", n=1, at=AT + timedelta(hours=2))


async def test_the_same_release_twice_is_not_a_repetition(desk):
    first = await desk.write("weekly_update", n=1)
    assert await desk.letters.compose(release(ENOUGH["weekly_update"])) == first


@pytest.mark.parametrize(
    "vague", ["We release it as soon as possible.", "ASAP", "Kami siapkan secepat mungkin.", "Kami kirim secepatnya."]
)
async def test_a_promise_without_a_day_does_not_leave(desk, vague):  # SAVE-17
    sentence = await desk.refused("weekly_update", changed("weekly_update", next_steps=vague))
    assert "without a date" in sentence
    assert "2026-12-04" in sentence


async def test_a_date_on_one_line_does_not_cover_a_vague_one(desk):  # SAVE-17
    steps = "Test on 2026-12-02.\nRelease as soon as possible."
    assert "as soon as possible" in await desk.refused("weekly_update", changed("weekly_update", next_steps=steps))


@pytest.mark.parametrize("undated", ["We test version 2.4 with 3.5 million rows.", "We may test 12 stores next week."])
async def test_next_steps_without_any_date_do_not_leave(desk, undated):  # SAVE-19
    assert "names no date" in await desk.refused("weekly_update", changed("weekly_update", next_steps=undated))


@pytest.mark.parametrize(
    "day",
    [
        *("2026-12-04", "4/12/2026", "4.12.2026", "4/12", "12月4日"),
        *("December 4", "4th of December", "4 Disember", "4hb Dis", "4 Des", "4 Desember 2026"),
    ],
)
async def test_dates_are_recognised_as_people_write_them(desk, day):
    steps = f"Release as soon as possible, at the latest {day}."
    assert day in (await desk.write("weekly_update", changed("weekly_update", next_steps=steps))).text


@pytest.mark.parametrize(
    "left",
    [
        "[issue]",
        "{{ issue }}",
        "{{",
        "{% if x %}",
        "TODO",
        "TBD",
        "xxx",
        "XXXX",
        "<name>",
        "____",
        "${name}",
        "Lorem ipsum",
    ],
)
@pytest.mark.parametrize("part", ["issue", "personal_word"])
async def test_a_placeholder_that_nobody_filled_in_does_not_leave(desk, left, part):  # OFFB-58
    edits = changed("acknowledgment", **{part: f"{ENOUGH['acknowledgment'][part]} {left} and more"})
    sentence = await desk.refused("acknowledgment", edits)
    assert f"The part '{part}' still holds the placeholder" in sentence


async def test_a_placeholder_in_a_promise_of_the_case_does_not_leave_either(desk):
    await desk.draft(
        "day30_followup", told=Told(promises=(Promised(title="Import by [date]", owner="p-x", due=OPENED),))
    )
    with pytest.raises(PermanentFault, match=r"'commitments' still holds the placeholder '\[date\]'"):
        await desk.letters.compose(release(without("day30_followup", "commitments")))


@pytest.mark.parametrize("attack", ["{{ 7*7 }}", "{{ signer.__class__ }}", "{% include 'en/notice.j2' %}", "{# #}"])
async def test_a_template_in_an_edit_is_refused_and_never_evaluated(desk, attack):
    edits = changed("acknowledgment", issue=f"{ENOUGH['acknowledgment']['issue']} {attack}")
    assert "49" not in await desk.refused("acknowledgment", edits)


async def test_a_template_in_a_name_of_the_crm_stays_the_text_that_it_is(desk):
    desk.crm.accounts["acct-1"] = account(name="Acme {{ 7*7 }}")
    letter = await desk.write("engaged_notice")
    assert letter.subject.startswith("Acme {{ 7*7 }}")
    assert "49" not in letter.text


async def test_an_edit_of_a_part_that_does_not_exist_is_answered_with_those_that_do(desk):
    for name in ("subject", "signer", "customer", "commitments"):
        sentence = await desk.refused("weekly_update", changed("weekly_update", **{name: "something else"}))
        assert f"no part '{name}'" in sentence
        parts = "personal_word, progress, shared_progress, no_progress_because, status, next_steps, customer_action"
        assert parts in sentence


async def test_a_part_is_given_once(desk):
    await desk.draft("weekly_update")
    twice = release(ENOUGH["weekly_update"])
    with pytest.raises(PermanentFault, match="'status' was given twice"):
        await desk.letters.compose(twice.model_copy(update={"edits": (*twice.edits, twice.edits[2])}))


async def test_a_part_has_a_greatest_length(desk):
    sentence = await desk.refused("acknowledgment", changed("acknowledgment", issue="a" * 2001))
    assert "has 2001 characters; at most 2000 fit" in sentence


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\x07", "\x85", "\u202e", "\u2028"])
async def test_hidden_signs_in_an_edit_do_not_leave(desk, sign):
    edits = changed("acknowledgment", issue=f"The import stops{sign} at 10,000 rows each night.")
    assert "control sign" in await desk.refused("acknowledgment", edits)


@pytest.mark.parametrize("name", ["Acme\r\nBcc: all@rival.example", "Acme\nX", "Acme\x00", "Acme\u202e"])
async def test_a_subject_is_one_plain_line(desk, name):
    desk.crm.accounts["acct-1"] = account(name=name)
    assert "name of account acct-1 holds a line break or control sign" in await desk.refused("weekly_update")


async def test_a_subject_has_a_greatest_length(desk):
    desk.crm.accounts["acct-1"] = account(name="Holdings " * 30)
    assert "shorten the name" in await desk.refused("weekly_update")


@pytest.mark.parametrize("who", ["our team", "management", "Mira Tan", ", VP", "Mira Tan,", "Mira\nTan, VP"])
async def test_the_stakeholder_is_a_person_with_a_title(desk, who):  # SAVE-15
    sentence = await desk.refused("acknowledgment", changed("acknowledgment", stakeholder=who))
    assert "must be a name and a title" in sentence


@pytest.mark.parametrize("who", ["Mira Tan, VP Product", "王芳，产品副总裁", "Mira Tan (VP Product)"])
async def test_a_stakeholder_with_a_title_is_named(desk, who):
    assert who in (await desk.write("acknowledgment", changed("acknowledgment", stakeholder=who))).text


async def test_nobody_signs_without_being_in_the_directory(desk):  # CANC-21
    assert "nobody in the team directory has the id 'p-ghost'" in await desk.refused("weekly_update", by="p-ghost")


async def test_nobody_signs_without_a_title(desk):  # CANC-21
    assert "p-new has no job title" in await desk.refused("weekly_update", by="p-new")


@pytest.mark.parametrize("name", ["Wei\r\nBcc: all@rival.example", "[name]", "{{ me }}", " "])
async def test_a_signature_is_a_name(desk, name):
    desk.directory.cards["p-csm"] = card(name=name)
    assert "name of p-csm" in await desk.refused("weekly_update")


async def test_a_signature_needs_an_address_for_the_answer(desk):
    desk.directory.cards["p-csm"] = card(email="weiling")
    assert "address of p-csm is not one plain mail address" in await desk.refused("weekly_update")


async def test_an_account_without_a_contact_cannot_be_written_to(desk):
    desk.crm.people["acct-1"] = ()
    assert "no contact to write to" in await desk.refused("weekly_update")


@pytest.mark.parametrize("email", ["a@b.example, c@d.example", "a@b.example\nBcc: x@y.example", ""])
async def test_a_contact_has_one_plain_address(desk, email):
    desk.crm.people["acct-1"] = (contact(email=email),)
    assert "address of contact c-2" in await desk.refused("weekly_update")


async def test_a_refused_release_leaves_the_draft_as_it_was(desk):
    await desk.refused("weekly_update", {})
    shown = await desk.letters.preview("case-1", "m-1")
    assert len(shown.missing) == 4
    assert RefusalType.MESSAGE_NOT_READY == "MessageNotReady"
