import type { Accepted, operations } from '../schema.ts';

export interface RequestOptions {
  signal?: AbortSignal;
}

export interface SubmitOptions extends RequestOptions {
  /**
   * Your own name for this submit, such as an order's number: sent again with the same body within 24 hours, it is
   * answered with the first task and charged nothing. Random unless given.
   */
  idempotencyKey?: string;
}

type Operations = keyof operations;

/** What a route is sent. */
export type RequestOf<Name extends Operations> = operations[Name] extends {
  requestBody?: { content: infer Content };
}
  ? Content[keyof Content]
  : never;

/** The routes that submit one task. */
export type SubmitName = {
  [Name in Operations]: operations[Name] extends {
    responses: { 200: { content: { 'application/json': Accepted } } };
  }
    ? Name
    : never;
}[Operations];

/** What a route may be asked for in its query. */
export type QueryOf<Name extends Operations> = NonNullable<operations[Name]['parameters']['query']>;
