#!/usr/bin/env python3
"""Makes step_relu.json and step_tanh.json: two training steps of a miniature biLM, computed apart from the Swift code.

numpy alone, float64, written from the description of the network and its training: sentence by sentence, all windows
of a token, all positions <S> t1 ... tT </S>. The gradient comes from the small reverse-mode tape below, and every
number of it is checked against central differences before anything is written. Starts are exact in single precision.
Run in this folder: python3 make_step.py
"""
import json

import numpy as np

BEGIN, END, UNKNOWN = 0, 1, 2
UNROLL_STEPS = 20  # what the published recipe, with Adagrad, multiplies the loss by


class Value:
    """A number array that remembers how it was made, so that its gradient can flow back."""

    def __init__(self, data, parents=()):
        self.data = np.asarray(data, dtype=np.float64)
        self.parents = parents  # of (value, function from the gradient here to the one there)
        self.gradient = None

    def __add__(self, other):
        return Value(self.data + other.data, ((self, lambda g: fit(g, self)), (other, lambda g: fit(g, other))))

    def __sub__(self, other):
        return Value(self.data - other.data, ((self, lambda g: fit(g, self)), (other, lambda g: fit(-g, other))))

    def __mul__(self, other):
        return Value(self.data * other.data, (
            (self, lambda g: fit(g * other.data, self)), (other, lambda g: fit(g * self.data, other))))

    def __matmul__(self, other):  # of a vector and a matrix
        return Value(self.data @ other.data, (
            (self, lambda g: other.data @ g), (other, lambda g: np.outer(self.data, g))))

    def times(self, other):  # of a matrix and a vector
        return Value(self.data @ other.data, (
            (self, lambda g: np.outer(g, other.data)), (other, lambda g: g @ self.data)))

    def __getitem__(self, key):
        def back(g):
            full = np.zeros_like(self.data)
            np.add.at(full, key, g)
            return full
        return Value(self.data[key], ((self, back),))

    def backward(self):
        order, seen = [], set()

        def visit(value):
            stack = [(value, iter(value.parents))]
            seen.add(id(value))
            while stack:
                top, rest = stack[-1]
                for parent, _ in rest:
                    if id(parent) not in seen:
                        seen.add(id(parent))
                        stack.append((parent, iter(parent.parents)))
                        break
                else:
                    order.append(top)
                    stack.pop()

        visit(self)
        self.gradient = np.ones_like(self.data)
        for value in reversed(order):
            for parent, back in value.parents:
                own = back(value.gradient)
                parent.gradient = own if parent.gradient is None else parent.gradient + own


def fit(gradient, value):
    """A gradient summed over the axes along which the value was repeated."""
    while gradient.ndim > value.data.ndim:
        gradient = gradient.sum(axis=0)
    return gradient


def sigmoid(x):
    y = 1 / (1 + np.exp(-x.data))
    return Value(y, ((x, lambda g: g * y * (1 - y)),))


def tanh(x):
    y = np.tanh(x.data)
    return Value(y, ((x, lambda g: g * (1 - y * y)),))


def relu(x):
    return Value(np.maximum(x.data, 0), ((x, lambda g: g * (x.data > 0)),))


def clip(x, limit, cut):
    """Counts in `cut` what it cut."""
    if not limit:
        return x
    cut[0] += int((np.abs(x.data) > limit).sum())
    return Value(np.clip(x.data, -limit, limit), ((x, lambda g: g * (np.abs(x.data) <= limit)),))


def join(values):
    ends = np.cumsum([value.data.size for value in values])
    return Value(np.concatenate([value.data for value in values]), tuple(
        (value, lambda g, end=end, size=value.data.size: g[end - size:end]) for value, end in zip(values, ends)))


def convolve(characters, kernel):
    """[M, d] and [1, w, d, n] to the scores [M - w + 1, n] of all windows."""
    _, w, d, n = kernel.data.shape
    places = np.arange(characters.data.shape[0] - w + 1)[:, None] + np.arange(w)
    windows = characters.data[places].reshape(len(places), w * d)
    flat = kernel.data.reshape(w * d, n)

    def to_characters(g):
        full = np.zeros_like(characters.data)
        np.add.at(full, places, (g @ flat.T).reshape(len(places), w, d))
        return full

    return Value(windows @ flat, (
        (characters, to_characters), (kernel, lambda g: (windows.T @ g).reshape(kernel.data.shape))))


def highest(x):
    """The greatest of each column; the gradient goes to its first place."""
    places = x.data.argmax(axis=0)
    columns = np.arange(x.data.shape[1])

    def back(g):
        full = np.zeros_like(x.data)
        full[places, columns] = g
        return full

    return Value(x.data[places, columns], ((x, back),))


def cross_entropy(logits):
    """-ln softmax(logits)[0]."""
    top = logits.data.max()
    powers = np.exp(logits.data - top)
    share = powers / powers.sum()

    def back(g):
        own = share.copy()
        own[0] -= 1
        return g * own

    return Value(np.log(powers.sum()) + top - logits.data[0], ((logits, back),))


def character_ids(token, m):
    """Begin of word, at most m - 2 bytes, end of word, padding."""
    inner = {BEGIN: [256], END: [257]}.get(token) if isinstance(token, int) else list(token.encode())[:m - 2]
    row = [258] + inner + [259]
    return row + [260] * (m - len(row))


def encode(options, p, token):
    cnn = options["char_cnn"]
    x = p["char_embed"][np.array(character_ids(token, cnn["max_characters_per_token"]))]
    parts = []
    for i in range(len(cnn["filters"])):
        a = highest(convolve(x, p[f"CNN/W_cnn_{i}"])) + p[f"CNN/b_cnn_{i}"]
        parts.append(relu(a) if cnn["activation"] == "relu" else tanh(a))
    h = join(parts)
    for k in range(cnn["n_highway"]):
        g = sigmoid(h @ p[f"CNN_high_{k}/W_carry"] + p[f"CNN_high_{k}/b_carry"])
        u = relu(h @ p[f"CNN_high_{k}/W_transform"] + p[f"CNN_high_{k}/b_transform"])
        h = g * u + (Value(np.ones_like(g.data)) - g) * h
    return h @ p["CNN_proj/W_proj"] + p["CNN_proj/b_proj"] if "CNN_proj/W_proj" in p else h


def run_lstm(options, p, direction, inputs, cuts):
    """The top layer's outputs for a sentence's vectors in the order that the direction reads them."""
    lstm = options["lstm"]
    cells, width = lstm["dim"], lstm["projection_dim"]
    for layer in range(lstm["n_layers"]):
        name = f"RNN_{direction}/RNN/MultiRNNCell/Cell{layer}/LSTMCell"
        h, c = Value(np.zeros(width)), Value(np.zeros(cells))
        outputs = []
        for x in inputs:
            z = join([x, h]) @ p[f"{name}/W_0"] + p[f"{name}/B"]
            i, j, f, o = (z[n * cells:(n + 1) * cells] for n in range(4))
            c = clip(sigmoid(f + Value(np.ones(cells))) * c + sigmoid(i) * tanh(j), lstm["cell_clip"], cuts["cell"])
            h = sigmoid(o) * tanh(c)
            if f"{name}/W_P_0" in p:
                h = clip(h @ p[f"{name}/W_P_0"], lstm["proj_clip"], cuts["projection"])
            outputs.append(h + x if layer > 0 and lstm["use_skip_connections"] else h)
        inputs = outputs
    return inputs


def losses(case, p, samples, cuts):
    """Each direction's mean loss of foretelling the token that it reads next; None for no sample: all words."""
    options, words, size = case["options"], case["words"], case["vocabulary"]
    vectors = {}

    def vector(token):
        if token not in vectors:
            vectors[token] = encode(options, p, token if token < 2 else words[token])
        return vectors[token]

    sums, positions = [Value(0.0), Value(0.0)], 0
    for row in case["rows"]:
        read = [BEGIN] + row + [END]
        positions += len(row) + 1
        for direction in range(2):
            own = read if direction == 0 else read[::-1]
            outputs = run_lstm(options, p, direction, [vector(token) for token in own], cuts)
            for place in range(len(own) - 1):
                target = own[place + 1] if own[place + 1] < size else UNKNOWN
                others = [n for n in (range(size) if samples is None else samples[direction]["ids"]) if n != target]
                ids = np.array([target] + others)
                logits = p["softmax/W"][ids].times(outputs[place]) + p["softmax/b"][ids]
                if samples is not None:
                    logits = logits - Value([correction(n, size, samples[direction]["tries"]) for n in ids])
                sums[direction] = sums[direction] + cross_entropy(logits)
    return [s * Value(1 / positions) for s in sums]


def correction(rank, size, tries):
    """ln of how often an id is expected among the distinct ones of a log-uniform draw."""
    share = np.log((rank + 2) / (rank + 1)) / np.log(size + 1)
    return float(np.log(1 - (1 - share) ** tries))


def step(case, numbers, samples, cuts):
    """Both losses and the gradient of their mean."""
    p = {name: Value(values) for name, values in numbers.items()}
    both = losses(case, p, samples, cuts)
    mean = (both[0] + both[1]) * Value(0.5)
    mean.backward()
    gradient = {name: np.zeros_like(v.data) if v.gradient is None else v.gradient for name, v in p.items()}
    return [float(loss.data) for loss in both], gradient


def check(case, numbers, samples, gradient):
    """Every number's gradient against central differences."""
    cuts = {"cell": [0], "projection": [0]}

    def value():
        both = losses(case, {name: Value(values) for name, values in numbers.items()}, samples, cuts)
        return (both[0].data + both[1].data) / 2

    worst, h = 0.0, 1e-5
    for name, values in numbers.items():
        for place in np.ndindex(values.shape):
            if name == "char_embed" and not values[place[0]].any():
                assert not gradient[name][place[0]].any()
                continue
            kept = values[place]
            values[place] = kept + h
            above = value()
            values[place] = kept - h
            below = value()
            values[place] = kept
            found, numeric = gradient[name][place], (above - below) / (2 * h)
            worst = max(worst, abs(found - numeric) / max(abs(found), abs(numeric), 1e-4))
    assert worst < 1e-6, worst
    print(f"{case['name']}, {'all words' if samples is None else 'a sample'}: worst relative difference {worst:.1e}")


def train(case, start, samples, kind):
    """Two steps: how far every number moved, and the norms of the gradients before they were cut."""
    numbers = {name: values.copy() for name, values in start.items()}
    settings = case[kind]
    first = {name: np.zeros_like(values) for name, values in start.items()}
    second = {name: np.full_like(values, settings.get("first_accumulator", 0)) for name, values in start.items()}
    norms = []
    for number in (1, 2):
        _, gradient = step(case, numbers, samples, {"cell": [0], "projection": [0]})
        if kind == "adagrad":
            gradient = {name: UNROLL_STEPS * g for name, g in gradient.items()}
        norm = np.sqrt(sum((g * g).sum() for g in gradient.values()))
        norms.append(float(norm))
        scale = min(1, settings["gradient_norm"] / norm)
        for name, g in gradient.items():
            g = g * scale
            if kind == "adagrad":
                second[name] += g * g
                numbers[name] = numbers[name] - settings["rate"] * g / np.sqrt(second[name])
                continue
            # Of the softmax, words without a gradient keep their means; there are none with all words.
            live = np.ones(g.shape, bool)
            if name.startswith("softmax/") and samples is not None:
                live[:] = np.isin(np.arange(len(g)), touched(case, samples)).reshape((-1,) + (1,) * (g.ndim - 1))
            m = settings["beta1"] * first[name] + (1 - settings["beta1"]) * g
            v = settings["beta2"] * second[name] + (1 - settings["beta2"]) * g * g
            first[name], second[name] = np.where(live, m, first[name]), np.where(live, v, second[name])
            move = m / (1 - settings["beta1"] ** number) / (
                np.sqrt(v / (1 - settings["beta2"] ** number)) + settings["epsilon"])
            numbers[name] = numbers[name] - settings["rate"] * np.where(live, move, 0)
    return {name: numbers[name] - start[name] for name in start}, norms


def touched(case, samples):
    """The words of a step's samples and targets."""
    size = case["vocabulary"]
    ids = {n for sample in samples for n in sample["ids"]} | {BEGIN, END}
    return sorted(ids | {n if n < size else UNKNOWN for row in case["rows"] for n in row})


def shapes(case):
    lstm, cnn, size = case["options"]["lstm"], case["options"]["char_cnn"], case["vocabulary"]
    d, cells, width = cnn["embedding"]["dim"], lstm["dim"], lstm["projection_dim"]
    features = sum(count for _, count in cnn["filters"])
    yield "char_embed", (261, d)
    for i, (w, count) in enumerate(cnn["filters"]):
        yield f"CNN/W_cnn_{i}", (1, w, d, count)
        yield f"CNN/b_cnn_{i}", (count,)
    for k in range(cnn["n_highway"]):
        for part in ("carry", "transform"):
            yield f"CNN_high_{k}/W_{part}", (features, features)
            yield f"CNN_high_{k}/b_{part}", (features,)
    if features != width:
        yield "CNN_proj/W_proj", (features, width)
        yield "CNN_proj/b_proj", (width,)
    for r in range(2):
        for layer in range(lstm["n_layers"]):
            name = f"RNN_{r}/RNN/MultiRNNCell/Cell{layer}/LSTMCell"
            yield f"{name}/W_0", (2 * width, 4 * cells)
            yield f"{name}/B", (4 * cells,)
            if cells != width:
                yield f"{name}/W_P_0", (cells, width)
    yield "softmax/W", (size, width)
    yield "softmax/b", (size,)


def flat(numbers, digits):
    return {name: [float(f"%.{digits}g" % x) for x in values.ravel()] for name, values in numbers.items()}


def make(case, seed):
    random = np.random.default_rng(seed)
    m = case["options"]["char_cnn"]["max_characters_per_token"]
    used = {n for word in [BEGIN, END] + case["words"][3:] for n in character_ids(word, m)}
    start = {}
    for name, shape in shapes(case):
        # Large enough that the clips cut and no gradient is lost in rounding.
        values = np.round(random.uniform(-1, 1, shape) * 1024) / 1024
        if name == "char_embed":
            values[[n for n in range(261) if n not in used]] = 0
        start[name] = values
    for sample in case["samples"]:
        sample["corrections"] = [correction(n, case["vocabulary"], sample["tries"]) for n in range(case["vocabulary"])]
    case["parameters"] = flat(start, 17)
    for title, samples in (("sampled", case["samples"]), ("full", None)):
        cuts = {"cell": [0], "projection": [0]}
        both, gradient = step(case, start, samples, cuts)
        print(case["name"], title, both, {name: n[0] for name, n in cuts.items()})
        assert cuts["cell"][0] > 0 and (cuts["projection"][0] > 0) == any("W_P_0" in name for name in start)
        check(case, start, samples, gradient)
        case[title] = {"losses": both}
        if samples is not None:
            case[title]["gradient"] = flat(gradient, 11)
        for kind in ("adam", "adagrad"):
            moved, norms = train(case, start, samples, kind)
            print(f"  {kind}: norms {norms}, cut at {case[kind]['gradient_norm']}")
            case[title][kind] = {"norms": norms, "moved": flat(moved, 11)}
    with open(f"step_{case['name']}.json", "w") as file:
        file.write(json.dumps(case, ensure_ascii=False, separators=(",", ":")) + "\n")


WORDS = ["<S>", "</S>", "<UNK>", "a", "never", "good", "é", "unbelievably", "no", "so", "sun", "badly"]
# 10 and 11 are outside the vocabulary; 9 is inside, but neither a target nor drawn.
ROWS = [[3, 4, 5], [6], [4, 4, 7, 10, 3], [11, 5]]

make({
    "name": "relu", "words": WORDS, "vocabulary": 10, "rows": ROWS,
    "options": {
        "lstm": {"dim": 5, "projection_dim": 3, "n_layers": 2, "cell_clip": 0.75, "proj_clip": 0.5,
                 "use_skip_connections": True},
        "char_cnn": {"activation": "relu", "embedding": {"dim": 2}, "filters": [[1, 2], [2, 2], [3, 3]], "n_highway": 1,
                     "max_characters_per_token": 9, "n_characters": 262}},
    "samples": [{"ids": [5, 0, 2, 7], "tries": 6}, {"ids": [1, 3, 0, 8], "tries": 9}],
    "adam": {"rate": 0.0078125, "beta1": 0.875, "beta2": 0.984375, "epsilon": 0.0009765625, "gradient_norm": 0.25},
    "adagrad": {"rate": 0.25, "first_accumulator": 1, "gradient_norm": 100},
}, 1)
make({
    "name": "tanh", "words": WORDS, "vocabulary": 10, "rows": ROWS,
    "options": {
        "lstm": {"dim": 5, "projection_dim": 5, "n_layers": 2, "cell_clip": 0.75, "proj_clip": 0.25,
                 "use_skip_connections": False},
        "char_cnn": {"activation": "tanh", "embedding": {"dim": 2}, "filters": [[1, 2], [3, 3]], "n_highway": 2,
                     "max_characters_per_token": 7, "n_characters": 262}},
    "samples": [{"ids": [4, 0, 2, 6], "tries": 5}, {"ids": [1, 8, 0, 3], "tries": 12}],
    "adam": {"rate": 0.0078125, "beta1": 0.875, "beta2": 0.984375, "epsilon": 0.0009765625, "gradient_norm": 50},
    "adagrad": {"rate": 0.25, "first_accumulator": 1, "gradient_norm": 10},
}, 2)
