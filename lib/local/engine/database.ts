/**
 * The file that Dynoxide keeps its data in, made ahead of it with two indexes that it lacks. It finds the number of the next record
 * of a stream by looking through all records that there ever were (nothing trims them), so that without an index each write costs
 * more than the one before: after 10,000 writes ten times as much. It must not know what is stored. The trap: a file that is there
 * already is somebody's data and is left as it is.
 */
import { mkdtempSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/**
 * An empty database of Dynoxide 1.2.1, as it makes one itself, to which SQLite then added
 *   CREATE INDEX stream_order ON _stream_records (table_name, CAST(sequence_number AS INTEGER))
 *   CREATE INDEX shard_order ON _stream_records (table_name, shard_id, CAST(sequence_number AS INTEGER))
 * for the two questions that it asks of a stream; packed by gzip.
 */
const EMPTY =
  'H4sIAAAAAAACA+3aT0/aYBwH8FZQQONwu5DFy5MsixLdMrPssMOSddotZIgKxeipKe0jPltptX3K5pHs4HGva69hb2HZrjvuKS0qLX802UXy/QRCS3/P01+f5+lDCzQOqoxTcuJ6HYOTl9KKJMvSW0IkScqKZ0G6lo2fA7I0XVZ6bsrLxb9SPvdTKr4p/lh6VXxQUPJ/8ky8AQAAAP9bbymfKz3ZkHtN5lj0q39qeJbuehb1dJ971OjoHjXFul/YrquKppJKbUc9IjfiyF6NJGLJOjdaNtUdo0M341hmbZJtpaGt+/Q8oI4ptgadliiuNESdmvpBrZfLvUwuV3oqstmOsolqHZVOfjidG4FT85maxf7CQmljQz7uF/LPbXHtow/iE6u5OA1NeVdVSWLjen9/Yq387Xw+F1Z5+ThKZDi9xOrCUJ2pQ1kkCcwapE7265VdpX5MPqrHRGlqe5WaqGtXrWmbqVLXLUI09UgjtT3xbFar6UjapQ6/VeRneuHrn3zXmRbo0C866xjtqMb0dte2Jm5P9t6U3Q1G4LQ4U7Q0p5YuLnIHLTo+OPDFoGSWaBvGL/o1D4WULw8zudLqqvw9EzV1NJril+xwH0dvjujbZC/d6OCRza/75intGNMO1ODcY61AjFWLnjCHceY6/rRCbZ+lwtNR9q2i4kFNnfD4rsfvjvpeaVY18mJsiS4TQ4dfnNHJFdtGi9pjQji39asGmBBzh+TuNHAGU4DBg0SbX+1iTdnWKofqWrpwi9k2c9p6x7XiIXFVZl851vfVul5XD5pqQxtR+Mxzu8wX3SJS5aeeG7RPzwI+rgmM9tje80X+Z9RkJ8w0wm4eW0V4pKZt+ONqsqhNwwp0kRqnZn/xDu0uoi0x3J1bHU6YSzwHpDd3xc5dcT6HHzup8Tt8Yj/LLpSUVVmKPqKiKd8IuBuVHZznW/HCfK8g9+eBHoubw3VOWDt+mRueB6I3R8wD4tS+xQTQNewgMUknUp+bmHqc2la8kBHXB/nwImE5vJEv/pLEAwAAAAAAAABmwCM5Uy5G3yLqXeqF3xa9Xuzf//+WxAMAAAAAAAAAZsLDTLkw/AVA+Pu/tIKWAQAAAAAAAJhli7j/BwAAAAAAAJh5+P0fAAAAAAAAAPf/AAAAAAAAAHD/4f//AAAAAAAAALj/BwAAAAAAAID77x+gsIJpAJAAAA==';

export const emptyDatabase = (): Buffer => gunzipSync(Buffer.from(EMPTY, 'base64'));

/** Puts an empty database there, unless there is one. */
export const ensureDatabase = (file: string): string => {
  try {
    writeFileSync(file, emptyDatabase(), { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return file;
};

/** Where Linux keeps files in memory. */
const MEMORY = '/dev/shm';
/** Below this much room in memory a long story of a desk might not fit. */
const LEAST_ROOM_BYTES = 2 * 1024 ** 3;

const roomIn = (folder: string): number => {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
};

/** A new folder for data that nobody keeps; in memory where there is room. Whoever asked for it removes it. */
export const scratchFolder = (): string => {
  const PREFIX = 'makegood-engine-';
  if (roomIn(MEMORY) >= LEAST_ROOM_BYTES) {
    try {
      return mkdtempSync(join(MEMORY, PREFIX));
    } catch {
      // Somebody else's memory; there is always the disk.
    }
  }
  return mkdtempSync(join(tmpdir(), PREFIX));
};
