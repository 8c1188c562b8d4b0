import type { BenchCase } from '../bench-case.ts';
import { compare, details, measureThroughput, warmUp } from '../compare.ts';
import { withSubmitSides } from '../submit-sides.ts';

const connections = 64;

export const submit: BenchCase = {
  name: 'submit',
  about: 'POST /imagine by 100 users over 64 connections',
  run: (bench) =>
    withSubmitSides(bench, async ({ api, floor }) => [
      await measureThroughput(bench, { name: 'submit, 100 users', atLeast: 2, connections }, api, floor),
    ]),
};

export const submitHotUser: BenchCase = {
  name: 'submit-hot-user',
  about: 'the same by one user; the floor is that of 100 users',
  run: (bench) =>
    withSubmitSides(bench, async ({ hotUser, floor }) => [
      await measureThroughput(bench, { name: 'submit, one user', atLeast: 2, connections }, hotUser, floor),
    ]),
};

export const submitMj: BenchCase = {
  name: 'submit-mj',
  about: 'POST /mj/submit/imagine by 100 users; the floor is POST /imagine',
  run: (bench) =>
    withSubmitSides(bench, async ({ mj, api }) => [
      await measureThroughput(bench, { name: 'submit under /mj', atLeast: 0.87, connections }, mj, api),
    ]),
};

export const submitLatency: BenchCase = {
  name: 'submit-latency',
  about: 'p99 of a submit at a quarter of the load that the api can take, against the floor at the same rate',
  run: (bench) =>
    withSubmitSides(bench, async ({ api, floor }) => {
      const perSecond = (await warmUp(bench, api, { connections })) / 4;
      await warmUp(bench, floor, { connections });
      const compared = await compare(bench, api, floor, { connections, perSecond });
      return [
        {
          name: 'submit p99, a quarter of the load',
          perSecond,
          unit: 'ms',
          rounds: compared.measured.map(({ latencyMs }) => latencyMs.p99),
          floorRounds: compared.floor.map(({ latencyMs }) => latencyMs.p99),
          target: { of: 'ratio', atMost: 1.5 },
          ...details(compared),
        },
      ];
    }),
};
