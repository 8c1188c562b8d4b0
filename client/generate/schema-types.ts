import openapiTs, { astToString } from 'openapi-typescript';
import { factory } from 'typescript';

type Json = Record<string, unknown>;

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Json> };
}

interface Operation {
  tags: string[];
  responses: Record<string, unknown>;
}

const blob = factory.createTypeReferenceNode('Blob');

/** The types of `client/src/schema.ts`, from the document that the service answers at `/openapi.json`. */
export async function schemaTypes(document: unknown): Promise<string> {
  const types = await openapiTs(JSON.stringify(partForClients(document as Document)), {
    // A field with a default may be left out of a request.
    defaultNonNullable: false,
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
    transform: (schema) => (schema.format === 'binary' ? blob : undefined),
  });
  return `// Written by \`npm run client-types\` from /openapi.json. Not to be edited.\n\n${astToString(types)}`;
}

/**
 * The routes of this service's own dialect, and the schemas that they need. Every route answers errors with a problem
 * document, which is said once for each instead of for every status.
 */
function partForClients({ paths, components, ...document }: Document): Document {
  const ours = Object.entries(paths)
    .filter(([, operations]) => !Object.values(operations).some(isForOthers))
    .map(([path, operations]) => [path, mapValues(operations, withOneError)]);
  const part = { ...document, webhooks: undefined, paths: withoutExamples(Object.fromEntries(ours)) };
  const needed = new Set<string>();
  addNeeded([part.paths, { $ref: '#/components/schemas/TaskNotice' }], components.schemas, needed);
  const schemas = Object.entries(components.schemas).filter(([name]) => needed.has(name));
  return { ...part, components: { schemas: withoutExamples(Object.fromEntries(schemas)) } };
}

/** The routes of other dialects, and those of workers. */
function isForOthers({ tags }: Operation): boolean {
  return tags.some((tag) => ['mj-proxy', 'Original', 'Worker'].includes(tag));
}

function withOneError(operation: Operation): Operation {
  const usual = Object.entries(operation.responses).filter(([status]) => Number(status) < 400);
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  const error = { description: 'It could not be done', content };
  return { ...operation, responses: { ...Object.fromEntries(usual), default: error } };
}

function addNeeded(from: unknown, schemas: Record<string, Json>, needed: Set<string>): void {
  for (const [, name = ''] of JSON.stringify(from).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    if (needed.has(name)) continue;
    needed.add(name);
    addNeeded(schemas[name], schemas, needed);
  }
}

/** They are for people who read `/docs`, and may hold ids. */
function withoutExamples<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (key, child) => (key === 'example' || key === 'examples' ? undefined : child)),
  );
}

function mapValues<A, B>(record: Record<string, A>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
