"""What pint says of every unit name that the contract accepts, as a table.

The table units.tsv beside this file is its output, which test/contract/units/unit-definitions.test.ts holds the contract's units
against. After a change of the names, from the project's folder:

    python3 -m venv .venv && .venv/bin/pip install -r test/contract/units/oracle/requirements.txt
    npx tsx test/contract/units/oracle/names.ts | .venv/bin/python test/contract/units/oracle/pint-units.py > test/contract/units/oracle/units.tsv

Pint is asked for the very name wherever it knows it. MEANT has those it does not know, and those by which it means something
else: with what a reader of the name means, in pint's own units, and the reason.
"""

import json
import sys

import pint

# name: (in pint's units, why pint is not asked for the name itself)
MEANT = {
    # Unknown to pint, or read by it as a prefix and another unit.
    "ac": ("4840 * yard**2", "unknown to pint"),
    "acre": ("4840 * yard**2", "pint's is of the US survey foot, given up by NIST in 2022: larger by 4e-6"),
    "acres": ("4840 * yard**2", "as acre"),
    "sqm": ("meter**2", "unknown to pint"),
    "sqkm": ("kilometer**2", "unknown to pint"),
    "sqin": ("inch**2", "unknown to pint"),
    "sqft": ("foot**2", "pint's name is sq_ft"),
    "sqyd": ("yard**2", "unknown to pint"),
    "sqmi": ("mile**2", "unknown to pint"),
    "cuft": ("foot**3", "unknown to pint"),
    "fl_oz": ("US_fluid_ounce", "unknown to pint"),
    "wk": ("week", "unknown to pint"),
    "y": ("year", "unknown to pint"),
    "ppb": ("1e-9 * dimensionless", "unknown to pint"),
    "kmh": ("kilometer/hour", "unknown to pint"),
    "kts": ("knot", "unknown to pint"),
    "kn": ("knot", "unknown to pint"),
    "quintal": ("100 * kilogram", "the metric one, of trade in grain"),
    "quintals": ("100 * kilogram", "as quintal"),
    "q": ("100 * kilogram", "as quintal"),
    "M": ("mole/liter", "the chemist's"),
    "Btu": ("Btu_it", "the International Table's, where pint has ISO's"),
    "BTU": ("Btu_it", "as Btu"),
    "btu": ("Btu_it", "as Btu"),
    "tempC": ("degC", "unknown to pint"),
    "tempF": ("degF", "unknown to pint"),
    "tempK": ("kelvin", "unknown to pint"),
    "mcd": ("millicandela", "pint's mc is micro, and its mcd a day"),
    "centigrade": ("degC", "unknown to pint"),
}

registry = pint.UnitRegistry(autoconvert_offset_to_baseunit=True)

# Prefixes are asked for with a unit that pint knows: the symbol takes symbols, the name names.
METER = ("m", "meter")

# The contract has angles apart from ratios, pint has not; it counts decays, the contract does not.
DIMENSIONLESS = ("radian", "count")

BASE = {
    "kilogram": "kg",
    "meter": "m",
    "second": "s",
    "ampere": "A",
    "kelvin": "K",
    "mole": "mol",
    "candela": "cd",
    "bit": "bit",
}


def meaning(name, prefix, unit):
    """Factor and dimension in SI base units; of a temperature, of its degree, with its zero in kelvin."""
    text = name
    if name in MEANT:
        text = MEANT[name][0]
    elif unit in MEANT:
        text = f"({MEANT[unit][0]}) * {prefix}{METER[len(prefix) > 2]} / meter"
    quantity = registry.Quantity(registry.parse_expression(text, case_sensitive=True))
    dimension = {
        BASE[str(unit)]: power for unit, power in quantity.to_base_units().unit_items() if str(unit) not in DIMENSIONLESS
    }
    if dimension == {"K": 1}:
        zero = registry.Quantity(0, quantity.units).to("kelvin").magnitude
        return {"factor": registry.Quantity(1, quantity.units).to("kelvin").magnitude - zero, "dimension": dimension, "zero": zero}
    return {"factor": float(quantity.to_base_units().magnitude), "dimension": dimension}


COLUMNS = ("name", "factor", "dimension", "zero")


def main():
    answer, unknown = {}, []
    for entry in json.load(sys.stdin):
        try:
            answer[entry["name"]] = meaning(**entry)
        except Exception as error:
            unknown.append(f"{entry['name']}: {error!r}")
    if unknown:
        sys.exit("\n".join(unknown))
    print(f"# pint {pint.__version__}")
    print("\t".join(COLUMNS))
    for name, row in answer.items():
        print(name, row["factor"], " ".join(f"{base}{power:g}" for base, power in row["dimension"].items()), row.get("zero", ""), sep="\t")


main()
