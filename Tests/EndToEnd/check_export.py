#!/usr/bin/env python3
"""check_export.py BUNDLE DIR: what `elmond model export BUNDLE DIR` wrote, read by h5py.

Written from the published layout alone (names and shapes by options.json), sharing nothing with the program: every
dataset is there and no other, float32, contiguous, without filters and attributes, in a file of superblock 0, and
holds the very bits of the bundle's tensor. Prints one line and exits 0, or what is wrong and exits 1.
"""

import json
import os
import struct
import sys

import h5py
import numpy as np


def wanted_shapes(options):
    """Name to shape of the datasets that the options ask for; those that equal sizes make needless may be absent."""
    lstm, cnn = options["lstm"], options["char_cnn"]
    size, cell, width = cnn["embedding"]["dim"], lstm["dim"], lstm["projection_dim"]
    features = sum(count for _, count in cnn["filters"])
    shapes = {"char_embed": (261, size)}
    for i, (window, count) in enumerate(cnn["filters"]):
        shapes[f"CNN/W_cnn_{i}"] = (1, window, size, count)
        shapes[f"CNN/b_cnn_{i}"] = (count,)
    for k in range(cnn["n_highway"]):
        for part in ("carry", "transform"):
            shapes[f"CNN_high_{k}/W_{part}"] = (features, features)
            shapes[f"CNN_high_{k}/b_{part}"] = (features,)
    shapes["CNN_proj/W_proj"], shapes["CNN_proj/b_proj"] = (features, width), (width,)
    optional = {"CNN_proj/W_proj", "CNN_proj/b_proj"} if features == width else set()
    for r in range(2):
        for layer in range(lstm["n_layers"]):
            name = f"RNN_{r}/RNN/MultiRNNCell/Cell{layer}/LSTMCell"
            shapes[f"{name}/W_0"] = (2 * width, 4 * cell)
            shapes[f"{name}/B"] = (4 * cell,)
            shapes[f"{name}/W_P_0"] = (cell, width)
            if cell == width:
                optional.add(f"{name}/W_P_0")
    return shapes, optional


def tensors(path):
    """The tensors of a safetensors file as float32."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack_from("<Q", data)
    found = {}
    for name, entry in json.loads(data[8:8 + length]).items():
        if name == "__metadata__":
            continue
        start, end = (8 + length + offset for offset in entry["data_offsets"])
        raw = data[start:end]
        if entry["dtype"] == "BF16":
            values = (np.frombuffer(raw, "<u2").astype("<u4") << 16).view("<f4")
        else:
            values = np.frombuffer(raw, {"F32": "<f4", "F16": "<f2"}[entry["dtype"]]).astype("<f4")
        found[name] = values.reshape(entry["shape"])
    return found


def datasets(path):
    """Every dataset of a file, checked for its form."""
    with open(path, "rb") as file:
        start = file.read(9)
    assert start[:8] == b"\x89HDF\r\n\x1a\n" and start[8] == 0, f"{path}: superblock {start[8]}, wanted 0"
    found = {}

    def visit(name, item):
        assert not item.attrs, f"{name} has attributes"
        if not isinstance(item, h5py.Dataset):
            return
        form = item.id.get_create_plist()
        assert item.dtype == np.dtype("<f4"), f"{name} is {item.dtype}, wanted float32"
        assert form.get_layout() == h5py.h5d.CONTIGUOUS, f"{name} is not contiguous"
        assert form.get_nfilters() == 0 and item.compression is None, f"{name} has filters"
        found[name] = item[...]

    with h5py.File(path, "r") as file:
        assert not file.attrs, f"{path} has attributes"
        file.visititems(visit)
    return found


def compare(found, source):
    for name, values in found.items():
        assert name in source, f"{name} is not in the bundle"
        assert values.shape == source[name].shape, f"{name} is {values.shape}, the bundle has {source[name].shape}"
        assert values.tobytes() == source[name].tobytes(), f"{name} differs from the bundle"


def check(bundle, directory):
    with open(f"{directory}/options.json", encoding="utf8") as file:
        options = json.load(file)
    with open(f"{bundle}/model.json", encoding="utf8") as file:
        manifest = json.load(file)
    for part in ("lstm", "char_cnn"):
        for key, value in manifest["elmo"][part].items():
            wanted = 262 if key == "n_characters" else value
            assert options[part][key] == wanted, f"{part}.{key} is {options[part][key]}, wanted {wanted}"
    shapes, optional = wanted_shapes(options)
    found = datasets(f"{directory}/weights.hdf5")
    for name, shape in shapes.items():
        assert name in found or name in optional, f"{name} is missing"
        assert name not in found or found[name].shape == shape, f"{name} is {found[name].shape}, wanted {shape}"
    assert set(found) <= set(shapes), f"not of the layout: {sorted(set(found) - set(shapes))}"
    compare(found, tensors(f"{bundle}/{manifest['weights']['file']}"))
    count = len(found)

    softmax = f"{directory}/softmax_weights.hdf5"
    assert os.path.exists(softmax) == os.path.exists(f"{bundle}/softmax.safetensors"), f"{softmax}: only one of the two is there"
    if os.path.exists(softmax):
        table = datasets(softmax)
        assert set(table) == {"softmax/W", "softmax/b"}, f"{softmax} holds {sorted(table)}"
        rows = options["n_tokens_vocab"]
        assert table["softmax/W"].shape == (rows, options["lstm"]["projection_dim"]), "softmax/W is misshapen"
        assert table["softmax/b"].shape == (rows,), "softmax/b is misshapen"
        compare(table, tensors(f"{bundle}/softmax.safetensors"))
        count += len(table)
    print(f"{count} datasets hold what the bundle holds")


if len(sys.argv) != 3:
    sys.exit("usage: check_export.py BUNDLE DIR")
try:
    check(sys.argv[1], sys.argv[2])
except (AssertionError, KeyError, OSError) as error:
    sys.exit(f"{type(error).__name__}: {error}")
