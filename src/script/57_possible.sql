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
	keys := _parseltongue.pt_respell(keys, tables.edges);
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

-- Of one language a file that was not read may have any name in it.
CREATE FUNCTION _parseltongue.pt_unread(keys text[], graph regclass DEFAULT NULL, OUT files bigint, OUT as_of timestamptz)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 10000
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
	tables CONSTANT record := _parseltongue.pt_graph_tables(graph);
	left_out CONSTANT regclass := _parseltongue.pt_codebase_table(tables.edges, 'pt_left_out');
BEGIN
	-- who may read the codebase need not be allowed to read this
	IF left_out IS NULL OR NOT has_table_privilege(left_out, 'SELECT') THEN
		RETURN;
	END IF;
	PERFORM _parseltongue.pt_require_columns(left_out, '{file_path,language,reason,indexed_at}'),
		_parseltongue.pt_require_columns(tables.entities, '{language}');
	EXECUTE format($query$
		WITH wanted AS MATERIALIZED (
			SELECT DISTINCT _parseltongue.pt_language_family(coalesce(e.language, @extschema@.pt_key_language(k))) AS family
			FROM unnest($1) AS k LEFT JOIN %s AS e ON e.key = k WHERE k IS NOT NULL
		)
		SELECT CASE WHEN count(*) > 0 THEN count(DISTINCT file_path) FILTER (WHERE reason IS NOT NULL AND language IS NOT NULL
					AND (_parseltongue.pt_language_family(language) IN (SELECT family FROM wanted) OR '' IN (SELECT family FROM wanted))) END,
			coalesce(max(indexed_at) FILTER (WHERE reason IS NULL), max(indexed_at))
		FROM %s$query$, tables.entities, left_out)
		INTO files, as_of USING keys;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_unread(text[], regclass) IS
'Internal: how many files in the languages of keys pt-index did not read, or not all of, and when that was; NULL where that is not known. O(files left out).';

CREATE FUNCTION @extschema@.pt_possible_callers_summary(
	keys text[],
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL
) RETURNS TABLE (why text, count bigint, sources bigint, as_of timestamptz)
LANGUAGE sql STABLE PARALLEL RESTRICTED COST 100000 ROWS 5
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT s.* FROM (
		SELECT w.why, count(p.from_key), count(DISTINCT p.from_key), NULL::timestamptz
		FROM unnest('{guess,unresolved,external,import}'::text[]) WITH ORDINALITY AS w (why, n)
		LEFT JOIN @extschema@.pt_possible_callers(keys, edge_types, min_confidence, missing_ok, graph) AS p USING (why)
		GROUP BY w.why, w.n ORDER BY w.n) AS s
	UNION ALL
	SELECT 'unread', u.files, NULL, u.as_of FROM _parseltongue.pt_unread(keys, graph) AS u
$$;
COMMENT ON FUNCTION @extschema@.pt_possible_callers_summary(text[], text[], float8, boolean, regclass) IS
'How many references pt_possible_callers finds, and from how many keys, a row for each reason, also where there are none. The last row, unread, counts files in the languages of keys that pt-index did not read, or not all of, as_of its last run; NULL if that is not known. Arguments, errors and cost as of pt_possible_callers.';

CREATE FUNCTION @extschema@.pt_impact_summary(
	keys text[],
	hops bigint DEFAULT 3,
	direction text DEFAULT 'in',
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	stop_at text[] DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL
) RETURNS TABLE (entities bigint, certain bigint, furthest integer, guesses bigint, unresolved bigint, external bigint, imports bigint, unread bigint, as_of timestamptz)
LANGUAGE sql STABLE PARALLEL RESTRICTED COST 100000 ROWS 1
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT i.*, p.*
	FROM (SELECT count(*), count(*) FILTER (WHERE r.certain), max(r.distance)
		  FROM @extschema@.pt_impact(keys, hops, direction, edge_types => edge_types, min_confidence => min_confidence, avoid => avoid, within => within,
									 stop_at => stop_at, missing_ok => missing_ok, graph => graph) AS r) AS i,
		 (SELECT max(s.count) FILTER (WHERE why = 'guess'), max(s.count) FILTER (WHERE why = 'unresolved'), max(s.count) FILTER (WHERE why = 'external'),
				 max(s.count) FILTER (WHERE why = 'import'), max(s.count) FILTER (WHERE why = 'unread'), max(s.as_of)
		  FROM @extschema@.pt_possible_callers_summary(keys, edge_types, min_confidence, missing_ok, graph) AS s) AS p
$$;
COMMENT ON FUNCTION @extschema@.pt_impact_summary(text[], bigint, text, text[], float8, text[], text[], text[], boolean, regclass) IS
'How much pt_impact finds (entities, of these certain, and how far away the last is), in one row with what may be missing: as pt_possible_callers_summary has it, guesses that are not trusted, unresolved, external and imports, references to one of these names, and unread files as_of the last run of pt-index. Errors as of pt_impact, 42809 not a codebase. O(edges touched), and what pt_possible_callers costs.';

CREATE FUNCTION @extschema@.pt_enable_possible_callers(graph regclass DEFAULT NULL) RETURNS regclass
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
	edges CONSTANT regclass := (_parseltongue.pt_graph_tables(graph)).edges;
	made regclass;
BEGIN
	PERFORM _parseltongue.pt_require_columns(edges, '{to_key,reference_key}');
	made := _parseltongue.pt_make_index('pt_edge_reference_name', edges, 'hash (_parseltongue.pt_reference_name(to_key)) WHERE reference_key IS NULL');
	EXECUTE format('ANALYZE %s', edges);
	RETURN made;
END $$;
COMMENT ON FUNCTION @extschema@.pt_enable_possible_callers(regclass) IS
'Make pt_possible_callers and pt_context fast on a codebase: create an index on the names that its edges refer to, if it is not there, and ANALYZE. Returns the index. Errors: 42501 not the owner of the table, 42P07 another relation has such a name, 42809 not a codebase. Locks out writers; O(n).';
