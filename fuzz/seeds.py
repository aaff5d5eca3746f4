#!/usr/bin/env python3
"""Makes the first corpus of every target, and the dictionary of words, from our own sentences: seeds/ and fixtures/time/.

One line is one input; in `conversations.txt` and `frames.txt` the lines up to an empty one are.
"""

import hashlib
import json
import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent
HEAD = b"\0\0\0\0i\xf8\x1c\x00"  # support.rs: New York's neighbour, open as the salon, in 2026


def lines(name):
    return (HERE / "seeds" / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def blocks(name):
    return (HERE / "seeds" / f"{name}.txt").read_text(encoding="utf-8").strip().split("\n\n")


def said():
    found = []
    for path in sorted((HERE.parent / "fixtures" / "time").glob("*.jsonl")):
        rows = map(json.loads, filter(None, map(str.strip, path.read_text(encoding="utf-8").splitlines())))
        found += [row["said"] for row in rows if "said" in row]
    return found


times, sentences = said(), lines("sentences")
anything = sentences + lines("phones") + lines("names") + lines("emails")
seeds = {
    "time_find": (b"", times + sentences),
    "time_resolve": (HEAD, times),
    "speak_round_trip": (HEAD, ["\0\0\1", "\0\x10\0", "\7\0\0"]),
    "understand_sentence": (HEAD, anything + times[::3]),
    "phone_spoken": (HEAD, lines("phones")),
    "phone_written": (b"", lines("written") + lines("phones")),
    "email": (b"", lines("emails")),
    "names": (HEAD, [*lines("names"), "\n".join(lines("alternatives"))]),
    "json_lines": (b"", lines("lines")),
    "dialogue": (HEAD, blocks("conversations")),
    "relay_frames": (b"", blocks("frames")),
}
for target, (head, texts) in seeds.items():
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    for text in texts:
        data = head + text.encode()
        (folder / hashlib.sha1(data).hexdigest()).write_bytes(data)
words = sorted({word for text in anything + times for word in re.findall(r"[a-z'0-9]+|[^\w\s]", text.lower()) if word.isascii()})
(HERE / "corpus" / "words.dict").write_text("".join(f"\"{word}\"\n" for word in words if word not in '"\\'), encoding="utf-8")
