-- ---------------------------------------------------------------------------
-- Algorithms over a whole graph for nodes of other types: a witness behind the
-- graph, NULL::bigint or NULL::uuid, whose value does not matter, says as what
-- nodes are returned.
-- ---------------------------------------------------------------------------

DO $network_types$
DECLARE
	path CONSTANT text := pg_catalog.current_setting('search_path');
	original regprocedure;
	definition text;
	wanted text;
BEGIN
	PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
	FOR original, wanted IN
		SELECT p.oid, t.wanted FROM pg_proc AS p, (VALUES (1, 'bigint'), (2, 'uuid')) AS t (n, wanted)
		WHERE p.pronamespace = '@extschema@'::regnamespace AND proargtypes[0] = 'regclass'::regtype AND (proargtypes[1] IS NULL OR proargtypes[1] NOT IN ('bigint'::regtype, 'uuid'::regtype))
			AND proname = ANY ('{pt_components,pt_strong_components,pt_cycles,pt_topological_sort,pt_bridges,pt_articulation_points,pt_transitive_reduction,pt_feedback_edges,pt_minimum_spanning_tree,'
				'pt_degree,pt_hotspots,pt_kcore,pt_pagerank,pt_betweenness,pt_closeness,pt_harmonic,pt_hits,pt_eigenvector,pt_katz,'
				'pt_communities,pt_label_propagation,pt_triangles,pt_clustering_coefficient,pt_coupling,pt_technical_debt}')
			AND (SELECT rolsuper FROM pg_roles AS r WHERE r.oid = p.proowner)
			AND p.oid = ANY (ARRAY(
				SELECT d.objid FROM pg_depend AS d JOIN pg_extension AS x ON x.oid = d.refobjid
				WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND x.extname = 'parseltongue'))
		ORDER BY p.oid, n
	LOOP
		definition := pg_get_functiondef(original);
		definition := regexp_replace(definition, 'graph regclass DEFAULT NULL::regclass', 'graph regclass, witness ' || wanted);
		definition := regexp_replace(definition, '\m(node|from_node|to_node|community) text', '\1 ' || wanted, 'g');
		definition := regexp_replace(definition, '\m(personalization|avoid|within) text\[\] DEFAULT NULL::text\[\]', format('\1 %s[] DEFAULT NULL', wanted), 'g');
		EXECUTE definition;
		EXECUTE format('COMMENT ON FUNCTION %s IS %L', regexp_replace(regexp_replace(regexp_replace(original::text, '\(regclass', '(regclass,' || wanted),
				'\mtext\[\],boolean,', wanted || '[],boolean,'), 'text\[\],text\[\](,boolean)?\)$', format('%s[],%1$s[]\1)', wanted)),
			format('As for nodes of type text, but returns nodes of type %s. witness: says so, its value does not matter. Errors: 42804 nodes are of another type.', wanted));
	END LOOP;
	FOR original, wanted IN
		SELECT o.function, t.wanted FROM unnest(ARRAY['@extschema@.pt_dominators(regclass, text, text[], float8, text[], text[], boolean)'::regprocedure,
			'@extschema@.pt_similarity(regclass, text, text, bigint, text[], float8, text[], text[], boolean)'::regprocedure,
			'@extschema@.pt_bellman_ford(regclass, text, text, text[], float8, text[], text[], boolean)'::regprocedure,
			'@extschema@.pt_max_flow(regclass, text, text, boolean, text[], float8, text[], text[], boolean)'::regprocedure]) AS o (function), unnest('{bigint,uuid}'::text[]) AS t (wanted)
	LOOP
		definition := pg_get_functiondef(original);
		definition := regexp_replace(definition, '\m(start|source|sink|node|parent|dominator|from_node|to_node) text', '\1 ' || wanted, 'g');
		EXECUTE regexp_replace(definition, '\m(avoid|within) text\[\] DEFAULT NULL::text\[\]', format('\1 %s[] DEFAULT NULL', wanted), 'g');
		EXECUTE format('COMMENT ON FUNCTION %s IS %L', regexp_replace(regexp_replace(original::text, '\(regclass,text(,text,boolean,)?', format('(regclass,%s', wanted) || CASE WHEN original::text LIKE '%pt_max_flow(%' THEN format(',%s,boolean,', wanted) ELSE '' END), 'text\[\],text\[\](,boolean)?\)$', format('%s[],%1$s[]\1)', wanted)), 'As for nodes of type text.');
	END LOOP;
	PERFORM set_config('search_path', path, true);
END $network_types$;
