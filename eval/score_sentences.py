#!/usr/bin/env python3
"""Scores `deskbell understand --sentence` on public data sets of booking sentences and dialogues.

    score_sentences.py --understand "target/release/deskbell understand" [--errors N] [--dump FILE] DATA.jsonl ...

README.md beside this file says which data sets are read and how the measures are defined. Nothing is downloaded.
"""

import argparse
import collections
import json
import re
import shlex
import subprocess
import sys
import time

# A restaurant of our own, because two of the data sets are about tables.
RESTAURANT = {
    "id": "00000000-0000-7000-8000-0000000e0a11",
    "name": "The Copper Kettle",
    "zone": "Europe/London",
    "country": "GB",
    "hours": {day: [{"from": "11:00:00", "to": "23:00:00"}] for day in
              "monday tuesday wednesday thursday friday saturday sunday".split()},
    "services": [{"id": "00000000-0000-7000-8000-0000000e05e1", "name": "Table", "also": ["dinner", "lunch"],
                  "minutes": 90, "staff": ["00000000-0000-7000-8000-0000000ea001"], "capacity": 12}],
    "staff": [{"id": "00000000-0000-7000-8000-0000000ea001", "name": "Floor"}],
}


class Case:
    """One sentence: what is asked of the program, and what should come back."""

    def __init__(self, id, text, expecting="anything", business=None):
        self.id, self.text, self.expecting, self.business = id, text, expecting, business
        self.slots = {}     # slot -> list of (from, to) that are right; an empty list: nothing may be found
        self.names = None   # (first or None, last or None)
        self.intents = {}   # intent -> must it be there
        self.values = {}    # slot -> a text that must stand in the words found
        self.answer = None  # "yes", "yes_and_asks", "yes_and_changes", "no", "no_and_changes"


def spans(slots, *names):
    return [tuple(slots[name]["span"]) for name in names if name in slots]


# --- the data sets ---------------------------------------------------------------------------------------------------

REQUESTED = {"people": "people", "date": "when", "time": "when", "first_name": "name", "last_name": "name"}


def restaurant8k(row):
    asked = {REQUESTED[slot] for slot in row["requested"]}
    case = Case(row["id"], row["text"], asked.pop() if len(asked) == 1 else "anything", RESTAURANT)
    slots = row["slots"]
    for slot in ("people", "date", "time"):
        case.slots[slot] = spans(slots, slot)
    case.names = tuple(slots[name]["text"] if name in slots else None for name in ("first_name", "last_name"))
    return [case]


def nlupp(row):
    case = Case(row["id"], row["text"], "anything", RESTAURANT)
    slots, intents = row["slots"], set(row["intents"])
    case.slots["date"] = spans(slots, "date", "date_from", "date_to", "date_period")
    case.slots["time"] = spans(slots, "time", "time_from", "time_to", "time_period")
    case.slots["people"] = spans(slots, "people", "adults", "kids")
    if "person_name" in slots:
        first, *rest = slots["person_name"]["text"].split()
        case.names = (first, rest[-1] if rest else None)
    else:
        case.names = (None, None)
    simple = {"greet": "greeting", "thank": "thanks", "end_call": "goodbye", "repeat": "repeat", "handoff": "person",
              "how_much": "ask_price"}
    for theirs, ours in simple.items():
        case.intents[ours] = theirs in intents
    booking = "booking" in intents and not intents & {"spa", "room_service", "gym", "swimming_pool", "why", "how"}
    case.intents["cancel"] = booking and "cancel_close_leave_freeze" in intents
    case.intents["move"] = booking and "change" in intents and "cancel_close_leave_freeze" not in intents
    wanted = intents & {"make_open_apply_setup_get_activate", "new"}
    case.intents["book"] = bool(booking and wanted and not intents & {"change", "cancel_close_leave_freeze"})
    if "affirm" in intents and not intents & {"deny", "request_info"}:
        case.answer, case.expecting = "yes", "yes_no"
    elif "deny" in intents:
        case.answer, case.expecting = "no", "yes_no"
    return [case]


def dstc8(dialogue):
    cases, before = [], []
    for n, turn in enumerate(dialogue["turns"]):
        acts = turn["acts"]
        if turn["speaker"] == "system":
            before = acts
            continue
        asked = {act["act"] for act in before}
        requested = {act.get("slot") for act in before if act["act"] == "REQUEST"}
        expecting = "anything"
        if asked & {"CONFIRM", "OFFER", "OFFER_INTENT"}:
            expecting = "yes_no"
        elif requested & {"appointment_time", "appointment_date", "event_time", "event_date"}:
            expecting = "when"
        elif requested & {"number_of_seats", "number_of_riders"}:
            expecting = "people"
        case = Case(f"{dialogue['id']}#{n}", turn["text"], expecting)
        did = {act["act"] for act in acts}
        text = turn["text"]

        def said(*slots):
            found = []
            for act in acts:
                for value in act.get("values", []) if act["act"] == "INFORM" and act.get("slot") in slots else []:
                    at = text.lower().find(value.lower())
                    found += [(at, at + len(value))] if at >= 0 else []
            return found

        case.slots["date"] = said("appointment_date", "event_date", "date")
        case.slots["time"] = said("appointment_time", "event_time")
        case.slots["people"] = said("number_of_seats", "number_of_riders")
        wanted = [act for act in acts if act["act"] == "INFORM_INTENT" and "BookAppointment" in act["values"]]
        if wanted and expecting == "anything":
            case.intents["book"] = True
        case.intents["ask_address"] = any(
            act["act"] == "REQUEST" and act.get("slot") in ("street_address", "address") for act in acts)
        case.intents["ask_price"] = any(act["act"] == "REQUEST" and act.get("slot") == "ride_fare" for act in acts)
        case.intents["thanks"] = "THANK_YOU" in did
        if did & {"AFFIRM", "AFFIRM_INTENT"}:
            if did <= {"AFFIRM", "AFFIRM_INTENT", "THANK_YOU", "GOODBYE"}:
                case.answer = "yes"
            elif "INFORM" in did or "NEGATE" in did:
                case.answer = "yes_and_changes"
            else:
                case.answer = "yes_and_asks"
        elif did & {"NEGATE", "NEGATE_INTENT"}:
            case.answer = "no_and_changes" if did & {"INFORM", "INFORM_INTENT", "REQUEST"} else "no"
        cases.append(case)
    return cases


STAR = {"ask_name": ("name", "name", ("PatientName", "RenterName", "HostName", "UserName", "CustomerName")),
        "ask_day": ("date", "when", ("Day",)), "ask_start_time": ("time", "when", ("StartTimeHour",)),
        "ask_time": ("time", "when", ("Time",)), "ask_number_of_guests": ("people", "people", ("NumberGuests",)),
        "ask_size": ("people", "people", ("PartySize",))}


def star(dialogue):
    """A question, its answer, and what the system knew after it: the label is what was newly filled."""
    cases = []
    turns = [turn for turn in dialogue["turns"] if turn["speaker"] in ("system", "user")]
    for n in range(1, len(turns) - 1):
        asked, said, then = turns[n - 1], turns[n], turns[n + 1]
        if (asked["speaker"], said["speaker"], then["speaker"]) != ("system", "user", "system"):
            continue
        for act in asked["acts"]:
            slot, expecting, fields = STAR.get(re.sub("^(doctor|apartment|party|meeting|restaurant)_", "", act),
                                               (None, None, ()))
            for field in fields:
                value, old = then["state"].get(field), asked["state"].get(field)
                if value and value != old and not value.startswith("["):
                    words = value.lower().split() if slot == "name" else [value.lower().split()[0]]
                    plain = [word for word in words if re.search(rf"\b{re.escape(word)}", said["text"].lower())]
                    if plain:
                        case = Case(f"{dialogue['id']}#{n}", said["text"], expecting)
                        case.values[slot] = plain[0]
                        cases.append(case)
    return cases


def read(path):
    with open(path, encoding="utf-8") as lines:
        for row in map(json.loads, filter(str.strip, lines)):
            if "requested" in row and "slots" in row:
                yield "restaurant8k", restaurant8k(row)
            elif "intents" in row and "slots" in row:
                yield "nlupp", nlupp(row)
            elif "turns" in row and row["id"].startswith("star/"):
                yield "star", star(row)
            elif "turns" in row:
                yield "dstc8", dstc8(row)
            else:
                sys.exit(f"{path}: a data set this script does not know")


# --- the program -----------------------------------------------------------------------------------------------------


def ask(command, cases):
    questions = []
    for case in cases:
        question = {"id": case.id, "text": case.text, "expecting": case.expecting}
        if case.business:
            question["business"] = case.business
        questions.append(json.dumps(question))
    started = time.monotonic()
    done = subprocess.run(shlex.split(command) + ["--sentence"], input="\n".join(questions), text=True,
                          capture_output=True, check=False)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if len(answers) != len(cases):
        sys.exit(f"{len(cases)} questions, {len(answers)} answers:\n{done.stderr[-2000:]}")
    return answers, time.monotonic() - started


# --- the measures ----------------------------------------------------------------------------------------------------


class Tally:
    def __init__(self):
        self.right, self.missed, self.wrong = 0, 0, 0
        self.errors = collections.Counter()
        self.examples = collections.defaultdict(list)

    def add(self, right, missed, wrong, case, got):
        self.right += right
        self.missed += missed
        self.wrong += wrong
        if missed or wrong:
            kind = "missed and another found" if missed and wrong else "missed" if missed else "found where there is none"
            self.errors[kind] += 1
            self.examples[kind].append((case, got))

    def line(self, name):
        precision = self.right / (self.right + self.wrong or 1)
        recall = self.right / (self.right + self.missed or 1)
        f1 = 2 * precision * recall / (precision + recall or 1)
        return (f"  {name:<14}{self.right + self.missed:>7}{100 * precision:>10.1f}{100 * recall:>8.1f}{100 * f1:>8.1f}")


def overlap(one, other):
    return one[0] < other[1] and other[0] < one[1]


def same_name(one, other):
    plain = lambda name: re.sub(r"[^\w]", "", name).casefold()
    return plain(one) == plain(other)


def score(cases, answers):
    tallies = collections.defaultdict(Tally)
    table = collections.defaultdict(collections.Counter)
    answered = collections.defaultdict(list)
    for case, got in zip(cases, answers):
        found = collections.defaultdict(list)
        for slot in got["slots"]:
            found[slot["slot"]].append(slot)
        for slot, gold in case.slots.items():
            spans = [tuple(one["span"]) for one in found[slot] if one.get("span")]
            right = any(overlap(span, one) for span in spans for one in gold)
            tallies[slot].add(right, bool(gold) and not right, bool(spans) and not right, case, got)
        if case.names is not None:
            words = (found["name"][0]["value"] or "").split() if found["name"] else []
            first, last = case.names
            ours = [words[0] if words else None, words[-1] if len(words) > 1 else None]
            if len(words) == 1 and last and not first:
                ours = [None, words[0]]
            for slot, gold, mine in (("first_name", first, ours[0]), ("last_name", last, ours[1])):
                right = bool(gold and mine and same_name(gold, mine))
                tallies[slot].add(right, bool(gold) and not right, bool(mine) and not right, case, got)
        for slot, gold in case.values.items():
            texts = " ".join(one.get("text") or "" for one in found[slot]).lower()
            right = gold in texts
            tallies[slot].add(right, not right, bool(texts) and not right, case, got)
        for intent, gold in case.intents.items():
            mine = intent in got["intents"]
            tallies["[" + intent + "]"].add(gold and mine, gold and not mine, mine and not gold, case, got)
        if case.answer:
            mine = got.get("answer", "none")
            table[case.answer][mine] += 1
            answered[case.answer, mine].append((case, got))
    return tallies, table, answered


def shown(got):
    slots = ", ".join(f"{slot['slot']}={slot.get('text')}" for slot in got["slots"])
    return f"{got.get('answer', '-')} {got['intents']} {slots}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--understand", default="target/release/deskbell understand")
    parser.add_argument("--errors", type=int, default=10, help="how many of the commonest errors to print")
    parser.add_argument("--examples", type=int, default=2, help="how many examples of each")
    parser.add_argument("--dump", help="write every error to this file")
    parser.add_argument("data", nargs="+")
    arguments = parser.parse_args()
    suites = collections.defaultdict(list)
    for path in arguments.data:
        for suite, cases in read(path):
            suites[suite] += cases
    dump = open(arguments.dump, "w", encoding="utf-8") if arguments.dump else None
    for suite, cases in suites.items():
        answers, seconds = ask(arguments.understand, cases)
        tallies, table, answered = score(cases, answers)
        print(f"{suite}: {len(cases)} sentences, {seconds * 1e6 / max(len(cases), 1):.0f} µs each with reading and writing")
        print(f"  {'':<14}{'cases':>7}{'precision':>10}{'recall':>8}{'F1':>8}")
        for name, tally in tallies.items():
            if tally.right + tally.missed + tally.wrong:
                print(tally.line(name))
        if table:
            print(f"  {'said':<18}{'as yes':>8}{'as no':>8}{'as none':>8}{'right %':>9}")
            for gold, row in sorted(table.items()):
                want = "no" if gold.startswith("no") else "yes"
                print(f"  {gold:<18}{row['yes']:>8}{row['no']:>8}{row['none']:>8}{100 * row[want] / sum(row.values()):>9.1f}")
        worst = [(count, name, kind) for name, tally in tallies.items() for kind, count in tally.errors.items()]
        worst += [(len(rows), f"answer {gold}", f"read as {mine}") for (gold, mine), rows in answered.items()
                  if mine != gold.split("_")[0]]
        examples = {(name, kind): rows for name, tally in tallies.items() for kind, rows in tally.examples.items()}
        examples |= {(f"answer {gold}", f"read as {mine}"): rows for (gold, mine), rows in answered.items()}
        worst.sort(key=lambda one: -one[0])
        print("  commonest errors:")
        for count, name, kind in worst[: arguments.errors]:
            print(f"  {count:>6} {name} {kind}")
            step = max(count // max(arguments.examples, 1), 1)
            for case, got in examples[name, kind][::step][: arguments.examples]:
                print(f"         {case.text!r} -> {shown(got)}")
        if dump:
            for count, name, kind in worst:
                for case, got in examples[name, kind]:
                    dump.write(f"{suite}\t{name} {kind}\t{case.expecting}\t{case.text}\t{shown(got)}\n")
        print()


if __name__ == "__main__":
    main()
