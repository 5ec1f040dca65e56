/**
 * Daily reference evapotranspiration after Penman and Monteith, as standardized by FAO Irrigation and Drainage Paper 56
 * (Allen, Pereira, Raes and Smith, 1998). Equation and example numbers in this file are that paper's.
 */

/** Solar constant, MJ/m2/min (equation 21). */
const SOLAR_CONSTANT = 0.082;

/** Stefan-Boltzmann constant, MJ/K4/m2/day (equation 39). */
const STEFAN_BOLTZMANN = 4.903e-9;

/** Albedo of the reference crop, a short green grass (equation 38). */
const ALBEDO = 0.23;

/** Angstrom's coefficients where none were calibrated (equation 35). */
const ANGSTROM = { a: 0.25, b: 0.5 } as const;

/** Atmospheric pressure in kPa at an elevation in m (equation 7). */
export function atmosphericPressure(elevation: number): number {
  return 101.3 * ((293 - 0.0065 * elevation) / 293) ** 5.26;
}

/** Psychrometric constant in kPa/degC at a pressure in kPa (equation 8). */
export function psychrometricConstant(pressure: number): number {
  return 0.665e-3 * pressure;
}

/** Saturation vapour pressure in kPa at a temperature in degC (equation 11). */
export function saturationVapourPressure(temperature: number): number {
  return 0.6108 * Math.exp((17.27 * temperature) / (temperature + 237.3));
}

/** Mean saturation vapour pressure of a day in kPa from its extreme temperatures in degC (equation 12). */
export function meanSaturationVapourPressure(temperatureMax: number, temperatureMin: number): number {
  return (saturationVapourPressure(temperatureMax) + saturationVapourPressure(temperatureMin)) / 2;
}

/** Slope of the saturation vapour pressure curve in kPa/degC at a temperature in degC (equation 13). */
export function vapourPressureSlope(temperature: number): number {
  return (4098 * saturationVapourPressure(temperature)) / (temperature + 237.3) ** 2;
}

/** Actual vapour pressure in kPa from extreme temperatures in degC and relative humidities in % (equation 17). */
export function actualVapourPressure(
  temperatureMax: number,
  temperatureMin: number,
  relativeHumidityMax: number,
  relativeHumidityMin: number,
): number {
  return (
    (saturationVapourPressure(temperatureMin) * (relativeHumidityMax / 100) +
      saturationVapourPressure(temperatureMax) * (relativeHumidityMin / 100)) /
    2
  );
}

/** Number of a day in its year, 1 for the first of January, of an ISO 8601 date. */
export function dayOfYear(date: string): number {
  const time = Date.parse(`${date}T00:00:00Z`);
  return Math.round((time - Date.UTC(new Date(time).getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
}

/** Inverse relative distance between the Earth and the Sun (equation 23). */
function inverseRelativeDistance(day: number): number {
  return 1 + 0.033 * Math.cos((2 * Math.PI * day) / 365);
}

/** Solar declination in rad (equation 24). */
function solarDeclination(day: number): number {
  return 0.409 * Math.sin((2 * Math.PI * day) / 365 - 1.39);
}

/** Sunset hour angle in rad at a latitude in rad (equation 25). Exists only where the sun rises and sets. */
function sunsetHourAngle(latitude: number, day: number): number {
  return Math.acos(-Math.tan(latitude) * Math.tan(solarDeclination(day)));
}

/** Extraterrestrial radiation in MJ/m2/day at a latitude in deg (equations 21 and 22). */
export function extraterrestrialRadiation(latitude: number, day: number): number {
  const phi = radians(latitude);
  const delta = solarDeclination(day);
  const omega = sunsetHourAngle(phi, day);
  return (
    ((24 * 60) / Math.PI) *
    SOLAR_CONSTANT *
    inverseRelativeDistance(day) *
    (omega * Math.sin(phi) * Math.sin(delta) + Math.cos(phi) * Math.cos(delta) * Math.sin(omega))
  );
}

/** Daylight in hours at a latitude in deg (equation 34). */
export function daylightHours(latitude: number, day: number): number {
  return (24 / Math.PI) * sunsetHourAngle(radians(latitude), day);
}

/** Solar radiation in MJ/m2/day from hours of sunshine (equation 35). */
export function solarRadiation(sunshine: number, daylight: number, extraterrestrial: number): number {
  return (ANGSTROM.a + ANGSTROM.b * (sunshine / daylight)) * extraterrestrial;
}

/** Solar radiation of a cloudless day in MJ/m2/day at an elevation in m (equation 37). */
export function clearSkyRadiation(elevation: number, extraterrestrial: number): number {
  return (0.75 + 2e-5 * elevation) * extraterrestrial;
}

/** Net outgoing longwave radiation in MJ/m2/day (equation 39). `relativeRadiation` is Rs/Rso and is at most 1. */
export function netLongwaveRadiation(
  temperatureMax: number,
  temperatureMin: number,
  vapourPressure: number,
  relativeRadiation: number,
): number {
  const kelvin4 = ((temperatureMax + 273.16) ** 4 + (temperatureMin + 273.16) ** 4) / 2;
  const cloudiness = 1.35 * Math.min(relativeRadiation, 1) - 0.35;
  return STEFAN_BOLTZMANN * kelvin4 * (0.34 - 0.14 * Math.sqrt(vapourPressure)) * cloudiness;
}

/** Wind speed in m/s at 2 m above the ground from one measured at `height` m (equation 47). */
export function windSpeedAt2m(speed: number, height: number): number {
  return height === 2 ? speed : (speed * 4.87) / Math.log(67.8 * height - 5.42);
}

/** A day's weather at a place; humidity and radiation come in one of two forms each. */
export interface Weather {
  /** ISO 8601. */
  readonly date: string;
  /** deg, positive to the north. */
  readonly latitude: number;
  /** m above sea level. */
  readonly elevation: number;
  /** degC. */
  readonly temperatureMax: number;
  /** degC. */
  readonly temperatureMin: number;
  /** kPa. */
  readonly vapourPressure: number;
  /** m/s. */
  readonly windSpeed: number;
  /** m above the ground. */
  readonly windHeight: number;
  /** Hours of sunshine, or measured solar radiation in MJ/m2/day. */
  readonly sun: { readonly sunshine: number } | { readonly radiation: number };
  /** MJ/m2/day. */
  readonly soilHeatFlux: number;
}

/** Reference evapotranspiration in mm/day (equation 6). Slightly negative where dew forms. */
export function referenceEvapotranspiration(weather: Weather): number {
  const { temperatureMax, temperatureMin, vapourPressure, elevation } = weather;
  const mean = (temperatureMax + temperatureMin) / 2; // equation 9
  const slope = vapourPressureSlope(mean);
  const gamma = psychrometricConstant(atmosphericPressure(elevation));
  const wind = windSpeedAt2m(weather.windSpeed, weather.windHeight);
  const deficit = meanSaturationVapourPressure(temperatureMax, temperatureMin) - vapourPressure;
  const available = netRadiation(weather) - weather.soilHeatFlux;
  return (
    (0.408 * slope * available + ((gamma * 900) / (mean + 273)) * wind * deficit) /
    (slope + gamma * (1 + 0.34 * wind))
  );
}

/** Net radiation at the crop's surface in MJ/m2/day (equations 38 to 40). */
function netRadiation(weather: Weather): number {
  const day = dayOfYear(weather.date);
  const extraterrestrial = extraterrestrialRadiation(weather.latitude, day);
  const incoming =
    'radiation' in weather.sun
      ? weather.sun.radiation
      : solarRadiation(weather.sun.sunshine, daylightHours(weather.latitude, day), extraterrestrial);
  const relative = incoming / clearSkyRadiation(weather.elevation, extraterrestrial);
  const longwave = netLongwaveRadiation(
    weather.temperatureMax,
    weather.temperatureMin,
    weather.vapourPressure,
    relative,
  );
  return (1 - ALBEDO) * incoming - longwave;
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
