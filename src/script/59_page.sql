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
BEGIN
	EXECUTE format('CREATE TABLE IF NOT EXISTS %I.pt_entity_rank (key text PRIMARY KEY, score float8 NOT NULL, rank bigint NOT NULL, ranked_at timestamptz NOT NULL)', home);
	-- one at a time; readers go on
	EXECUTE format('LOCK TABLE %I.pt_entity_rank IN SHARE ROW EXCLUSIVE MODE', home);
	EXECUTE format('DELETE FROM %I.pt_entity_rank', home);
	EXECUTE format('INSERT INTO %I.pt_entity_rank SELECT node, score, rank, now() FROM @extschema@.pt_pagerank($1)', home) USING edges;
	GET DIAGNOSTICS ranked = ROW_COUNT;
	ranked_at := now();
END $$;
COMMENT ON FUNCTION @extschema@.pt_rank(regclass) IS
'Compute PageRank of a codebase and keep it in the table pt_entity_rank next to its edges, for pt_impact_page. Returns how many keys have a rank, and when it was computed; nothing keeps it up to date. Errors: 42809 not a codebase, 42501 the table cannot be made or written, others as of pt_pagerank. O(iterations edges).';

CREATE FUNCTION @extschema@.pt_impact_page(
	keys text[],
	hops bigint DEFAULT 3,
	direction text DEFAULT 'in',
	order_by text DEFAULT 'distance',
	max_rows bigint DEFAULT 50,
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
#variable_conflict use_column
DECLARE
	tables CONSTANT record := _parseltongue.pt_graph_tables(graph);
	ranks CONSTANT regclass := (SELECT r.oid FROM pg_class AS e JOIN pg_class AS r USING (relnamespace) WHERE e.oid = tables.edges AND r.relname = 'pt_entity_rank' AND r.relkind = 'r'
		AND (order_by = 'rank' OR has_table_privilege(r.oid, 'SELECT')));
	is_found boolean;
BEGIN
	IF order_by IS NULL OR order_by NOT IN ('distance', 'rank', 'key') THEN
		RAISE EXCEPTION 'invalid order_by: %', coalesce('"' || order_by || '"', 'NULL') USING
			ERRCODE = CASE WHEN order_by IS NULL THEN 'null_value_not_allowed' ELSE 'invalid_parameter_value' END,
			HINT = 'Use ''distance'', ''rank'' or ''key''.';
	ELSIF max_rows < 0 THEN
		RAISE EXCEPTION 'max_rows must not be negative: %', max_rows USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Use 0 or more, or NULL for no bound.';
	ELSIF order_by = 'rank' AND ranks IS NULL THEN
		RAISE EXCEPTION 'graph "%" has no ranks', tables.edges USING ERRCODE = 'undefined_table',
			HINT = 'Call pt_rank first.';
	END IF;
	RETURN QUERY EXECUTE format($query$
		WITH numbered AS MATERIALIZED (
			SELECT row_number() OVER (ORDER BY %s) AS place, i.key, i.distance, i.certain, i.nearest_key, r.rank, r.ranked_at, count(*) OVER () AS total
			FROM @extschema@.pt_impact($1, $2, $3, edge_types => $4, min_confidence => $5, avoid => $6, within => $7, stop_at => $8, missing_ok => $9, graph => $10) AS i
			LEFT JOIN %s ON r.key = i.key
		)
		SELECT n.* FROM numbered AS n
		WHERE %s
		ORDER BY n.place LIMIT $12$query$,
		CASE order_by WHEN 'distance' THEN 'i.distance, ' WHEN 'rank' THEN 'r.rank, ' ELSE '' END || 'i.key COLLATE "C"',
		coalesce(ranks::text || ' AS r', '(SELECT NULL::text, NULL::bigint, NULL::timestamptz WHERE false) AS r (key, rank, ranked_at)'),
		CASE WHEN after_key IS NULL THEN '$11 IS NULL' WHEN order_by = 'key' THEN 'n.key COLLATE "C" > $11'
			ELSE 'n.place > (SELECT p.place FROM numbered AS p WHERE p.key = $11)' END)
		USING keys, hops, direction, edge_types, min_confidence, avoid, within, stop_at, missing_ok, coalesce(graph, tables.edges), after_key, max_rows;
	-- a page may be empty since nothing is behind the key, or since there is no such row
	IF NOT FOUND AND after_key IS NOT NULL AND order_by <> 'key' THEN
		SELECT count(*) > 0 INTO is_found
		FROM @extschema@.pt_impact(keys, hops, direction, edge_types => edge_types, min_confidence => min_confidence, avoid => avoid, within => within,
								   stop_at => stop_at, missing_ok => missing_ok, graph => coalesce(graph, tables.edges)) AS i
		WHERE i.key = after_key;
		IF NOT is_found THEN
			RAISE EXCEPTION 'after_key is not among the rows: "%"', left(after_key, 100) USING ERRCODE = 'invalid_parameter_value',
				HINT = 'It may have been deleted since the last page. Begin again, or order by key.';
		END IF;
	END IF;
END $$;
COMMENT ON FUNCTION @extschema@.pt_impact_page(text[], bigint, text, text, bigint, text, text[], float8, text[], text[], text[], boolean, regclass) IS
'A page of what pt_impact finds: max_rows rows behind after_key (NULL: the first ones), with their place and how many there are in all. order_by: distance, rank (as pt_rank keeps it; ranked_at says since when) or key; equal ones by key. Errors: 22023 bad argument or after_key is not among the rows, 42P01 no ranks, others as of pt_impact, 42809 not a codebase. O(edges touched) a page.';
