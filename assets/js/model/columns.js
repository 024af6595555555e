/** Columns: arrays of equal length, one entry a row, whose indexes are known to be good. */

/**
 * The entry at an index that is inside the column.
 * @template Entry
 * @param {ArrayLike<Entry>} column
 * @param {number} index
 * @returns {Entry}
 */
export function at(column, index) {
  return /** @type {Entry} */ (column[index]);
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
