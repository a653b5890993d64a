
-- ---------------------------------------------------------------------------
-- Functions for other types of keys, nodes and documents.
--
-- Functions on code come a second time for keys that are integers or uuids,
-- which stand for their text form. A polymorphic argument never wins over text,
-- so untyped literals and parameters go on meaning text. Two keys may be integers
-- of different widths, as drivers send them.
--
-- Functions on any graph answer in the type that they were asked in, so there
-- is one for each: text, uuid, and bigint for integers of any width. An untyped
-- list is one of text: it prefers the signature that takes text, and is read as
-- an array there. pt_impact has one signature, and takes text[]: tools that make
-- an interface of functions leave out those that have several.
--
-- Pictures are drawn of edges between nodes of any type, with types of any type.
-- JSON comes as json or as text, too: an untyped literal prefers the latter.
--
-- Only functions of the extension are taken as models: in its schema others may
-- have made functions of these names, which nobody must make anew as his own. Nor
-- are those that the extension's owner has added to it, who need not be a superuser.
-- ---------------------------------------------------------------------------

DO $node_types$
DECLARE
	path CONSTANT text := pg_catalog.current_setting('search_path');
	original regprocedure;
	definition text;
	wanted text;
	comment text;
	members oid[];
BEGIN
	PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
	members := ARRAY(SELECT d.objid FROM pg_depend AS d JOIN pg_extension AS x ON x.oid = d.refobjid JOIN pg_proc AS p ON p.oid = d.objid
					 WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND x.extname = 'parseltongue'
					   AND (SELECT rolsuper FROM pg_roles AS r WHERE r.oid = p.proowner));
	FOR original IN
		SELECT oid FROM pg_proc
		WHERE pronamespace = '@extschema@'::regnamespace AND proargtypes[0] = 'text'::regtype AND proname = ANY (
			'{pt_blast_radius,pt_blast_radius_summary,pt_blast_radius_count,pt_callers,pt_callees,pt_path,pt_paths,pt_reachable,pt_dijkstra_path,pt_dijkstra_paths,pt_match,pt_match_path,pt_subgraph,pt_tree}')
			AND oid = ANY (members)
		ORDER BY oid
	LOOP
		definition := regexp_replace(pg_get_functiondef(original), '^([^(]+\((start_)?key) text(?!, end_key)', '\1 anynonarray');
		definition := regexp_replace(definition, 'start_key text, end_key text', 'start_key anycompatiblenonarray, end_key anycompatiblenonarray');
		EXECUTE definition;
		EXECUTE format('COMMENT ON FUNCTION %s IS %L', CASE WHEN definition LIKE '%end_key anycompatiblenonarray%'
			THEN regexp_replace(original::text, '\(text,text,', '(anycompatiblenonarray,anycompatiblenonarray,')
			ELSE regexp_replace(original::text, '\(text,', '(anynonarray,') END, 'As for keys of type text: an integer or a uuid stands for its text form.');
	END LOOP;
	FOR original, wanted IN
		SELECT p.oid, t.wanted FROM pg_proc AS p, (VALUES (1, 'bigint'), (2, 'uuid')) AS t (n, wanted)
		WHERE pronamespace = '@extschema@'::regnamespace AND (proname, proargtypes[1]) IN (
			('pt_bfs', 'text'::regtype), ('pt_dijkstra', 'text'::regtype), ('pt_multi_source_bfs', 'text[]'::regtype)) AND p.oid = ANY (members)
		ORDER BY p.oid, n
	LOOP
		definition := pg_get_functiondef(original);
		definition := regexp_replace(definition, '\m(starts?) text', '\1 ' || wanted);
		definition := regexp_replace(definition, '\m(targets|avoid|within|stop_at) text\[\] DEFAULT NULL::text', format('\1 %1$s[] DEFAULT NULL::%1$s', wanted), 'g');
		definition := regexp_replace(definition, '\m(node|parent) text', '\1 ' || wanted, 'g');
		EXECUTE definition;
		EXECUTE format('COMMENT ON FUNCTION %s IS %L', regexp_replace(regexp_replace(regexp_replace(original::text, '(\(regclass,)text', '\1' || wanted), '(\(regclass,\w+,)text\[\]', format('\1%s[]', wanted)),
			'(double precision,)text\[\],text\[\],text\[\]', format('\1%1$s[],%1$s[],%1$s[]', wanted)),
			'As for nodes of type text.');
	END LOOP;
	EXECUTE regexp_replace(pg_get_functiondef('@extschema@.pt_multi_source_bfs(regclass, text[], bigint, text, text[], float8, text[], text[], text[], bigint, boolean)'::regprocedure),
		'\mstarts text\[\]', 'starts text');
	COMMENT ON FUNCTION @extschema@.pt_multi_source_bfs(regclass, text, bigint, text, text[], float8, text[], text[], text[], bigint, boolean) IS
		'As for an array of text: for untyped literals and parameters that hold one.';
	FOR original, wanted, comment IN
		SELECT oid, w.wanted, w.comment FROM pg_proc, (VALUES
			('source anycompatiblenonarray, target anycompatiblenonarray, edge_type anynonarray', 'As for texts: nodes and types of any other type stand for their text form.'),
			('source anycompatiblenonarray, target anycompatiblenonarray, edge_type text', 'As for texts: nodes of any other type stand for their text form.'),
			('source anycompatiblenonarray, target anycompatiblenonarray', 'As for texts: nodes of any other type stand for their text form.')) AS w (wanted, comment)
		WHERE pronamespace = '@extschema@'::regnamespace AND proname IN ('pt_to_dot', 'pt_to_mermaid', 'pt_to_json') AND proargtypes[0] = 'text'::regtype
			AND pronargs = 3 AND oid = ANY (members)
		ORDER BY oid
	LOOP
		EXECUTE format('CREATE OR REPLACE AGGREGATE %s(%s) (SFUNC = _parseltongue.pt_picture_add, STYPE = internal, FINALFUNC = %s, PARALLEL = SAFE)',
			original::regproc, wanted, (SELECT aggfinalfn FROM pg_aggregate WHERE aggfnoid = original));
		EXECUTE format('COMMENT ON AGGREGATE %s(%s) IS %L', original::regproc, wanted, comment);
	END LOOP;
	FOR original, wanted, comment IN
		SELECT oid, w.wanted, w.comment FROM pg_proc, (VALUES
			('json', 'As for jsonb.'), ('text', 'As for jsonb, for texts and parameters without a type. Errors: 22P02 it is no JSON.')) AS w (wanted, comment)
		WHERE pronamespace = '@extschema@'::regnamespace AND proname IN ('pt_import', 'pt_insert_entities', 'pt_insert_edges') AND proargtypes[0] = 'jsonb'::regtype
			AND oid = ANY (members)
		ORDER BY oid, w.wanted
	LOOP
		definition := (
			SELECT format('CREATE OR REPLACE FUNCTION %s(%s) RETURNS %s LANGUAGE sql VOLATILE PARALLEL UNSAFE COST %s %s BEGIN ATOMIC SELECT %s %s(%s); END',
				original::regproc, regexp_replace(pg_get_function_arguments(oid), '\mjsonb', wanted), pg_get_function_result(oid), procost,
				(SELECT string_agg('SET ' || c, ' ') FROM unnest(proconfig) AS c), CASE WHEN proretset OR prorettype = 'record'::regtype THEN '* FROM' END, original::regproc,
				(SELECT string_agg(quote_ident(a) || CASE n WHEN 1 THEN '::jsonb' ELSE '' END, ', ' ORDER BY n) FROM unnest(proargnames[:pronargs]) WITH ORDINALITY AS u (a, n)))
			FROM pg_proc WHERE oid = original);
		EXECUTE definition;
		EXECUTE format('COMMENT ON FUNCTION %s IS %L', regexp_replace(original::text, '\mjsonb', wanted), comment);
	END LOOP;
	PERFORM set_config('search_path', path, true);
END $node_types$;
