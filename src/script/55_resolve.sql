-- ---------------------------------------------------------------------------
-- Resolving references.
--
-- A parser that sees a call knows a name, not which of several functions it
-- means; it writes an edge to a placeholder. Here each such reference is
-- matched with the entities of its name, and what fits best is written beside
-- it as a guess: an edge of type "Calls (resolved)" from the same source to the
-- entity, with a confidence, the method, and the placeholder it stands for.
-- ---------------------------------------------------------------------------

CREATE FUNCTION _parseltongue.pt_type_class(type text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_type_class(text) IS
'What kind of thing an entity type is, for matching references: callable (fn, function, method, macro, test, ...), type (struct, class, enum, trait, interface, ...), module (mod, module, namespace, package), impl, or value: everything else, NULL too. In any case.';

CREATE FUNCTION _parseltongue.pt_language_family(language text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_language_family(text) IS
'The languages whose code calls each other''s by name: c for C, C++ and Objective-C, javascript for JavaScript and TypeScript; else the language under the first of its names, rust for rs, or, if it is not known, in lower case; an empty text for NULL.';

CREATE FUNCTION _parseltongue.pt_class_fits(wanted text, class text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1
AS $$
	SELECT CASE WHEN wanted OPERATOR(pg_catalog.=) 'any' THEN true
		WHEN wanted OPERATOR(pg_catalog.=) 'callable' THEN class OPERATOR(pg_catalog.=) 'callable' OR class OPERATOR(pg_catalog.=) 'type'
		ELSE class OPERATOR(pg_catalog.=) wanted END
$$;
COMMENT ON FUNCTION _parseltongue.pt_class_fits(text, text) IS
'Can a reference to something of the class wanted (of pt_type_class, or any) mean an entity of this class? What is called may be a type: its constructor.';

CREATE FUNCTION @extschema@.pt_resolve_references(
	graph regclass DEFAULT NULL,
	max_candidates bigint DEFAULT 25,
	alternatives boolean DEFAULT true,
	join_spellings boolean DEFAULT true,
	OUT reference_edges bigint,
	OUT resolved bigint,
	OUT ambiguous bigint,
	OUT unresolved bigint,
	OUT guesses_inserted bigint,
	OUT guesses_updated bigint,
	OUT guesses_unchanged bigint,
	OUT guesses_deleted bigint,
	OUT edges_joined bigint
)
AS 'MODULE_PATHNAME', 'pt_resolve_references_0_2' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000000
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
SET client_min_messages = warning
SET jit = off
SET enable_mergejoin = off
SET enable_nestloop = off
SET work_mem = '64MB';
COMMENT ON FUNCTION @extschema@.pt_resolve_references(regclass, bigint, boolean, boolean) IS
'Match edges to placeholders with entities of that name, and write what fits best as guesses: edges of type "Calls (resolved)" with confidence, method and reference_key; but of none whose meaning a fact of an index tells. Only differences are written. join_spellings: first, as pt_import does, a key of an edge that is another spelling of exactly one entity''s is replaced by that one; otherwise it stays, and is no candidate beside the entity. Returns counts. Errors: 22023 bad max_candidates, 42809 not a codebase, 53400 out of memory. O(edges log entities + guesses).';

CREATE FUNCTION _parseltongue.pt_resolve_pending(
	graph regclass,
	max_candidates bigint,
	alternatives boolean,
	OUT reference_edges bigint,
	OUT resolved bigint,
	OUT ambiguous bigint,
	OUT unresolved bigint,
	OUT guesses_inserted bigint,
	OUT guesses_updated bigint,
	OUT guesses_unchanged bigint,
	OUT guesses_deleted bigint,
	OUT edges_joined bigint
)
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
SET client_min_messages = warning
SET jit = off
SET enable_mergejoin = off
SET enable_seqscan = off
SET work_mem = '64MB';
COMMENT ON FUNCTION _parseltongue.pt_resolve_pending(regclass, bigint, boolean) IS
'Internal: what pt_resolve_references does, for the references that what is noted in pt_pending concerns. NULL, and nothing is written, but the notes are gone, if that does not suffice to tell.';

CREATE FUNCTION @extschema@.pt_resolve_changed(
	graph regclass DEFAULT NULL,
	max_candidates bigint DEFAULT 25,
	alternatives boolean DEFAULT true,
	OUT changed_files bigint,
	OUT everything boolean,
	OUT reference_edges bigint,
	OUT resolved bigint,
	OUT ambiguous bigint,
	OUT unresolved bigint,
	OUT guesses_inserted bigint,
	OUT guesses_updated bigint,
	OUT guesses_unchanged bigint,
	OUT guesses_deleted bigint
)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	max_files CONSTANT bigint := 500;
	edges CONSTANT regclass := (_parseltongue.pt_graph_tables(graph)).edges;
	entities CONSTANT regclass := (_parseltongue.pt_graph_tables(graph)).entities;
	pending CONSTANT regclass := _parseltongue.pt_codebase_table(edges, 'pt_pending');
BEGIN
	everything := pending IS NULL;
	IF NOT everything THEN
		PERFORM _parseltongue.pt_require_columns(pending, '{files,gone,gone_names,names,rebased,written_at,moved}'),
			_parseltongue.pt_require_columns(entities, '{entity_type,properties}');
		-- what is noted is seen to by one at a time
		EXECUTE format('LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE', edges);
		EXECUTE format('SELECT count(DISTINCT f), count(*) > count(files) OR count(DISTINCT f) > $1 FROM %s LEFT JOIN LATERAL unnest(files) AS f ON true', pending)
			INTO changed_files, everything USING max_files;
	END IF;
	IF NOT everything THEN
		SELECT r.reference_edges, r.resolved, r.ambiguous, r.unresolved, r.guesses_inserted, r.guesses_updated, r.guesses_unchanged, r.guesses_deleted
		INTO reference_edges, resolved, ambiguous, unresolved, guesses_inserted, guesses_updated, guesses_unchanged, guesses_deleted
		FROM _parseltongue.pt_resolve_pending(edges, max_candidates, alternatives) AS r;
		everything := reference_edges IS NULL;
	END IF;
	IF everything THEN
		SELECT r.reference_edges, r.resolved, r.ambiguous, r.unresolved, r.guesses_inserted, r.guesses_updated, r.guesses_unchanged, r.guesses_deleted
		INTO reference_edges, resolved, ambiguous, unresolved, guesses_inserted, guesses_updated, guesses_unchanged, guesses_deleted
		FROM @extschema@.pt_resolve_references(edges, max_candidates, alternatives) AS r;
	END IF;
END $$;
COMMENT ON FUNCTION @extschema@.pt_resolve_changed(regclass, bigint, boolean) IS
'Resolve again what may mean something else since pt_replace_file or pt-index replaced files, which pt_pending has: afterwards the guesses are those of pt_resolve_references, with the same arguments, if they were before, and if nothing else has written entities or references. everything: it was done by pt_resolve_references, as more than 500 files have changed, too many names may mean something else, edges have sources that are no entities, names lead too far to be followed, or the codebase is of an earlier version. Counts are of the references looked at. Errors: as of pt_resolve_references. Costs what is concerned, after pt_enable_updates; else both tables are read.';

CREATE FUNCTION @extschema@.pt_enable_updates(graph regclass DEFAULT NULL, imports boolean DEFAULT false) RETURNS SETOF regclass
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000 ROWS 4
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
	tables CONSTANT record := _parseltongue.pt_graph_tables(graph);
	wanted record;
BEGIN
	PERFORM _parseltongue.pt_require_columns(tables.entities, '{key,name,entity_type,language,file_path,properties}'),
		_parseltongue.pt_require_columns(tables.edges, '{from_key,to_key,edge_type,reference_key}');
	-- Names and paths may be longer than a btree takes.
	FOR wanted IN SELECT * FROM (VALUES
		('pt_entity_match_name', tables.entities, 'hash (_parseltongue.pt_entity_name(name, key, language))', true),
		('pt_entity_match_file', tables.entities, 'hash (_parseltongue.pt_entity_file(file_path, key))', true),
		('pt_entity_files', tables.entities, 'btree (hashtextextended(_parseltongue.pt_entity_file(file_path, key), 0)) WHERE entity_type = ''file''', true),
		('pt_entity_facts', tables.entities, 'btree ((true)) WHERE entity_type = ''file'' AND properties ->> ''facts'' = ''scip''', true),
		('pt_entity_type_parts', tables.entities, 'gin (_parseltongue.pt_type_parts(properties, language, key)) WITH (fastupdate = off) WHERE properties ?| ''{fields,opens,parameters,returns}''', true),
		('pt_edge_reference_parts', tables.edges, 'gin (_parseltongue.pt_reference_parts(to_key)) WITH (fastupdate = off) '
			'WHERE reference_key IS NULL AND _parseltongue.pt_reference_parts(to_key) IS NOT NULL', true),
		('pt_edge_bases', tables.edges, 'btree (from_key) WHERE edge_type = ANY (ARRAY[''Extends'', ''Implements'']) AND reference_key IS NULL', true),
		('pt_edge_base_parts', tables.edges, 'gin (array_append(_parseltongue.pt_reference_parts(to_key), _parseltongue.pt_reference_name(to_key))) WITH (fastupdate = off) '
			'WHERE edge_type = ANY (ARRAY[''Extends'', ''Implements'']) AND reference_key IS NULL AND _parseltongue.pt_reference_name(to_key) IS NOT NULL', true),
		('pt_edge_known_base', tables.edges, 'btree (to_key) WHERE edge_type = ANY (ARRAY[''Extends'', ''Implements'']) AND reference_key IS NULL AND _parseltongue.pt_reference_name(to_key) IS NULL', true),
		('pt_entity_spelling', tables.entities, 'btree (_parseltongue.pt_key_bucket(key))', true),
		('pt_edge_from_spelling', tables.edges, 'btree (_parseltongue.pt_key_bucket(from_key))', imports),
		('pt_edge_to_spelling', tables.edges, 'btree (_parseltongue.pt_key_bucket(to_key))', imports)
		) AS v (name, of, definition, is_wanted) WHERE is_wanted LOOP
		RETURN NEXT _parseltongue.pt_make_index(wanted.name, wanted.of, wanted.definition);
	END LOOP;
	EXECUTE format('ANALYZE %s', tables.entities);
	RETURN NEXT @extschema@.pt_enable_possible_callers(tables.edges);
END $$;
COMMENT ON FUNCTION @extschema@.pt_enable_updates(regclass, boolean) IS
'Make pt_replace_file and pt_resolve_changed fast on a codebase: create the indexes that they want, if they are not there, that of pt_enable_possible_callers among them, and ANALYZE. imports: also two on the edges that pt_import wants, for the few that a new entity may be joined with; they make writing edges slower. Returns the indexes. Errors: 42501 not the owner of the tables, 42P07 another relation has such a name, 42809 not a codebase. Locks out writers; O(n).';

CREATE FUNCTION @extschema@.pt_forget_resolutions(graph regclass DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	edges CONSTANT regclass := (_parseltongue.pt_graph_tables(graph)).edges;
	pending CONSTANT regclass := _parseltongue.pt_codebase_table(edges, 'pt_pending');
	deleted bigint;
BEGIN
	PERFORM _parseltongue.pt_require_columns(edges, '{confidence,reference_key}');
	EXECUTE format('DELETE FROM %s WHERE confidence IS NOT NULL AND reference_key IS NOT NULL', edges);
	GET DIAGNOSTICS deleted = ROW_COUNT;
	-- so pt_resolve_changed has everything to do
	IF deleted > 0 AND has_table_privilege(pending, 'INSERT') THEN
		EXECUTE format('INSERT INTO %s (files) VALUES (NULL)', pending);
	END IF;
	RETURN deleted;
END $$;
COMMENT ON FUNCTION @extschema@.pt_forget_resolutions(regclass) IS
'Undo pt_resolve_references: delete the guesses it has written, and nothing else. Returns their number. Errors: 42809 the graph has no entities, 42703 the edge table lacks a column. Reads the whole edge table.';
