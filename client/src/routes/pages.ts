/** A page of one of the service's lists. */
interface Page<Item> {
  data: Item[];
  /** null on the last page. */
  next_cursor: string | null;
}

/** All items of a list, fetched page by page. */
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
