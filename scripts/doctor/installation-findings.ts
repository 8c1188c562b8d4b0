import { type Finding, findingsAbout } from '@midjourney-api/shared/doctor/finding';
import type { InstallationFacts } from './installation-facts.ts';

/** Finds an installation's present and coming problems, from its facts. Pure. */
export function installationFindings(facts: InstallationFacts): Finding[] {
  return [
    mysqlFinding(facts),
    migrationsFinding(facts),
    redisFinding(facts),
    secretsKeyFinding(facts),
    ...resultWebhookFindings(facts),
    ...fileFindings(facts),
    ...settingsFindings(facts),
  ];
}

function mysqlFinding({ mysql: { address, failure } }: InstallationFacts): Finding {
  const { ok, problem } = findingsAbout('mysql');
  if (failure === null) return ok(`MySQL answers at ${address}.`);
  return problem(
    `MySQL does not answer at ${address}: ${failure}`,
    'Start the service with "npm start", or set DB_HOST, DB_PORT, DB_USER and DB_PASSWORD.',
  );
}

function migrationsFinding({ pendingMigrations: pending }: InstallationFacts): Finding {
  const { ok, skipped, problem } = findingsAbout('migrations');
  if (pending === null) return skipped('Without MySQL it is not known which migrations were applied.');
  if (pending === 0) return ok('All migrations were applied.');
  return problem(
    `${pending} migrations were not applied.`,
    'Start an api, or run "node scripts/bootstrap.mjs migrate".',
  );
}

function redisFinding({ redis: { address, failure } }: InstallationFacts): Finding {
  const { ok, problem } = findingsAbout('redis');
  if (failure === null) return ok(`Redis answers at ${address}.`);
  return problem(
    `Redis does not answer at ${address}: ${failure}`,
    'Start the service with "npm start", or set REDIS_URL.',
  );
}

function secretsKeyFinding({ sealedAccounts, hasSecretsKey }: InstallationFacts): Finding {
  const { ok, problem } = findingsAbout('secrets_key');
  if (hasSecretsKey) return ok('SECRETS_KEY is set; it opens the tokens of accounts.');
  if (sealedAccounts === 0) return ok('No account needs a SECRETS_KEY.');
  return problem(
    `SECRETS_KEY, which opens the tokens of ${sealedAccounts} accounts, is not set.`,
    'Set it here and for the workers to the key that sealed them.',
  );
}

function resultWebhookFindings({ resultWebhook }: InstallationFacts): Finding[] {
  const { url, hasSecret, answer } = resultWebhook;
  const secret = findingsAbout('result_webhook_secret');
  const { ok, problem } = findingsAbout('result_webhook');
  const signed = hasSecret
    ? secret.ok('Results are signed.')
    : secret.warning(
        'RESULT_WEBHOOK_SECRET is not set: anyone who reaches the api can end tasks.',
        'Set it for apis and workers; make one with: echo whsec_$(openssl rand -base64 32)',
      );
  if ('failure' in answer) {
    const todo = 'Start an api, or set RESULT_WEBHOOK_URL to where the workers reach it.';
    return [signed, problem(`The api does not answer at ${url}: ${answer.failure}`, todo)];
  }
  if (!('code' in answer)) {
    const message = `What answers at ${url} is not the api: it answered ${answer.status}.`;
    return [signed, problem(message, 'Set RESULT_WEBHOOK_URL to where the workers reach the api.')];
  }
  switch (answer.code) {
    // The signature is checked before the contents.
    case 'invalid_request':
      return [signed, ok(`The api takes results at ${url}.`)];
    case 'bad_signature':
      return [
        signed,
        problem(
          `The api at ${url} does not accept the signature.`,
          'Set RESULT_WEBHOOK_SECRET to the same value for apis and workers, and check that their clocks agree.',
        ),
      ];
    default:
      return [signed, problem(`The api at ${url} answers ${answer.code}.`, 'See its log, and /readyz.')];
  }
}

function fileFindings({ files: { bannedWords, models } }: InstallationFacts): Finding[] {
  const words = findingsAbout('banned_words');
  const matrix = findingsAbout('models');
  return [
    bannedWords === null
      ? words.ok('The banned words can be read.')
      : words.problem(bannedWords, 'Set BANNED_WORDS_FILE to the file; an empty one turns the check off.'),
    models === null
      ? matrix.ok('The matrix of models can be read.')
      : matrix.problem(models, 'Fix the file as docs/models.md says, or leave MODELS_FILE out.'),
  ];
}

function settingsFindings({ doubts }: InstallationFacts): Finding[] {
  const { ok, warning } = findingsAbout('configuration');
  if (doubts.length === 0) return [ok('No setting looks like a mistake.')];
  return doubts.map((doubt) => warning(doubt, 'Correct it in the environment or in .env.'));
}
