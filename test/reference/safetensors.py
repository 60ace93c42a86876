"""Files by Python's safetensors package, for test/nn/safetensors.test.ts.

    pip install safetensors==0.8.0 numpy && python3 test/reference/safetensors.py      writes safetensors/ beside this file

`ours.safetensors` has the types that gradbook writes, which must come out byte for byte the same from us;
`others.safetensors` has those that it only reads; `values.json` says what is in them.
"""

import json
import pathlib
import sys

sys.path.pop(0)  # this file has the package's name

import numpy
import safetensors
import safetensors.numpy

folder = pathlib.Path(__file__).with_name("safetensors")


def specification(array, dtype, shape):
    """It points into the array, which must outlive it."""
    return safetensors.TensorSpec(dtype=dtype, shape=shape, data_ptr=array.ctypes.data, data_len=array.nbytes)


def main():
    generator = numpy.random.default_rng(5)
    ours = {
        "0.weight": generator.normal(size=(3, 4)).astype("float32"),
        "0.bias": numpy.array([0.1, -0.0, numpy.inf, -numpy.inf], dtype="float32"),
        "steps": numpy.array(7, dtype="int32"),
        "exact": numpy.array([numpy.pi, 5e-324, -1.5], dtype="float64"),
        "empty": numpy.zeros((0, 3), dtype="float32"),
        "größe": numpy.array([0, 128, 255], dtype="uint8"),
        "labels": numpy.array([[-1, 2**31 - 1]], dtype="int32"),
    }
    metadata = {"format": "pt"}
    safetensors.numpy.save_file(ours, folder / "ours.safetensors", metadata=metadata)
    half = numpy.array([0, -0.0, 1, -2.5, 65504, 6e-8, 6.1e-5, 6.0975e-5, numpy.inf, numpy.nan], dtype="float16")
    others = {
        "half": half,
        "short": numpy.array([-32768, 32767], dtype="int16"),
        "unsignedShort": numpy.array([0, 65535], dtype="uint16"),
        "byte": numpy.array([-128, 127], dtype="int8"),
        "unsigned": numpy.array([0, 2**31 - 1], dtype="uint32"),
        "long": numpy.array([-(2**31), 2**31 - 1], dtype="int64"),
        "unsignedLong": numpy.array([0, 5], dtype="uint64"),
        "truth": numpy.array([True, False]),
    }
    # NumPy has no bfloat16: the upper halves of these float32.
    brain = numpy.array([1, -3.140625, 1e38, 0], dtype="float32")
    brain = (brain.view("uint32") >> 16 << 16).view("float32")
    brainHalves = (brain.view("uint32") >> 16).astype("uint16")
    parts = {name: specification(array, str(array.dtype), array.shape) for name, array in others.items()}
    parts["brain"] = specification(brainHalves, "bfloat16", (2, 2))
    (folder / "others.safetensors").write_bytes(safetensors.serialize(parts))
    # JSON has no ±∞, NaN and −0: they are written as strings.
    plain = lambda array: [str(x) if not numpy.isfinite(x) or str(x) == "-0.0" else x for x in array.ravel().tolist()]
    values = {
        "versions": {"safetensors": safetensors.__version__, "numpy": numpy.__version__},
        "metadata": metadata,
        "ours": {name: {"shape": list(x.shape), "dtype": str(x.dtype), "values": plain(x)} for name, x in ours.items()},
        "others": {name: {"shape": list(x.shape), "values": plain(x)} for name, x in others.items()}
        | {"brain": {"shape": [2, 2], "values": plain(brain)}},
    }
    (folder / "values.json").write_text(json.dumps(values, indent=1) + "\n")


main()
