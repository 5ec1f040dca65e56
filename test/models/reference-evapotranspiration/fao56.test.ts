import { describe, expect, it } from 'vitest';
import * as fao56 from '../../../models/reference-evapotranspiration/fao56.ts';

// Every expected number is printed in FAO Irrigation and Drainage Paper 56, with as many digits as the paper gives.
describe('FAO-56 worked examples', () => {
  it('example 2: pressure and psychrometric constant at 1800 m', () => {
    const pressure = fao56.atmosphericPressure(1800);
    expect(pressure).toBeCloseTo(81.8, 1);
    expect(fao56.psychrometricConstant(pressure)).toBeCloseTo(0.054, 3);
  });

  it('example 3: saturation vapour pressure between 15.0 and 24.5 degC', () => {
    expect(fao56.saturationVapourPressure(24.5)).toBeCloseTo(3.075, 3);
    expect(fao56.saturationVapourPressure(15)).toBeCloseTo(1.705, 3);
    expect(fao56.meanSaturationVapourPressure(24.5, 15)).toBeCloseTo(2.39, 2);
  });

  it('example 5: actual vapour pressure from relative humidity', () => {
    expect(fao56.actualVapourPressure(25, 18, 82, 54)).toBeCloseTo(1.7, 2);
  });

  it('example 8: extraterrestrial radiation at 20 degrees south on 3 September', () => {
    expect(fao56.dayOfYear('2015-09-03')).toBe(246);
    expect(fao56.extraterrestrialRadiation(-20, 246)).toBeCloseTo(32.2, 1);
  });

  it('example 9: daylight at 20 degrees south on 3 September', () => {
    expect(fao56.daylightHours(-20, 246)).toBeCloseTo(11.7, 1);
  });

  it('example 10: solar radiation in Rio de Janeiro in May from 220 hours of sunshine a month', () => {
    const day = 135;
    const extraterrestrial = fao56.extraterrestrialRadiation(-22.9, day);
    const radiation = fao56.solarRadiation(220 / 31, fao56.daylightHours(-22.9, day), extraterrestrial);
    expect(extraterrestrial).toBeCloseTo(25.1, 1);
    expect(radiation).toBeCloseTo(14.5, 1);
  });

  it('example 11: net longwave radiation in Rio de Janeiro in May', () => {
    expect(fao56.netLongwaveRadiation(25.1, 19.1, 2.1, 14.5 / 18.8)).toBeCloseTo(3.5, 1);
  });

  it('example 14: wind at 2 m from 3.2 m/s at 10 m', () => {
    expect(fao56.windSpeedAt2m(3.2, 10)).toBeCloseTo(2.4, 1);
  });

  it('takes cloudless radiation as the most there can be', () => {
    expect(fao56.netLongwaveRadiation(25, 15, 2, 1.4)).toBe(fao56.netLongwaveRadiation(25, 15, 2, 1));
  });

  it.each([
    ['2015-01-01', 1],
    ['2015-07-06', 187],
    ['2015-12-31', 365],
    ['2016-12-31', 366],
  ])('numbers %s as day %d', (date, day) => expect(fao56.dayOfYear(date)).toBe(day));
});
