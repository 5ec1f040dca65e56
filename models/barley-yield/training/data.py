"""The barley rows: reading them, choosing a season, checking them against the model's contract."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jsonschema import Draft202012Validator

FEATURES = ("variety", "site")

#: kg/ha in one bu/acre of barley: 48 lb a bushel (USDA legal weight), the international pound and acre.
KG_PER_HA_PER_BU_PER_ACRE = 48 * 0.45359237 / 0.40468564224


@dataclass(frozen=True)
class Trial:
    """One published plot mean. ``yield_bu_per_acre`` is in bushels (48 lb) per acre."""

    variety: str
    site: str
    year: int
    yield_bu_per_acre: float

    @property
    def input(self) -> dict[str, str]:
        return {"variety": self.variety, "site": self.site}


def to_kg_per_ha(bu_per_acre: float) -> float:
    """Convert a barley yield from bu/acre to kg/ha, in double precision."""
    return float(bu_per_acre) * KG_PER_HA_PER_BU_PER_ACRE


def read_trials(path: Path) -> list[Trial]:
    """Read the CSV. Raises ValueError naming the line of a row that is not complete or not numeric."""
    trials = []
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            try:
                trial = Trial(
                    variety=row["variety"],
                    site=row["site"],
                    year=int(row["year"]),
                    yield_bu_per_acre=float(row["yield_bu_per_acre"]),
                )
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(f"{path.name}, line {line}: {error!r} in {row}") from error
            trials.append(trial)
    return trials


def season(trials: list[Trial], year: int, *, without_site: str | None = None) -> list[Trial]:
    """The rows of one year, in the order of the file."""
    return [trial for trial in trials if trial.year == year and trial.site != without_site]


def matrices(trials: list[Trial]) -> tuple[np.ndarray, np.ndarray]:
    """Features (n × 2 strings: variety, site) and yields (n, in bu/acre)."""
    features = np.array([[trial.variety, trial.site] for trial in trials], dtype=object)
    return features, np.array([trial.yield_bu_per_acre for trial in trials], dtype=np.float64)


def check_against_schema(trials: list[Trial], schema_file: Path) -> None:
    """Check every row against the model's contract.

    ``schema_file`` is a JSON Schema (2020-12) of ``{"input": {...}, "output": {"yield": kg/ha}}``.
    Raises ValueError listing every violation with its row.
    """
    schema = json.loads(schema_file.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    violations = [
        f"row {number} ({trial.variety}, {trial.site}, {trial.year}) at {error.json_path}: {error.message}"
        for number, trial in enumerate(trials, start=1)
        for error in validator.iter_errors(
            {"input": trial.input, "output": {"yield": to_kg_per_ha(trial.yield_bu_per_acre)}}
        )
    ]
    if violations:
        raise ValueError("the training data breaks the model's contract:\n  " + "\n  ".join(violations))
