"""Which measurements and which classifier: cross-validation within the cases to learn from."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
from sklearn.model_selection import RepeatedStratifiedKFold, StratifiedKFold
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from data import FEATURES, Cases
from decision import Decision

SEED = 1995
FOLDS = 10
REPEATS = 3
#: Inverse strengths of the L2 penalty.
INVERSE_PENALTIES = (0.1, 0.3, 1.0, 3.0, 10.0)

#: Measurements that could be asked for: each statistic of the ten, or all thirty.
FEATURE_SETS = {
    "mean": lambda column: column.startswith("mean "),
    "worst": lambda column: column.startswith("worst "),
    "all": lambda _: True,
}


def logistic_regression(inverse_penalty: float) -> Pipeline:
    """Standardised measurements, then logistic regression; the solver converges to the last digits.

    Columns that are listed are exported as inputs of their own and joined as they are; an estimator that takes all of
    them would have them joined by an operator that rounds to float32.
    """
    return Pipeline(
        [
            ("standardise", ColumnTransformer([("scale", StandardScaler(), every_column)])),
            ("classify", LogisticRegression(C=inverse_penalty, solver="newton-cholesky", tol=1e-10)),
        ]
    )


def every_column(measurements: np.ndarray) -> list[int]:
    return list(range(measurements.shape[1]))


def candidates() -> dict[str, Any]:
    """The classifiers that are compared, by name: a floor (the prevalence), linear ones, and one that bends."""
    return {
        "prevalence": DummyClassifier(strategy="prior"),
        **{f"logistic-{value}": logistic_regression(value) for value in INVERSE_PENALTIES},
        "gradient-boosting": GradientBoostingClassifier(random_state=SEED),
    }


def malignant_probability(model: Any, cases: Cases) -> np.ndarray:
    """The classes are sorted, so the second column is that of True."""
    return model.predict_proba(cases.measurements)[:, 1]


def measures(probabilities: np.ndarray, malignant: np.ndarray, decision: Decision) -> dict[str, Any]:
    """Scores of the probabilities and of the decisions made from them, to six decimals."""
    scores = {
        "log_loss": log_loss(malignant, probabilities),
        "brier": brier_score_loss(malignant, probabilities),
        "roc_auc": roc_auc_score(malignant, probabilities),
    }
    return {
        **{name: round(float(value), 6) for name, value in scores.items()},
        **decision.expected_cost(probabilities, malignant),
    }


def cross_validate(model: Any, cases: Cases, decision: Decision) -> dict[str, Any]:
    """Measures over the out-of-fold probabilities of repeated stratified k-fold cross-validation."""
    probabilities, malignant = [], []
    folds = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=REPEATS, random_state=SEED)
    for learn, test in folds.split(cases.measurements, cases.malignant):
        fitted = fit(clone(model), cases.rows(learn))
        probabilities.append(malignant_probability(fitted, cases.rows(test)))
        malignant.append(cases.malignant[test])
    return measures(np.concatenate(probabilities), np.concatenate(malignant), decision)


def out_of_fold(model: Any, cases: Cases) -> np.ndarray:
    """One probability per case by a model that did not see the case."""
    probabilities = np.empty(len(cases))
    folds = StratifiedKFold(n_splits=FOLDS, shuffle=True, random_state=SEED)
    for learn, test in folds.split(cases.measurements, cases.malignant):
        fitted = fit(clone(model), cases.rows(learn))
        probabilities[test] = malignant_probability(fitted, cases.rows(test))
    return probabilities


def compare(cases: Cases, decision: Decision) -> tuple[str, dict[str, Any]]:
    """Cross-validate every candidate on the contract's measurements; the one with the lowest log loss, and all."""
    asked = cases.select(list(FEATURES.values()))
    results = {name: cross_validate(model, asked, decision) for name, model in candidates().items()}
    return min(results, key=lambda name: results[name]["log_loss"]), results


def compare_feature_sets(model: Any, cases: Cases, decision: Decision) -> dict[str, Any]:
    """The chosen classifier on every set of measurements that could have been asked for."""
    return {
        name: cross_validate(model, cases.select([column for column in cases.columns if wanted(column)]), decision)
        for name, wanted in FEATURE_SETS.items()
    }


def fit(model: Any, cases: Cases) -> Any:
    return model.fit(cases.measurements, cases.malignant)
