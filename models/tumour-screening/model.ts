import { z } from 'zod';
import { defineModel } from '../../contract/index.ts';

/**
 * What a wrong decision costs, relative to the other one: a cancer that is sent home against a benign mass that is
 * biopsied in vain. The ratio is a value judgement of whoever answers for the screening, not a result of the data; it is
 * declared here and nowhere else, and the trainer reads it from the contract's schema.
 */
export const COSTS = { falseNegative: 20, falsePositive: 1 } as const;

/**
 * The probability from which a case is referred. Referring costs (1 - p) × falsePositive on average, not referring
 * p × falseNegative; referring is the cheaper of the two from p = falsePositive / (falsePositive + falseNegative) on
 * (Elkan 2001, "The Foundations of Cost-Sensitive Learning", IJCAI-01, section 1, with correct decisions free of cost).
 * It presumes calibrated probabilities, which is why the trainer chooses its model by log loss.
 */
export const REFERRAL_THRESHOLD = COSTS.falsePositive / (COSTS.falsePositive + COSTS.falseNegative);

/**
 * A measurement as the data set has it: the mean of the three largest values among the cell nuclei of the image. Lengths
 * and areas are in the image analysis' own scale, for which no calibration is stated, so none of them is a quantity with
 * a unit: a caller's images have to be measured as those of the data set were. Beyond `max`, about twice the largest
 * value of the 569 cases, nothing resembles what the model learnt from.
 */
function worst(measured: string, example: number, max: number) {
  const description = `${measured}; mean of the three largest values among the nuclei`;
  return z
    .number()
    .min(0)
    .max(max)
    .meta({ description, examples: [example] });
}

const input = z.strictObject({
  radiusWorst: worst('Mean distance of the contour from the centre of a nucleus', 25.38, 75),
  textureWorst: worst('Standard deviation of the grey values within a nucleus', 17.33, 100),
  perimeterWorst: worst('Perimeter of a nucleus', 184.6, 500),
  areaWorst: worst('Area of a nucleus', 2019, 8500),
  smoothnessWorst: worst('Local variation of the radius', 0.1622, 0.5),
  compactnessWorst: worst('Perimeter² / area - 1', 0.6656, 2.2),
  concavityWorst: worst('Severity of the concave parts of the contour', 0.7119, 2.5),
  concavePointsWorst: worst(
    'Concave parts of the contour, counted on the scale of the data set',
    0.2654,
    0.6,
  ),
  symmetryWorst: worst('Asymmetry of a nucleus about its longest axis', 0.4601, 1.4),
  fractalDimensionWorst: worst('Fractal dimension of the contour - 1', 0.1189, 0.45),
});

/** One input tensor for each field, by its name: no order of columns that serving and training could disagree about. */
const FIELDS = input.keyof().options;

export const model = defineModel({
  name: 'tumour-screening',
  version: '1.0.0',
  title: 'Tumour screening',
  description:
    'Whether a breast mass should be referred, from the shape of cell nuclei in a fine needle aspirate. Trained on the Wisconsin diagnostic breast cancer data (Street, Wolberg and Mangasarian 1993). A demonstration, not a medical device.',
  input,
  output: z.object({
    malignantProbability: z
      .number()
      .min(0)
      .max(1)
      .meta({ description: 'Probability that the mass is malignant', examples: [0.98] }),
    decision: z.enum(['refer', 'routine']).meta({
      description:
        'refer where the probability reaches the threshold at which the expected cost of a missed cancer outweighs that of a needless referral',
      examples: ['refer'],
      'x-decision': { costs: COSTS, threshold: REFERRAL_THRESHOLD },
    }),
  }),
  feedback: z.strictObject({
    diagnosis: z
      .enum(['malignant', 'benign'])
      .meta({ description: 'What histology found', examples: ['malignant'] }),
  }),
  artifact: 'model.onnx',
  preprocess: (inputs) =>
    FIELDS.map((name) => ({
      name,
      shape: [inputs.length, 1],
      datatype: 'FP64',
      data: inputs.map((fields) => fields[name]),
    })),
  postprocess: (outputs, inputs) => {
    // Two columns a row: benign, malignant.
    const probabilities = outputs.find(({ name }) => name === 'probabilities')?.data ?? [];
    return inputs.map((_, row) => {
      const malignantProbability = Number(probabilities[2 * row + 1]);
      return {
        malignantProbability,
        decision: malignantProbability >= REFERRAL_THRESHOLD ? 'refer' : 'routine',
      };
    });
  },
});
