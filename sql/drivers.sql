--
-- Types that drivers send: parameters without a type, integers as wide as their
-- value, varchar for text, json for jsonb. What is answered depends on none of it.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_drivers;
SET search_path = pt_drivers, public;
TRUNCATE pt_entity, pt_edge;

CREATE TABLE n (a bigint, b bigint, k integer);
CREATE INDEX ON n USING adjacency (a, b, k);
INSERT INTO n VALUES (1, 2, 1), (2, 70000, 1), (70000, 3000000000, 2);
CREATE TABLE t (a text, b text, k text, c numeric(3,2));
CREATE INDEX ON t USING adjacency (a, b, k, c);
INSERT INTO t VALUES ('x', 'y', 'Calls', NULL), ('y', 'z', 'Uses', 0.4);
CREATE TABLE d (a text, b text);
CREATE INDEX ON d USING adjacency (a, b);
INSERT INTO d VALUES ('7', '8'), ('8', '8');
CREATE TABLE u (a uuid, b uuid);
CREATE INDEX ON u USING adjacency (a, b);
INSERT INTO u VALUES ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002');

-- The answer to a query with one parameter, given with a type; unknown is none.
CREATE FUNCTION answer(query text, type text, value text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	EXECUTE format('PREPARE question(%s) AS SELECT string_agg(r::text, '' '' ORDER BY r::text) FROM (%s) AS q (r)', type, query);
	BEGIN
		EXECUTE format('EXECUTE question(%L)', value) INTO result;
	EXCEPTION WHEN OTHERS THEN
		result := SQLSTATE || ' ' || SQLERRM;
	END;
	DEALLOCATE question;
	RETURN result;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;

SELECT query, type, value, answer(query, type, value)
FROM (VALUES
	(1, 'SELECT node FROM pt_bfs(''n'', $1)', '{unknown,int2,int4,int8,text,varchar}'::text[], '2'),
	(2, 'SELECT node FROM pt_multi_source_bfs(''n'', $1)', '{unknown,int2[],int4[],int8[],text[],varchar[]}', '{1,2}'),
	(3, 'SELECT node FROM pt_bfs(''t'', $1)', '{unknown,text,varchar,char(5),name}', 'x'),
	(4, 'SELECT node FROM pt_multi_source_bfs(''t'', $1)', '{unknown,text[],varchar[],name[],char(5)[]}', '{x,y}'),
	(5, 'SELECT node FROM pt_bfs(''u'', $1)', '{unknown,uuid,text,varchar}', '00000000-0000-0000-0000-000000000001'),
	(6, 'SELECT node FROM pt_multi_source_bfs(''u'', $1)', '{unknown,uuid[]}', '{00000000-0000-0000-0000-000000000001}'),
	(7, 'SELECT key FROM pt_blast_radius($1, graph => ''n'')', '{unknown,int2,int4,int8,text,varchar,oid}', '2'),
	(8, 'SELECT key FROM pt_blast_radius($1, graph => ''t'')', '{unknown,text,varchar,char(5),name}', 'y'),
	(9, 'SELECT key FROM pt_blast_radius($1, graph => ''u'')', '{unknown,uuid,text}', '00000000-0000-0000-0000-000000000002'),
	(10, 'SELECT key FROM pt_blast_radius(''z'', hops => $1, min_confidence => 0, graph => ''t'')', '{unknown,int2,int4,int8}', '1'),
	(11, 'SELECT key FROM pt_blast_radius(''z'', min_confidence => $1, graph => ''t'')', '{unknown,float4,float8,numeric}', '0.25'),
	(12, 'SELECT key FROM pt_blast_radius(''z'', min_confidence => $1, graph => ''t'')', '{unknown,int2,int4,int8}', '0'),
	(13, 'SELECT key FROM pt_blast_radius(''z'', edge_types => $1, min_confidence => 0, graph => ''t'')', '{unknown,text[],varchar[]}', '{Uses}'),
	(14, 'SELECT key FROM pt_blast_radius(''y'', graph => $1)', '{unknown,text,varchar,oid,regclass}', 't'),
	(15, 'SELECT key FROM pt_blast_radius(''y'', graph => ''t'', max_nodes => $1)', '{unknown,int2,int8}', NULL),
	(16, 'SELECT key FROM pt_impact($1, graph => ''t'')', '{unknown,text[],varchar[]}', '{y,z}'),
	(17, 'SELECT from_key FROM pt_path(1::int2, $1, graph => ''n'')', '{unknown,int2,int4,int8}', '2'),
	(18, 'SELECT node FROM pt_bfs($1, 2::int2)', '{unknown,text,varchar,regclass}', 'n'),
	(19, 'SELECT pt_insert_edges($1)', '{unknown,json,jsonb,text,varchar}', '[{"from_key": "a", "to_key": "b"}]'),
	(20, 'SELECT pt_insert_edges($1)', '{unknown,json,text}', '[{"from_key": "a"'),
	(21, 'SELECT pt_insert_edges($1, $1)', '{text}', NULL),
	(22, 'SELECT pt_insert_entities($1)', '{unknown,json,jsonb,text,varchar}', '[{"key": "a"}]'),
	(24, 'SELECT key FROM pt_impact($1, graph => ''n'')', '{unknown,text[]}', '{2}'),
	(26, 'SELECT key FROM pt_impact($1, graph => ''u'')', '{unknown,text[],varchar[]}', '{00000000-0000-0000-0000-000000000002}'),
	(27, 'SELECT key FROM pt_impact($1, avoid => $1, graph => ''d'')', '{unknown,text[]}', '{8}'),
	(28, 'SELECT rank FROM pt_pagerank(''n'', NULL::bigint, personalization => $1, missing_ok => true)', '{unknown,int2[],int8[]}', '{2}'),
	(29, 'SELECT key FROM pt_search(''a'', max_results => $1)', '{unknown,int2,int4,int8}', '1'),
	(30, 'SELECT pt_insert_entity(''a'', line_start => $1, line_end => $1)', '{unknown,int2,int4,int8}', '7'),
	(31, 'SELECT pt_insert_entity(''a'', line_start => $1)', '{int8}', '3000000000'),
	(32, 'SELECT unresolved FROM pt_resolve_references(max_candidates => $1)', '{unknown,int2,int4,int8}', '5'),
	(33, 'SELECT unresolved FROM pt_resolve_changed(max_candidates => $1)', '{unknown,int2,int4,int8}', '5'),
	(34, 'SELECT unresolved FROM pt_resolve_references(max_candidates => $1)', '{int8}', '0'),
	(23, 'SELECT entities_unchanged FROM pt_import($1, root => ''/x'', dependency_type => NULL, graph => NULL)', '{unknown,json,jsonb,text,varchar}', '[{"key": "a"}]')
) AS v (n, query, types, value), unnest(types) WITH ORDINALITY AS y (type, m)
WHERE type <> 'oid' OR value <> 't'
ORDER BY n, m;
SELECT line_start, line_end FROM pt_entity WHERE key = 'a';
-- no argument is of a type that is narrower than what drivers send
SELECT p.oid::regprocedure AS function, t::regtype FROM pg_proc AS p JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e' JOIN pg_extension AS x ON x.oid = d.refobjid AND x.extname = 'parseltongue', unnest(proargtypes) AS t
WHERE pronamespace = x.extnamespace AND t::regtype IN ('smallint', 'integer', 'real', 'numeric', 'name', 'varchar', 'smallint[]', 'integer[]', 'varchar[]');
-- a list where one start is asked for
SELECT node FROM pt_bfs('t', '{x,y}');

-- pictures of any nodes and types
CREATE TYPE kind AS ENUM ('Calls', 'Uses');
CREATE TABLE e (a smallint, b bigint, k kind, c char(3), o oid);
INSERT INTO e VALUES (1, 70000, 'Calls', 'x', 1), (2, NULL, 'Uses', NULL, 2), (1, 2, 'Uses', 'yz', 4000000000);
SELECT pt_to_dot(a, b) = pt_to_dot(a::text, b::text) AS dot, pt_to_mermaid(a, b, k) = pt_to_mermaid(a::text, b::text, k::text) AS mermaid,
	pt_to_json(a, b, k) = pt_to_json(a::text, b::text, k::text) AS json, pt_to_json(a, b, 'Calls') = pt_to_json(a::text, b::text, 'Calls') AS untyped,
	pt_to_json(a, b, NULL) = pt_to_json(a::text, b::text) AS without, pt_to_json(c, c) = pt_to_json(c::text, c::text) AS char, pt_to_json(o, o, o) = pt_to_json(o::text, o::text, o::text) AS oid,
	pt_to_json('a', b::text) = pt_to_json('a'::text, b::text) AS half
FROM e;
SELECT pt_to_json(a, b) FROM u;
SELECT pt_to_json(a, b, k) FROM e WHERE a = 1;

TRUNCATE pt_entity, pt_edge;
DROP SCHEMA pt_drivers CASCADE;
