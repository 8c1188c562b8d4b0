import type { Logger } from '@midjourney-api/shared/logging/logger';
import type { ResultAnswer, ResultEvent } from '@midjourney-api/shared/results/result-event';
import { signatureHeaders } from '@midjourney-api/shared/results/signature';
import { request } from 'undici';
import type { WorkerMetrics } from '../metrics.ts';
import { retry } from '../retry.ts';

/** Delivers results to the api's webhook, the only way in which a worker decides how a task ends. */
export interface Delivery {
  /** Tries once: for progress, which the next event makes old. Never throws. */
  attempt(event: ResultEvent): Promise<void>;
  /** Tries until the api has committed it. @throws when aborted, or when the api will never accept it. */
  insist(event: ResultEvent, signal: AbortSignal): Promise<ResultAnswer>;
}

/** The api understood the event and refuses it: sending it again would change nothing. */
export class DeliveryRefused extends Error {
  override readonly name = 'DeliveryRefused';
}

/** Milliseconds until the api's answer begins, and until it ends. */
const timeout = 10_000;

export function createDelivery(
  url: string,
  secret: string | undefined,
  { deliveries }: Pick<WorkerMetrics, 'deliveries'>,
  log: Logger,
): Delivery {
  async function post(event: ResultEvent): Promise<ResultAnswer> {
    try {
      const answer = await call(event);
      deliveries.inc({ type: event.type, outcome: 'delivered' });
      return answer;
    } catch (error) {
      const outcome = error instanceof DeliveryRefused ? 'refused' : 'failed';
      deliveries.inc({ type: event.type, outcome });
      throw error;
    }
  }

  async function call(event: ResultEvent): Promise<ResultAnswer> {
    const body = JSON.stringify(event);
    // The same event keeps its id however often it is sent.
    const id = `msg_${event.trigger_id}_${event.type}_${event.id}_${event.progress ?? ''}`;
    const { statusCode, body: answer } = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(secret && signatureHeaders(secret, body, id)) },
      body,
      headersTimeout: timeout,
      bodyTimeout: timeout,
    });
    if (statusCode === 200) return (await answer.json()) as ResultAnswer;
    const detail = (await answer.text()).slice(0, 300);
    if (statusCode === 400 || statusCode === 404) {
      throw new DeliveryRefused(`The api refused a result with ${statusCode}: ${detail}`);
    }
    throw new Error(`The api answered ${statusCode}: ${detail}`);
  }

  return {
    async attempt(event) {
      try {
        await post(event);
      } catch (err) {
        log.warn({ err, task: event.trigger_id, event: event.type }, 'progress not delivered');
      }
    },
    insist: (event, signal) =>
      retry(() => post(event), {
        retryable: (error) => !(error instanceof DeliveryRefused),
        onRetry: (err, attempt) =>
          log.warn(
            { err, task: event.trigger_id, event: event.type, attempt },
            'result not delivered, trying again',
          ),
        signal,
      }),
  };
}
