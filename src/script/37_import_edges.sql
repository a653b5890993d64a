
-- ---------------------------------------------------------------------------
-- Exports come in: edges.
-- ---------------------------------------------------------------------------

CREATE FUNCTION _parseltongue.pt_import_dependencies(raw jsonb)
RETURNS TABLE (field text, dep_ord bigint, dep jsonb, from_key jsonb, to_key jsonb)
LANGUAGE sql STABLE PARALLEL SAFE COST 10 ROWS 10
BEGIN ATOMIC
	-- An entity whose key is too long is rejected as it is.
	SELECT f, d.o - 1, d.v,
		   CASE f WHEN 'forward_deps' THEN to_jsonb(k) ELSE d.v END,
		   CASE f WHEN 'forward_deps' THEN d.v ELSE to_jsonb(k) END
	FROM (SELECT coalesce(raw ->> 'ISGL1_key', raw ->> 'isgl1_key', raw ->> 'key') OFFSET 0) AS k (k),
		 LATERAL (VALUES ('forward_deps', raw -> 'forward_deps'), ('reverse_deps', raw -> 'reverse_deps')) AS a (f, l),
		 jsonb_array_elements(CASE WHEN jsonb_typeof(l) = 'array' THEN l END) WITH ORDINALITY AS d (v, o)
	WHERE k <> '' AND octet_length(k) <= _parseltongue.pt_max_key_bytes();
END;
COMMENT ON FUNCTION _parseltongue.pt_import_dependencies(jsonb) IS
'Internal: the elements (dep) of an entity''s arrays forward_deps and reverse_deps (field) and the edges that they mean. dep_ord: place in the array, from 0.';

CREATE FUNCTION _parseltongue.pt_import_end(value jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 2
RETURN CASE jsonb_typeof(value) WHEN 'null' THEN NULL WHEN 'number' THEN to_jsonb(value #>> '{}') ELSE value END;
COMMENT ON FUNCTION _parseltongue.pt_import_end(jsonb) IS
'Internal: the key of a node that an edge names, which may be a number in graphs of other tools; NULL for a JSON null.';

-- The rows of the parts are read and judged by one query, which pt_import_edges
-- runs: $1 is the document, call has the part and the job.
CREATE FUNCTION _parseltongue.pt_import_stated_edges(part _parseltongue.pt_import_part) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 100
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	-- The fields of an element, found once: a relation's are where its headers are,
	-- an object's may have the names that graphs of other tools have for them.
	fields CONSTANT text := (
		SELECT string_agg(CASE WHEN part.headers IS NOT NULL THEN format('raw -> %L::integer', array_position(part.headers, f) - 1)
							   WHEN names IS NOT NULL THEN names
							   ELSE format('raw -> %L', f) END,
						  ', ' ORDER BY n)
		FROM (VALUES
			(1, 'from_key', $f$coalesce(nullif(raw -> 'from_key', 'null'), _parseltongue.pt_import_end(raw -> 'source'),
				_parseltongue.pt_import_end(raw -> 'from'))$f$),
			(2, 'to_key', $f$coalesce(nullif(raw -> 'to_key', 'null'), _parseltongue.pt_import_end(raw -> 'target'),
				_parseltongue.pt_import_end(raw -> 'to'))$f$),
			(3, 'edge_type', $f$coalesce(nullif(raw -> 'edge_type', 'null'), nullif(raw -> 'type', 'null'), nullif(raw -> 'kind', 'null'),
				nullif(raw -> 'relation', 'null'), 'null')$f$),
			(4, 'source_location', NULL), (5, 'confidence', NULL), (6, 'method', NULL), (7, 'reference_key', NULL)) AS u (n, f, names));
BEGIN
	-- f, t, y, l, c, m, r: the fields. Those of the dependency arrays come first: an
	-- edge of its own may have a location, and the last one wins; but a guess, of
	-- source -1, wins over no fact. A guess stays one if it is rounded. What is to
	-- be deleted may be any edge that a table has.
	RETURN format($q$
		SELECT CASE WHEN number < 1 THEN -1 ELSE source END AS source, ord, field, dep_ord, from_key, to_key, edge_type,
			   _parseltongue.pt_import_relative(l #>> '{}', (job).prefix) AS location,
			   CASE WHEN number < 1 THEN greatest(0.01, least(0.99, round(number, 2))) ELSE number END AS confidence,
			   m #>> '{}' AS method, r #>> '{}' AS reference_key, reason,
			   CASE WHEN reason IS NOT NULL THEN coalesce(content, left(raw::text, 1000)) END AS content
		FROM call, (
			SELECT item.*, CASE
				WHEN fault IS NOT NULL THEN fault
				WHEN from_key IS NULL AND NOT (part).doomed THEN 'no from_key'
				WHEN to_key IS NULL AND NOT (part).doomed THEN 'no to_key'
				WHEN jsonb_typeof(f) <> 'string' THEN 'from_key is not a string'
				WHEN jsonb_typeof(t) <> 'string' THEN 'to_key is not a string'
				WHEN jsonb_typeof(y) <> 'string' AND ((part).doomed OR y <> 'null') THEN 'edge_type is not a string'
				WHEN (part).doomed THEN NULL
				WHEN jsonb_typeof(l) NOT IN ('string', 'null') THEN 'source_location is not a string'
				WHEN from_key = '' THEN 'from_key is empty'
				WHEN to_key = '' THEN 'to_key is empty'
				WHEN jsonb_typeof(c) NOT IN ('number', 'null') THEN 'confidence is not a number'
				WHEN number <= 0 OR number > 1 THEN 'confidence is not above 0 and at most 1'
				WHEN jsonb_typeof(m) NOT IN ('string', 'null') THEN 'method is not a string'
				WHEN jsonb_typeof(r) NOT IN ('string', 'null') THEN 'reference_key is not a string'
				WHEN r <> 'null' AND number IS NULL THEN 'reference_key without a confidence'
				WHEN octet_length(from_key) + octet_length(to_key) + octet_length(edge_type)
					> _parseltongue.pt_max_key_bytes() THEN
					format('from_key, to_key and edge_type have %%s bytes, more than %%s',
						   octet_length(from_key) + octet_length(to_key) + octet_length(edge_type),
						   _parseltongue.pt_max_key_bytes())
				END AS reason
			FROM call, (
				SELECT *, f #>> '{}' AS from_key, t #>> '{}' AS to_key, coalesce(y #>> '{}', 'Calls') AS edge_type,
					   CASE WHEN jsonb_typeof(c) = 'number' THEN (c #>> '{}')::numeric END AS number
				FROM (
					SELECT 0, e.ord, d.field, d.dep_ord, d.dep, NULL, NULL,
						   d.from_key, d.to_key, to_jsonb((job).dependency_type), NULL, NULL, NULL, NULL
					FROM call, _parseltongue.pt_import_elements($1, (job).staged, (part).entity_path) AS e,
						 _parseltongue.pt_import_dependencies(e.raw) AS d
					WHERE (part).entity_path IS NOT NULL AND (job).dependency_type IS NOT NULL
					UNION ALL
					SELECT 1, ord, NULL, NULL, raw,
						   coalesce(fault, _parseltongue.pt_import_misfit(raw, (part).headers)), content, %s
					FROM call, _parseltongue.pt_import_elements($1, (job).staged, (part).path)
					WHERE NOT (part).mixed OR jsonb_typeof(raw) = 'object' AND raw ?| '{from_key,to_key}'
				) AS item (source, ord, field, dep_ord, raw, fault, content, f, t, y, l, c, m, r)
				OFFSET 0
			) AS item
			OFFSET 0
		) AS item $q$, fields);
END $$;
COMMENT ON FUNCTION _parseltongue.pt_import_stated_edges(_parseltongue.pt_import_part) IS
'Internal: a query for the edges that a part states, and those of the dependency arrays of its entities, each with the reason why it is none, as pt_import_edges runs it.';

CREATE FUNCTION _parseltongue.pt_import_edges(document jsonb, part _parseltongue.pt_import_part,
	job _parseltongue.pt_import_job) RETURNS _parseltongue.pt_import_counts
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	stated CONSTANT text := _parseltongue.pt_import_stated_edges(part);
	-- The same under the entities' spelling of keys.
	judged CONSTANT text := CASE WHEN job.join_spellings THEN format($q$
		WITH stated AS MATERIALIZED (%s), spelling AS MATERIALIZED (%s)
		SELECT source, ord, field, dep_ord, coalesce(f.entity, from_key) AS from_key, coalesce(t.entity, to_key) AS to_key, edge_type,
			   location, confidence, method, reference_key, reason, content, f.entity IS NOT NULL OR t.entity IS NOT NULL AS joined
		FROM stated LEFT JOIN spelling AS f ON f.key = from_key LEFT JOIN spelling AS t ON t.key = to_key $q$,
		stated, _parseltongue.pt_spelling_query('SELECT from_key FROM stated WHERE reason IS NULL UNION ALL SELECT to_key FROM stated WHERE reason IS NULL',
											   job.entities))
		ELSE format('SELECT *, false AS joined FROM (%s) AS s', stated) END;
	identity CONSTANT text := 'from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C"';
	-- Some guesses stay: pt_resolve_references makes them and takes them back.
	deletion CONSTANT text := $q$
		DELETE FROM %s AS e USING last
		WHERE e.from_key = last.from_key AND e.to_key = last.to_key AND e.edge_type = last.edge_type
		  AND (coalesce(e.confidence, 1) = 1 OR e.reference_key IS NULL)
		RETURNING NULL::boolean AS is_new $q$;
	-- A fact takes a guess's place, a guess that of no fact.
	upsert CONSTANT text := $q$
		INSERT INTO %1$s AS e (from_key, to_key, edge_type, source_location, confidence, method, reference_key)
		SELECT from_key, to_key, edge_type, location, confidence, method, reference_key FROM last ORDER BY %2$s
		ON CONFLICT (from_key, to_key, edge_type) DO UPDATE SET
			(source_location, confidence, method, reference_key) = ROW(%3$s)
		WHERE (e.source_location, e.confidence, e.method, e.reference_key) IS DISTINCT FROM (%3$s)
		  AND (coalesce(EXCLUDED.confidence, 1) = 1 OR e.confidence < 1)
		RETURNING e.xmax = 0 AS is_new $q$;
	-- A relation's row is all there is to know; an object says what it has. What
	-- is known of a guess says nothing of a fact.
	merged CONSTANT text := CASE WHEN part.headers IS NULL THEN $q$
			coalesce(EXCLUDED.source_location,
					 CASE WHEN coalesce(e.confidence, 1) = 1 OR EXCLUDED.confidence < 1 THEN e.source_location END),
			EXCLUDED.confidence,
			coalesce(EXCLUDED.method,
					 CASE WHEN coalesce(e.confidence, 1) = 1 OR EXCLUDED.confidence < 1 THEN e.method END),
			coalesce(EXCLUDED.reference_key, CASE WHEN EXCLUDED.confidence < 1 THEN e.reference_key END) $q$
		ELSE 'EXCLUDED.source_location, EXCLUDED.confidence, EXCLUDED.method, EXCLUDED.reference_key' END;
	counts _parseltongue.pt_import_counts;
BEGIN
	-- One row, by a loop for its cursor, which has a generic plan.
	FOR counts IN EXECUTE _parseltongue.pt_import_statement(part, job, judged, identity,
		'from_key, to_key, edge_type, location, confidence, method, reference_key, joined',
		CASE WHEN part.doomed THEN format(deletion, job.edges) ELSE format(upsert, job.edges, identity, merged) END)
	USING document LOOP
		RETURN counts;
	END LOOP;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_import_edges(jsonb, _parseltongue.pt_import_part, _parseltongue.pt_import_job) IS
'Internal: write the edges of a part and of the dependency arrays of its entities, in key order, or delete those that its rows name, but for guesses of pt_resolve_references; without an edge_type, those of type Calls. O(n log n).';
