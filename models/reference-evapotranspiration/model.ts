import { z } from 'zod';
import { defineModel, exactlyOneOf, quantity } from '../../contract/index.ts';
import {
  actualVapourPressure,
  daylightHours,
  dayOfYear,
  meanSaturationVapourPressure,
  referenceEvapotranspiration,
} from './fao56.ts';

const fields = z.strictObject({
  date: z.iso.date().meta({ description: 'The day', examples: ['2015-07-06'] }),
  latitude: quantity('deg', {
    description:
      'Latitude, positive to the north. Nearer to the poles the sun does not rise and set every day',
    example: 50.8,
    min: -66,
    max: 66,
  }),
  elevation: quantity('m', { description: 'Elevation above sea level', example: 100, min: -450, max: 6000 }),
  temperatureMax: quantity('degC', {
    description: "The day's highest air temperature",
    example: 21.5,
    min: -60,
    max: 60,
    expected: { min: -20, max: 50 },
  }),
  temperatureMin: quantity('degC', {
    description: "The day's lowest air temperature",
    example: 12.3,
    min: -60,
    max: 60,
    expected: { min: -30, max: 35 },
  }),
  relativeHumidityMax: quantity('%', {
    description: "The day's highest relative humidity",
    example: 84,
    min: 0,
    max: 100,
  }).optional(),
  relativeHumidityMin: quantity('%', {
    description: "The day's lowest relative humidity",
    example: 63,
    min: 0,
    max: 100,
  }).optional(),
  actualVapourPressure: quantity('kPa', {
    description: 'Mean actual vapour pressure, instead of the relative humidities',
    example: 1.409,
    min: 0,
    max: 10,
  }).optional(),
  windSpeed: quantity('m/s', {
    description: 'Mean wind speed',
    example: 2.78,
    min: 0,
    max: 60,
    expected: { min: 0, max: 15 },
  }),
  windHeight: quantity('m', {
    description: 'Height above the ground at which the wind was measured',
    example: 10,
    min: 0.5,
    max: 200,
  }).default(2),
  sunshineDuration: quantity('h', {
    description: 'Hours of bright sunshine',
    example: 9.25,
    min: 0,
    max: 24,
  }).optional(),
  solarRadiation: quantity('MJ/m2/day', {
    description: 'Measured solar radiation, instead of the hours of sunshine',
    example: 22.07,
    min: 0,
    max: 50,
  }).optional(),
  soilHeatFlux: quantity('MJ/m2/day', {
    description: 'Soil heat flux; close to 0 over a single day',
    example: 0,
    min: -15,
    max: 15,
  }).default(0),
});

type Fields = z.output<typeof fields>;

/** Combinations of fields that can't be true together. */
function contradictions(input: Fields): { readonly field: keyof Fields; readonly detail: string }[] {
  const found: { field: keyof Fields; detail: string }[] = [];
  const {
    temperatureMax,
    temperatureMin,
    relativeHumidityMax: humidityMax,
    relativeHumidityMin: humidityMin,
  } = input;
  if (temperatureMin > temperatureMax) {
    found.push({ field: 'temperatureMin', detail: 'Greater than temperatureMax. Are the two swapped?' });
  }
  if (humidityMax !== undefined && humidityMin !== undefined && humidityMin > humidityMax) {
    found.push({
      field: 'relativeHumidityMin',
      detail: 'Greater than relativeHumidityMax. Are the two swapped?',
    });
  }
  const saturation = meanSaturationVapourPressure(temperatureMax, temperatureMin);
  if (input.actualVapourPressure !== undefined && input.actualVapourPressure > saturation) {
    found.push({
      field: 'actualVapourPressure',
      detail: `Greater than the saturation vapour pressure at these temperatures (${saturation.toFixed(3)} kPa).`,
    });
  }
  const daylight = daylightHours(input.latitude, dayOfYear(input.date));
  if (input.sunshineDuration !== undefined && input.sunshineDuration > daylight + SUNSHINE_TOLERANCE_HOURS) {
    found.push({
      field: 'sunshineDuration',
      detail: `Longer than the day, which has ${daylight.toFixed(1)} h of daylight at this latitude on this date.`,
    });
  }
  return found;
}

/** Recorders count twilight that equation 34 does not. */
const SUNSHINE_TOLERANCE_HOURS = 0.5;

const consistent = fields.superRefine((input, context) => {
  for (const { field, detail } of contradictions(input)) {
    context.addIssue({
      code: 'custom',
      path: [field],
      message: detail,
      params: { problem: 'conflicting-fields' },
    });
  }
});

const input = exactlyOneOf(
  exactlyOneOf(consistent, [['relativeHumidityMax', 'relativeHumidityMin'], ['actualVapourPressure']]),
  [['sunshineDuration'], ['solarRadiation']],
);

/** Mean actual vapour pressure in kPa, as sent or from the relative humidities. */
function vapourPressure(fields: Fields): number {
  const { relativeHumidityMax = Number.NaN, relativeHumidityMin = Number.NaN } = fields;
  return (
    fields.actualVapourPressure ??
    actualVapourPressure(
      fields.temperatureMax,
      fields.temperatureMin,
      relativeHumidityMax,
      relativeHumidityMin,
    )
  );
}

/** Hours of sunshine or measured radiation, whichever was sent. */
function sun(fields: Fields) {
  return fields.solarRadiation === undefined
    ? { sunshine: fields.sunshineDuration ?? Number.NaN }
    : { radiation: fields.solarRadiation };
}

export const model = defineModel({
  name: 'reference-evapotranspiration',
  version: '1.0.0',
  title: 'Reference evapotranspiration',
  description:
    'Daily evapotranspiration of a reference grass from standard weather data: the FAO-56 Penman-Monteith equation (FAO Irrigation and Drainage Paper 56, 1998).',
  input,
  output: z.object({
    et0: quantity('mm/day', {
      description: 'Reference evapotranspiration, as a depth of water; slightly negative where dew forms',
      example: 3.88,
      expected: { min: -0.5, max: 15 },
    }),
  }),
  predict: (fields) => ({
    et0: referenceEvapotranspiration({
      date: fields.date,
      latitude: fields.latitude,
      elevation: fields.elevation,
      temperatureMax: fields.temperatureMax,
      temperatureMin: fields.temperatureMin,
      vapourPressure: vapourPressure(fields),
      windSpeed: fields.windSpeed,
      windHeight: fields.windHeight,
      sun: sun(fields),
      soilHeatFlux: fields.soilHeatFlux,
    }),
  }),
});
