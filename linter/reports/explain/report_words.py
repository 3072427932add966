"""What the headings, labels and short words of text reports mean; verdicts have a topic of their own."""

from __future__ import annotations

from collections.abc import Mapping

from aclproof.linter.reports.language.language import message

HEADINGS: Mapping[str, str] = {
    "Verdict": message("What is proven of a method: works, blocked, undecided or not assessed."),
    "Requirements met": message(
        "How many of the requirements that a method has here are proven to be met."),
    "What stops it": message(
        "The lines that stop packets of some requirement, each told once, first those that stop most."),
    "What is open": message(
        "The questions that the configurations leave open, each told once, first those that leave most "
        "open, and the facts that answer them."),
    "If the usual answers are right, which is not proven:": message(
        "What would follow if every open question had its usual answer; it counts for no verdict."),
    "Not needed here": message("Requirements that do not apply, as the settings of the site say."),
    "Passes no firewall": message("Requirements that apply, and of which both ends are the same computer."),
    "Not checked, as no addresses are given": message(
        "Requirements that may be needed, and whose roles have no addresses in the site file: nothing is "
        "known of them."),
    "Waivers": message("Gaps for which somebody answers until a day, and what became of each in this run."),
    "Assumed": message(
        "Settings that nobody gave and that some verdict rests on, with the values that were taken. Give "
        "those in the site file that are different."),
    "Stated as fact": message("Answers of the site file, or of --fact, that some verdict rests on."),
    "Relied on": message(
        "The usual answer to a question that no input answers. It was taken because nearly every machine "
        "is so, or because the site file assumes what is usual; the command shows whether this one is."),
    "new since the baseline": message(
        "The baseline has no gap of this requirement there: it fails as without a baseline."),
    "grown since the baseline": message(
        "More packets are missing or undecided than the baseline has: it fails as without a baseline."),
    "Baseline": message("The file of known gaps that was compared with, and how many requirements it has."),
    "Cured since the baseline": message(
        "Gaps that the baseline has and that are there no more: --baseline and --write-baseline of the same "
        "file take them out of it."),
    "warning": message(
        "A requirement that the pack only warns of: what is missing of it is told, but no method and no exit "
        "code fails by it, unless --strict is given."),
}
"""Of the report of a check."""

MANY: Mapping[str, str] = {
    "proven": message("Of a site: everything that was asked for is proven."),
    "accepted (not proven)": message(
        "Of a site: what is not proven is waived, known from a baseline, met by assumed answers, or need not "
        "be (--require any). The exit code leaves it out, and nothing of it is proven."),
    "met by assumed answers": message(
        "Of a requirement: it was undecided, and the usual answers, which the site takes for granted "
        "(assume: usual), make it met. It is not proven."),
    "not all proven": message("Of a site: nothing is surely missing, and not everything is proven."),
    "something missing": message("Of a site: some packets that it needs are surely stopped."),
    "NOT READ": message(
        "Of a site: its site file or another input is wrong, as said beside it. Nothing of it was proven."),
    "FAILED": message(
        "Of a site: a fault of aclproof, too little memory, or a worker that died on it. Nothing of it was "
        "proven."),
    "Method": message("What is proven to work or not, and at how many sites it does."),
    "What stops most sites": message(
        "Lines that stop packets of some requirement, first those that do so at most sites."),
    "What is open at most sites": message(
        "Questions that the configurations leave open, first those that are open at most sites."),
    "What is wrong at several sites": message(
        "What is wrong with an input of more than one site, such as a waiver file that they have in common; "
        "beside these sites it is not said again."),
    "What checks name": message(
        "Lines that the checks of an audit name (--checks): how often each does, each line counted at every "
        "site, and those that it names at most sites. None of them decides a verdict."),
    "fails the run": message(
        "Of a site: checks name lines of the level that --fail-on counts, and no baseline has them."),
    "new": message(
        "Requirements of a site that are missing or undecided, and that the baseline has not, or less of: "
        "they fail as without a baseline."),
    "blocked methods": message("Methods of a site of which a requirement is surely not met."),
    "undecided methods": message(
        "Methods of a site of which no requirement is surely stopped, and not every one is proven."),
}
"""Of the report of many sites."""

LABELS: Mapping[str, str] = {
    "Required": message("The packets that a requirement needs: from whom, to whom, on which ports."),
    "Path": message("The firewalls on the way of the packets, in order, and what each does with them."),
    "Part": message("The packets that one line stops, where it does not stop all that are required."),
    "Translated": message(
        "The line that gives the packets another address or port before they come to the line that stops "
        "them."),
    "Stopped by": message(
        "The line, or the default, that surely stops the packets, and their way through the firewall."),
    "Near": message(
        "A rule that nearly lets the packets through, and what it lacks: 'aclproof explain near'."),
    "Example": message("One packet that is not proven to pass; 'aclproof trace' follows it."),
    "To do": message("What the pack advises."),
    "Open": message("The packets of which it is not known whether they pass."),
    "Line": message("The line that leaves the packets undecided, and their way through the firewall."),
    "Unknown": message("What is not known: a question, or the number of one above."),
    "Find out": message("The command or the place that shows the answer."),
    "Needed for": message("The methods that need the requirement."),
    "Fix": message("Permits in the words of the firewall, proven before they are printed."),
    "Proven": message("What was proven of a requirement for which somebody answers."),
    "Reason": message("Why somebody answers for the gap, as the waiver says."),
    "Applied": message("The waiver covers a gap of this run."),
    "UNUSED": message("The waiver covers no gap of this run: what it is for is met, or is not here."),
    "EXPIRED": message("The last day of the waiver is over: it covers nothing any more."),
    "passes": message("The firewall lets all packets of the requirement pass."),
    "STOPS": message("The firewall surely stops some packets of the requirement."),
    "is not crossed": message(
        "Both ends lie behind one interface of the firewall, so the packets do not go through it."),
    "is not reached": message("No packet is known to come so far: firewalls before it let none through."),
}
"""Of a requirement in the report of a check: the column on the left, and what firewalls do."""

CHANGES: Mapping[str, str] = {
    "WORSE": message(
        "Some of its packets may have passed before and surely do not now, or are undecided now."),
    "UNCLEAR": message(
        "Undecided before and after, by other lines or for other reasons: it may have got worse."),
    "better": message("Some of its packets surely pass now and did not before; nothing of it got worse."),
    "nearer": message(
        "A firewall lets it pass now; all in all it fares as before, because another one does not."),
    "changed": message(
        "A firewall on its way does something else with it, and all in all it fares as before."),
    "not in the site": message("The requirement does not belong to that side of the comparison."),
    "Now permitted": message("Packets that surely pass now and did not before."),
    "Now denied": message("Packets that surely do not pass now and may have before."),
    "Now open": message("Packets that are undecided now and were not before."),
    "Now required": message("Packets that have to pass now and did not have to before."),
    "Here": message("What a firewall on the way does now."),
    "Decided by": message("The lines that decide now, besides those that changed."),
    "Open or not": message("Packets that are undecided in one of the two lists."),
    "Not compared": message("Changed rules that were not compared, and why."),
    "Note": message("What was noticed while the change was carried out."),
}
"""Of the report of a comparison."""

FATES: Mapping[str, str] = {
    "PERMIT": message("Of a packet: it surely passes."),
    "DENY": message("Of a packet: it is surely stopped."),
    "NOT CROSSED": message("Of a packet: both of its ends lie behind one interface of the firewall."),
    "NOT KNOWN": message("Of a packet: it could not be followed to this firewall."),
}
"""Of a packet that is traced."""

AUDIT: Mapping[str, str] = {
    "Audit": message(
        "What checks name (--checks hygiene, or some of them): lines that do nothing or too much, and what "
        "people wrote about them. None of it decides a verdict. 'aclproof explain checks' lists them."),
}
"""Of what checks name."""

EVIDENCE: Mapping[str, str] = {
    "What devices say": message(
        "Answers of devices and hosts (--evidence) held against the proof, and how many stand how to it."),
    "the device says otherwise": message(
        "The device does something else than its configuration says, or answers a question otherwise than "
        "the site does. Nothing is proven to pass it until the configuration that it runs is given."),
    "no connection, and no firewall explains it": message(
        "A host could not connect, and every firewall lets the packets pass: nothing listens there, or "
        "something stops them that the site does not name."),
    "settled by an answer": message(
        "The answer says what was open: the answer to a question, or what becomes of one packet."),
    "the device says the same": message("The answer is what the configurations say."),
    "proves nothing here": message(
        "The answer is cut off, of no firewall of the site, of another day, about packets that no "
        "requirement sends, or says less than it seems to."),
}
"""Of what devices say."""

USAGE: Mapping[str, str] = {
    "Alone": message("Nothing of these requirements passes without the line."),
    "In part": message("Some packets of these requirements do not pass without the line."),
    "Not alone": message(
        "All that these requirements need still passes without the line: others do the work."),
    "Not tried": message("What would become of these requirements without the line was not proven."),
    "Names": message("The objects, groups, sets and time ranges that the line names, with their lines."),
    "Warning": message("What to think of before the line is narrowed or taken away."),
    "Why not": message("Why it was not proven what would be without the line."),
}
"""Of what hangs on lines."""

NOTICES: Mapping[str, str] = {
    message("cured"): message("Of a gap that the baseline has: it is there no more."),
}
"""Of standard error."""

IDS: Mapping[str, str] = {
    "not all proven": "unproven", "NOT READ": "unreadable", "Audit": "hygiene",
    "the device says otherwise": "contradicted", "settled by an answer": "settled",
    "no connection, and no firewall explains it": "unexplained", "the device says the same": "confirmed",
    "proves nothing here": "proves nothing"}
"""What machine formats, options and counts call it, where that is another word."""

WORDS: Mapping[str, str] = {**HEADINGS, **MANY, **LABELS, **CHANGES, **FATES, **AUDIT, **EVIDENCE, **USAGE,
                            **NOTICES}
"""All of them, as reports print them in English."""
