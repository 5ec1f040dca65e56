"""The rule: which pixels are plant. Written twice, as an ONNX graph to serve and in numpy to check it by."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper

#: A pixel is plant where its excess green is above NUMERATOR / DENOMINATOR. A fraction of whole numbers, so that the
#: comparison is exact, on every processor and in every runtime.
NUMERATOR, DENOMINATOR = 1, 10

#: Fixed, so that a newer onnx does not silently ask for a newer runtime.
OPSET = 17
IR_VERSION = 8


def is_plant(pixels: np.ndarray) -> np.ndarray:
    """The rule in whole numbers, for pixels of shape (..., 3).

    Excess green is 2g - r - b, where r = R / (R + G + B) and so on. Multiplied by R + G + B it needs no division, and
    black, which has no chromatic coordinates, is not plant.
    """
    red, green, blue = np.moveaxis(pixels.astype(np.int64), -1, 0)
    return DENOMINATOR * (2 * green - red - blue) > NUMERATOR * (red + green + blue)


def excess_green(pixels: np.ndarray) -> np.ndarray:
    """2g - r - b by its definition, in floating point; NaN for black."""
    values = pixels.astype(np.float64)
    with np.errstate(invalid="ignore"):
        red, green, blue = np.moveaxis(values / values.sum(axis=-1, keepdims=True), -1, 0)
    return 2 * green - red - blue


def cover_percent(pixels: np.ndarray) -> float:
    """Share of the pixels that are plant, in percent."""
    return 100.0 * int(is_plant(pixels).sum()) / is_plant(pixels).size


def graph() -> onnx.ModelProto:
    """The rule for a batch: `pixels` float32 [rows, pixels, 3] of whole numbers, filled up with black; `count` float64
    [rows, 1], how many of them are the image's; out comes `percent` float64 [rows, 1].

    Every sum is of whole numbers that the type holds exactly. Nothing is cast: what casts in ONNX Runtime's WebAssembly is
    one very large function, which takes a second and more of processor time to be compiled once it has been used a few times.
    """
    constants = {
        # Per channel: DENOMINATOR * (2G - R - B) - NUMERATOR * (R + G + B), which is positive for plant.
        "weights": np.array(
            [-DENOMINATOR - NUMERATOR, 2 * DENOMINATOR - NUMERATOR, -DENOMINATOR - NUMERATOR], np.float32
        ),
        "none": np.array(0, np.float32),
        "zero": np.array(0.0, np.float64),
        "hundred": np.array(100.0, np.float64),
        "channels": np.array([2], np.int64),
        "along": np.array([1], np.int64),
    }
    nodes = [
        helper.make_node("Mul", ["pixels", "weights"], ["weighted"]),
        helper.make_node("ReduceSum", ["weighted", "channels"], ["excess"], keepdims=0),
        helper.make_node("Greater", ["excess", "none"], ["plant"]),
        helper.make_node("Where", ["plant", "hundred", "zero"], ["percents"]),
        helper.make_node("ReduceSum", ["percents", "along"], ["sum"], keepdims=1),
        helper.make_node("Div", ["sum", "count"], ["percent"]),
    ]
    declared = helper.make_graph(
        nodes,
        "canopy-cover",
        [
            helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["rows", "pixels", 3]),
            helper.make_tensor_value_info("count", TensorProto.DOUBLE, ["rows", 1]),
        ],
        [helper.make_tensor_value_info("percent", TensorProto.DOUBLE, ["rows", 1])],
        initializer=[onnx.numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(declared, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    onnx.checker.check_model(model, full_check=True)
    return model
