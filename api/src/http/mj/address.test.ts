import { describe, expect, test } from 'vitest';
import { isMeantForMj, readMjAddress } from './address.ts';

describe('one set of routes is behind every prefix', () => {
  test.each([
    ['/mj', undefined],
    ['/mj/mj', undefined],
    ['/mj-fast/mj', 'fast'],
    ['/mj-relax/mj', 'relax'],
    ['/mj-turbo/mj', 'turbo'],
    ['/fast/mj', 'fast'],
    ['/relax/mj', 'relax'],
    ['/turbo/mj', 'turbo'],
    ['/mj-fast-relay/mj', 'fast'],
    ['/mj-relax-origin/mj', 'relax'],
    ['/mj-turbo-proxy/mj', 'turbo'],
    ['/mj-relay/mj', undefined],
    ['/mj-origin/mj', undefined],
    ['/mj-proxy/mj', undefined],
  ] as const)('%s asks for the speed %s', (prefix, speed) => {
    expect(readMjAddress(`${prefix}/task/1/fetch`)).toEqual({ path: '/mj/task/1/fetch', speed });
    expect(readMjAddress(prefix)).toEqual({ path: '/mj', speed });
  });

  test.each([
    '/',
    '/mjx/submit/imagine',
    '/mj-slow/mj/submit/imagine',
    '/mj-fast/submit/imagine',
    '/fast-relay/mj/submit/imagine',
    '/anything/mj/submit/imagine',
    '/v1/api/trigger/mj/submit/imagine',
  ])('%s is none', (path) => {
    expect(readMjAddress(path)).toBeUndefined();
  });
});

test.each([
  ['/mj/nothing', true],
  ['/mj-fast/submit/imagine', true],
  ['/mj-slow', true],
  ['/fast/submit/imagine', true],
  ['/anything/mj/submit/imagine', true],
  ['/', false],
  ['/mjx', false],
  ['/v1/api/trigger/mj', false],
  ['/docs', false],
])('a client of the dialect probably meant %s: %s', (path, isMeant) => {
  expect(isMeantForMj(path)).toBe(isMeant);
});
