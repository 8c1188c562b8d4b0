/** How the routes of `/v1` answer a key: as documented, or as the original Python service did. */
export const dialects = ['v1', 'original'] as const;

export type Dialect = (typeof dialects)[number];
