"""What the command line holds: each command with its line in ``--help``, and where it is found when it is used.

Nothing of it is imported for the help: a test holds the lines against what the commands say of themselves.
"""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """Where a command lies, as ``module:name`` of its group or of the function that adds it; and its line."""

    place: str
    line: str


CONTENTS = {
    "migrate": Entry(
        "cli.instance:add_to",
        "Bring the database to the present version; running it again changes nothing.",
    ),
    "doctor": Entry(
        "cli.doctor:add_to",
        "Check each configured part: ready, or what to do about it.",
    ),
    "import": Entry(
        "cli.instance:add_to",
        "Read a portfolio from CSV files; the same folder again changes nothing.",
    ),
    "backup": Entry(
        "cli.instance:add_to",
        "Copy every embedded database, the exports and the usage history into one file, also beside a running worker.",
    ),
    "restore": Entry(
        "cli.instance:add_to",
        "Put a backup back, after every checksum was checked; nothing else may work on the instance meanwhile.",
    ),
    "people": Entry(
        "cli.team:add_to",
        "The team directory: ids, names, roles and where they work.",
    ),
    "accounts": Entry(
        "cli.team:add_to",
        "The customers: ids, names, the yearly revenue that the forecast counts on, renewal dates; --former: who left.",
    ),
    "absence": Entry(
        "cli.team:add_to",
        "Plan an absence: while it lasts, what the person owes goes to their deputy, then to the manager.",
    ),
    "deactivate": Entry(
        "cli.team:add_to",
        "A person has left: they keep their name on what they did, and what they owe goes to their deputy or manager.",
    ),
    "handover": Entry(
        "cli.handover:add_to",
        "Hand all seats and open cases of a person over to another one.",
    ),
    "pause-all": Entry(
        "cli.outbound:add_to",
        "Stop all outgoing mail at once: nothing leaves, everything queues, cases go on.",
    ),
    "resume-all": Entry(
        "cli.outbound:add_to",
        "Let mail leave again; every open case tries at once what was held back.",
    ),
    "metrics": Entry(
        "cli.metrics:add_to",
        "METR-1 to METR-17: part and whole, target, and the source's own lines, which nobody has verified.",
    ),
    "fast-forward": Entry(
        "cli.clock:add_to",
        "Let time pass for all open cases of an account, timer by timer; a worker must be running.",
    ),
    "simulate": Entry(
        "cli.simulate:add_to",
        "Play a playbook with its real durations and print the calendar: day, step, owner, what happened, who was told.",
    ),
    "demo": Entry(
        "cli.demo:add_to",
        "Play a portfolio on a local Temporal: twelve saves with diligent, late and absent people, and one cancellation.",
    ),
    "serve": Entry(
        "cli.serve:add_to",
        "Run this instance here: bring its database up to date, start a local Temporal with its page, and a worker.",
    ),
    "web": Entry(
        "cli.web:add_to",
        "Run the web program here, beside a worker: it takes in webhooks of the senders whose secrets are set.",
    ),
    "save": Entry(
        "cli.case_groups:save",
        "Work on a save attempt: open it, do its steps, close it.",
    ),
    "recovery": Entry(
        "cli.case_groups:recovery",
        "Look after a saved customer for a year; a save that ended well begins it.",
    ),
    "cancel": Entry(
        "cli.case_groups:cancel",
        "Work on a cancellation: from the request to the last thing that is owed to who leaves.",
    ),
    "retention": Entry(
        "cli.case_groups:retention",
        "Keep the data of who left as long as they were told, delete it, and prove it.",
    ),
    "winback": Entry(
        "cli.case_groups:winback",
        "Remember who left; write at most once a year, with a reason.",
    ),
    "export": Entry(
        "cli.export:app",
        "Look at the data that was prepared for customers who leave.",
    ),
    "facts": Entry(
        "cli.facts_measured:app",
        "What is known of customers, where it came from, and what they may have said.",
    ),
    "detection": Entry(
        "cli.detection:app",
        "Whether customers are at risk, and why: health, triggers, signals, and the daily sweep.",
    ),
    "alert": Entry(
        "cli.alert:app",
        "What was found of customers: each alert has a case, an answer, or a dismissal.",
    ),
    "access": Entry(
        "cli.access:app",
        "Look at who gets in.",
    ),
    "case": Entry(
        "cli.case:app",
        "Look at cases: list them, read their history, find those that are stuck.",
    ),
    "incident": Entry(
        "cli.incident:app",
        "Incidents and product gaps that many cases share: record one once, and tell all of them how it goes.",
    ),
    "playbook": Entry(
        "cli.playbook:app",
        "Check, read and compare playbooks.",
    ),
    "policy": Entry(
        "cli.policy:app",
        "Check the policies, and see which one holds for an account that leaves. They are not legal advice.",
    ),
    "report": Entry(
        "cli.report:app",
        "What the cases show together: durations, themes, and the loop with those who left.",
    ),
    "review": Entry(
        "cli.review:app",
        "Reviews by the calendar: each has a page, and a named person who confirms that it was held.",
    ),
    "team": Entry(
        "cli.standup:app",
        "The work of a whole team.",
    ),
    "outbox": Entry(
        "cli.outbound:app",
        "Read what was sent, and what is held back.",
    ),
    "crm": Entry(
        "cli.customers:app",
        "The CRM: make it ready for what is written there.",
    ),
    "webhooks": Entry(
        "cli.webhooks:app",
        "What other systems are told of cases, and what they send.",
    ),
}
