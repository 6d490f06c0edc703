import { describe, expect, it } from 'vitest';
import { heatAreas, perHalfHour } from '../../src/rider/heat';
import { needed } from '../../src/rider/papers';

describe('papers', () => {
  it('are five for whatever has an engine and two for the rest', () => {
    expect(needed('scooter')).toEqual(['driving_licence', 'vehicle_registration', 'insurance', 'pan', 'identity']);
    expect(needed('van')).toHaveLength(5);
    expect(needed('bicycle')).toEqual(['pan', 'identity']);
    expect(needed('e_bike')).toEqual(['pan', 'identity']);
  });
});

describe('the heat map', () => {
  const cell = (expected: number, free = 0) => ({ lat: 12.97, lng: 77.6, locality: null, expected, free });

  it('leaves out squares that expect nothing, and the busiest is the densest', () => {
    const areas = heatAreas({ cell_degrees: 0.006, cells: [cell(4), cell(1), cell(0, 2)] });
    expect(areas.map((area) => area.share)).toEqual([1, 0.25]);
  });

  it('does not exaggerate a quiet evening', () => {
    expect(heatAreas({ cell_degrees: 0.006, cells: [cell(0.2)] })[0]?.share).toBe(0.2);
  });

  it('says orders as a person would', () => {
    expect([0.4, 1, 1.1, 1.4, 1.9, 4].map(perHalfHour)).toEqual(['1', '1', '1', '1–2', '2', '4']);
  });
});
