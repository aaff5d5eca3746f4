#!/usr/bin/env python3
"""Deskbell's understanding of time beside the crate `duckling`, on the same cases in the same run.

    eval/compare_time.py CASES.jsonl [MORE.jsonl …] [--only booking] [--undisputed] [--strict] [--answers DIR]

"Latent" is what the crate says of a time that is not more than likely, as a bare number. Every file is a table: per suite the cases, and for both what eval/score_time.py counts; below it the processor time
per case, which is that of the whole run less that of a run without cases, so it includes reading and writing a line of JSON. Both programs are
built first unless they are given, ours as it is in this directory. --answers keeps what they said.
"""

import argparse
import json
import pathlib
import resource
import subprocess

import score_time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ["cargo", "build", "--quiet", "--release", "--locked", "--message-format=json-render-diagnostics"]


def built(folder, name):
    """The path of a program, built in its folder."""
    out = subprocess.run([*BUILD, "--bin", name], cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout
    messages = (json.loads(line) for line in out.splitlines())
    made = [message["executable"] for message in messages if message.get("executable")]
    return made[-1]


def answers(command, lines, keep):
    """What a program answers, and the microseconds that a case took it: the best of three runs."""
    def run(text):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        out = subprocess.run(command, input=text, stdout=subprocess.PIPE, text=True, check=True).stdout
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, out

    empty = min(run("")[0] for _ in range(3))
    runs = [run("".join(lines)) for _ in range(3)]
    if keep:
        keep.write_text(runs[0][1], encoding="utf-8")
    found = (json.loads(line) for line in runs[0][1].splitlines())
    return {answer["id"]: answer for answer in found}, 1e6 * (min(taken for taken, _ in runs) - empty) / max(len(lines), 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    parser.add_argument("--only", choices=["booking"])
    parser.add_argument("--undisputed", action="store_true")
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("--answers", type=pathlib.Path, metavar="DIR")
    parser.add_argument("--deskbell", metavar="PROGRAM", help="one that is built already")
    parser.add_argument("--duckling", metavar="PROGRAM", help="likewise")
    said = parser.parse_args()
    duckling = said.duckling or built(ROOT / "eval" / "compare", "deskbell-compare")
    programs = {
        "deskbell": [said.deskbell or built(ROOT, "deskbell"), "understand", "--time"],
        "duckling": [duckling],
        "duckling, latent too": [duckling, "--latent"],
    }
    if said.answers:
        said.answers.mkdir(parents=True, exist_ok=True)
    for file in said.files:
        cases = score_time.cases(str(file), said.only == "booking", said.undisputed)
        fields = ("id", "text", "reference", "locale")
        lines = [json.dumps({field: case[field] for field in fields if case.get(field)}) + "\n" for case in cases]
        columns, took = {}, []
        for name, command in programs.items():
            keep = said.answers and said.answers / f"{file.stem}.{name.replace(', ', '-').replace(' ', '-')}.jsonl"
            given, microseconds = answers(command, lines, keep)
            columns[name], _ = score_time.tally(cases, given, said.strict)
            took.append(microseconds)
        print(f"\n{file.name}")
        print(score_time.table(columns))
        print(f"{'µs per case':26} {'':6}" + "".join(f"  {each:24.1f}" for each in took))


if __name__ == "__main__":
    main()
