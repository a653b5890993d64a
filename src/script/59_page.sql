-- ---------------------------------------------------------------------------
-- Ranked and paged.
--
-- Scores are kept in a table next to the edges, like the indexes that searching
-- wants: it belongs to the codebase, so that who may read that may read them, and
-- nobody else.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_rank(graph regclass DEFAULT NULL, OUT ranked bigint, OUT ranked_at timestamptz)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 1000000
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
#variable_conflict use_variable
DECLARE
	edges CONSTANT regclass := (_parseltongue.pt_graph_tables(graph)).edges;
	home CONSTANT name := (SELECT nspname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace WHERE c.oid = edges);
	ranks regclass := _parseltongue.pt_codebase_table(edges, 'pt_entity_rank');
BEGIN
	IF ranks IS NULL THEN
		PERFORM _parseltongue.pt_require_owner(edges, 'pt_entity_rank');
		EXECUTE format('CREATE TABLE %I.pt_entity_rank (key text PRIMARY KEY, score float8 NOT NULL, rank bigint NOT NULL, ranked_at timestamptz NOT NULL)', home);
		EXECUTE format('ALTER TABLE %I.pt_entity_rank OWNER TO %s', home, _parseltongue.pt_require_owner(edges, 'pt_entity_rank'));
		ranks := _parseltongue.pt_codebase_table(edges, 'pt_entity_rank');
	END IF;
	-- one at a time; readers go on
	EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', ranks);
	EXECUTE format('DELETE FROM %s', ranks);
	EXECUTE format('INSERT INTO %s SELECT node, score, rank, now() FROM @extschema@.pt_pagerank($1)', ranks) USING edges;
	GET DIAGNOSTICS ranked = ROW_COUNT;
	ranked_at := now();
END $$;
COMMENT ON FUNCTION @extschema@.pt_rank(regclass) IS
'Compute PageRank of a codebase and keep it in the table pt_entity_rank next to its edges, for pages by rank. Returns how many keys have a rank, and when it was computed; nothing keeps it up to date. Errors: 42809 not a codebase, 42501 the table cannot be made or written, 42P07 another relation has its name, others as of pt_pagerank. O(iterations edges).';

-- The pages of a question have one shape: rows of a source with a key each, in an
-- order, from behind a key.
CREATE FUNCTION _parseltongue.pt_page_ranks(edges regclass, order_by text, orders text[], max_results bigint) RETURNS regclass
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 100
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	ranks CONSTANT regclass := (SELECT r FROM _parseltongue.pt_codebase_table(edges, 'pt_entity_rank', foreign_ok => order_by IS DISTINCT FROM 'rank') AS r
		WHERE order_by = 'rank' OR has_table_privilege(r, 'SELECT'));
BEGIN
	IF order_by IS NULL OR order_by <> ALL (orders) THEN
		RAISE EXCEPTION '%', coalesce('invalid order_by: "' || order_by || '"', 'order_by must not be NULL') USING
			ERRCODE = CASE WHEN order_by IS NULL THEN 'null_value_not_allowed' ELSE 'invalid_parameter_value' END,
			HINT = (SELECT format('Use %s or %s.', string_agg(quote_literal(o), ', ' ORDER BY n) FILTER (WHERE n < cardinality(orders)), quote_literal(orders[cardinality(orders)]))
					FROM unnest(orders) WITH ORDINALITY AS u (o, n));
	ELSIF max_results < 0 THEN
		RAISE EXCEPTION 'max_results must not be negative: %', max_results USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Use a positive number, 0 for the total alone, or NULL for no bound.';
	ELSIF order_by = 'rank' AND ranks IS NULL THEN
		RAISE EXCEPTION 'graph "%" has no ranks', edges USING ERRCODE = 'undefined_table',
			HINT = 'Call pt_rank first.';
	END IF;
	RETURN ranks;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_page_ranks(regclass, text, text[], bigint) IS
'Internal: the table of ranks next to edges, NULL if there is none that the caller may read; checks what all pages are given, orders being the values of order_by.';

CREATE FUNCTION _parseltongue.pt_page_after(place bigint, after_key text) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF place IS NULL AND after_key IS NOT NULL THEN
		RAISE EXCEPTION 'after_key is not among the rows: "%"', left(after_key, 100) USING ERRCODE = 'invalid_parameter_value',
			HINT = 'It may have been deleted since the last page. Begin again, or order by key.';
	END IF;
	RETURN coalesce(place, 0);
END $$;
COMMENT ON FUNCTION _parseltongue.pt_page_after(bigint, text) IS
'Internal: the place behind which a page begins, or an error if the last row of the page before is none any more.';

-- $1 is after_key, $2 is max_results. With 0 there is one row, for the total.
CREATE FUNCTION _parseltongue.pt_page_query(source text, columns text, own_order text, order_by text, ranks regclass) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE COST 10
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT format($query$
		WITH numbered AS MATERIALIZED (
			SELECT row_number() OVER (ORDER BY %s i.key COLLATE "C") AS place, i.*, r.rank, r.ranked_at
			FROM %s AS i LEFT JOIN %s ON r.key = i.key
		), page (start) AS (
			SELECT %s
		)
		SELECT n.place, %s, n.rank, n.ranked_at, (SELECT count(*) FROM numbered)
		FROM page LEFT JOIN numbered AS n ON n.place > start AND ($2 IS NULL OR n.place - start <= $2)
		WHERE n.place IS NOT NULL OR $2 = 0
		ORDER BY n.place$query$,
		CASE order_by WHEN 'key' THEN '' WHEN 'rank' THEN 'r.rank, ' ELSE own_order || ', ' END, source,
		coalesce(ranks::text || ' AS r', '(SELECT NULL::text, NULL::bigint, NULL::timestamptz WHERE false) AS r (key, rank, ranked_at)'),
		CASE order_by WHEN 'key' THEN '(SELECT count(*) FROM numbered AS n WHERE n.key COLLATE "C" <= $1)'
			ELSE '_parseltongue.pt_page_after((SELECT n.place FROM numbered AS n WHERE n.key = $1), $1)' END,
		(SELECT string_agg('n.' || c, ', ') FROM regexp_split_to_table(columns, ', ') AS c))
$$;
COMMENT ON FUNCTION _parseltongue.pt_page_query(text, text, text, text, regclass) IS
'Internal: the query of a page over a source, as pieces of SQL, with a column key and others, which are listed; own_order orders by them.';

CREATE FUNCTION @extschema@.pt_impact_page(
	keys text[],
	hops bigint DEFAULT 3,
	direction text DEFAULT 'in',
	order_by text DEFAULT 'distance',
	max_results bigint DEFAULT 50,
	after_key text DEFAULT NULL,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	stop_at text[] DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL
) RETURNS TABLE (place bigint, key text, distance integer, certain boolean, nearest_key text, rank bigint, ranked_at timestamptz, total bigint)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 100000 ROWS 50
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
	edges CONSTANT regclass := (_parseltongue.pt_graph_tables(graph)).edges;
	ranks CONSTANT regclass := _parseltongue.pt_page_ranks(edges, order_by, '{distance,rank,key}', max_results);
BEGIN
	RETURN QUERY EXECUTE _parseltongue.pt_page_query('@extschema@.pt_impact($3, $4, $5, edge_types => $6, min_confidence => $7, avoid => $8, within => $9, stop_at => $10, missing_ok => $11, graph => $12)',
		'key, distance, certain, nearest_key', 'i.distance', order_by, ranks)
		USING after_key, max_results, keys, hops, direction, edge_types, min_confidence, avoid, within, stop_at, missing_ok, coalesce(graph, edges);
END $$;
COMMENT ON FUNCTION @extschema@.pt_impact_page(text[], bigint, text, text, bigint, text, text[], float8, text[], text[], text[], boolean, regclass) IS
'A page of what pt_impact finds: max_results rows behind after_key (NULL: the first ones), with their place and how many there are in all; with max_results 0 one row with nothing but that. order_by: distance, rank (as pt_rank keeps it; ranked_at says since when) or key; equal ones by key. Errors: 22023 bad argument or after_key is not among the rows, 42P01 no ranks, others as of pt_impact, 42809 not a codebase. O(edges touched) a page.';

-- plpgsql has no argument and column of one name
CREATE FUNCTION _parseltongue.pt_callers_page(
	of_key text,
	direction text,
	order_by text,
	max_results bigint,
	after_key text,
	of_types text[],
	min_confidence float8,
	avoid text[],
	within text[],
	missing_ok boolean,
	graph regclass
) RETURNS TABLE (place bigint, key text, edge_types text[], source_locations text[], confidence float8, rank bigint, ranked_at timestamptz, total bigint)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 10000 ROWS 50
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
	edges CONSTANT regclass := (_parseltongue.pt_graph_tables(graph)).edges;
	ranks CONSTANT regclass := _parseltongue.pt_page_ranks(edges, order_by, '{confidence,rank,key}', max_results);
BEGIN
	IF direction IS NULL OR direction NOT IN ('in', 'out') THEN
		RAISE EXCEPTION '%', coalesce('invalid direction: "' || direction || '"', 'direction must not be NULL') USING
			ERRCODE = CASE WHEN direction IS NULL THEN 'null_value_not_allowed' ELSE 'invalid_parameter_value' END,
			HINT = 'Use ''in'' or ''out''.';
	END IF;
	RETURN QUERY EXECUTE _parseltongue.pt_page_query(
		-- of a key's edges a fact is worth more than any guess
		format('(SELECT c.%1$s AS key, array_agg(DISTINCT c.edge_type COLLATE "C" ORDER BY c.edge_type COLLATE "C") AS edge_types, '
			   'array_agg(DISTINCT c.source_location COLLATE "C" ORDER BY c.source_location COLLATE "C") FILTER (WHERE c.source_location IS NOT NULL) AS source_locations, '
			   'CASE WHEN count(c.confidence) = count(*) THEN max(c.confidence) END AS confidence '
			   'FROM @extschema@.%2$s($3, edge_types => $4, min_confidence => $5, avoid => $6, within => $7, missing_ok => $8, graph => $9) AS c GROUP BY c.%1$s)',
			   CASE direction WHEN 'in' THEN 'from_key' ELSE 'to_key' END, CASE direction WHEN 'in' THEN 'pt_callers' ELSE 'pt_callees' END),
		'key, edge_types, source_locations, confidence', 'i.confidence DESC NULLS FIRST', order_by, ranks)
		USING after_key, max_results, of_key, of_types, min_confidence, avoid, within, missing_ok, coalesce(graph, edges);
END $$;
COMMENT ON FUNCTION _parseltongue.pt_callers_page(text, text, text, bigint, text, text[], float8, text[], text[], boolean, regclass) IS
'Internal: pt_callers_page.';

CREATE FUNCTION @extschema@.pt_callers_page(
	key text,
	direction text DEFAULT 'in',
	order_by text DEFAULT 'confidence',
	max_results bigint DEFAULT 50,
	after_key text DEFAULT NULL,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL
) RETURNS TABLE (place bigint, key text, edge_types text[], source_locations text[], confidence float8, rank bigint, ranked_at timestamptz, total bigint)
LANGUAGE sql STABLE PARALLEL RESTRICTED COST 10000 ROWS 50
SET search_path = pg_catalog, pg_temp
AS 'SELECT * FROM _parseltongue.pt_callers_page($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)';
COMMENT ON FUNCTION @extschema@.pt_callers_page(text, text, text, bigint, text, text[], float8, text[], text[], boolean, regclass) IS
'A page of what pt_callers finds (direction in) or pt_callees (out): a row for each key, with the types and places of its edges, and the best confidence, NULL for a fact. order_by: confidence, facts first, rank or key. Otherwise as pt_impact_page. O(edges of the key) a page.';

CREATE FUNCTION @extschema@.pt_search_page(
	query text,
	order_by text DEFAULT 'score',
	max_results bigint DEFAULT 20,
	after_key text DEFAULT NULL,
	kinds text[] DEFAULT NULL,
	graph regclass DEFAULT NULL
) RETURNS TABLE (place bigint, key text, name text, kind text, entity_type text, language text, file_path text, line_start integer, score real, match text,
	rank bigint, ranked_at timestamptz, total bigint)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 100000 ROWS 20
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
	edges CONSTANT regclass := (_parseltongue.pt_graph_columns(graph)).edges;
	ranks CONSTANT regclass := _parseltongue.pt_page_ranks(edges, order_by, '{score,rank,key}', max_results);
BEGIN
	RETURN QUERY EXECUTE _parseltongue.pt_page_query('@extschema@.pt_search($3, NULL::bigint, $4, $5)',
		'key, name, kind, entity_type, language, file_path, line_start, score, match', 'i.score DESC', order_by, ranks)
		USING after_key, max_results, query, kinds, coalesce(graph, edges);
END $$;
COMMENT ON FUNCTION @extschema@.pt_search_page(text, text, bigint, text, text[], regclass) IS
'A page of all that pt_search finds, of whatever number. order_by: score, rank or key. Otherwise as pt_impact_page; errors as of pt_search. O(entities found) a page, each of which is ranked.';
