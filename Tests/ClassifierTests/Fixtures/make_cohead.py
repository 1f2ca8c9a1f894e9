#!/usr/bin/env python3
"""Makes cohead.json: what the co-head reads in some texts, by the words of CoHeadFeatures alone.

Run it beside its fixture: python3 make_cohead.py. Needs Python 3 only; the same texts give the same file.
"""

import json
import math
import os
from collections import Counter

MASK = (1 << 64) - 1
TEXTS = [
    "what a goal , what a boy !!!",
    "not good not good not good",
    "Ça ne VA pas \U0001f600 ΣΟΦΟΣ İstanbul",
    "a",
    "  two   blanks  ",
    "tab\tinside",
    "it 's @user n't 日本語 🇩🇪",
    "x" * 70 + " " + "é" * 65,
    " ".join(f"w{n % 7}" for n in range(300)),
    "",
]


def bucket(kind, gram, bits):
    h = 0xCBF29CE484222325
    for byte in (kind + gram).encode():
        h = ((h ^ byte) * 0x100000001B3) & MASK
    return (((h ^ (h >> 32)) * 0x9E3779B97F4A7C15) & MASK) >> (64 - bits)


def block(kind, grams, bits, idf):
    counts = Counter(bucket(kind, gram, bits) for gram in grams)
    values = {b: (1 + math.log(n)) * idf(b) for b, n in counts.items() if idf(b) != 0}
    norm = math.sqrt(sum(v * v for v in values.values()))
    return {b: v / norm for b, v in values.items()}


def features(text, bits, idf):
    tokens = [t[:64] for t in text.split(" ") if t][:256]
    tokens = ["".join(c.lower() for c in t) for t in tokens]
    words = tokens + [f"{a} {b}" for a, b in zip(tokens, tokens[1:])]
    characters = []
    for token in tokens:
        padded = f" {token} "
        for n in range(2, 6):
            characters += [padded[i : i + n] for i in range(len(padded) - n + 1)]
    merged = Counter()
    for part in (block("w", words, bits, idf), block("c", characters, bits, idf)):
        for b, v in part.items():
            merged[b] += v
    return sorted(merged.items())


def main():
    cases = []
    for bits, name, idf in [
        (18, "none", lambda b: 1), (8, "none", lambda b: 1), (10, "thirds", lambda b: b % 3 / 2),
    ]:
        for text in TEXTS:
            found = features(text, bits, idf)
            cases.append({
                "bits": bits, "idf": name, "text": text,
                "buckets": [b for b, _ in found], "values": [round(v, 9) for _, v in found],
            })
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cohead.json")
    with open(path, "w", encoding="utf8") as file:
        json.dump(cases, file, ensure_ascii=True, separators=(",", ":"))
        file.write("\n")


main()
