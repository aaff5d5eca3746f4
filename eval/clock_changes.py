#!/usr/bin/env python3
"""Every quarter-hour around every change of the clocks, in every zone: does Deskbell say what Python says?

    eval/clock_changes.py                     compares everything; exits 1 when there is one disagreement
    eval/clock_changes.py --fixture > FILE    the lines of a dozen telling zones, for the test that CI runs

Python's zoneinfo, with the tzdata package of TZDATA (fetched from PyPI into target/ when it is not there), says for each
wall time whether it comes once, twice or never. Deskbell (examples/clock_changes.rs) is asked for the same wall time in
words, and has to answer with that moment, with both moments, or with the time that comes next; and what it says of each
moment must be understood as that very moment. Nothing is shared but the lines between the two:

    {"zones": […], "from": …, "to": …, "changes": [moments]}                            a history
    {"zones": […], "change": moment, "wall": …, "quarters": [[how many, [offsets]], …]}   the days around one change

Zones with the same changes are computed once here and compared by name there.
"""

import argparse
import datetime as dt
import importlib
import json
import pathlib
import subprocess
import sys
import zoneinfo

ROOT = pathlib.Path(__file__).resolve().parent.parent
TZDATA = "2026.6"
UTC = dt.timezone.utc
FROM, TO = dt.datetime(2024, 1, 1, tzinfo=UTC), dt.datetime(2038, 1, 1, tzinfo=UTC)
DAYS = 2
QUARTER = dt.timedelta(minutes=15)
# Half an hour, two hours, Ramadan, a country that stopped, :45, a summer time that is "standard", the date line, midnight,
# a winter without a change, and those that everybody has.
TELLING = [
    "Australia/Lord_Howe", "Antarctica/Troll", "Africa/Casablanca", "America/Vancouver", "Pacific/Chatham", "Europe/Dublin",
    "Pacific/Kiritimati", "Pacific/Apia", "America/Havana", "America/Nuuk", "Africa/Cairo", "Asia/Beirut", "America/New_York",
    "Europe/London",
]  # fmt: skip


def use_pinned_tzdata():
    """Makes zoneinfo read the pinned package and nothing else: neither the system's files nor another tzdata."""
    target = ROOT / "target" / f"tzdata-{TZDATA}"
    if not target.is_dir():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*pip, f"--target={target}", f"tzdata=={TZDATA}"], check=True)
    sys.path.insert(0, str(target))
    zoneinfo.reset_tzpath(to=[str(target / "tzdata" / "zoneinfo")])
    return importlib.import_module("tzdata").IANA_VERSION


def changes(zone):
    """The moments from FROM to TO at which the offset from UTC changes, to the second."""
    found, step = [], dt.timedelta(hours=6)
    at, offset = FROM, FROM.astimezone(zone).utcoffset()
    while at < TO:
        after = at + step
        if after.astimezone(zone).utcoffset() != offset:
            low, high = at, after
            while high - low > dt.timedelta(seconds=1):
                middle = low + (high - low) // 2
                middle = middle.replace(microsecond=0)
                if middle.astimezone(zone).utcoffset() == offset:
                    low = middle
                else:
                    high = middle
            found.append(high)
            offset = high.astimezone(zone).utcoffset()
            after = high
        at = after
    return [at for at in found if at < TO]


def offsets(wall, zone):
    """The offsets at which a wall time is shown: those that lead back to it."""
    found = []
    for fold in (0, 1):
        moment = wall.replace(tzinfo=zone, fold=fold)
        back = moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
        seconds = int(moment.utcoffset().total_seconds())
        if back == wall and seconds not in found:
            found.append(seconds)
    return found


def around(change, zone):
    """The first wall time and, run by run, what the quarter-hours around a change are."""
    before = (change - dt.timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
    wall = before.replace(minute=before.minute // 15 * 15, second=0) - dt.timedelta(days=DAYS)
    first, runs = wall, []
    for _ in range(DAYS * 2 * 96 + 1):
        here = offsets(wall, zone)
        if runs and runs[-1][1] == here:
            runs[-1][0] += 1
        else:
            runs.append([1, here])
        wall += QUARTER
    return first, runs


def moment(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def lines(names, since, until):
    """Histories first, so that a zone we do not know, or know otherwise, is named once."""
    groups = {}
    for name in sorted(names):
        zone = zoneinfo.ZoneInfo(name)
        # Zones that are links of each other are scanned each by itself all the same: it costs a minute and trusts nobody.
        found = tuple(changes(zone))
        key = (found, tuple((at - dt.timedelta(seconds=1)).astimezone(zone).utcoffset() for at in found), TO.astimezone(zone).utcoffset())
        groups.setdefault(key, []).append(name)
    for (found, *_), zones in groups.items():
        yield {"zones": zones, "from": moment(FROM), "to": moment(TO), "changes": [moment(at) for at in found]}
    for (found, *_), zones in groups.items():
        for change in found:
            if since <= change < until:
                wall, runs = around(change, zoneinfo.ZoneInfo(zones[0]))
                yield {"zones": zones, "change": moment(change), "wall": wall.isoformat(), "quarters": runs}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--fixture", action="store_true")
    fixture = arguments.parse_args().fixture
    version = use_pinned_tzdata()
    if fixture:
        near = dt.datetime(2026, 3, 1, tzinfo=UTC), dt.datetime(2027, 6, 1, tzinfo=UTC)
        for line in lines(TELLING, *near):
            print(json.dumps(line, separators=(",", ":")))
        return 0
    names = zoneinfo.available_timezones() - {"localtime", "posixrules"}
    print(f"Python zoneinfo with tzdata {TZDATA} (IANA {version}), {len(names)} zones", flush=True)
    command = ["cargo", "run", "--quiet", "--release", "--locked", "--example", "clock_changes"]
    subprocess.run([*command[:1], "build", *command[2:]], cwd=ROOT, check=True)
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, text=True) as ours:
        for line in lines(names, FROM, TO):
            ours.stdin.write(json.dumps(line) + "\n")
        ours.stdin.close()
        return ours.wait()


if __name__ == "__main__":
    sys.exit(main())
