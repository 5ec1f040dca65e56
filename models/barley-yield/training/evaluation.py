"""Which regressor, and how wrong it is: cross-validation within 1931, then the season of 1932."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import RegressorMixin, clone
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import GradientBoostingRegressor, RandomForestRegressor
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.model_selection import KFold, RepeatedKFold
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder

from data import Trial, matrices, to_kg_per_ha

SEED = 1934
FOLDS = 10
REPEATS = 5
ALPHAS = (0.1, 0.25, 0.5, 0.75, 1.0, 2.0, 4.0)


def pipeline(regressor: RegressorMixin, categories: list[list[str]]) -> Pipeline:
    """Encoder and regressor as one estimator. A category that is not listed is an error, never a zero row."""
    encoder = OneHotEncoder(categories=categories, handle_unknown="error", sparse_output=False)
    columns = ColumnTransformer([("one_hot", encoder, list(range(len(categories))))])
    return Pipeline([("encode", columns), ("regress", regressor)])


def candidates(categories: list[list[str]]) -> dict[str, Pipeline]:
    """The regressors that are compared, by name: a floor (mean), additive ones, and two that can interact."""
    regressors: dict[str, RegressorMixin] = {
        "mean": DummyRegressor(),
        "least-squares": LinearRegression(),
        **{f"ridge-{alpha}": Ridge(alpha=alpha) for alpha in ALPHAS},
        "random-forest": RandomForestRegressor(n_estimators=100, random_state=SEED),
        "gradient-boosting": GradientBoostingRegressor(random_state=SEED),
    }
    return {name: pipeline(regressor, categories) for name, regressor in regressors.items()}


def errors(predicted: np.ndarray, actual: np.ndarray) -> dict[str, float]:
    """RMSE, MAE and bias (predicted minus actual) in bu/acre and kg/ha, to six decimals."""
    difference = np.asarray(predicted) - np.asarray(actual)
    measures = {
        "rmse": float(np.sqrt(np.mean(difference**2))),
        "mae": float(np.mean(np.abs(difference))),
        "bias": float(np.mean(difference)),
    }
    return {
        **{f"{name}_bu_per_acre": rounded(value) for name, value in measures.items()},
        **{f"{name}_kg_per_ha": rounded(to_kg_per_ha(value)) for name, value in measures.items()},
    }


def rounded(value: float) -> float:
    """Six decimals, and never minus zero: the last bits differ between processors."""
    return round(value, 6) + 0.0


def cross_validate(model: Pipeline, trials: list[Trial]) -> dict[str, float]:
    """Errors over the out-of-fold predictions of repeated k-fold cross-validation."""
    features, yields = matrices(trials)
    predicted, actual = [], []
    for train, test in RepeatedKFold(n_splits=FOLDS, n_repeats=REPEATS, random_state=SEED).split(features):
        predicted.append(clone(model).fit(features[train], yields[train]).predict(features[test]))
        actual.append(yields[test])
    return errors(np.concatenate(predicted), np.concatenate(actual))


def out_of_fold(model: Pipeline, trials: list[Trial]) -> np.ndarray:
    """One prediction (bu/acre) per row by a model that did not see the row."""
    features, yields = matrices(trials)
    predicted = np.empty_like(yields)
    for train, test in KFold(n_splits=FOLDS, shuffle=True, random_state=SEED).split(features):
        predicted[test] = clone(model).fit(features[train], yields[train]).predict(features[test])
    return predicted


def compare(models: dict[str, Pipeline], trials: list[Trial]) -> tuple[str, dict[str, dict[str, float]]]:
    """Cross-validate every candidate; the name of the one with the lowest RMSE, and all errors."""
    results = {name: cross_validate(model, trials) for name, model in models.items()}
    return min(results, key=lambda name: results[name]["rmse_bu_per_acre"]), results


def evaluate(model: Pipeline, trials: list[Trial]) -> dict[str, Any]:
    """Errors of a fitted model on the given rows."""
    features, yields = matrices(trials)
    return {"rows": len(trials), **errors(model.predict(features), yields)}
