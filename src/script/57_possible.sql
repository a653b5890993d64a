-- ---------------------------------------------------------------------------
-- What may be missing: references that may mean an entity and are not followed.
-- Without them "nothing depends on it" and "nothing is known to" are the same.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_possible_callers(
	keys text[],
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL
) RETURNS TABLE (from_key text, reference_key text, why text, confidence float8, source_location text, key text)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 100000 ROWS 100
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	tables CONSTANT record := _parseltongue.pt_graph_tables(graph);
	trusted CONSTANT numeric := _parseltongue.pt_trusted(min_confidence);
	names text[];
BEGIN
	PERFORM _parseltongue.pt_require_columns(tables.edges, '{from_key,to_key,edge_type,source_location,confidence,reference_key}'),
		_parseltongue.pt_require_columns(tables.entities, '{name,entity_type,language}');
	keys := _parseltongue.pt_respell(keys, tables.edges, tables.entities);
	-- that they exist
	PERFORM count(*) FROM @extschema@.pt_impact(keys, 0, edge_types => edge_types, missing_ok => missing_ok, graph => coalesce(graph, tables.edges));
	EXECUTE format($query$
		SELECT array_agg(DISTINCT _parseltongue.pt_match_name(coalesce(e.name, @extschema@.pt_key_name(k)), coalesce(e.language, @extschema@.pt_key_language(k))))
		FROM unnest($1) AS k LEFT JOIN %s AS e ON e.key = k WHERE k IS NOT NULL$query$, tables.entities)
		INTO names USING keys;
	RETURN QUERY EXECUTE format($query$
		WITH wanted AS MATERIALIZED (
			SELECT k AS key, _parseltongue.pt_match_name(n.name, n.language) AS name, _parseltongue.pt_language_family(n.language) AS family,
				   _parseltongue.pt_type_class(n.type) AS class
			FROM (SELECT DISTINCT u AS k FROM unnest($1) AS u WHERE u IS NOT NULL) AS u LEFT JOIN %2$s AS e ON e.key = k,
				 LATERAL (SELECT coalesce(e.name, @extschema@.pt_key_name(k)), coalesce(e.language, @extschema@.pt_key_language(k)),
							coalesce(e.entity_type, _parseltongue.pt_key_type(k))) AS n (name, language, type)
		), reference AS MATERIALIZED (
			SELECT d.from_key, d.to_key, d.edge_type, d.source_location, r.*, _parseltongue.pt_reference_name(d.to_key) AS name,
				   CASE WHEN d.edge_type = 'Implements' THEN 'type' WHEN r.kind = 'import' OR r.class = 'value' THEN 'any' ELSE r.class END AS wanted
			FROM %1$s AS d,
				 LATERAL (SELECT @extschema@.pt_key_kind(d.to_key), _parseltongue.pt_type_class(_parseltongue.pt_key_type(d.to_key)),
							_parseltongue.pt_language_family(@extschema@.pt_key_language(d.to_key))) AS r (kind, class, family)
			WHERE _parseltongue.pt_reference_name(d.to_key) = ANY ($2) AND (d.confidence IS NULL OR d.confidence = 1)
			  AND d.reference_key IS NULL AND ($3 IS NULL OR d.edge_type = ANY ($3))
		)
		SELECT p.* FROM (
		SELECT c.from_key, d.reference_key, 'guess'::text, c.confidence, c.source_location, w.key
		FROM wanted AS w, @extschema@.pt_callers(w.key, edge_types => $3, min_confidence => 0, missing_ok => true, graph => $5) AS c
		LEFT JOIN %1$s AS d ON d.from_key = c.from_key AND d.to_key = c.to_key AND d.edge_type = c.edge_type
		WHERE c.confidence < $4::float8
		UNION ALL
		SELECT r.from_key, r.to_key, r.kind, NULL::float8, r.source_location, w.key
		FROM wanted AS w JOIN reference AS r USING (name)
		WHERE (r.family = '' OR w.family = '' OR r.family = w.family) AND _parseltongue.pt_class_fits(r.wanted, w.class) AND r.from_key <> w.key
		  -- what was resolved is followed, or it is listed as a guess
		  AND NOT EXISTS (
			SELECT FROM %1$s AS g
			WHERE g.from_key = r.from_key AND g.reference_key = r.to_key AND g.edge_type = (_parseltongue.pt_types(ARRAY[r.edge_type]))[1]
			  AND (g.to_key = w.key OR g.confidence >= $4))
		) AS p (from_key, reference_key, why, confidence, source_location, key)
		ORDER BY p.key COLLATE "C", p.confidence DESC NULLS LAST, p.from_key COLLATE "C", p.reference_key COLLATE "C", p.why COLLATE "C", p.source_location COLLATE "C"$query$, tables.edges, tables.entities)
		USING keys, names, edge_types, trusted, coalesce(graph, tables.edges);
END $$;
COMMENT ON FUNCTION @extschema@.pt_possible_callers(text[], text[], float8, boolean, regclass) IS
'References that may mean one of keys (key) and that walks do not follow. why: guess, which is trusted too little; unresolved, external or import, a placeholder of that name in a language that fits, for which nothing is trusted. confidence: of a guess. Errors: 42704 no such key unless missing_ok, 42809 not a codebase, 22023 bad argument. Reads all edges, but for pt_enable_possible_callers.';

CREATE FUNCTION @extschema@.pt_possible_callers_summary(
	keys text[],
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL
) RETURNS TABLE (why text, count bigint, sources bigint)
LANGUAGE sql STABLE PARALLEL RESTRICTED COST 100000 ROWS 4
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT w.why, count(p.from_key), count(DISTINCT p.from_key)
	FROM unnest('{guess,unresolved,external,import}'::text[]) WITH ORDINALITY AS w (why, n)
	LEFT JOIN @extschema@.pt_possible_callers(keys, edge_types, min_confidence, missing_ok, graph) AS p USING (why)
	GROUP BY w.why, w.n ORDER BY w.n
$$;
COMMENT ON FUNCTION @extschema@.pt_possible_callers_summary(text[], text[], float8, boolean, regclass) IS
'How many references pt_possible_callers finds, and from how many keys, a row for each reason, also where there are none. Arguments, errors and cost as of pt_possible_callers.';

CREATE FUNCTION @extschema@.pt_enable_possible_callers(graph regclass DEFAULT NULL) RETURNS regclass
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
	edges CONSTANT regclass := (_parseltongue.pt_graph_tables(graph)).edges;
	made regclass;
BEGIN
	EXECUTE format('CREATE INDEX IF NOT EXISTS pt_edge_reference_name ON %s USING hash (_parseltongue.pt_reference_name(to_key))', edges);
	SELECT c.oid INTO made FROM pg_class AS c JOIN pg_index ON indexrelid = c.oid
	WHERE relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = edges) AND relname = 'pt_edge_reference_name' AND indrelid = edges AND indisvalid;
	IF made IS NULL THEN
		RAISE EXCEPTION 'relation "pt_edge_reference_name" is in the way of the index of that name on "%"', edges USING
			ERRCODE = 'duplicate_table', HINT = 'Drop or rename it, and call pt_enable_possible_callers again.';
	END IF;
	EXECUTE format('ANALYZE %s', edges);
	RETURN made;
END $$;
COMMENT ON FUNCTION @extschema@.pt_enable_possible_callers(regclass) IS
'Make pt_possible_callers and pt_context fast on a codebase: create an index on the names that its edges refer to, if it is not there, and ANALYZE. Returns the index. Errors: 42501 not the owner of the table, 42P07 another relation has such a name, 42809 not a codebase. Locks out writers; O(n).';
