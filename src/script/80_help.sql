-- ---------------------------------------------------------------------------
-- What there is to ask. The keys of the examples are those of docs/code.md, the
-- table road is that of docs/algorithms.md.
-- ---------------------------------------------------------------------------

CREATE FUNCTION _parseltongue.pt_examples() RETURNS TABLE (function text, example text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1 ROWS 80
SET search_path = pg_catalog, pg_temp
AS $examples$
	VALUES
	('pt_affected_tests', $$SELECT key, distance FROM pt_affected_tests('{c:fn:parse:src/parse.c:5-90}')$$),
	('pt_articulation_points', $$SELECT * FROM pt_articulation_points()$$),
	('pt_bellman_ford', $$SELECT * FROM pt_bellman_ford('road', 'home')$$),
	('pt_betweenness', $$SELECT node, score FROM pt_betweenness(samples => 100, max_results => 10)$$),
	('pt_bfs', $$SELECT * FROM pt_bfs(NULL, 'c:fn:main:src/main.c:1-20', 2)$$),
	('pt_blast_radius', $$SELECT * FROM pt_blast_radius('c:fn:parse:src/parse.c:5-90', 3)$$),
	('pt_blast_radius_count', $$SELECT pt_blast_radius_count('c:fn:parse:src/parse.c:5-90', NULL)$$),
	('pt_blast_radius_summary', $$SELECT * FROM pt_blast_radius_summary('c:fn:parse:src/parse.c:5-90', NULL)$$),
	('pt_bridges', $$SELECT * FROM pt_bridges()$$),
	('pt_callees', $$SELECT to_key, source_location FROM pt_callees('c:fn:main:src/main.c:1-20')$$),
	('pt_callers', $$SELECT from_key, source_location, confidence FROM pt_callers('c:fn:parse:src/parse.c:5-90')$$),
	('pt_callers_page', $$SELECT place, key, source_locations, total FROM pt_callers_page('c:fn:parse:src/parse.c:5-90', order_by => 'key', max_results => 2)$$),
	('pt_check_index', $$SELECT * FROM pt_check_index('pt_edge_adjacency')$$),
	('pt_closeness', $$SELECT node, score FROM pt_closeness(max_results => 10)$$),
	('pt_clustering_coefficient', $$SELECT * FROM pt_clustering_coefficient() LIMIT 10$$),
	('pt_codebases', $$SELECT name, graph, is_default FROM pt_codebases()$$),
	('pt_communities', $$SELECT * FROM pt_communities() LIMIT 20$$),
	('pt_components', $$SELECT component, count(*) FROM pt_components() GROUP BY 1 ORDER BY 2 DESC LIMIT 10$$),
	('pt_context', $$SELECT relation, key, content FROM pt_context('{c:fn:parse:src/parse.c:5-90}', 2000) ORDER BY place$$),
	('pt_coupling', $$SELECT node, cbo, instability, grade FROM pt_coupling(group_by => 'folder')$$),
	('pt_create_codebase', $$SELECT pt_create_codebase('example')$$),
	('pt_cycles', $$SELECT * FROM pt_cycles(max_cycles => 10)$$),
	('pt_default_graph', $$SELECT pt_default_graph()$$),
	('pt_degree', $$SELECT node, in_degree, out_degree FROM pt_degree() ORDER BY degree DESC LIMIT 10$$),
	('pt_delete_entity', $$SELECT pt_delete_entity('c:fn:unused:src/parse.c:92-99', with_edges => true)$$),
	('pt_diff', $$SELECT object, change, key_b FROM pt_diff('pt_edge', 'pt_edge') LIMIT 20$$),
	('pt_diff_radius', $$SELECT * FROM pt_diff_radius('pt_edge', 'pt_edge') LIMIT 20$$),
	('pt_dijkstra', $$SELECT node, cost FROM pt_dijkstra('road', 'home')$$),
	('pt_dijkstra_path', $$SELECT step, node, total_cost FROM pt_dijkstra_path('home', 'office', graph => 'road')$$),
	('pt_dijkstra_paths', $$SELECT path, step, node, total_cost FROM pt_dijkstra_paths('home', 'office', 2, graph => 'road')$$),
	('pt_dominators', $$SELECT * FROM pt_dominators(NULL, 'c:fn:main:src/main.c:1-20')$$),
	('pt_drop_codebase', $$SELECT pt_create_codebase('short_lived'), pt_drop_codebase('short_lived')$$),
	('pt_eigenvector', $$SELECT node, score FROM pt_eigenvector(directed => false, max_iterations => 1000, max_results => 10)$$),
	('pt_enable_possible_callers', $$SELECT pt_enable_possible_callers()$$),
	('pt_enable_search', $$SELECT pt_enable_search()$$),
	('pt_enable_updates', $$SELECT pt_enable_updates()$$),
	('pt_entity_table', $$SELECT pt_entity_table('pt_edge')$$),
	('pt_entropy', $$SELECT node, entropy, level FROM pt_entropy() LIMIT 10$$),
	('pt_export', $$SELECT pt_export()$$),
	('pt_feedback_edges', $$SELECT * FROM pt_feedback_edges()$$),
	('pt_folder_tree', $$SELECT * FROM pt_folder_tree()$$),
	('pt_forbidden', $$SELECT * FROM pt_forbidden('src/ -> test/')$$),
	('pt_forget_resolutions', $$SELECT pt_forget_resolutions()$$),
	('pt_graph_source', $$SELECT * FROM pt_graph_source()$$),
	('pt_graph_status', $$SELECT * FROM pt_graph_status()$$),
	('pt_harmonic', $$SELECT node, score FROM pt_harmonic(max_results => 10)$$),
	('pt_has_cycle', $$SELECT pt_has_cycle()$$),
	('pt_help', $$SELECT function, example FROM pt_help('callers')$$),
	('pt_hits', $$SELECT node, score FROM pt_hits(role => 'hub', max_results => 10)$$),
	('pt_hotspots', $$SELECT node, degree FROM pt_hotspots(max_results => 10)$$),
	('pt_images', $$SELECT * FROM pt_images()$$),
	('pt_impact', $$SELECT * FROM pt_impact('{c:fn:parse:src/parse.c:5-90,c:fn:unused:src/parse.c:92-99}', 5)$$),
	('pt_impact_page', $$SELECT place, key, total FROM pt_impact_page('{c:fn:parse:src/parse.c:5-90}', order_by => 'distance', max_results => 2)$$),
	('pt_impact_summary', $$SELECT * FROM pt_impact_summary('{c:fn:parse:src/parse.c:5-90}', hops => 5)$$),
	('pt_import', $$SELECT * FROM pt_import('{"entities": [{"key": "c:fn:f:src/f.c:1-2", "entity_type": "function"}], "edges": []}'::jsonb)$$),
	('pt_insert_edge', $$SELECT pt_insert_edge('c:fn:main:src/main.c:1-20', 'c:fn:parse:src/parse.c:5-90', 'Calls', 'src/main.c:7')$$),
	('pt_insert_edges', $$SELECT pt_insert_edges('[{"from_key": "c:fn:main:src/main.c:1-20", "to_key": "c:fn:unused:src/parse.c:92-99"}]')$$),
	('pt_insert_entities', $$SELECT pt_insert_entities('[{"key": "c:fn:f:src/f.c:1-2", "entity_type": "function", "language": "c"}]')$$),
	('pt_insert_entity', $$SELECT pt_insert_entity('c:fn:f:src/f.c:1-2', 'function', 'f')$$),
	('pt_is_test', $$SELECT key FROM pt_entity WHERE pt_is_test(entity_class, entity_type, file_path)$$),
	('pt_katz', $$SELECT node, score FROM pt_katz(alpha => 0.05, max_results => 10)$$),
	('pt_kcore', $$SELECT node, coreness, level FROM pt_kcore() ORDER BY coreness DESC LIMIT 10$$),
	('pt_key_kind', $$SELECT pt_key_kind('rust:fn:new:unknown:0-0')$$),
	('pt_key_language', $$SELECT pt_key_language('rust:fn:main:./src/main.rs:1-9')$$),
	('pt_key_name', $$SELECT pt_key_name('rust:fn:main:./src/main.rs:1-9')$$),
	('pt_key_path', $$SELECT pt_key_path('rust:fn:main:./src/main.rs:1-9')$$),
	('pt_label_propagation', $$SELECT * FROM pt_label_propagation() LIMIT 20$$),
	('pt_last_walk', $$SELECT * FROM pt_last_walk()$$),
	('pt_left_out_summary', $$SELECT language, reason, files FROM pt_left_out_summary()$$),
	('pt_match', $$SELECT * FROM pt_match('c:fn:main:src/main.c:1-20', 'Calls+ Uses?')$$),
	('pt_match_path', $$SELECT step, from_key, to_key FROM pt_match_path('c:fn:main:src/main.c:1-20', 'c:fn:parse:src/parse.c:5-90', 'Calls+')$$),
	('pt_max_flow', $$SELECT * FROM pt_max_flow('road', 'home', 'office')$$),
	('pt_minimum_spanning_tree', $$SELECT * FROM pt_minimum_spanning_tree('road')$$),
	('pt_modularity', $$SELECT * FROM pt_modularity(NULL, (SELECT jsonb_object_agg(node, community) FROM pt_communities()))$$),
	('pt_multi_source_bfs', $$SELECT * FROM pt_multi_source_bfs(NULL, '{c:fn:main:src/main.c:1-20,c:fn:parse:src/parse.c:5-90}'::text[], 2)$$),
	('pt_pagerank', $$SELECT node, score FROM pt_pagerank(max_results => 10)$$),
	('pt_path', $$SELECT step, from_key, to_key FROM pt_path('c:fn:main:src/main.c:1-20', 'c:fn:parse:src/parse.c:5-90')$$),
	('pt_paths', $$SELECT path, step, from_key, to_key FROM pt_paths('c:fn:main:src/main.c:1-20', 'c:fn:parse:src/parse.c:5-90', 5)$$),
	('pt_possible_callers', $$SELECT from_key, reference_key, why, confidence FROM pt_possible_callers('{c:fn:parse:src/parse.c:5-90}')$$),
	('pt_possible_callers_summary', $$SELECT * FROM pt_possible_callers_summary('{c:fn:parse:src/parse.c:5-90}')$$),
	('pt_prewarm', $$SELECT pt_prewarm()$$),
	('pt_rank', $$SELECT * FROM pt_rank()$$),
	('pt_reachable', $$SELECT pt_reachable('c:fn:main:src/main.c:1-20', 'c:fn:parse:src/parse.c:5-90')$$),
	('pt_replace_file', $$SELECT * FROM pt_replace_file('src/io.c', '{"entities": [{"key": "c:fn:read_all:src/io.c:1-9", "entity_type": "function"}], "edges": [{"from_key": "c:fn:parse:src/parse.c:5-90", "to_key": "c:fn:read_all:src/io.c:1-9"}]}')$$),
	('pt_resolve_changed', $$SELECT changed_files, resolved, ambiguous, unresolved FROM pt_resolve_changed()$$),
	('pt_resolve_references', $$SELECT resolved, ambiguous, unresolved FROM pt_resolve_references()$$),
	('pt_search', $$SELECT key, match FROM pt_search('pars', 5, '{local}')$$),
	('pt_search_page', $$SELECT place, key, total FROM pt_search_page('pars', order_by => 'key', max_results => 5)$$),
	('pt_similarity', $$SELECT * FROM pt_similarity(NULL, 'c:fn:parse:src/parse.c:5-90')$$),
	('pt_statistics', $$SELECT * FROM pt_statistics()$$),
	('pt_strong_components', $$SELECT * FROM pt_strong_components() WHERE size > 1$$),
	('pt_subgraph', $$SELECT from_key, to_key, edge_type FROM pt_subgraph('c:fn:parse:src/parse.c:5-90', 2)$$),
	('pt_technical_debt', $$SELECT node, hours, level FROM pt_technical_debt() LIMIT 10$$),
	('pt_to_dot', $$SELECT pt_to_dot(from_key, to_key, edge_type) FROM pt_subgraph('c:fn:parse:src/parse.c:5-90', 2)$$),
	('pt_to_json', $$SELECT pt_to_json(from_key, to_key, edge_type) FROM pt_subgraph('c:fn:parse:src/parse.c:5-90', 2)$$),
	('pt_to_mermaid', $$SELECT pt_to_mermaid(from_key, to_key, edge_type) FROM pt_callers('c:fn:parse:src/parse.c:5-90')$$),
	('pt_topological_sort', $$SELECT node, layer FROM pt_topological_sort(cyclic => 'condense')$$),
	('pt_transitive_reduction', $$SELECT * FROM pt_transitive_reduction()$$),
	('pt_tree', $$SELECT * FROM pt_tree('c:fn:parse:src/parse.c:5-90')$$),
	('pt_triangles', $$SELECT * FROM pt_triangles() LIMIT 10$$),
	('pt_unreferenced', $$SELECT key, referrers FROM pt_unreferenced(max_results => 100)$$),
	('pt_unwatch', $$SELECT pt_unwatch('{c:fn:parse:src/parse.c:5-90}')$$),
	('pt_watch', $$SELECT pt_watch('{c:fn:parse:src/parse.c:5-90}', hops => 3, channel => 'parseltongue')$$),
	('pt_watches', $$SELECT channel, key, hops, enabled FROM pt_watches()$$)
$examples$;
COMMENT ON FUNCTION _parseltongue.pt_examples() IS
'Internal: a statement that calls each of the functions, for pt_help.';

CREATE FUNCTION _parseltongue.pt_help_words() RETURNS TABLE (word text, meant text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1 ROWS 40
SET search_path = pg_catalog, pg_temp
AS $$
	-- an empty one is in every text
	SELECT unnest('{who,what,which,how,where,is,are,of,the,this,it,to,from,in,a,all}'::text[]), ''
	UNION ALL
	VALUES ('calls', 'callers'), ('usages', 'callers'), ('used', 'callers'), ('references', 'callers'), ('unused', 'dead'), ('dependencies', 'edge'), ('dependents', 'depend'),
		('ancestors', 'reach'), ('descendants', 'reach'), ('reachability', 'reach'), ('circular', 'cycle'), ('cycles', 'cycle'), ('loop', 'cycle'), ('loops', 'cycle'),
		('route', 'path'), ('routes', 'path'), ('neighbor', 'neighbour'), ('neighbors', 'neighbour'), ('friends', 'neighbour'),
		('clusters', 'communities'), ('connected', 'component'), ('important', 'pagerank'), ('importance', 'pagerank'), ('draw', 'graphviz'), ('visualize', 'graphviz')
$$;
COMMENT ON FUNCTION _parseltongue.pt_help_words() IS
'Internal: what one may ask pt_help for in other words than the descriptions have.';

CREATE FUNCTION @extschema@.pt_help(pattern text DEFAULT NULL) RETURNS TABLE (function text, arguments text, answers text, example text)
LANGUAGE sql STABLE PARALLEL SAFE COST 10000 ROWS 80
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT f.name, f.arguments, f.answers, x.example
	FROM (
		-- of several signatures the first one, for nodes of type text
		SELECT DISTINCT ON (p.proname) p.proname::text AS name, pg_get_function_arguments(p.oid) AS arguments, obj_description(p.oid, 'pg_proc') AS answers
		FROM pg_proc AS p JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
			JOIN pg_extension AS e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
		WHERE e.extname = 'parseltongue' AND p.pronamespace = e.extnamespace AND p.proname NOT LIKE '%handler'
		ORDER BY p.proname, p.oid) AS f
	LEFT JOIN _parseltongue.pt_examples() AS x ON x.function = f.name
	CROSS JOIN LATERAL (
		SELECT bool_and(strpos(text, asked) > 0 OR strpos(text, coalesce(meant, asked)) > 0), count(*) FILTER (WHERE strpos(f.name, coalesce(meant, asked)) > 0)
		FROM (SELECT lower(concat_ws(' ', f.name, f.answers))) AS t (text),
			regexp_split_to_table(lower(btrim(pattern)), '\s+') AS w (asked) LEFT JOIN _parseltongue.pt_help_words() AS v (word, meant) ON v.word = asked
	) AS m (has_all, in_name)
	WHERE m.has_all IS NOT FALSE
	ORDER BY strpos(f.name, lower(btrim(pattern))) = 0, m.in_name DESC, f.name COLLATE "C"
$$;
COMMENT ON FUNCTION @extschema@.pt_help(text) IS
'The functions of the extension, with their arguments, what they answer, and a statement that calls them. pattern: words that all occur in the name or the description, in any case, or by another word for it; NULL for all functions. Those with them in their name come first.';
