"""What training leaves behind: the ONNX model, the golden predictions, the baseline for drift."""

from __future__ import annotations

import json
import platform
from collections import Counter
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import skl2onnx
import sklearn
from onnx.helper import make_opsetid
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.pipeline import Pipeline

from data import FEATURES, Trial, matrices, to_kg_per_ha

#: ONNX operator sets: fixed, so that a newer converter does not silently ask for a newer runtime.
TARGET_OPSET = {"": 17, "ai.onnx.ml": 3}
OUTPUT = "yield_bu_per_acre"


def write_json(path: Path, document: Any) -> None:
    """Write JSON with full double precision; NaN and infinity are errors."""
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def write_onnx(model: Pipeline, path: Path) -> None:
    """Export the fitted pipeline, encoder inside: string inputs ``variety`` and ``site``, float32 output."""
    exported = skl2onnx.to_onnx(
        model,
        initial_types=[(name, StringTensorType([None, 1])) for name in FEATURES],
        final_types=[(OUTPUT, FloatTensorType([None, 1]))],
        target_opset=TARGET_OPSET,
    )
    # The converter names the graph at random and lists the operator sets in hash order: both would make
    # every run's bytes differ.
    exported.graph.name = "barley-yield"
    operator_sets = sorted((item.domain, item.version) for item in exported.opset_import)
    del exported.opset_import[:]
    exported.opset_import.extend(make_opsetid(*item) for item in operator_sets)
    path.write_bytes(exported.SerializeToString(deterministic=True))


def reference(model: Pipeline, categories: list[list[str]]) -> dict[str, Any]:
    """Every variety at every site with scikit-learn's own prediction: what serving must reproduce."""
    pairs = list(product(*categories))
    predicted = model.predict(np.array(pairs, dtype=object))
    return {
        "generator": {
            "python": platform.python_version(),
            "scikit-learn": sklearn.__version__,
            "skl2onnx": skl2onnx.__version__,
        },
        "unit": "bu/acre",
        "cases": [
            {
                "input": dict(zip(FEATURES, pair, strict=True)),
                "output": {"yield": to_kg_per_ha(value)},
                "published": {"yield": float(value)},
            }
            for pair, value in zip(pairs, predicted, strict=True)
        ],
    }


def baseline(model: Pipeline, trials: list[Trial], out_of_fold: np.ndarray) -> dict[str, Any]:
    """Distributions at training time, to compare live ones with. Yields and errors are in kg/ha."""
    features, yields = matrices(trials)
    return {
        "rows": len(trials),
        "input": {name: shares(features[:, column]) for column, name in enumerate(FEATURES)},
        "prediction": {"yield": distribution(model.predict(features))},
        "actual": {"yield": distribution(yields)},
        "error": {"yield": distribution(out_of_fold - yields)},
    }


def shares(values: np.ndarray) -> dict[str, Any]:
    """Share of each category, by name."""
    counts = Counter(values)
    return {
        "kind": "categorical",
        "shares": {category: counts[category] / len(values) for category in sorted(counts)},
    }


def distribution(values_bu_per_acre: np.ndarray) -> dict[str, Any]:
    """Mean, standard deviation and the deciles from minimum to maximum (11 values), in kg/ha."""
    values = np.array([to_kg_per_ha(value) for value in values_bu_per_acre])
    return {
        "kind": "numeric",
        "unit": "kg/ha",
        "mean": round(float(np.mean(values)), 6),
        "standardDeviation": round(float(np.std(values, ddof=1)), 6),
        "deciles": [round(float(value), 6) for value in np.quantile(values, np.linspace(0, 1, 11))],
    }
