import type { Accepted, operations } from '../schema.ts';

export interface RequestOptions {
  signal?: AbortSignal;
}

export interface SubmitOptions extends RequestOptions {
  /**
   * Your own key for this submit, such as an order number. Sending it again with the same body within 24 hours returns the
   * first task at no charge. Random by default.
   */
  idempotencyKey?: string;
}

type Operations = keyof operations;

/** The body of a route. */
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

/** The query of a route. */
export type QueryOf<Name extends Operations> = NonNullable<operations[Name]['parameters']['query']>;
