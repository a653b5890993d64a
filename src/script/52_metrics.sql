-- ---------------------------------------------------------------------------
-- Metrics of code, and rules about what may depend on what.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_coupling(
	graph regclass DEFAULT NULL,
	group_by text DEFAULT NULL,
	placeholders boolean DEFAULT false,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL
) RETURNS TABLE (node text, cbo bigint, lcom float8, rfc bigint, wmc bigint, afferent bigint, efferent bigint, instability float8, grade text)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 1000
SUPPORT _parseltongue.pt_network_rows;
COMMENT ON FUNCTION @extschema@.pt_coupling(regclass, text, boolean, text[], float8, text[], text[]) IS
'How strongly each node, or with group_by each file or folder, is tied to others: neighbours either way (cbo), pairs of ends without a common end (lcom, 0 to 1), ends and their ends (rfc), outgoing edges (wmc); neighbours that depend on it (afferent), that it depends on (efferent), and the part of these (instability); grade, A to F. placeholders: with keys that stand for what is not part of the code. Entities and errors as of pt_components, 22023 bad argument, 42804 nodes have no files. O(ends of ends).';

CREATE FUNCTION @extschema@.pt_technical_debt(
	graph regclass DEFAULT NULL,
	group_by text DEFAULT NULL,
	placeholders boolean DEFAULT false,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL
) RETURNS TABLE (node text, hours bigint, level text, cbo bigint, lcom float8, wmc bigint)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 1000
SUPPORT _parseltongue.pt_network_rows;
COMMENT ON FUNCTION @extschema@.pt_technical_debt(regclass, text, boolean, text[], float8, text[], text[]) IS
'What it would cost to untie each node, or with group_by each file or folder, most first: 4 hours for a cbo of more than 10, 8 for an lcom of more than 0.8, 2 for a wmc of more than 15. level: LOW up to 4 hours, MEDIUM up to 8, else HIGH. Otherwise as pt_coupling.';

CREATE FUNCTION @extschema@.pt_forbidden(
	rules text,
	placeholders boolean DEFAULT false,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	graph regclass DEFAULT NULL
) RETURNS TABLE (rule text, violation bigint, step integer, from_key text, to_key text)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 100;
COMMENT ON FUNCTION @extschema@.pt_forbidden(text, boolean, text[], float8, text[], text[], regclass) IS
'What depends on something that it may not depend on. rules: one a line, "src/kernel/ -> src/function/" for edges, ->> for ways of any length, several patterns of paths with commas, exceptions behind !, comments behind #. A row for each edge that breaks a rule; of ->> for each edge of one shortest way from each key that gets to the other side through keys of neither. placeholders: look at keys, too, that stand for what is not part of the code. Errors: 42601 malformed rule, 22004 NULL, others as of pt_components. O(edges) a rule.';

CREATE FUNCTION @extschema@.pt_entropy(
	graph regclass DEFAULT NULL,
	placeholders boolean DEFAULT false,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL
) RETURNS TABLE (node text, entropy float8, level text, edges bigint, types bigint)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 1000000 ROWS 1000 SUPPORT _parseltongue.pt_network_rows
SET search_path = pg_catalog, pg_temp
SET jit = off
SET enable_nestloop = off
AS $$
#variable_conflict use_column
DECLARE
	plain record := _parseltongue.pt_graph_columns(graph);
BEGIN
	-- Which nodes there are, and what is refused, is as for degrees. A guess has the type of
	-- the edge it was made from.
	RETURN QUERY EXECUTE format($query$
		WITH n (node, place) AS MATERIALIZED (
			SELECT node, ordinality FROM @extschema@.pt_degree($1, $2, $3, $4, $5) WITH ORDINALITY
			WHERE $6 OR @extschema@.pt_key_kind(node) IN ('local', 'file')
		), e (source, target, type, is_guess) AS NOT MATERIALIZED (
			SELECT %2$s::text, %3$s::text, %4$s::text, %5$s < 1 IS TRUE FROM %1$s
			WHERE %2$s IS NOT NULL AND %3$s IS NOT NULL AND (%5$s IS NULL OR %5$s >= $7)
		), t (node, edges) AS (
			SELECT source, count(*)
			FROM e JOIN n AS s ON s.node = source JOIN n AS o ON o.node = target
			WHERE $2 IS NULL OR type = ANY ($2) OR is_guess AND type = ANY ($8)
			GROUP BY source, CASE WHEN is_guess THEN regexp_replace(type, ' \(resolved\)$', '') ELSE type END
		), h (node, entropy, edges, types) AS (
			SELECT node, 0 - sum(p * ln(p) / ln(2::float8) ORDER BY p), sum(edges)::bigint, count(*)
			FROM (SELECT node, edges, edges::float8 / (sum(edges) OVER (PARTITION BY node))::float8 AS p FROM t) AS parts
			GROUP BY node
		)
		SELECT n.node, s.entropy, CASE WHEN s.entropy < 1 THEN 'LOW' WHEN s.entropy < 1.4 THEN 'MODERATE' ELSE 'HIGH' END,
			coalesce(h.edges, 0), coalesce(h.types, 0)
		FROM n LEFT JOIN h ON h.node = n.node, LATERAL (SELECT coalesce(h.entropy, 0)) AS s (entropy)
		ORDER BY n.place$query$,
		plain.edges, plain.source, plain.target, coalesce(plain.label, 'NULL'), coalesce(plain.confidence, 'NULL::numeric'))
	USING graph, edge_types, min_confidence, avoid, within, placeholders IS TRUE,
		_parseltongue.pt_trusted(min_confidence), _parseltongue.pt_types(edge_types);
END $$;
COMMENT ON FUNCTION @extschema@.pt_entropy(regclass, boolean, text[], float8, text[], text[]) IS
'How mixed the types of each node''s outgoing edges are: Shannon''s entropy in bits, 0 for a single type or no edge. level: LOW below 1, MODERATE below 1.4, else HIGH. edges: how many; types: of how many types. Parallel edges and those from a node to itself count each. placeholders: with edges to keys that stand for what is not part of the code, and these keys. Entities and errors as of pt_components. O(edges + n log n).';

CREATE FUNCTION _parseltongue.pt_folder(path text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_folder(text) IS
'Internal: the folder of a path in its normal form: src of src/main.rs, . of main.rs; . and a root have themselves. O(length).';

CREATE FUNCTION @extschema@.pt_folder_tree(
	graph regclass DEFAULT NULL
) RETURNS TABLE (path text, parent text, depth integer, files bigint, entities bigint, tests bigint, own_files bigint, own_entities bigint)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 1000000 ROWS 100
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	tables record := _parseltongue.pt_graph_tables(graph);
BEGIN
	PERFORM _parseltongue.pt_require_columns(tables.entities, '{file_path,entity_type,entity_class}');
	-- What each file has counts for its folder, and for each one above.
	RETURN QUERY EXECUTE format($query$
		WITH RECURSIVE file (path, entities, tests) AS (
			SELECT path COLLATE "C", count(*), count(*) FILTER (WHERE is_test)
			FROM %1$s, LATERAL (SELECT _parseltongue.pt_normal_path(@extschema@.pt_key_path(key))) AS k (in_key),
				LATERAL (SELECT coalesce(nullif(_parseltongue.pt_normal_path(file_path), ''), CASE WHEN in_key ~ '[./]' THEN in_key END),
					@extschema@.pt_is_test(entity_class, entity_type, file_path)) AS p (path, is_test)
			WHERE path IS NOT NULL GROUP BY 1
		), own (path, files, entities, tests) AS (
			SELECT _parseltongue.pt_folder(path) COLLATE "C", count(*), sum(entities), sum(tests) FROM file GROUP BY 1
		), up (path, at, files, entities, tests) AS (
			SELECT path, path, files, entities, tests FROM own
			UNION ALL
			SELECT path, _parseltongue.pt_folder(at) COLLATE "C", files, entities, tests FROM up WHERE at <> _parseltongue.pt_folder(at)
		), whole (path, files, entities, tests) AS (
			SELECT at, sum(files), sum(entities), sum(tests) FROM up GROUP BY at
		)
		SELECT w.path::text, nullif(_parseltongue.pt_folder(w.path), w.path)::text,
			CASE WHEN w.path = _parseltongue.pt_folder(w.path) THEN 0 ELSE length(w.path) - length(replace(w.path, '/', '')) + (w.path !~ '^(/|[A-Z]:/)')::integer END,
			w.files::bigint, w.entities::bigint, w.tests::bigint, coalesce(o.files, 0)::bigint, coalesce(o.entities, 0)::bigint
		FROM whole AS w LEFT JOIN own AS o ON o.path = w.path
		ORDER BY w.path <> _parseltongue.pt_folder(w.path), string_to_array(w.path, '/') COLLATE "C"$query$,
		tables.entities);
END $$;
COMMENT ON FUNCTION @extschema@.pt_folder_tree(regclass) IS
'The folders that a codebase''s entities are in, and those above, each before what is in it: how many files with entities, entities, and tests among these are in it and below; own_files, own_entities: in it itself. "." is where relative paths begin. Entities whose file is not known are left out. Errors: 42809 not a codebase, 42703 a column is missing. O(entities).';
