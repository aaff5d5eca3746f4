#!/usr/bin/env python3
"""How much of what people say about time is understood: answers of `deskbell understand --time` against what was expected.

    eval/score_time.py CASES.jsonl[,MORE.jsonl…] ANSWERS.jsonl [ANSWERS.jsonl…] [--show N] [--only booking] [--undisputed]
                       [--strict]

A case is {"id", "suite", "text", "reference", "kind", "expected": {"start", "end", "grain", …}} and may have "accept", every
answer that is right; an answer is {"id", "start", "end"?, "part_of_day"?, "grain"?, "uncertain"?} or {"id", "none": true}, in
local time. Several files of answers are several columns: of different styles of the same cases, or of different programs.

When an answer is right:

* Nothing was said (`none`): nothing is answered.
* A `date`: the same day. A `time`: the same clock, on whatever day. A `datetime`: both.
* A part of the day: the same day, and the same name or a neighbour's (evening and night, noon and lunch), or a start inside
  of it; a stretch has to lie over at least half of the shorter of the two.
* A `period`: both ends, to the minute or, where days or more are counted, to the day. Whether the last unit is inside is
  told in two ways by those who made such tests, so an end may be off by one unit, or be the `last` one that is inside. An end
  that is open is not compared.
* Sets, lengths and several times at once are left out: nobody books with them.

`right` is the share of all cases. `sure` is the share that got a wrong answer without `"uncertain": true`, which is worse than
none: nobody would be asked. `doubt` is the share of answers that say they are uncertain.
"""

import argparse
import collections
import datetime as dt
import json

HOURS = {
    "morning": (5, 12), "earlymorning": (4, 9), "very early morning": (0, 8), "veryearlymorning": (0, 8), "forenoon": (8, 12),
    "first": (0, 12), "breakfast": (6, 11), "noon": (11, 14), "midday": (11, 14), "lunch": (11, 14), "afternoon": (12, 19),
    "earlyafternoon": (12, 16), "lateafternoon": (15, 19), "evening": (16, 24), "earlyevening": (16, 20),
    "lateevening": (19, 24), "dinner": (16, 22), "night": (17, 24), "latenight": (20, 24), "last": (12, 24),
    "daytime": (8, 18), "business_hours": (8, 18),
}  # fmt: skip
NEIGHBOURS = [{"evening", "night", "tonight", "dinner"}, {"noon", "midday", "lunch"}]
LEFT_OUT = {"multi", "set", "duration"}
DAY = 24 * 60
# How far off an end may be: one unit of what is counted, in minutes.
UNIT = {"second": 1, "minute": 1, "hour": 60, "part_of_day": 60} | dict.fromkeys(["day", "week", "month", "quarter", "year"], DAY)
CALENDAR = {"day", "week", "month", "quarter", "year"}


def read(text):
    """Day (or None) and minute of the day (or None) of "2027-03-02T15:00:00" or "T15:00"."""
    if not text:
        return None, None
    if text.startswith("T"):
        hour, minute = text[1:6].split(":")
        return None, int(hour) * 60 + int(minute)
    try:
        at = dt.datetime.fromisoformat(text[:19])
    except ValueError:
        return None, None
    return at.date(), at.hour * 60 + at.minute


def same_end(answered, expected, grain):
    if answered is None or expected is None:
        return answered is expected
    (day, minute), (expected_day, expected_minute) = read(answered), read(expected)
    if expected_day is not None and day != expected_day:
        return False
    return grain in CALENDAR or minute == expected_minute


def one_unit_off(answered, expected, grain):
    (day, minute), (expected_day, expected_minute) = read(answered), read(expected)
    if day is None and expected_day is not None:
        return False
    off = (minute or 0) - (expected_minute or 0)
    if day is not None and expected_day is not None:
        off += (day - expected_day).days * DAY
    # A clock to the second is not off by a minute when only one of the two has a day.
    exact = grain == "second" and (day is None) != (expected_day is None)
    return off == 0 if exact else abs(off) <= UNIT.get(grain, 1)


def right_end(answered, expected, last, grain, strict):
    if same_end(answered, expected, grain):
        return True
    if strict or answered is None:
        return False
    return bool(last) and same_end(answered, last, grain) or expected is not None and one_unit_off(answered, expected, grain)


def right_part(expected, answer):
    part, (day, minute) = expected["part_of_day"], read(answer.get("start"))
    expected_day, _ = read(expected.get("start"))
    if expected_day is not None and day != expected_day:
        return False
    if answer.get("part_of_day"):
        said, meant = answer["part_of_day"].lower().replace(" ", ""), part.lower().replace(" ", "")
        if said in meant or meant in said or any({said, meant} <= kin for kin in NEIGHBOURS):
            return True
    if minute is None:
        return False
    first, last = (hour * 60 for hour in HOURS.get(part, (0, 24)))
    if not answer.get("end"):
        return first <= minute < last
    end_day, end = read(answer["end"])
    if end is None:
        return False
    if end_day is not None and day is not None and end_day > day:
        end += (end_day - day).days * DAY
    end = min(end, DAY) or DAY
    shared = min(last, end) - max(first, minute)
    return shared >= min(end - minute, last - first) / 2 > 0


def right_period(expected, answer, reference, strict):
    grain = expected.get("grain") or "minute"
    start, end = answer.get("start"), answer.get("end")
    first, until, last, opened = (expected.get(field) for field in ("start", "end", "last", "open"))
    # "By two" is, for some, a stretch that starts now.
    if not opened and first and first[:16] == reference[:16]:
        first = None
    if opened == "before" or first is None:
        return right_end(end or start, until, last, grain, strict) if end or start else False
    if start is None or not same_end(start, first, grain):
        return False
    if opened == "after" or until is None:
        return True
    if end is None:
        return grain in CALENDAR and answer.get("grain") == grain
    return right_end(end, until, last, grain, strict)


def matches(kind, expected, answer, reference, strict):
    """Whether an answer is this one of those that are accepted."""
    if expected.get("part_of_day") and (kind == "period" or expected.get("grain") == "part_of_day"):
        if right_part(expected, answer):
            return True
        if kind != "period":
            return False
    said = answer.get("start") or answer.get("end")
    if kind == "period":
        return (answer.get("start") or answer.get("end")) is not None and right_period(expected, answer, reference, strict)
    if said is None:
        return False
    (day, minute), (expected_day, expected_minute) = read(said), read(expected.get("start"))
    if kind == "date":
        return day is not None and day == expected_day
    if kind == "time":
        return minute == expected_minute and (not strict or expected_day is None or day == expected_day)
    return kind == "datetime" and (day, minute) == (expected_day, expected_minute)


def is_none(answer):
    return not answer or bool(answer.get("none"))


def right(case, answer, strict=False):
    if case["kind"] == "none":
        return is_none(answer) or not any(answer.get(field) for field in ("start", "end", "part_of_day"))
    if is_none(answer):
        return False
    accepted = case.get("accept") or [case["expected"]]
    return any(matches(case["kind"], expected, answer, case["reference"], strict) for expected in accepted)


def rows(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def cases(paths, booking=False, undisputed=False):
    found = [case for path in paths.split(",") for case in rows(path) if case["kind"] not in LEFT_OUT]
    found = [case for case in found if case.get("booking") or not booking]
    return [case for case in found if not (undisputed and case.get("disputed"))]


def tally(cases, answers, strict=False):
    """Per suite, and for ALL: how many, and how many of them right, wrong and sure, uncertain; and the wrong ones."""
    suites, wrong = collections.OrderedDict(), []
    for case in cases:
        answer = answers.get(case["id"])
        good = right(case, answer, strict)
        given, doubtful = not is_none(answer), bool(answer and answer.get("uncertain"))
        for suite in (case["suite"], "ALL"):
            count = suites.setdefault(suite, collections.Counter())
            count["cases"] += 1
            count["right"] += good
            count["sure"] += given and not good and not doubtful
            count["doubt"] += given and doubtful
        if not good:
            wrong.append((case, answer))
    suites.move_to_end("ALL")
    return suites, wrong


def shares(count):
    return [100 * count[field] / count["cases"] for field in ("right", "sure", "doubt")]


def table(columns):
    """`columns`: name → tally. One line per suite, three figures per column."""
    lines = [f"{'':26} {'cases':>6}" + "".join(f"  {name[-24:]:>24}" for name in columns)]
    lines.append(f"{'':26} {'':>6}" + f"  {'right':>8}{'sure':>8}{'doubt':>8}" * len(columns))
    for suite, count in next(iter(columns.values())).items():
        figures = "".join("  " + "".join(f"{share:7.2f}%" for share in shares(tally[suite])) for tally in columns.values())
        lines.append(f"{suite:26} {count['cases']:6}{figures}")
    return "\n".join(lines)


def show(wrong, most):
    for case, answer in wrong[:most]:
        expected = {field: case["expected"].get(field) for field in ("start", "end", "part_of_day") if case["expected"].get(field)}
        got = {field: value for field, value in (answer or {}).items() if field != "id"}
        print(f"{case['id']} {case['text']!r} at {case['reference'][:16]}: {case['kind']} {expected}, not {got}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases")
    parser.add_argument("answers", nargs="+")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="prints N of the wrong ones of the first column")
    parser.add_argument("--only", choices=["booking"], help="the cases that are about booking")
    parser.add_argument("--undisputed", action="store_true", help="without those on which good people differ")
    parser.add_argument("--strict", action="store_true", help="the day of a time and the end of a stretch must fit exactly")
    said = parser.parse_args()
    asked = cases(said.cases, said.only == "booking", said.undisputed)
    columns = {}
    for n, path in enumerate(said.answers):
        columns[path], wrong = tally(asked, {answer["id"]: answer for answer in rows(path)}, said.strict)
        if n == 0:
            show(wrong, said.show)
    print(table(columns))


if __name__ == "__main__":
    main()
