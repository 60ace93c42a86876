"""TensorBoard itself reads what we export: what it finds must be what was logged."""

import json
import math
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import metadata as hparams
from tensorboard.plugins.hparams import plugin_data_pb2
from tensorboard.util import tensor_util

root = Path(__file__).parents[2]
node = root / "node_modules" / "node" / "bin" / ("node.exe" if os.name == "nt" else "node")


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tracking")
    script = root / "test" / "tracking" / "exportForTensorBoard.ts"
    command = [node if node.exists() else "node", script, folder / "runs", folder / "tensorboard"]
    output = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout
    expected = json.loads(output)
    # 0 keeps everything, where TensorBoard would draw a sample.
    accumulator = EventAccumulator(expected["folder"], size_guidance={"scalars": 0, "histograms": 0, "tensors": 0})
    accumulator.Reload()
    return expected, accumulator


def test_scalars(exported):
    expected, accumulator = exported
    assert sorted(accumulator.Tags()["scalars"]) == sorted(expected["scalars"])
    for tag, curve in expected["scalars"].items():
        events = accumulator.Scalars(tag)
        assert [event.step for event in events] == curve["steps"]
        assert [event.wall_time for event in events] == pytest.approx([time / 1000 for time in curve["times"]])
        for event, value in zip(events, curve["values"]):
            assert math.isnan(event.value) if value is None else event.value == np.float32(value)


def test_histograms(exported):
    expected, accumulator = exported
    assert accumulator.Tags()["histograms"] == ["1.weight"]
    events = accumulator.Histograms("1.weight")
    assert len(events) == len(expected["histograms"]) == 2
    for event, histogram in zip(events, expected["histograms"]):
        found = event.histogram_value
        assert event.step == histogram["step"]
        assert (found.min, found.max) == (histogram["low"], histogram["high"])
        assert found.num == sum(histogram["counts"])
        assert list(found.bucket) == histogram["counts"]
        width = (histogram["high"] - histogram["low"]) / len(histogram["counts"])
        limits = [histogram["low"] + width * (bin + 1) for bin in range(len(histogram["counts"]))]
        assert list(found.bucket_limit) == pytest.approx(limits)


@pytest.mark.parametrize(
    ("tag", "text", "step"),
    [("notes/text_summary", "# first *try*", 0), ("sample/text_summary", "zwölf Boxkämpfer", 50)],
)
def test_texts(exported, tag, text, step):
    _, accumulator = exported
    assert tag in accumulator.Tags()["tensors"]
    assert accumulator.SummaryMetadata(tag).plugin_data.plugin_name == "text"
    (event,) = accumulator.Tensors(tag)
    assert event.step == step
    assert [item.decode() for item in tensor_util.make_ndarray(event.tensor_proto)] == [text]


def test_hparams(exported):
    expected, accumulator = exported
    content = accumulator.SummaryMetadata(hparams.SESSION_START_INFO_TAG).plugin_data.content
    start = hparams.parse_session_start_info_plugin_data(content)
    found = {name: getattr(value, value.WhichOneof("kind")) for name, value in start.hparams.items()}
    assert found == expected["params"]
    assert start.start_time_secs == expected["started"]
    content = accumulator.SummaryMetadata(hparams.SESSION_END_INFO_TAG).plugin_data.content
    assert hparams.parse_session_end_info_plugin_data(content).status == 1
    # The version of the plugin's data that this TensorBoard writes itself.
    assert plugin_data_pb2.HParamsPluginData.FromString(content).version == hparams.PLUGIN_DATA_VERSION
