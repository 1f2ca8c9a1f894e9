#!/usr/bin/env python3
"""Makes head_step_2.json and head_step_3.json: one training step of the head, computed apart from the Swift code.

Plain Python, double precision, loops in place of matrix products, and the gradient by central differences of the
loss, so that no line of the derivation is shared with HeadGradient.swift. Inputs are exact in single precision.
Run in this folder: python3 make_head_step.py
"""
import json, math, random

LAYERS, WIDTH, HIDDEN, ROWS, L2 = 3, 6, 5, 7, 0.001
RATE, DECAY, EPSILON = 0.001, 0.9, 1e-7


def exact(x):
    return round(x * 1024) / 1024


def loss(p, data, truths, outputs):
    top = [math.exp(w) for w in p["mix"]]
    share = [t / sum(top) for t in top]
    total = 0.0
    for row, truth in zip(data, truths):
        x = [p["gamma"][0] * sum(share[l] * row[l][j] for l in range(LAYERS)) for j in range(WIDTH)]
        h = [max(0.0, p["hiddenBias"][u] + sum(x[j] * p["hiddenKernel"][j * HIDDEN + u] for j in range(WIDTH)))
             for u in range(HIDDEN)]
        z = [p["outputBias"][k] + sum(h[u] * p["outputKernel"][u * outputs + k] for u in range(HIDDEN))
             for k in range(outputs)]
        if outputs == 1:
            positive = 1 / (1 + math.exp(-z[0]))
            total -= math.log(positive if truth == 1 else 1 - positive)
        else:
            total -= math.log(math.exp(z[truth]) / sum(math.exp(v) for v in z))
    return total / ROWS + L2 * sum(w * w for w in p["hiddenKernel"])


def make(labels, seed):
    rng = random.Random(seed)
    outputs = 1 if labels == 2 else labels
    data = [[[exact(rng.uniform(-2, 2)) for _ in range(WIDTH)] for _ in range(LAYERS)] for _ in range(ROWS)]
    truths = [rng.randrange(labels) for _ in range(ROWS)]
    p = {
        "mix": [exact(rng.uniform(-1, 1)) for _ in range(LAYERS)],
        "gamma": [1.25],
        "hiddenKernel": [exact(rng.uniform(-1, 1)) for _ in range(WIDTH * HIDDEN)],
        "hiddenBias": [exact(rng.uniform(-0.5, 0.5)) for _ in range(HIDDEN)],
        "outputKernel": [exact(rng.uniform(-1, 1)) for _ in range(HIDDEN * outputs)],
        "outputBias": [exact(rng.uniform(-0.5, 0.5)) for _ in range(outputs)],
    }
    gradient, squares, after = {}, {}, {}
    for name, values in p.items():
        gradient[name] = []
        for i in range(len(values)):
            kept, eps = values[i], 1e-5
            values[i] = kept + eps
            above = loss(p, data, truths, outputs)
            values[i] = kept - eps
            below = loss(p, data, truths, outputs)
            values[i] = kept
            gradient[name].append((above - below) / (2 * eps))
    value = loss(p, data, truths, outputs)
    # Two steps of RMSprop along the same gradient, so that the second one sees a mean of squares that is not zero.
    for name, values in p.items():
        v = [0.0] * len(values)
        w = list(values)
        for _ in range(2):
            v = [DECAY * a + (1 - DECAY) * g * g for a, g in zip(v, gradient[name])]
            w = [a - RATE * g / (math.sqrt(b) + EPSILON) for a, g, b in zip(w, gradient[name], v)]
        after[name] = w
    flat = [x for row in data for layer in row for x in layer]
    with open(f"head_step_{labels}.json", "w") as file:
        json.dump({"layers": LAYERS, "width": WIDTH, "hidden": HIDDEN, "labels": labels, "data": flat, "truths": truths,
                   "weights": p, "loss": value, "gradient": gradient, "afterTwoSteps": after}, file, indent=1)


make(2, 1)
make(3, 2)
