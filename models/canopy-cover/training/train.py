"""Writes canopy-cover's artifacts. Nothing is learnt: the model is a rule, and the golden predictions are numpy's."""

from __future__ import annotations

import argparse
import base64
import json
import platform
import sys
from pathlib import Path
from typing import Any

import numpy as np
import PIL
from jsonschema import Draft202012Validator

from images import Photograph, photographs
from rule import graph


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--artifacts", type=Path, required=True, help="folder to write the artifacts to")
    parser.add_argument("--schema", type=Path, required=True, help="JSON Schema of the model's contract")
    arguments = parser.parse_args()

    cases = [case(photograph) for photograph in photographs()]
    check_against_schema(cases, json.loads(arguments.schema.read_text(encoding="utf-8")))
    print(f"{len(cases)} photographs satisfy the contract")

    arguments.artifacts.mkdir(parents=True, exist_ok=True)
    (arguments.artifacts / "model.onnx").write_bytes(graph().SerializeToString(deterministic=True))
    document = {
        "generator": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "pillow": PIL.__version__,
        },
        "cases": cases,
    }
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    (arguments.artifacts / "reference.json").write_text(text, encoding="utf-8")


def case(photograph: Photograph) -> dict[str, Any]:
    """A golden prediction; its name says what kind of file it is."""
    data = base64.b64encode(photograph.content).decode("ascii")
    return {
        "name": photograph.name,
        "input": {"photo": {"data": data}},
        "output": {"canopyCover": photograph.percent},
    }


def check_against_schema(cases: list[dict[str, Any]], schema: dict[str, Any]) -> None:
    validator = Draft202012Validator(schema)
    for one in cases:
        for error in validator.iter_errors({"input": one["input"], "output": one["output"]}):
            raise ValueError(f"{one['name']} breaks the contract at {error.json_path}")


if __name__ == "__main__":
    try:
        main()
    except (OSError, ValueError) as error:
        sys.exit(f"train.py: {error}")
