import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { parse as parseEnvironment } from 'dotenv';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { projectRoot } from '../scripts/environment.ts';
import composeSpecification from './fixtures/compose-spec.json' with { type: 'json' };

interface Service {
  command?: string;
  image?: string;
  build?: unknown;
  container_name?: string;
  env_file?: string;
  environment?: Record<string, string>;
  healthcheck?: { test: string };
  logging?: { options: Record<string, string> };
  ports?: string[];
  profiles?: string[];
  restart?: string;
  volumes?: string[];
}

function read(file: string): string {
  return readFileSync(path.join(projectRoot, file), 'utf8');
}

const composeText = read('docker-compose.yml');
const compose = parseYaml(composeText, { merge: true }) as { services: Record<string, Service> };
const services = Object.entries(compose.services);
const own = services.filter(([, service]) => service.build !== undefined);

/** Variables that docker compose refuses to start without. */
const required = [...composeText.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name ?? '');

describe('docker-compose.yml', () => {
  test('follows the Compose Specification', () => {
    const ajv = new Ajv2019({ strict: false, allErrors: true });
    // Durations of compose are those of Go.
    ajv.addFormat('duration', /^(\d+(\.\d+)?(us|ms|s|m|h))+$/);
    ajv.addFormat('ports', /^[\d./a-z:${}_-]+$/i);
    ajv.addFormat('expose', /^\d+(-\d+)?(\/[a-z]+)?$/);
    ajv.addFormat('subnet_ip_address', true);
    const valid = ajv.compile(composeSpecification);
    expect(valid(compose) ? [] : valid.errors).toEqual([]);
    expect(valid({ services: { api: { comand: 'node' } } }), 'the schema sees a mistake').toBe(false);
  });

  test.each(own)('%s runs a file that exists', (_, { command = '' }) => {
    expect(command).toMatch(/^node --import tsx \S+\.ts$/);
    expect(existsSync(path.join(projectRoot, command.split(' ').at(-1) ?? ''))).toBe(true);
  });

  test.each(['api', 'worker'])('%s can be scaled: it has no name and no host port of its own', (name) => {
    const service = compose.services[name];
    expect(service?.container_name).toBeUndefined();
    expect(service?.ports).toBeUndefined();
  });

  test('pictures stay, and all copies of the api have the same', () => {
    const { environment, volumes } = compose.services.api ?? {};
    expect(volumes).toContain(`images:${environment?.DATA_DIR}`);
    expect(read('Dockerfile')).toContain(`chown node:node ${environment?.DATA_DIR}`);
  });

  test('everything comes back after a crash', () => {
    for (const [name, { restart }] of services) {
      expect([name, restart]).toEqual([name, name === 'migrate' ? 'on-failure' : 'unless-stopped']);
    }
  });

  test('only the demo has the simulator', () => {
    const inProfile = services.filter(([, { profiles }]) => profiles !== undefined);
    expect(inProfile.map(([name, { profiles }]) => [name, profiles])).toEqual([['simulator', ['demo']]]);
  });

  test('no log grows for ever', () => {
    for (const [name, { logging }] of services) {
      expect([name, logging?.options]).toEqual([name, { 'max-size': '20m', 'max-file': '5' }]);
    }
  });

  test('Redis asks for the password that the processes send', () => {
    const { command, environment, healthcheck } = compose.services.redis ?? {};
    expect(command).toContain('--requirepass "$$REDIS_PASSWORD"');
    expect(healthcheck?.test).toContain('REDISCLI_AUTH="$$REDIS_PASSWORD"');
    expect(environment?.REDIS_PASSWORD).toMatch(/^\$\{REDIS_PASSWORD:\?/);
    expect(compose.services.api?.environment?.REDIS_URL).toMatch(/^redis:\/\/:\$\{REDIS_PASSWORD:\?/);
  });

  test('the proxy keeps its certificates, and what operators see to this machine', () => {
    const { ports, volumes } = compose.services.proxy ?? {};
    expect(volumes).toContain('certificates:/data');
    const forOperators = ports?.filter((port) => port.endsWith(':9086'));
    expect(forOperators).toEqual([expect.stringMatching(/^127\.0\.0\.1:/)]);
    expect(read('config/Caddyfile')).toMatch(
      /@private path \/metrics \/metrics\/\* \/admin \/admin\/\*\n\trespond @private 404/,
    );
  });

  test('folders are mounted, not files, whose replacement a container would not see', () => {
    const mounted = services.flatMap(([, { volumes = [] }]) =>
      volumes.map((volume) => volume.split(':')[0] ?? ''),
    );
    expect(mounted.filter((source) => /\.\w+$/.test(source))).toEqual([]);
    expect(mounted).toContain('./config');
  });

  test('no secret is in the file', () => {
    for (const [name, { environment = {} }] of services) {
      for (const [variable, value] of Object.entries(environment)) {
        if (/(PASSWORD|SECRET|TOKEN)$/.test(variable) && variable !== 'MYSQL_RANDOM_ROOT_PASSWORD') {
          expect([name, variable, value]).toEqual([name, variable, expect.stringMatching(/^\$\{\w+:[?-]/)]);
        }
      }
    }
  });
});

test('demo.env has every variable that docker compose needs, and the simulator knows its tokens', () => {
  const demo = parseEnvironment(read('demo.env'));
  expect(Object.keys(demo)).toEqual(expect.arrayContaining([...required, 'COMPOSE_PROFILES', 'ENV_FILE']));
  expect(demo.DISCORD_API_URL).toBe(`${compose.services.simulator?.environment?.SIM_PUBLIC_URL}/api`);
  expect(demo.ALLOW_PRIVATE_DOWNLOADS).toBe('1');
  expect(demo.DISCORD_CHANNEL_ID).toMatch(/^\d+$/);
});

test('the image gets every package, the migrations and no tests', () => {
  const ignored = read('.dockerignore').split('\n');
  const dockerfile = read('Dockerfile');
  const { packages } = parseYaml(read('pnpm-workspace.yaml')) as { packages: string[] };
  for (const name of packages) {
    expect(ignored).toContain(`!${name}`);
    expect(dockerfile).toContain(`COPY ${name}/package.json ${name}/`);
  }
  expect(ignored).toEqual(expect.arrayContaining(['*', '!drizzle', '!scripts', '**/*.test.ts', '**/.env']));
  expect(dockerfile).toMatch(/install --prod --frozen-lockfile/);
  expect(dockerfile).toMatch(/^USER node$/m);
});
