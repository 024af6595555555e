/** Columns: arrays of equal length, one entry a row, and the strings that they are packed in. */

const DIGITS = " !#$%'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~";
const BASE = DIGITS.length;
const VALUES = new Uint8Array(128);
[...DIGITS].forEach((digit, value) => (VALUES[digit.charCodeAt(0)] = value));

/**
 * The entry at an index that is inside the column. Not for loops over all rows: one function that
 * reads arrays of every kind is slow, so these read for themselves.
 * @template Entry
 * @param {ArrayLike<Entry>} column
 * @param {number} index
 * @returns {Entry}
 */
export function at(column, index) {
  return /** @type {Entry} */ (column[index]);
}

/**
 * The entries at these indexes.
 * @param {ArrayLike<number>} column
 * @param {ArrayLike<number>} indexes
 */
export function picked(column, indexes) {
  const found = new Uint32Array(indexes.length);
  for (let index = 0; index < found.length; index++) found[index] = column[indexes[index] ?? 0] ?? 0;
  return found;
}

/**
 * Adds to the count at an index that is inside the column.
 * @param {Uint32Array} counts
 * @param {number} index
 * @param {number} more
 */
export function add(counts, index, more) {
  counts[index] = at(counts, index) + more;
}

/**
 * Packed numbers: the highest digits of all, then the next.
 * @param {string} packed
 * @param {number} count how many numbers
 */
export function numbers(packed, count) {
  const found = new Float64Array(count);
  for (let place = 0; place < packed.length; place += count) {
    for (let index = 0; index < count; index++) {
      found[index] = (found[index] ?? 0) * BASE + (VALUES[packed.charCodeAt(place + index)] ?? 0);
    }
  }
  return found;
}

/**
 * Packed steps: each number's difference to the one before, its sign in the lowest bit.
 * @param {{ first: number, steps: string }} packed
 * @param {number} count
 */
export function stepped({ first, steps }, count) {
  let number = first;
  const found = numbers(steps, count);
  for (let index = 0; index < count; index++) {
    const step = found[index] ?? 0;
    number += step % 2 ? -(step + 1) / 2 : step / 2;
    found[index] = number;
  }
  return found;
}

/**
 * Packed repeats: 0 for what is new and gets the next number, else how many new ones ago it was.
 * @param {string} packed
 * @param {number} count
 */
export function repeats(packed, count) {
  let next = 0;
  const found = Uint32Array.from(numbers(packed, count));
  for (let index = 0; index < count; index++) found[index] = found[index] ? next - (found[index] ?? 0) : next++;
  return found;
}

/**
 * Where lists that stand end to end begin; the last entry is where the last list ends.
 * @param {ArrayLike<number>} sizes
 */
export function starts(sizes) {
  const found = new Uint32Array(sizes.length + 1);
  for (let index = 0; index < sizes.length; index++) found[index + 1] = (found[index] ?? 0) + (sizes[index] ?? 0);
  return found;
}

/**
 * Each index's place when all stand by group, and within a group in their own order.
 * @param {ArrayLike<number>} groups
 * @param {number} count how many groups
 */
export function grouped(groups, count) {
  const sizes = new Uint32Array(count);
  for (let index = 0; index < groups.length; index++) add(sizes, at(groups, index), 1);
  const next = starts(sizes);
  const found = new Uint32Array(groups.length);
  for (let index = 0; index < groups.length; index++) {
    found[index] = at(next, at(groups, index));
    add(next, at(groups, index), 1);
  }
  return found;
}

/**
 * Texts that are the lines of one, taken apart when they are first asked for.
 * @param {string} text
 * @returns {() => string[]}
 */
export function lines(text) {
  /** @type {string[] | undefined} */
  let found;
  return () => (found ??= text.split("\n"));
}
