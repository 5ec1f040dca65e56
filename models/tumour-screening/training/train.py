"""Trains tumour-screening on the Wisconsin diagnostic cases and writes its artifacts. See README.md for the data."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from artifacts import baseline, reference, settle, write_json, write_onnx
from data import FEATURES, SPLIT_SEED, check_against_schema, read_cases, read_schema, split
from decision import declared_decision
from evaluation import (
    FOLDS,
    REPEATS,
    SEED,
    candidates,
    compare,
    compare_feature_sets,
    fit,
    malignant_probability,
    measures,
    out_of_fold,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--artifacts", type=Path, required=True, help="folder to write the artifacts to")
    parser.add_argument("--schema", type=Path, required=True, help="JSON Schema of the model's contract")
    arguments = parser.parse_args()

    schema = read_schema(arguments.schema)
    decision = declared_decision(schema)
    every_column = read_cases()
    asked = every_column.select(list(FEATURES.values()))
    check_against_schema(asked, schema)
    print(f"{len(asked)} cases satisfy the contract")

    training, held_out = split(asked)
    every_column_of_training, _ = split(every_column)
    chosen, cross_validation = compare(training, decision)
    model = settle(fit(candidates()[chosen], training))
    held_out_measures = measures(malignant_probability(model, held_out), held_out.malignant, decision)

    metrics = {
        "chosen": chosen,
        "decision": {
            "costs": {"falseNegative": decision.false_negative, "falsePositive": decision.false_positive},
            "threshold": decision.threshold,
        },
        "crossValidation": {
            "rows": len(training),
            "folds": FOLDS,
            "repeats": REPEATS,
            "seed": SEED,
            "candidates": cross_validation,
            "featureSets": compare_feature_sets(candidates()[chosen], every_column_of_training, decision),
        },
        "test": {"rows": len(held_out), "seed": SPLIT_SEED, **held_out_measures},
    }

    arguments.artifacts.mkdir(parents=True, exist_ok=True)
    write_onnx(model, arguments.artifacts / "model.onnx")
    write_json(arguments.artifacts / "reference.json", reference(model, held_out, decision))
    write_json(
        arguments.artifacts / "baseline.json",
        baseline(model, training, out_of_fold(candidates()[chosen], training), decision),
    )
    write_json(arguments.artifacts / "metrics.json", metrics)

    print(f"chosen by cross-validation: {chosen}")
    print(f"log loss in cross-validation {cross_validation[chosen]['log_loss']:.4f}")
    print(f"held out: {held_out_measures}")


if __name__ == "__main__":
    try:
        main()
    except (OSError, ValueError) as error:
        sys.exit(f"train.py: {error}")
