"""Trains barley-yield on the season of 1931 and writes its artifacts. See README.md for the data."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from artifacts import baseline, reference, write_json, write_onnx
from data import FEATURES, check_against_schema, matrices, read_trials, season
from evaluation import FOLDS, REPEATS, SEED, candidates, compare, cross_validate, evaluate, out_of_fold

HERE = Path(__file__).resolve().parent
TRAINING_YEAR = 1931
TEST_YEAR = 1932
#: The site whose two years may be swapped: errors are reported with and without it.
DOUBTED_SITE = "Morris"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--artifacts", type=Path, required=True, help="folder to write the artifacts to")
    parser.add_argument("--data", type=Path, default=HERE / "barley.csv", help="the trials, as CSV")
    parser.add_argument("--schema", type=Path, help="JSON Schema that every row must satisfy")
    arguments = parser.parse_args()

    trials = read_trials(arguments.data)
    if arguments.schema:
        check_against_schema(trials, arguments.schema)
        print(f"{len(trials)} rows satisfy the contract")

    training = season(trials, TRAINING_YEAR)
    features, yields = matrices(training)
    categories = [sorted({str(value) for value in features[:, column]}) for column in range(len(FEATURES))]

    without_doubted = season(trials, TRAINING_YEAR, without_site=DOUBTED_SITE)
    models = candidates(categories)
    chosen, cross_validation = compare(models, training)
    model = models[chosen].fit(features, yields)

    metrics = {
        "chosen": chosen,
        "training": {"year": TRAINING_YEAR, **evaluate(model, training)},
        "crossValidation": {
            "year": TRAINING_YEAR,
            "folds": FOLDS,
            "repeats": REPEATS,
            "seed": SEED,
            "candidates": cross_validation,
            f"without{DOUBTED_SITE}": cross_validate(models[chosen], without_doubted),
        },
        "test": {
            "year": TEST_YEAR,
            "allSites": evaluate(model, season(trials, TEST_YEAR)),
            f"without{DOUBTED_SITE}": evaluate(model, season(trials, TEST_YEAR, without_site=DOUBTED_SITE)),
        },
    }

    arguments.artifacts.mkdir(parents=True, exist_ok=True)
    write_onnx(model, arguments.artifacts / "model.onnx")
    write_json(arguments.artifacts / "reference.json", reference(model, categories))
    write_json(arguments.artifacts / "baseline.json", baseline(model, training, out_of_fold(models[chosen], training)))
    write_json(arguments.artifacts / "metrics.json", metrics)

    print(f"chosen by cross-validation: {chosen}")
    print(f"RMSE in cross-validation {cross_validation[chosen]['rmse_bu_per_acre']:.2f} bu/acre")
    print(f"RMSE on {TEST_YEAR} {metrics['test']['allSites']['rmse_bu_per_acre']:.2f} bu/acre")


if __name__ == "__main__":
    try:
        main()
    except (OSError, ValueError) as error:
        sys.exit(f"train.py: {error}")
