import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validate } from '../../../contract/fields/validation.ts';
import { exampleOf } from '../../../contract/model/model.ts';
import { model } from '../../../models/reference-evapotranspiration/model.ts';
import { BRUSSELS } from './brussels.ts';

function et0(input: object): number {
  const result = validate(model.input, input);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return model.predict(result.value).et0;
}

function problems(change: object): string[] {
  const result = validate(model.input, { ...BRUSSELS, ...change });
  return result.ok ? [] : result.errors.map(({ path, code, detail }) => `${path} ${code} ${detail}`);
}

describe('reference evapotranspiration', () => {
  // ET0 printed in FAO Irrigation and Drainage Paper 56, chapter 4.
  it('example 18: Brussels, 6 July, 3.88 mm/day', () =>
    expect(Math.abs(et0(BRUSSELS) - 3.88)).toBeLessThan(0.01));

  it('example 17: Bangkok, April, 5.72 mm/day, from vapour pressure and with soil heat flux', () => {
    const bangkok = {
      date: '2015-04-15',
      latitude: 13.73,
      elevation: 2,
      temperatureMax: 34.8,
      temperatureMin: 25.6,
      actualVapourPressure: 2.85,
      windSpeed: 2,
      sunshineDuration: 8.5,
      soilHeatFlux: 0.14,
    };
    expect(Math.abs(et0(bangkok) - 5.72)).toBeLessThan(0.01);
  });

  it('example 20: Lyon, July, 4.56 mm/day, from measured radiation', () => {
    const lyon = {
      date: '2015-07-15',
      latitude: 45.72,
      elevation: 200,
      temperatureMax: 26.6,
      temperatureMin: 14.8,
      actualVapourPressure: 1.68,
      windSpeed: 2,
      solarRadiation: 22.3,
    };
    expect(Math.abs(et0(lyon) - 4.56)).toBeLessThan(0.01);
  });

  it('answers its own example', () => expect(et0(exampleOf(model.input))).toBeCloseTo(3.88, 2));

  it.each([
    [{ temperatureMin: 25 }, '/temperatureMin conflicting-fields Greater than temperatureMax.'],
    [
      { relativeHumidityMin: 90 },
      '/relativeHumidityMin conflicting-fields Greater than relativeHumidityMax.',
    ],
    [{ sunshineDuration: 20 }, '/sunshineDuration conflicting-fields Longer than the day, which has 16.1 h'],
    [
      { actualVapourPressure: 1.4 },
      ' conflicting-fields Send only one of: relativeHumidityMax and relativeHumidityMin, or',
    ],
    [{ relativeHumidityMin: undefined }, ' conflicting-fields Send relativeHumidityMin as well'],
    [{ sunshineDuration: undefined }, ' conflicting-fields Send sunshineDuration, or solarRadiation.'],
    [{ latitude: 80 }, '/latitude out-of-bounds'],
    [{ date: '2015-02-30' }, '/date invalid-format Got "2015-02-30". Send an ISO 8601 date'],
    [{ date: 20150706 }, '/date wrong-type Got a number. Send a string.'],
    [{ windSpeed: Number.POSITIVE_INFINITY }, '/windSpeed not-finite'],
    [{ rain: 3 }, '/rain unknown-field'],
  ])('refuses %j', (change, expected) => {
    const found = problems(change);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  it('refuses more vapour than the air can hold', () => {
    const change = {
      actualVapourPressure: 3,
      relativeHumidityMax: undefined,
      relativeHumidityMin: undefined,
    };
    expect(problems(change)).toEqual([
      '/actualVapourPressure conflicting-fields Greater than the saturation vapour pressure at these temperatures (1.997 kPa).',
    ]);
  });

  it('answers a finite number for every weather within the bounds', () => {
    const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    const date = fc.date({ min: new Date('1900-01-01'), max: new Date('2100-12-31'), noInvalidDate: true });
    const weather = fc.record({
      date: date.map((day) => day.toISOString().slice(0, 10)),
      latitude: between(-66, 66),
      elevation: between(-450, 6000),
      temperatureMax: between(0, 60),
      temperatureMin: between(-60, 0),
      relativeHumidityMax: between(50, 100),
      relativeHumidityMin: between(0, 50),
      windSpeed: between(0, 60),
      windHeight: between(0.5, 200),
      solarRadiation: between(0, 50),
      soilHeatFlux: between(-15, 15),
    });
    fc.assert(
      fc.property(weather, (input) => {
        expect(Number.isFinite(et0(input))).toBe(true);
      }),
    );
  });
});
