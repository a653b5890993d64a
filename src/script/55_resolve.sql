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
	max_candidates integer DEFAULT 25,
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
COMMENT ON FUNCTION @extschema@.pt_resolve_references(regclass, integer, boolean, boolean) IS
'Match edges to placeholders with entities of that name, and write what fits best as guesses: edges of type "Calls (resolved)" with confidence, method and reference_key; but of none whose meaning a fact of an index tells. Only differences are written. join_spellings: first, as pt_import does, a key of an edge that is another spelling of exactly one entity''s is replaced by that one; otherwise it stays, and is no candidate beside the entity. Returns counts. Errors: 22023 bad max_candidates, 42809 not a codebase, 53400 out of memory. O(edges log entities + guesses).';

CREATE FUNCTION @extschema@.pt_forget_resolutions(graph regclass DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	edges CONSTANT regclass := (_parseltongue.pt_graph_tables(graph)).edges;
	deleted bigint;
BEGIN
	PERFORM _parseltongue.pt_require_columns(edges, '{confidence,reference_key}');
	EXECUTE format('DELETE FROM %s WHERE confidence IS NOT NULL AND reference_key IS NOT NULL', edges);
	GET DIAGNOSTICS deleted = ROW_COUNT;
	RETURN deleted;
END $$;
COMMENT ON FUNCTION @extschema@.pt_forget_resolutions(regclass) IS
'Undo pt_resolve_references: delete the guesses it has written, and nothing else. Returns their number. Errors: 42809 the graph has no entities, 42703 the edge table lacks a column. Reads the whole edge table.';
