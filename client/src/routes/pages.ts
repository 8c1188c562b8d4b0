/** A page as the service's lists have it. */
interface Page<Item> {
  data: Item[];
  /** null on the last one. */
  next_cursor: string | null;
}

/** All items of a list, page by page as they are needed. */
export async function* itemsOf<Item>(
  readPage: (cursor: string | undefined) => Promise<Page<Item>>,
): AsyncGenerator<Item, void, void> {
  let cursor: string | undefined;
  do {
    const { data, next_cursor: next } = await readPage(cursor);
    yield* data;
    cursor = next ?? undefined;
  } while (cursor !== undefined);
}
