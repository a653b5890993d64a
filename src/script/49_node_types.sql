
-- ---------------------------------------------------------------------------
-- Functions of text keys and nodes, for other types of them.
--
-- Functions on code come a second time for keys that are integers or uuids,
-- which stand for their text form. A polymorphic argument never wins over text,
-- so untyped literals and parameters go on meaning text. Two keys may be integers
-- of different widths, as drivers send them.
--
-- Functions on any graph answer in the type that they were asked in, so there
-- is one for each: text, uuid, and bigint for integers of any width. An untyped
-- list is one of text: it prefers the signature that takes text, and is read as
-- an array there.
-- ---------------------------------------------------------------------------

DO $node_types$
DECLARE
	path CONSTANT text := pg_catalog.current_setting('search_path');
	original regprocedure;
	definition text;
	wanted text;
BEGIN
	PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
	FOR original IN
		SELECT oid FROM pg_proc
		WHERE pronamespace = '@extschema@'::regnamespace AND proargtypes[0] = 'text'::regtype AND proname = ANY (
			'{pt_blast_radius,pt_blast_radius_summary,pt_blast_radius_count,pt_callers,pt_callees,pt_path,pt_paths,pt_subgraph,pt_tree}')
		ORDER BY oid
	LOOP
		definition := regexp_replace(pg_get_functiondef(original), '\mkey text', 'key anynonarray');
		definition := regexp_replace(definition, 'start_key text, end_key text', 'start_key anycompatiblenonarray, end_key anycompatiblenonarray');
		EXECUTE definition;
		EXECUTE format('COMMENT ON FUNCTION %s IS %L', regexp_replace(regexp_replace(original::text, '\(text,text,', '(anycompatiblenonarray,anycompatiblenonarray,'),
			'\(text,', '(anynonarray,'), 'As for keys of type text: an integer or a uuid stands for its text form.');
	END LOOP;
	FOR original, wanted IN
		SELECT p.oid, t.wanted FROM pg_proc AS p, (VALUES (1, 'bigint'), (2, 'uuid')) AS t (n, wanted)
		WHERE pronamespace = '@extschema@'::regnamespace AND (proname, proargtypes[1]) IN (
			('pt_bfs', 'text'::regtype), ('pt_multi_source_bfs', 'text[]'::regtype))
		ORDER BY p.oid, n
	LOOP
		definition := pg_get_functiondef(original);
		definition := regexp_replace(definition, '\m(starts?) text', '\1 ' || wanted);
		definition := regexp_replace(definition, '\m(node|parent) text', '\1 ' || wanted, 'g');
		EXECUTE definition;
		EXECUTE format('COMMENT ON FUNCTION %s IS %L', regexp_replace(original::text, '(\(regclass,)text', '\1' || wanted),
			'As for nodes of type text.');
	END LOOP;
	EXECUTE regexp_replace(pg_get_functiondef('@extschema@.pt_multi_source_bfs(regclass, text[], bigint, text, text[], float8, bigint, boolean)'::regprocedure),
		'\mstarts text\[\]', 'starts text');
	COMMENT ON FUNCTION @extschema@.pt_multi_source_bfs(regclass, text, bigint, text, text[], float8, bigint, boolean) IS
		'As for an array of text: for untyped literals and parameters that hold one.';
	PERFORM set_config('search_path', path, true);
END $node_types$;
