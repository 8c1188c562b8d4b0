/** How the routes below the prefix of a key answer: as they are documented, or as the original Python service did. */
export const dialects = ['v1', 'original'] as const;

export type Dialect = (typeof dialects)[number];
