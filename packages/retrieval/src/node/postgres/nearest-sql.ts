interface Nearest {
  /** Quoted. */
  readonly table: string;
  /** What is read of a row. */
  readonly selected: string;
  /** Whose first parameter is the query. */
  readonly condition: string;
  readonly limit: number;
}

/** What an index is made of. */
interface Indexed {
  readonly halfvec: boolean;
  readonly dim: number;
}

/** Nothing is added to the distance but what keeps an approximate index from being used for the order. */
export function nearestSql(nearest: Nearest): string {
  return sqlOf(nearest, 'embedding <=> $1::vector', '(embedding <=> $1::vector) + 0');
}

/** In the order of the index, for which the expression must be the one that it was made of. */
export function candidatesSql(nearest: Nearest, { halfvec, dim }: Indexed): string {
  const type = halfvec ? `halfvec(${dim})` : 'vector';
  const distance = `${indexedExpression({ halfvec, dim })} <=> $1::vector::${type}`;
  return sqlOf(nearest, distance, distance);
}

/** Components of 16 bits end at 65,504: those of a row of length 1 do not. */
export function indexedExpression({ halfvec, dim }: Indexed): string {
  return halfvec ? `(l2_normalize(embedding)::halfvec(${dim}))` : 'embedding';
}

/** With every row that pgvector cannot compare. */
function sqlOf({ table, selected, condition, limit }: Nearest, distance: string, order: string): string {
  return `WITH nearest AS (
      SELECT place, ${distance} AS distance FROM ${table}
      WHERE embedding IS NOT NULL AND ${condition} ORDER BY ${order} LIMIT ${limit}
    )
    SELECT ${selected}, distance FROM nearest JOIN ${table} USING (place)
    UNION ALL
    SELECT ${selected}, NULL FROM ${table} WHERE embedding IS NULL AND ${condition}`;
}
