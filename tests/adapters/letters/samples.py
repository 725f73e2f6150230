"""A finished example of every message to customers: the parts that it cannot do without, and those that it may hold."""

from __future__ import annotations

from tests.adapters.letters.company import ENOUGH, PERSONAL_WORD
from tests.adapters.letters.leaving_samples import LEAVING
from tests.adapters.letters.sample import Sample

COSTS = "Product B costs 60,000 a year, ours 36,000.\nBy hand: 2 people for 120,000 a year."
ESTIMATES = "About 180 hours of downtime, estimated from the log of the system before."
PERIOD = "2026-05-01 to 2026-10-31"
FIGURES = "1,247 campaigns to 340,000 readers, 23 workflows automated."
CONFIRMED = "Mira Tan, VP Product"
WHEN = "Tuesday 2026-12-08, 10:00"


def _sample(req: str, may: dict[str, str] | None = None, **must: str) -> Sample:
    return Sample(req, {"personal_word": PERSONAL_WORD, **must}, may or {})


SAMPLES = {
    "acknowledgment": Sample(
        "TMPL-5",
        ENOUGH["acknowledgment"],
        {"assessment": "We can lift the limit, not the file format.", "next_contact": "By phone on 2026-11-26."},
    ),
    "engaged_notice": Sample("PLAY-15", ENOUGH["engaged_notice"]),
    "check_in": Sample("RISK-88", {}),
    "weekly_update": Sample(
        "TMPL-9",
        ENOUGH["weekly_update"],
        {
            "customer_action": "Please name a tester by 2026-12-01.",
            "shared_progress": "Export of large files: the fix is in test (2026-12-04)",
        },
    ),
    "day30_followup": Sample("TMPL-32", ENOUGH["day30_followup"], {"value": "412 hours of typing saved."}),
    "concession_offer": _sample(
        "TMPL-2",
        problem="The link to your till system is missing.",
        terms="20% off the monthly price",
        until="The day on which the link is delivered.",
        tied_to="Your renewal for the year 2027, signed.",
    ),
    "value_summary": _sample(
        "TMPL-3, TMPL-10, TMPL-11",
        {"cost_comparison": COSTS, "estimates": ESTIMATES},
        period=PERIOD,
        figures=FIGURES,
        said="Ms Lim called it critical to the launch in September.",
        comparison="Three similar booksellers spend 80,000 a year on work by hand.",
    ),
    "workaround": _sample(
        "TMPL-6",
        what_we_do="Our support team runs your stock import.",
        how_often="Every first working day",
        until="2027-01-29",
    ),
    "roadmap_answer": _sample(
        "TMPL-7",
        {"beta_access": "Two weeks earlier, from 2027-05-28"},
        feature="Import of stock without a row limit",
        roadmap_period="Q2 2027",
        why="You and eight more customers need it.",
        expected="2027-06-11",
        confirmed_by=CONFIRMED,
    ),
    "delivery_commitment": _sample(
        "TMPL-8",
        milestones="Beta release on 2027-06-15\nFull release on 2027-06-30",
        confirmed_by=CONFIRMED,
        first_update="Monday, 2026-12-07",
    ),
    "untapped_potential": _sample(
        "TMPL-12",
        features_used="3 of 8: import, labels, returns",
        gain="Reorder rules could save 15 hours a week.",
        basis="Four booksellers of your size, January to June.",
        implementation="Two sessions, on 2026-12-08 and 2026-12-10",
    ),
    "apology": _sample(
        "TMPL-13",
        {"next_contact": "By phone on 2026-12-02"},
        feeling="You felt ignored, and last in every queue.",
        ownership="We left four of your tickets without an answer.",
    ),
    "what_changes": _sample(
        "TMPL-14",
        commitments="A call every Tuesday at 10:00.\nOne senior engineer for all your tickets.",
        starting="1 December 2026",
    ),
    "new_csm": _sample(
        "TMPL-15",
        {"handover": "She has read the file of your stock import."},
        successor="Priya Nair, Principal Success Manager",
        experience="Ten years with bookshops and their suppliers.",
        how="By phone at 15:00",
    ),
    "written_sla": _sample(
        "TMPL-16",
        {"reviews": "Every month with my manager, who joins the review."},
        levels="Support answers: from 24 hours to 4\nCSM answers: from 8 hours to 2",
        starting="2026-12-01",
        accountable="Omar Aziz, Head of Support",
    ),
    "pricing_conversation": _sample(
        "TMPL-17",
        {"times": "2026-12-02 at 10:00 or 2026-12-03 at 14:00"},
        budget_cycle="Your new budget is set each April.",
        structures="Monthly payments instead of one sum\nA start in April with your new budget",
    ),
    "partial_retention": _sample(
        "TMPL-18",
        scope="10 core users instead of 30",
        price="25,000 a year",
        stays="The link to your ledger and all reports.",
        revisit="2027-07-01",
        expansion_terms="No fee for setting it up again.",
    ),
    "phase_in": _sample(
        "TMPL-19",
        schedule="Months 1 to 3: 40% off\nMonths 4 to 6: 20% off",
        customer_action="Your team moves reordering to the rules.",
        standard_from="2027-06-01",
    ),
    "differentiation": _sample(
        "TMPL-20",
        {
            "reasons": "Two chains chose us for the audit trail.",
            "approach": "Each change is kept, so nothing is overwritten.",
            "source": "Our public list of links",
        },
        facts="We link 47 sources, product B links 12.",
        relevance="Your five tills need a link each.",
    ),
    "hard_to_replicate": _sample(
        "TMPL-21",
        integration="The link to your ledger took half a year to build.",
        knowledge="Wei Ling knows how your buyers plan a season.",
        roadmap_fit="Consignment stock was designed for your case.",
    ),
    "selective_roadmap": _sample(
        "TMPL-22",
        their_plan="Five more shops, as you told us in October.",
        items="One stock list for all shops together.",
        horizon="Q1 2027",
        approved_by=CONFIRMED,
    ),
    "beta_invitation": _sample(
        "TMPL-23",
        {"advisory_board": "The board for stock keeping next meets in January."},
        feature="Reorder rules that watch each shelf.",
        start="2026-12-14",
        what_we_ask="Two of your buyers and an hour each week.",
    ),
    "peer_introduction": _sample(
        "TMPL-24",
        peer="Farid Omar, Head of Buying at Pustaka Selatan",
        similarity="Both of you run a dozen shops and a web shop.",
        evaluated="They compared us with product B last year and chose us for returns.",
        consent="By mail on 2026-11-20",
    ),
    "feature_trial": _sample(
        "TMPL-25",
        items="Reorder rules: fewer gaps\nForecasts: fewer returns\nLedger link: no typing",
        starts="2026-12-01",
        ends="2026-12-31",
        after="It is switched off, unless you ask us to go on.",
    ),
    "contract_clause": _sample(
        "TMPL-33",
        kind="performance_guarantee",
        measure="99.5% of imports finish by 06:00.",
        by="2027-03-31",
        then="Leave with 30 days of notice",
    ),
    "promise_done": _sample(
        "SAVE-27",
        promised="Import without a row limit, by 4 December.",
        done="It went live on 2026-12-03 at noon.",
        how_to_see="Upload any file on the page Stock, Import.",
    ),
    "fix_confirmation": _sample(
        "PLAY-122",
        {"how_to_check": "Open the report of last night."},
        fix="The import stopped at a limit that is gone now.",
        since="2026-11-24",
    ),
    "recovery_touchpoint": _sample(
        "POST-6",
        {"obstacles": "The test with Ipoh moved by two days.", "commitments": "- A call every Tuesday at 10:00"},
        news="Your team imported 40,000 rows on Friday.",
        next_steps="We train the buyers on 2026-12-09.",
    ),
    "value_report": _sample(
        "POST-6",
        {"cost_comparison": COSTS, "roi": "2.4 times: 86,400 saved for 36,000 paid", "estimates": ESTIMATES},
        period=PERIOD,
        figures=FIGURES,
        reading="The launch in spring needs one person less.",
    ),
    "day60_review": _sample(
        "POST-2",
        when=WHEN,
        value="412 hours of typing saved",
        health="The import runs well, the labels still jam.",
    ),
    "day90_qbr": _sample(
        "POST-3",
        when=WHEN,
        who="Your finance lead and our head of product.",
        results="The import is done, the labels are not.",
        outlook="Reorder rules in all of your shops.",
    ),
    **LEAVING,
}
