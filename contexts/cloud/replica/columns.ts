/** Rows of a chunk. Growing by chunks copies nothing, so a load leaves no garbage behind. */
const CHUNK_ROWS = 65_536;
const CHUNK_BYTES = 1_048_576;

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

const chunked = <Chunk>(make: () => Chunk) => {
  const chunks: Chunk[] = [];
  return (index: number): Chunk => {
    while (chunks.length <= index) chunks.push(make());
    return chunks[index] as Chunk;
  };
};

/** A column of numbers, 0 where nothing was set. */
export const numbers = <T extends Numbers>(make: (size: number) => T) => {
  const chunk = chunked(() => make(CHUNK_ROWS));
  return {
    at: (row: number): number => chunk(Math.floor(row / CHUNK_ROWS))[row % CHUNK_ROWS] ?? 0,
    set: (row: number, value: number): void => {
      chunk(Math.floor(row / CHUNK_ROWS))[row % CHUNK_ROWS] = value;
    },
  };
};

/** A column of as many bytes in each row; what `at` gives is the row itself, to read and to write. */
export const fixedBytes = (size: number) => {
  const chunk = chunked(() => Buffer.alloc(size * CHUNK_ROWS));
  return {
    at: (row: number): Buffer => {
      const start = (row % CHUNK_ROWS) * size;
      return chunk(Math.floor(row / CHUNK_ROWS)).subarray(start, start + size);
    },
  };
};

/** A column of short texts in UTF-8, 4 GB of them at the most. A text that is set again leaves the old one's bytes unused. */
export const texts = () => {
  const chunk = chunked(() => Buffer.alloc(CHUNK_BYTES));
  const starts = numbers((size) => new Uint32Array(size));
  const lengths = numbers((size) => new Uint16Array(size));
  let end = 0;
  let rows = 0;
  return {
    get length(): number {
      return rows;
    },
    at: (row: number): Buffer => {
      const start = starts.at(row);
      return chunk(Math.floor(start / CHUNK_BYTES)).subarray(
        start % CHUNK_BYTES,
        (start % CHUNK_BYTES) + lengths.at(row),
      );
    },
    set: (row: number, text: Uint8Array): void => {
      // None lies across two chunks.
      if ((end % CHUNK_BYTES) + text.length > CHUNK_BYTES) end = Math.ceil(end / CHUNK_BYTES) * CHUNK_BYTES;
      chunk(Math.floor(end / CHUNK_BYTES)).set(text, end % CHUNK_BYTES);
      starts.set(row, end);
      lengths.set(row, text.length);
      end += text.length;
      rows = Math.max(rows, row + 1);
    },
  };
};
