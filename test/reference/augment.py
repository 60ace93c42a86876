"""Golden values of the augmentations that resample, for test/data/augment/, from scipy.ndimage and PyTorch in float64.

    pip install torch==2.13.0 scipy==1.17.1 numpy==2.4.6 && python3 test/reference/augment.py
writes augment.json beside this file. scipy's names for what lies beyond the border differ from NumPy's and ours.
"""

import json
import pathlib

import numpy
import scipy
import torch
from scipy import ndimage
from torch.nn import functional

SCIPY_MODE = {
    "constant": "grid-constant",
    "edge": "nearest",
    "reflect": "mirror",
    "symmetric": "reflect",
    "wrap": "grid-wrap",
}
VALUE = 0.25
ORDER = {"bilinear": 1, "nearest": 0}
random = numpy.random.default_rng(4)
image = numpy.round(random.uniform(0, 1, (5, 6, 2)), 3)


def channels(function):
    """Both channels through a function of one plane."""
    return numpy.stack([function(image[:, :, channel]) for channel in range(2)], axis=2).tolist()


def rotated(degrees, fill, interpolation):
    return {
        "degrees": degrees,
        "fill": fill,
        "interpolation": interpolation,
        "result": channels(
            lambda plane: ndimage.rotate(
                plane, degrees, reshape=False, order=ORDER[interpolation], mode=SCIPY_MODE[fill], cval=VALUE
            )
        ),
    }


def scaled(factor, fill, interpolation):
    centre = (numpy.array(image.shape[:2]) - 1) / 2
    return {
        "factor": factor,
        "fill": fill,
        "interpolation": interpolation,
        "result": channels(
            lambda plane: ndimage.affine_transform(
                plane,
                numpy.eye(2) / factor,
                offset=centre - centre / factor,
                order=ORDER[interpolation],
                mode=SCIPY_MODE[fill],
                cval=VALUE,
            )
        ),
    }


def cropped(side, interpolation):
    """Every place the section can have, row by row."""
    height, width = image.shape[:2]
    kept = round(side * height), round(side * width)
    results = []
    for top in range(height - kept[0] + 1):
        for left in range(width - kept[1] + 1):
            section = image[top : top + kept[0], left : left + kept[1]]
            resized = functional.interpolate(
                torch.tensor(section).permute(2, 0, 1)[None],
                size=(height, width),
                **({"mode": "nearest-exact"} if interpolation == "nearest" else {"mode": "bilinear", "align_corners": False}),
            )
            results.append(resized[0].permute(1, 2, 0).tolist())
    return {"side": side, "interpolation": interpolation, "results": results}


ways = [(fill, interpolation) for interpolation in ORDER for fill in SCIPY_MODE]
golden = {
    "versions": {"scipy": scipy.__version__, "torch": torch.__version__, "numpy": numpy.__version__},
    "value": VALUE,
    "image": image.tolist(),
    "rotate": [rotated(degrees, *how) for degrees in (30, -107) for how in ways],
    "scale": [scaled(factor, *how) for factor in (0.6, 1.7) for how in ways],
    "crop": [cropped(0.61, "bilinear"), cropped(0.61, "nearest"), cropped(1, "bilinear")],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(golden) + "\n")
