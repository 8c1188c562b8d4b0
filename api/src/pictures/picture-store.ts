/** First and last byte, both included, as HTTP counts them. */
export interface ByteRange {
  first: number;
  last: number;
}

/** Where finished pictures are kept. Paths have slashes and are made by this program only. */
export interface PictureStore {
  /** Stores all of it or nothing: a file that is there is whole. */
  put(path: string, bytes: Buffer, contentType: string): Promise<void>;
  /** @returns undefined when there is none. */
  find(path: string): Promise<StoredFile | undefined>;
  /** Removes everything under a folder, whose path ends in a slash. */
  removeFolder(folder: string): Promise<void>;
}

export interface StoredFile {
  /** Bytes. */
  size: number;
  /** The file, or a part of it. */
  read(range?: ByteRange): Promise<ReadableStream<Uint8Array>>;
}
