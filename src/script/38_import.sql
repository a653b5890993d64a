
-- ---------------------------------------------------------------------------
-- Exports come in: the calls.
-- ---------------------------------------------------------------------------

CREATE FUNCTION _parseltongue.pt_import_sum(a _parseltongue.pt_import_counts, b _parseltongue.pt_import_counts)
RETURNS _parseltongue.pt_import_counts
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 5
RETURN ROW((a).inserted + (b).inserted, (a).updated + (b).updated, (a).unchanged + (b).unchanged,
		   (a).deleted + (b).deleted, (a).rejected + (b).rejected, (a).joined + (b).joined, NULL)::_parseltongue.pt_import_counts;
COMMENT ON FUNCTION _parseltongue.pt_import_sum(_parseltongue.pt_import_counts, _parseltongue.pt_import_counts) IS
'Internal: both counts together.';

CREATE FUNCTION _parseltongue.pt_import_run(
	document jsonb, staged boolean, root text, dependency_type text, join_spellings boolean, graph regclass,
	OUT import_id bigint, OUT entities _parseltongue.pt_import_counts, OUT edges _parseltongue.pt_import_counts
)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
SET plan_cache_mode = force_generic_plan
SET enable_memoize = off
SET jit = off
AS $$
DECLARE
	job _parseltongue.pt_import_job;
	parts _parseltongue.pt_import_part[];
	part _parseltongue.pt_import_part;
	counts _parseltongue.pt_import_counts;
	accepted bigint := 0;
	rejected bigint := 0;
	reasons text;
BEGIN
	IF document IS NULL THEN
		RAISE EXCEPTION 'document must not be NULL' USING ERRCODE = 'null_value_not_allowed';
	END IF;
	-- Read from its table once: each function that looks at it would do so again.
	document := document #> '{}';
	SELECT NULL, t.entities, t.edges, staged, nullif(rtrim(root, '/'), '') || '/', dependency_type, coalesce(join_spellings, true)
	INTO job FROM _parseltongue.pt_graph_tables(graph) AS t;
	PERFORM _parseltongue.pt_require_columns(job.edges,
			'{from_key,to_key,edge_type,source_location,confidence,method,reference_key}'),
		_parseltongue.pt_require_columns(job.entities, '{name,entity_type,entity_class,language,file_path,
			line_start,line_end,signature,code,properties,updated_at}');
	parts := ARRAY(SELECT p FROM _parseltongue.pt_import_shape(document, staged) AS p);
	job.import_id := nextval('@extschema@.pt_import_id');
	import_id := job.import_id;
	entities := ROW(0, 0, 0, 0, 0, 0, NULL);
	edges := ROW(0, 0, 0, 0, 0, 0, NULL);

	-- Deletions come before the rest, so a document with deletions takes its rows
	-- in no single order: it keeps other writers away instead.
	PERFORM _parseltongue.pt_lock_tables(job.entities, job.edges,
			CASE WHEN bool_or(kind = 'entity' AND doomed) THEN 'SHARE ROW EXCLUSIVE' WHEN bool_or(kind = 'entity') THEN 'ROW EXCLUSIVE' END,
			CASE WHEN bool_or(kind = 'edge' AND doomed) THEN 'SHARE ROW EXCLUSIVE' WHEN bool_or(kind = 'edge') OR job.join_spellings THEN 'ROW EXCLUSIVE' END)
	FROM unnest(parts) AS p;

	FOREACH part IN ARRAY parts LOOP
		IF part.kind = 'entity' THEN
			counts := _parseltongue.pt_import_entities(document, part, job);
			IF job.join_spellings AND counts.inserted > 0 THEN
				counts.joined := _parseltongue.pt_join_new_entities(job.edges, job.entities,
					CASE WHEN counts.inserted = cardinality(counts.new_keys) THEN counts.new_keys END);
			END IF;
			entities := _parseltongue.pt_import_sum(entities, counts);
		ELSE
			counts := _parseltongue.pt_import_edges(document, part, job);
			edges := _parseltongue.pt_import_sum(edges, counts);
		END IF;
		rejected := rejected + counts.rejected;
		accepted := accepted + counts.inserted + counts.updated + counts.unchanged;
		-- A row that deletes is good even if there was nothing to delete.
		IF part.doomed THEN
			accepted := accepted - counts.rejected
				+ (SELECT count(*) FROM _parseltongue.pt_import_elements(document, staged, part.path));
		END IF;
	END LOOP;

	IF accepted = 0 AND rejected > 0 THEN
		-- They go with the error, so it names the first. One may be allowed to write there only.
		IF has_table_privilege('@extschema@.pt_import_rejection', 'SELECT') THEN
			SELECT string_agg(format('%s: %s', place, reason), '; ' ORDER BY n) INTO reasons
			FROM (SELECT r.position, r.reason, row_number() OVER (ORDER BY r.kind DESC, length(r.position), r.position COLLATE "C")
				  FROM @extschema@.pt_import_rejection AS r WHERE r.import_id = job.import_id) AS r (place, reason, n)
			WHERE n <= 3;
		END IF;
		RAISE EXCEPTION 'no row of the document can be imported' USING
			ERRCODE = 'invalid_parameter_value', DETAIL = format('Rows that were rejected: %s. %s', rejected, reasons);
	END IF;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_import_run(jsonb, boolean, text, text, boolean, regclass) IS
'Internal: what pt_import does, without defaults. staged: as in pt_import_elements. Errors: as pt_import.';

CREATE FUNCTION @extschema@.pt_import(
	document jsonb,
	root text DEFAULT NULL,
	dependency_type text DEFAULT 'Uses',
	join_spellings boolean DEFAULT true,
	graph regclass DEFAULT NULL,
	OUT import_id bigint,
	OUT entities_inserted bigint, OUT entities_updated bigint, OUT entities_unchanged bigint,
	OUT entities_deleted bigint, OUT entities_rejected bigint,
	OUT edges_inserted bigint, OUT edges_updated bigint, OUT edges_unchanged bigint,
	OUT edges_deleted bigint, OUT edges_rejected bigint, OUT edges_joined bigint
)
LANGUAGE sql VOLATILE PARALLEL UNSAFE COST 10000
SET plan_cache_mode = force_generic_plan
BEGIN ATOMIC
	SELECT import_id, (entities).inserted, (entities).updated, (entities).unchanged, (entities).deleted, (entities).rejected,
		   (edges).inserted, (edges).updated, (edges).unchanged, (edges).deleted, (edges).rejected, (entities).joined + (edges).joined
	FROM _parseltongue.pt_import_run(document, false, root, dependency_type, join_spellings, graph);
END;
COMMENT ON FUNCTION @extschema@.pt_import(jsonb, text, text, boolean, regclass) IS
'Import an export of Parseltongue: an array of entities and edges, an object with "entities" or "edges", a graph with "nodes" and "edges" or "links", or CozoDB''s relations CodeGraph and DependencyEdges (with a leading "-": rows to delete), each alone or as "data". root: a folder to take off the front of file paths, from which ./ goes in any case. dependency_type: the type of the edges made of forward_deps and reverse_deps, NULL for none. join_spellings: a key of an edge that is no entity''s, but another spelling of exactly one entity''s, is replaced by that one, in the document and, if it brings new entities, in the table; edges_joined counts these edges. graph: the codebase, by its pt_edge; NULL for pt_default_graph(). A relation''s row replaces the entity''s columns, an object changes the fields it has; of a repeated key the last wins; what is the same is not written. An edge without a confidence is a fact, and so is what was a guess before it; a guess takes the place of no fact; guesses of pt_resolve_references are not deleted. Rows are written in key order; a document with deletions locks out other writers. Rejected rows go to pt_import_rejection under import_id. Errors: 22023 unknown shape, or all rows are rejected, 22004 NULL, 42809 the graph is no codebase, 42703 a table of it lacks a column. O(n log n).';

CREATE FUNCTION _parseltongue.pt_import_staged(
	document jsonb, root text, dependency_type text, join_spellings boolean, graph regclass,
	OUT import_id bigint,
	OUT entities_inserted bigint, OUT entities_updated bigint, OUT entities_unchanged bigint,
	OUT entities_deleted bigint, OUT entities_rejected bigint,
	OUT edges_inserted bigint, OUT edges_updated bigint, OUT edges_unchanged bigint,
	OUT edges_deleted bigint, OUT edges_rejected bigint, OUT edges_joined bigint
)
LANGUAGE sql VOLATILE PARALLEL UNSAFE COST 10000
SET plan_cache_mode = force_generic_plan
BEGIN ATOMIC
	SELECT import_id, (entities).inserted, (entities).updated, (entities).unchanged, (entities).deleted, (entities).rejected,
		   (edges).inserted, (edges).updated, (edges).unchanged, (edges).deleted, (edges).rejected, (entities).joined + (edges).joined
	FROM _parseltongue.pt_import_run(document, true, root, dependency_type, join_spellings, graph);
END;
COMMENT ON FUNCTION _parseltongue.pt_import_staged(jsonb, text, text, boolean, regclass) IS
'What pt_import does, for a document whose long arrays were loaded into a table first, as tools/pt-import does it. document: the export with each such array holding but the number of its section in the table that pt_import_stage made. The rest as in pt_import, without defaults. Memory does not grow with the table. Errors: as pt_import, 42P01 there is no such table. O(n log n).';
