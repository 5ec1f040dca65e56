"""The Wisconsin diagnostic breast cancer cases: reading them, holding some out, checking them against the contract."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jsonschema import Draft202012Validator
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split

#: Held out of training and of every choice, stratified by diagnosis: a fifth of the 569 cases.
HELD_OUT = 114
SPLIT_SEED = 1993

#: The contract's fields, in the model's order, and what scikit-learn's loader calls them.
FEATURES = {
    "radiusWorst": "worst radius",
    "textureWorst": "worst texture",
    "perimeterWorst": "worst perimeter",
    "areaWorst": "worst area",
    "smoothnessWorst": "worst smoothness",
    "compactnessWorst": "worst compactness",
    "concavityWorst": "worst concavity",
    "concavePointsWorst": "worst concave points",
    "symmetryWorst": "worst symmetry",
    "fractalDimensionWorst": "worst fractal dimension",
}


@dataclass(frozen=True)
class Cases:
    """Measurements (n × columns, as published: no units are stated) and whether each mass was malignant."""

    columns: tuple[str, ...]
    measurements: np.ndarray
    malignant: np.ndarray

    def __len__(self) -> int:
        return len(self.malignant)

    def select(self, columns: list[str]) -> Cases:
        """The same cases with these columns, in this order."""
        indices = [self.columns.index(column) for column in columns]
        return Cases(tuple(columns), self.measurements[:, indices], self.malignant)

    def rows(self, indices: np.ndarray) -> Cases:
        """Some of the cases, in this order."""
        return Cases(self.columns, self.measurements[indices], self.malignant[indices])

    def inputs(self) -> list[dict[str, float]]:
        """Every case as the contract's input. The columns must be those of FEATURES."""
        return [dict(zip(FEATURES, map(float, row), strict=True)) for row in self.measurements]


def read_cases() -> Cases:
    """All 569 cases with all 30 columns. The loader codes malignant as 0."""
    data = load_breast_cancer()
    return Cases(tuple(map(str, data.feature_names)), data.data, data.target == 0)


def split(cases: Cases) -> tuple[Cases, Cases]:
    """Cases to learn from, and cases held out, each in the order of the data set."""
    learn, held_out = train_test_split(
        np.arange(len(cases)), test_size=HELD_OUT, random_state=SPLIT_SEED, stratify=cases.malignant
    )
    return cases.rows(np.sort(learn)), cases.rows(np.sort(held_out))


def check_against_schema(cases: Cases, schema: dict[str, Any]) -> None:
    """Check every case against the contract's input. Raises ValueError listing every violation with its row."""
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema["properties"]["input"])
    violations = [
        f"row {number} at {error.json_path}: {error.message}"
        for number, row in enumerate(cases.inputs(), start=1)
        for error in validator.iter_errors(row)
    ]
    if violations:
        raise ValueError("the training data breaks the model's contract:\n  " + "\n  ".join(violations))


def read_schema(path: Path) -> dict[str, Any]:
    """The JSON Schema (2020-12) of ``{"input": {...}, "output": {...}}`` that the contract makes."""
    return json.loads(path.read_text(encoding="utf-8"))
