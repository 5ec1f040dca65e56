"""What training leaves behind: the ONNX model, the golden predictions, the baseline for drift."""

from __future__ import annotations

import json
import platform
from pathlib import Path
from typing import Any

import numpy as np
import skl2onnx
import sklearn
from onnx.helper import make_opsetid
from skl2onnx.common.data_types import DoubleTensorType
from skl2onnx.helpers.onnx_helper import select_model_inputs_outputs
from sklearn.linear_model import LogisticRegression

from data import FEATURES, Cases
from decision import Decision
from evaluation import malignant_probability

#: ONNX operator sets: fixed, so that a newer converter does not silently ask for a newer runtime.
TARGET_OPSET = {"": 17, "ai.onnx.ml": 3}
OUTPUT = "probabilities"
#: Processors differ in the last bits of a sum: what is written has fewer digits than that.
COEFFICIENT_DECIMALS = 10
SIGNIFICANT_DIGITS = 12


def write_json(path: Path, document: Any) -> None:
    """Write JSON; NaN and infinity are errors."""
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def settle(model: Any) -> Any:
    """Round a linear model's coefficients, so that every processor arrives at the same model."""
    classifier = model[-1]
    if isinstance(classifier, LogisticRegression):
        classifier.coef_ = np.round(classifier.coef_, COEFFICIENT_DECIMALS)
        classifier.intercept_ = np.round(classifier.intercept_, COEFFICIENT_DECIMALS)
    return model


def write_onnx(model: Any, path: Path) -> None:
    """Export the fitted pipeline: one float64 input per field, by the field's name; class probabilities out.

    Float64, because an input rounded to float32 would move a probability by more than the golden predictions allow.
    """
    exported = skl2onnx.to_onnx(
        model,
        initial_types=[(name, DoubleTensorType([None, 1])) for name in FEATURES],
        options={id(model): {"zipmap": False}},
        target_opset=TARGET_OPSET,
    )
    exported = select_model_inputs_outputs(exported, outputs=[OUTPUT])
    drop_unused_initializers(exported)
    # The converter names the graph at random and lists the operator sets in hash order: both would make
    # every run's bytes differ.
    exported.graph.name = "tumour-screening"
    operator_sets = sorted((item.domain, item.version) for item in exported.opset_import)
    del exported.opset_import[:]
    exported.opset_import.extend(make_opsetid(*item) for item in operator_sets)
    path.write_bytes(exported.SerializeToString(deterministic=True))


def drop_unused_initializers(exported: Any) -> None:
    """Remove what only the class labels, which are not asked for, were made of: the runtime would warn of it."""
    used = {name for node in exported.graph.node for name in node.input}
    kept = [item for item in exported.graph.initializer if item.name in used]
    del exported.graph.initializer[:]
    exported.graph.initializer.extend(kept)


def reference(model: Any, held_out: Cases, decision: Decision) -> dict[str, Any]:
    """Every held-out case with scikit-learn's own probability: what serving must reproduce."""
    probabilities = malignant_probability(model, held_out)
    return {
        "generator": {
            "python": platform.python_version(),
            "scikit-learn": sklearn.__version__,
            "skl2onnx": skl2onnx.__version__,
        },
        "cases": [
            {
                "input": measured,
                "output": {
                    "malignantProbability": significant(probability),
                    "decision": "refer" if refer else "routine",
                },
                "observed": {"diagnosis": "malignant" if malignant else "benign"},
            }
            for measured, probability, refer, malignant in zip(
                held_out.inputs(), probabilities, decision.refers(probabilities), held_out.malignant, strict=True
            )
        ],
    }


def baseline(model: Any, cases: Cases, out_of_fold: np.ndarray, decision: Decision) -> dict[str, Any]:
    """Distributions at training time, to compare live ones with. The measurements have no units."""
    probabilities = malignant_probability(model, cases)
    return {
        "rows": len(cases),
        "input": {name: distribution(cases.measurements[:, column]) for column, name in enumerate(FEATURES)},
        "prediction": {
            "malignantProbability": distribution(probabilities),
            "decision": shares(decision.refers(probabilities), "refer", "routine"),
        },
        "actual": {"diagnosis": shares(cases.malignant, "malignant", "benign")},
        "error": decision.expected_cost(out_of_fold, cases.malignant),
    }


def shares(flags: np.ndarray, true: str, false: str) -> dict[str, Any]:
    """Share of each category, by name."""
    share = float(np.mean(flags))
    return {"kind": "categorical", "shares": {true: significant(share), false: significant(1 - share)}}


def distribution(values: np.ndarray) -> dict[str, Any]:
    """Mean, standard deviation and the deciles from minimum to maximum (11 values)."""
    return {
        "kind": "numeric",
        "mean": significant(np.mean(values)),
        "standardDeviation": significant(np.std(values, ddof=1)),
        "deciles": [significant(value) for value in np.quantile(values, np.linspace(0, 1, 11))],
    }


def significant(value: float) -> float:
    return float(f"{float(value):.{SIGNIFICANT_DIGITS}g}")
