#!/usr/bin/env python3
"""Makes the miniature models of ELMoTests and what they must answer.

Written from ELMO.md alone, in float64, one token and one step at a time, without any of the
program's savings: every window, no cache, no batches. Run it beside its fixtures:

    python3 make_miniature.py

It writes bare/ and deep/, each a bundle (model.json, weights.safetensors) and expected.safetensors.
Needs Python 3 with numpy. The same seed gives the same files.
"""

import hashlib
import json
import os
import struct

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))

# Tokens as bytes. The long one is cut at 48 bytes, in the middle of a two-byte character.
LONG = ("x" * 47 + "\u00e9\u00e9").encode()
SENTENCES = [
    [b"good", b"debate", b"!"],
    [b"a"],
    ["caf\u00e9".encode(), b"<S>", "\U0001f600".encode(), LONG, b"good"],
    [],
    [b"it", b"was", b"not", b"a", b"good", b"night", b"for", b"anyone"],
]

MODELS = {
    # No skips, tanh, no highway, H = D and so no W_P_0, one layer, no clips.
    "bare": {
        "seed": 11,
        "options": {
            "lstm": {
                "dim": 6, "projection_dim": 6, "n_layers": 1, "cell_clip": None,
                "proj_clip": 0, "use_skip_connections": False,
            },
            "char_cnn": {
                "activation": "tanh", "embedding": {"dim": 3}, "filters": [[2, 5], [4, 4]],
                "max_characters_per_token": 50, "n_characters": 261,
            },
        },
        "mix": [0.3, -0.7],
        "gamma": 1.25,
        "scale": 1.0,
    },
    # Three layers, one highway, relu, skips, and clips that cut (asserted below).
    "deep": {
        "seed": 12,
        "options": {
            "lstm": {
                "dim": 10, "projection_dim": 4, "n_layers": 3, "cell_clip": 0.5,
                "proj_clip": 0.3, "use_skip_connections": True,
            },
            "char_cnn": {
                "activation": "relu", "embedding": {"dim": 4},
                "filters": [[1, 3], [3, 6], [7, 5]], "n_highway": 1,
                "max_characters_per_token": 50, "n_characters": 262,
            },
        },
        "mix": [0.1, 0.9, -0.4, 0.5],
        "gamma": 0.8,
        "scale": 1.0,
    },
}


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def cell_name(direction, layer):
    return f"RNN_{direction}/RNN/MultiRNNCell/Cell{layer}/LSTMCell"


def make_weights(options, seed, scale):
    rng = np.random.default_rng(seed)
    cnn, lstm = options["char_cnn"], options["lstm"]
    d, h, size = lstm["projection_dim"], lstm["dim"], cnn["embedding"]["dim"]
    features = sum(count for _, count in cnn["filters"])
    weights = {"char_embed": rng.uniform(-1, 1, (261, size))}
    for index, (width, count) in enumerate(cnn["filters"]):
        weights[f"CNN/W_cnn_{index}"] = rng.uniform(-0.6, 0.6, (1, width, size, count))
        weights[f"CNN/b_cnn_{index}"] = rng.uniform(-0.3, 0.3, count)
    for index in range(cnn.get("n_highway", 0)):
        for part in ("carry", "transform"):
            weights[f"CNN_high_{index}/W_{part}"] = rng.normal(0, 0.4, (features, features))
            weights[f"CNN_high_{index}/b_{part}"] = rng.uniform(-0.5, 0.5, features)
    weights["CNN_proj/W_proj"] = rng.normal(0, 0.5, (features, d))
    weights["CNN_proj/b_proj"] = rng.uniform(-0.2, 0.2, d)
    for direction in range(2):
        for layer in range(lstm["n_layers"]):
            name = cell_name(direction, layer)
            weights[f"{name}/W_0"] = rng.normal(0, 0.5 * scale, (2 * d, 4 * h))
            weights[f"{name}/B"] = rng.uniform(-0.5, 0.5, 4 * h)
            if h != d:
                weights[f"{name}/W_P_0"] = rng.normal(0, 0.6, (h, d))
    return {name: value.astype(np.float32) for name, value in weights.items()}


def character_ids(token):
    """Section 1, before the shift; a boundary is given as its id."""
    middle = [token] if isinstance(token, int) else list(token[:48])
    row = [258] + middle + [259]
    return row + [260] * (50 - len(row))


def encode(token, w, options):
    """Section 2: one token; the CNN's output and the projected vector."""
    cnn = options["char_cnn"]
    x = w["char_embed"][character_ids(token)]
    parts = []
    for index, (width, _) in enumerate(cnn["filters"]):
        kernel, bias = w[f"CNN/W_cnn_{index}"][0], w[f"CNN/b_cnn_{index}"]
        scores = [
            sum(x[t + k] @ kernel[k] for k in range(width)) for t in range(50 - width + 1)
        ]
        parts.append(np.max(scores, axis=0) + bias)
    h = np.concatenate(parts)
    h = np.tanh(h) if cnn["activation"] == "tanh" else np.maximum(h, 0)
    features = h
    for index in range(cnn.get("n_highway", 0)):
        name = f"CNN_high_{index}"
        g = sigmoid(h @ w[f"{name}/W_carry"] + w[f"{name}/b_carry"])
        u = np.maximum(h @ w[f"{name}/W_transform"] + w[f"{name}/b_transform"], 0)
        h = g * u + (1 - g) * h
    return features, h @ w["CNN_proj/W_proj"] + w["CNN_proj/b_proj"]


def run_direction(inputs, direction, w, options, cuts):
    """Section 3: all layers of one direction over one sentence, from a state of zero."""
    lstm = options["lstm"]
    d, size = lstm["projection_dim"], lstm["dim"]
    layers = []
    x = inputs if direction == 0 else inputs[::-1]
    for layer in range(lstm["n_layers"]):
        name = cell_name(direction, layer)
        h, c = np.zeros(d), np.zeros(size)
        outputs = []
        for row in x:
            z = np.concatenate([row, h]) @ w[f"{name}/W_0"] + w[f"{name}/B"]
            i, j, f, o = np.split(z, 4)
            c = sigmoid(f + 1) * c + sigmoid(i) * np.tanh(j)
            if lstm["cell_clip"]:
                cuts["cell"] += int(np.sum(np.abs(c) > lstm["cell_clip"]))
                c = np.clip(c, -lstm["cell_clip"], lstm["cell_clip"])
            h = sigmoid(o) * np.tanh(c)
            if f"{name}/W_P_0" in w:
                h = h @ w[f"{name}/W_P_0"]
                if lstm["proj_clip"]:
                    cuts["projection"] += int(np.sum(np.abs(h) > lstm["proj_clip"]))
                    h = np.clip(h, -lstm["proj_clip"], lstm["proj_clip"])
            skip = layer > 0 and lstm["use_skip_connections"]
            outputs.append(h + row if skip else h)
        x = np.array(outputs)
        layers.append(x if direction == 0 else x[::-1])
    return layers


def embed(tokens, w, options, mix, gamma, cuts):
    """Sections 1 to 5 for one sentence of at least one token."""
    rows = [encode(t, w, options) for t in [256] + tokens + [257]]
    e = np.array([vector for _, vector in rows])
    both = [run_direction(e, direction, w, options, cuts) for direction in range(2)]
    layers = [np.concatenate([e, e], axis=1)]
    layers += [np.concatenate(pair, axis=1) for pair in zip(*both)]
    layers = [layer[1:-1] for layer in layers]
    s = np.exp(mix) / np.sum(np.exp(mix))
    elmo = gamma * sum(a * layer for a, layer in zip(s, layers))
    answer = {
        "ids": np.array([character_ids(t) for t in tokens]),
        "features": np.array([features for features, _ in rows[1:-1]]),
        "word_emb": e[1:-1],
        "elmo": elmo,
        "default": elmo.sum(axis=0) / max(len(tokens), 1),
    }
    for number, layer in enumerate(layers[1:], 1):
        answer[f"lstm_outputs{number}"] = layer
    return answer


def write_safetensors(path, tensors):
    header, payload = {}, b""
    for name, value in tensors.items():
        data = np.ascontiguousarray(value, dtype="<f4").tobytes()
        header[name] = {
            "dtype": "F32",
            "shape": list(value.shape),
            "data_offsets": [len(payload), len(payload) + len(data)],
        }
        payload += data
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    data = struct.pack("<Q", len(text)) + text + payload
    with open(path, "wb") as file:
        file.write(data)
    return hashlib.sha256(data).hexdigest()


def main():
    for name, model in MODELS.items():
        options = model["options"]
        directory = os.path.join(HERE, name)
        os.makedirs(directory, exist_ok=True)
        weights = make_weights(options, model["seed"], model["scale"])
        digest = write_safetensors(os.path.join(directory, "weights.safetensors"), weights)
        manifest = {
            "format_version": 1,
            "name": f"miniature-{name}",
            "elmo": options,
            "state_mode": "zero",
            "cleaning": "tweet",
            "max_tokens": 256,
            "scalar_mix": {"weights": model["mix"], "gamma": model["gamma"]},
            "training": {"weights": f"random, made by make_miniature.py, seed {model['seed']}"},
            "licence": "Apache-2.0",
            "weights": {"file": "weights.safetensors", "sha256": digest},
        }
        with open(os.path.join(directory, "model.json"), "w") as file:
            json.dump(manifest, file, indent=2, sort_keys=True)
            file.write("\n")
        exact = {key: value.astype(np.float64) for key, value in weights.items()}
        cuts = {"cell": 0, "projection": 0}
        expected = {}
        for number, tokens in enumerate(SENTENCES):
            if not tokens:
                continue
            answer = embed(tokens, exact, options, model["mix"], model["gamma"], cuts)
            expected.update({f"{number}/{key}": value for key, value in answer.items()})
        if name == "deep":
            assert cuts["cell"] > 20 and cuts["projection"] > 20, cuts
        write_safetensors(os.path.join(directory, "expected.safetensors"), expected)
        print(name, cuts, sum(value.size for value in weights.values()), "parameters")


if __name__ == "__main__":
    main()
