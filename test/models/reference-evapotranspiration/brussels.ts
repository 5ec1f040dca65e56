/** The input of FAO-56 example 18: Brussels, 6 July. */
export const BRUSSELS = {
  date: '2015-07-06',
  latitude: 50.8,
  elevation: 100,
  temperatureMax: 21.5,
  temperatureMin: 12.3,
  relativeHumidityMax: 84,
  relativeHumidityMin: 63,
  windSpeed: { value: 10, unit: 'km/h' },
  windHeight: 10,
  sunshineDuration: 9.25,
};
