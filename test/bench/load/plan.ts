import type { Latency } from '../measures/statistics.ts';

export interface LoadRequest {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: string;
}

export interface LoadPlan {
  url: string;
  /** Each connection sends them in order, over and over, each connection beginning with another one. */
  requests: LoadRequest[];
  connections: number;
  /** How many are sent in all. Not a time, after which requests would be cut off with their outcome unknown. */
  amount: number;
  /** Sent evenly, so many in a second; as fast as answers come when left out. */
  perSecond?: number;
}

export interface LoadResult {
  /** From the first request to the last answer. */
  seconds: number;
  /** How often each status was answered. */
  statuses: Record<string, number>;
  /** Requests without an answer. */
  errors: number;
  latencyMs: Latency;
}
