"""The decision behind a probability: costs and threshold as the model's contract declares them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

#: The keyword of the contract's field ``decision`` that holds costs and threshold.
KEYWORD = "x-decision"


@dataclass(frozen=True)
class Decision:
    """What each mistake costs, relative to the other, and the probability from which a case is referred."""

    false_negative: float
    false_positive: float
    threshold: float

    def refers(self, probabilities: np.ndarray) -> np.ndarray:
        return probabilities >= self.threshold

    def expected_cost(self, probabilities: np.ndarray, malignant: np.ndarray) -> dict[str, float]:
        """Mistakes by kind, and their cost per case."""
        referred = self.refers(probabilities)
        missed = int(np.sum(~referred & malignant))
        alarmed = int(np.sum(referred & ~malignant))
        cost = (missed * self.false_negative + alarmed * self.false_positive) / len(malignant)
        return {
            "false_negatives": missed,
            "false_positives": alarmed,
            "cost_per_case": round(float(cost), 6),
        }


def declared_decision(schema: dict[str, Any]) -> Decision:
    """Read the declaration from the contract's schema. Raises ValueError if it is not there."""
    field = schema["properties"]["output"]["properties"].get("decision", {})
    try:
        declared = field[KEYWORD]
        costs = declared["costs"]
        return Decision(
            float(costs["falseNegative"]), float(costs["falsePositive"]), float(declared["threshold"])
        )
    except KeyError as error:
        raise ValueError(f'the contract\'s field "decision" declares no {KEYWORD} with {error}') from error
