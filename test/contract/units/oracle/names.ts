import { acceptedNames } from '../../../../contract/units/unit-names.ts';

// The names that `pint-units.py` reads, as JSON: `npx tsx names.ts | python pint-units.py > units.tsv`.
console.log(JSON.stringify(acceptedNames()));
