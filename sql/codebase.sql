--
-- Several codebases in one database: made, listed, written to, asked and
-- dropped, each by itself.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_codebase;
SET search_path = pt_codebase, public;
TRUNCATE pt_entity, pt_edge;
LOAD 'parseltongue';

CREATE FUNCTION outcome(command text, OUT state text, OUT message text, OUT detail text, OUT hint text)
LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
BEGIN
	EXECUTE command;
	GET DIAGNOSTICS n = ROW_COUNT;
	state := 'ok';
	message := n || ' rows';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	detail := nullif(detail, '');
	hint := nullif(hint, '');
END $$;
CREATE FUNCTION listed() RETURNS TABLE (name text, graph regclass, is_default boolean) LANGUAGE sql AS
	$$ SELECT name, graph, is_default FROM pt_codebases() ORDER BY name COLLATE "C" $$;

-- ---------------------------------------------------------------------------
-- Making one.
-- ---------------------------------------------------------------------------
SELECT * FROM listed();
SELECT pt_create_codebase('pt_one');
SELECT pt_create_codebase('pt_two');
SELECT * FROM listed();
SELECT name, owner = current_user AS mine, entities, edges, bytes > 0 AS bytes FROM pt_codebases() WHERE name LIKE 'pt_%' ORDER BY name;
SELECT pt_insert_edge('a', 'b', graph => 'pt_one.pt_edge'), pt_insert_entity('a', graph => 'pt_one.pt_edge');
ANALYZE pt_one.pt_edge, pt_one.pt_entity;
SELECT name, entities, edges FROM pt_codebases() WHERE name = 'pt_one';
TRUNCATE pt_one.pt_edge, pt_one.pt_entity;
-- the tables are the extension's, column by column, constraint by constraint
CREATE FUNCTION table_of(t regclass) RETURNS TABLE (what text) LANGUAGE sql AS $$
	SELECT format('%s %s %s %s %s', attnum, attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid))
	FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attrelid = t AND attnum > 0
	UNION ALL SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = t AND contype <> 'n'
	UNION ALL SELECT regexp_replace(pg_get_indexdef(indexrelid), '\S+\.pt_', 'pt_') FROM pg_index WHERE indrelid = t
	UNION ALL SELECT obj_description(t, 'pg_class')
	UNION ALL SELECT format('%s %s', attname, col_description(t, attnum)) FROM pg_attribute WHERE attrelid = t AND attnum > 0
$$;
SELECT t, count(*) > 15 AS compared, count(*) FILTER (WHERE a.what IS DISTINCT FROM b.what) AS different
FROM unnest(ARRAY['pt_entity', 'pt_edge']) t, LATERAL (SELECT a.what, b.what FROM table_of(('public.' || t)::regclass) a FULL JOIN table_of(('pt_one.' || t)::regclass) b USING (what)) x (a, b),
	LATERAL (SELECT a AS what) a, LATERAL (SELECT b AS what) b GROUP BY t ORDER BY t;
SELECT obj_description('pt_one'::regnamespace, 'pg_namespace');
\x on
SELECT n AS name, o.* FROM unnest(ARRAY[NULL, '', repeat('x', 64), repeat('ö', 32), 'pt_one', 'public', 'pt_codebase', 'pg_mine']) WITH ORDINALITY n (n, i), LATERAL outcome(format('SELECT pt_create_codebase(%L)', n)) o ORDER BY i;
\x off
SELECT count(*) AS codebases FROM pt_codebases();
-- names that need quotes, and one as long as may be; what is in it stays in it
SELECT n AS name, pt_create_codebase(n) FROM unnest(ARRAY['Pt Mixed', 'pt."dots"', 'pt''quote', 'select', 'pt#@%s$1', 'pt_größe', 'pt_' || repeat('x', 60)]) WITH ORDINALITY n (n, i) ORDER BY i;
SELECT * FROM listed();
SELECT name, pt_insert_entity('in ' || name, graph => graph), pt_insert_edge('in ' || name, 'to', graph => graph),
	pt_insert_entities('[{"key": "second"}]', graph), pt_insert_edges('[{"from_key": "second", "to_key": "to"}]', graph)
FROM pt_codebases() WHERE name <> 'public' ORDER BY name COLLATE "C";
SELECT name, string_agg(key, ', ' ORDER BY key COLLATE "C") FROM pt_codebases(), LATERAL pt_blast_radius('to', graph => graph) WHERE name <> 'public' GROUP BY name ORDER BY name COLLATE "C";
SELECT name, pt_entity_table(graph), _parseltongue.pt_graph_tables(graph), pt_delete_entity('second', true, graph) FROM pt_codebases() WHERE name <> 'public' ORDER BY name COLLATE "C";
SELECT (SELECT count(*) FROM pt_entity) AS entities, (SELECT count(*) FROM pt_edge) AS edges;
SELECT pt_drop_codebase(name) FROM (SELECT name FROM pt_codebases() WHERE name NOT IN ('public', 'pt_one', 'pt_two') ORDER BY name COLLATE "C") n;
SELECT * FROM listed();
-- in a transaction, rolled back and not
BEGIN;
SELECT pt_create_codebase('pt_brief');
SELECT pt_insert_edge('a', 'b', graph => 'pt_brief.pt_edge');
SELECT key FROM pt_blast_radius('b', graph => 'pt_brief.pt_edge');
ROLLBACK;
SELECT count(*) FROM pt_codebases();
BEGIN;
SELECT pt_create_codebase('pt_brief');
SELECT pt_drop_codebase('pt_brief');
SELECT pt_create_codebase('pt_brief');
COMMIT;
SELECT pt_insert_edge('a', 'c', graph => 'pt_brief.pt_edge');
SELECT key FROM pt_blast_radius('c', graph => 'pt_brief.pt_edge');
SELECT pt_drop_codebase('pt_brief');

-- ---------------------------------------------------------------------------
-- Dropping one: all or nothing.
-- ---------------------------------------------------------------------------
INSERT INTO pt_two.pt_edge (from_key, to_key) VALUES ('x', 'y');
CREATE TABLE pt_two.foreign_object (a integer);
\x on
SELECT n AS name, o.* FROM unnest(ARRAY[NULL, '', 'pt_none', 'PT_ONE', 'pt_codebase', 'public', 'pg_catalog', 'pt_two']) WITH ORDINALITY n (n, i), LATERAL outcome(format('SELECT pt_drop_codebase(%L)', n)) o ORDER BY i;
\x off
SELECT count(*) FROM pt_two.pt_edge;
DROP TABLE pt_two.foreign_object;
CREATE VIEW depends AS SELECT to_key FROM pt_two.pt_edge;
SELECT state, detail FROM outcome('SELECT pt_drop_codebase(''pt_two'')');
SELECT * FROM depends;
SELECT key FROM pt_blast_radius('y', graph => 'pt_two.pt_edge');
DROP VIEW depends;
TRUNCATE pt_two.pt_edge;

-- ---------------------------------------------------------------------------
-- Writing to each: graph as argument, as setting, by table and by index.
-- ---------------------------------------------------------------------------
CREATE FUNCTION contents() RETURNS TABLE (name text, entities text, edges text) LANGUAGE sql AS $$
	SELECT 'own', (SELECT string_agg(key || coalesce(' ' || e.name, ''), ', ' ORDER BY key COLLATE "C") FROM public.pt_entity e), (SELECT string_agg(from_key || '>' || to_key || coalesce(' ' || source_location, ''), ', ' ORDER BY from_key COLLATE "C", to_key COLLATE "C") FROM public.pt_edge)
	UNION ALL
	SELECT 'one', (SELECT string_agg(key || coalesce(' ' || e.name, ''), ', ' ORDER BY key COLLATE "C") FROM pt_one.pt_entity e), (SELECT string_agg(from_key || '>' || to_key || coalesce(' ' || source_location, ''), ', ' ORDER BY from_key COLLATE "C", to_key COLLATE "C") FROM pt_one.pt_edge)
	UNION ALL
	SELECT 'two', (SELECT string_agg(key || coalesce(' ' || e.name, ''), ', ' ORDER BY key COLLATE "C") FROM pt_two.pt_entity e), (SELECT string_agg(from_key || '>' || to_key || coalesce(' ' || source_location, ''), ', ' ORDER BY from_key COLLATE "C", to_key COLLATE "C") FROM pt_two.pt_edge)
$$;
CREATE FUNCTION write_all(tag text, graph regclass) RETURNS text LANGUAGE sql AS $$
	SELECT format('%s %s %s %s', pt_insert_entity('f', name => tag, graph => graph), pt_insert_entities(format('[{"key": "g", "name": "%s"}, {"key": "h"}]', tag)::jsonb, graph),
		pt_insert_edge('f', 'g', source_location => tag, graph => graph), pt_insert_edges(format('[{"from_key": "g", "to_key": "h", "source_location": "%s"}]', tag)::jsonb, graph))
$$;
SELECT write_all('own', NULL), write_all('one', 'pt_one.pt_edge'), write_all('two', 'pt_two.pt_edge_adjacency');
SELECT * FROM contents();
-- again: updates, in their own tables
SELECT write_all('two''', 'pt_two.pt_edge'), write_all('own''', 'pt_edge_adjacency');
SELECT * FROM contents();
-- the setting, which an argument goes before
SET parseltongue.graph = 'pt_one.pt_edge';
SELECT write_all('set one', NULL), write_all('arg two', 'pt_two.pt_edge'), pt_default_graph(), pt_entity_table(), _parseltongue.pt_graph_tables();
SET parseltongue.graph = 'pt_two.pt_edge_adjacency';
SELECT write_all('set two', NULL), pt_default_graph(), pt_entity_table(), _parseltongue.pt_graph_tables();
SELECT * FROM contents();
SELECT * FROM listed();
SELECT index FROM pt_graph_status();
BEGIN;
SET LOCAL parseltongue.graph = 'pt_one.pt_edge';
SELECT pt_delete_entity('f', true);
SELECT * FROM contents();
ROLLBACK;
SELECT pt_delete_entity('g', true), pt_delete_entity('h', graph => 'pt_one.pt_edge'), pt_delete_entity('h', graph => 'pt_one.pt_edge');
SELECT * FROM contents();
RESET parseltongue.graph;
SELECT pt_default_graph(), pt_entity_table(), _parseltongue.pt_graph_tables();
SELECT * FROM contents();

-- ---------------------------------------------------------------------------
-- Each is asked by itself.
-- ---------------------------------------------------------------------------
TRUNCATE pt_entity, pt_edge, pt_one.pt_entity, pt_one.pt_edge, pt_two.pt_entity, pt_two.pt_edge;
INSERT INTO pt_edge (from_key, to_key) VALUES ('c:fn:main:own.c:1-2', 'c:fn:shared:own.c:3-4');
INSERT INTO pt_one.pt_edge (from_key, to_key) VALUES ('c:fn:main:one.c:1-2', 'c:fn:shared:own.c:3-4'), ('c:fn:shared:own.c:3-4', 'c:fn:leaf:one.c:1-2');
INSERT INTO pt_two.pt_edge (from_key, to_key, confidence) VALUES ('c:fn:main:two.c:1-2', 'c:fn:shared:own.c:3-4', 0.5);
INSERT INTO pt_two.pt_entity (key) VALUES ('c:fn:alone:two.c:9-9');
CREATE FUNCTION ask(graph regclass) RETURNS TABLE (what text, answer text) LANGUAGE sql AS $$
	SELECT 'pt_blast_radius', string_agg(key, ' ' ORDER BY key COLLATE "C") FROM pt_blast_radius('c:fn:shared:own.c:3-4', graph => graph)
	UNION ALL SELECT 'pt_blast_radius_summary', sum(entities)::text FROM pt_blast_radius_summary('c:fn:shared:own.c:3-4', graph => graph, min_confidence => 0)
	UNION ALL SELECT 'pt_impact', string_agg(key, ' ' ORDER BY key COLLATE "C") FROM pt_impact('{c:fn:shared:own.c:3-4}', graph => graph, min_confidence => 0)
	UNION ALL SELECT 'pt_callers', string_agg(from_key, ' ' ORDER BY from_key COLLATE "C") FROM pt_callers('c:fn:shared:own.c:3-4', graph => graph, min_confidence => 0.5)
	UNION ALL SELECT 'pt_callees', string_agg(to_key, ' ' ORDER BY to_key COLLATE "C") FROM pt_callees('c:fn:shared:own.c:3-4', graph => graph)
	UNION ALL SELECT 'pt_path', string_agg(to_key, ' ' ORDER BY step) FROM pt_path('c:fn:main:one.c:1-2', 'c:fn:leaf:one.c:1-2', missing_ok => true, graph => graph)
	UNION ALL SELECT 'pt_graph_status', edges::text FROM pt_graph_status(graph)
$$;
SELECT what, own.answer AS own, one.answer AS one, two.answer AS two FROM ask(NULL) own JOIN ask('pt_one.pt_edge') one USING (what) JOIN ask('pt_two.pt_edge_adjacency') two USING (what) ORDER BY what;
-- with the setting all mean the same
CREATE FUNCTION ask_set(graph text) RETURNS TABLE (what text, answer text) LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('parseltongue.graph', graph, true); RETURN QUERY SELECT * FROM ask(NULL); END $$;
SELECT g, count(*) AS different FROM unnest(ARRAY['public.pt_edge', 'pt_one.pt_edge', 'pt_one.pt_edge_adjacency', 'pt_two.pt_edge']) g, LATERAL (SELECT * FROM ask_set(g) EXCEPT SELECT * FROM ask(g::regclass)) d GROUP BY g;
RESET parseltongue.graph;
-- an entity without edges is known in its own codebase; hints come from there, too
\x on
SELECT g, o.* FROM unnest(ARRAY['public.pt_edge', 'pt_one.pt_edge', 'pt_two.pt_edge']) WITH ORDINALITY g (g, i), LATERAL outcome(format('SELECT pt_blast_radius(''c:fn:alone:two.c:9-9'', graph => %L)', g)) o ORDER BY i;
SELECT g, o.* FROM unnest(ARRAY['public.pt_edge', 'pt_one.pt_edge', 'pt_two.pt_edge', 'pt_two.pt_edge_adjacency']) WITH ORDINALITY g (g, i), LATERAL outcome(format('SELECT pt_impact(''{c:fn:main:x.c:9-9}'', graph => %L)', g)) o ORDER BY i;
SELECT o.* FROM outcome('SELECT pt_callers(''c:fn:alon:two.c:9-9'', graph => ''pt_two.pt_edge'')') o;
\x off

-- ---------------------------------------------------------------------------
-- What is no codebase, and what the setting may not name.
-- ---------------------------------------------------------------------------
CREATE TABLE links (a integer, b integer);
CREATE INDEX links_adjacency ON links USING adjacency (a, b);
INSERT INTO links VALUES (1, 2);
CREATE SCHEMA pt_half;
CREATE TABLE pt_half.pt_edge (from_key text, to_key text);
CREATE INDEX half_adjacency ON pt_half.pt_edge USING adjacency (from_key, to_key);
SELECT g, pt_entity_table(g) FROM unnest(ARRAY['pt_one.pt_edge', 'pt_one.pt_edge_adjacency', 'pt_one.pt_edge_pkey', 'pt_one.pt_entity', 'links', 'links_adjacency', 'pt_half.pt_edge', 'pg_class']::regclass[]) WITH ORDINALITY g (g, i) ORDER BY i;
SELECT pt_entity_table(0::regclass), pt_entity_table(987654321::regclass);
\x on
SELECT c AS call, o.* FROM unnest(ARRAY['_parseltongue.pt_graph_tables(''links'')', '_parseltongue.pt_graph_tables(''links_adjacency'')', '_parseltongue.pt_graph_tables(''pt_half.pt_edge'')', '_parseltongue.pt_graph_tables(''pt_one.pt_entity'')', '_parseltongue.pt_graph_tables(987654321)',
	'pt_insert_entity(''k'', graph => ''links'')', 'pt_insert_entity(''k'', graph => 987654321)', 'pt_insert_entities(''[]'', ''pt_half.pt_edge'')', 'pt_insert_edge(''a'', ''b'', graph => ''half_adjacency'')', 'pt_insert_edges(''[]'', ''pg_class'')', 'pt_delete_entity(''k'', graph => ''links_adjacency'')',
	'pt_resolve_references(''links'')', 'pt_resolve_changed(''links'')', 'pt_enable_updates(''links'')', 'pt_left_out_summary(''links'')', 'pt_forget_resolutions(''links'')']) WITH ORDINALITY c (c, i), LATERAL outcome('SELECT ' || replace(c, 'half_adjacency', 'pt_half.half_adjacency')) o ORDER BY i;
\x off
-- half of one, with a table of another kind
CREATE TABLE pt_half.pt_entity (key integer);
SELECT pt_entity_table('pt_half.pt_edge');
DROP TABLE pt_half.pt_entity;
CREATE VIEW pt_half.pt_entity AS SELECT 'k'::text AS key;
SELECT pt_entity_table('pt_half.pt_edge');
SELECT * FROM listed();
DROP SCHEMA pt_half CASCADE;
-- a setting that names another graph is a default to ask, not to write to
SET parseltongue.graph = 'pt_codebase.links';
SELECT pt_default_graph(), pt_entity_table();
SELECT key FROM pt_blast_radius('2');
SELECT state, message FROM outcome('SELECT pt_insert_edge(''1'', ''3'')');
SELECT state, message FROM outcome('SELECT _parseltongue.pt_graph_tables()');
SELECT * FROM listed();
-- one that names nothing: every call says so, the list stays
CREATE FUNCTION outcome_with(setting text, command text, OUT state text, OUT message text) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('parseltongue.graph', setting, true);
	SELECT o.state, o.message INTO state, message FROM outcome(command) o;
END $$;
\x on
SELECT v AS value, o.state, o.message, outcome_with(v, 'SELECT * FROM pt_codebases()') AS listed, outcome_with(v, 'SELECT pt_insert_edge(''a'', ''b'')') AS written
FROM unnest(ARRAY['pt_one.nothing', 'pt_none.pt_edge', 'nothing', 'a..b', 'a.b.c.d', 'pt_one.', '"', 'pt_one.pt_edge; SELECT 1', '12345', ' ', repeat('x', 100) || '.pt_edge']) WITH ORDINALITY v (v, i),
	LATERAL outcome_with(v, 'SELECT pt_graph_status()') o ORDER BY i;
RESET parseltongue.graph;
\x off
-- a name without its schema means the same to all of them, or nothing to all
SET search_path = pt_two, pt_codebase, public;
SET parseltongue.graph = 'pt_edge';
SELECT c AS call, o.state = (SELECT state FROM outcome('SELECT pt_graph_status()')) AS as_walks FROM unnest(ARRAY['pt_insert_edge(''a'', ''a'')', 'pt_default_graph()', '_parseltongue.pt_graph_tables()', 'pt_forget_resolutions()']) WITH ORDINALITY c (c, i), LATERAL outcome('SELECT ' || c) o ORDER BY i;
SELECT count(*) = (SELECT count(*) FROM (SELECT state FROM outcome('SELECT pt_graph_status()')) s WHERE state = 'ok') AS as_walks FROM pt_codebases() WHERE is_default;
RESET parseltongue.graph;
SET search_path = pt_codebase, public;
DELETE FROM pt_two.pt_edge WHERE from_key = 'a';
-- and an argument helps
SET parseltongue.graph = 'pt_none.pt_edge';
SELECT pt_insert_edge('1', '3', graph => 'pt_two.pt_edge');
SELECT key FROM pt_blast_radius('3', graph => 'pt_two.pt_edge');
SELECT state FROM outcome('SELECT pt_insert_edge(''1'', ''3'')');
SELECT state FROM outcome('SELECT pt_blast_radius(''3'')');
SELECT state FROM outcome('SELECT pt_resolve_references()');
SELECT state FROM outcome('SELECT pt_default_graph()');
SELECT count(*) FROM pt_codebases();
RESET parseltongue.graph;
DELETE FROM pt_two.pt_edge WHERE from_key = '1';

-- ---------------------------------------------------------------------------
-- Renamed, under plans that were made before.
-- ---------------------------------------------------------------------------
SELECT write_all('before', 'pt_one.pt_edge');
ALTER SCHEMA pt_one RENAME TO "Pt Three";
SELECT pt_create_codebase('pt_one');
SELECT write_all('new one', 'pt_one.pt_edge'), write_all('renamed', '"Pt Three".pt_edge');
SELECT pt_delete_entity('h', true, '"Pt Three".pt_edge');
SELECT * FROM contents() WHERE name = 'one';
SELECT key, name FROM "Pt Three".pt_entity ORDER BY key COLLATE "C";
SELECT from_key, to_key, source_location FROM "Pt Three".pt_edge ORDER BY from_key COLLATE "C", to_key COLLATE "C";
SELECT * FROM listed();
SELECT pt_drop_codebase('Pt Three');
-- which of the two depends on the server's version
SELECT state IN ('3F000', '42P01') AS no_such FROM outcome('SELECT pt_insert_edge(''1'', ''3'', graph => ''"Pt Three".pt_edge'')');
-- dropped and made again: other tables under the same name
SELECT pt_drop_codebase('pt_one');
SELECT pt_create_codebase('pt_one');
SELECT write_all('again', 'pt_one.pt_edge');
SELECT pt_delete_entity('f', true, 'pt_one.pt_edge');
SELECT * FROM contents() WHERE name = 'one';

-- every edge goes with its entity: guesses, and whatever indexes there are
INSERT INTO pt_one.pt_edge (from_key, to_key, edge_type, confidence) VALUES ('guess', 'z', 'Calls (resolved)', 0.01), ('fact', 'z', 'Calls', NULL), ('z', 'guessed', 'Calls (resolved)', 1), ('z', 'z', 'Calls', NULL);
SELECT pt_delete_entity('z', true, 'pt_one.pt_edge'), (SELECT count(*) FROM pt_one.pt_edge WHERE 'z' IN (from_key, to_key)) AS before;
SELECT count(*) FROM pt_one.pt_edge WHERE 'z' IN (from_key, to_key);
CREATE INDEX second ON pt_one.pt_edge USING adjacency (from_key, to_key, edge_type, confidence);
INSERT INTO pt_one.pt_edge (from_key, to_key) VALUES ('fact', 'z');
SELECT state FROM outcome('SELECT pt_delete_entity(''z'', true, ''pt_one.second'')');
SELECT count(*) FROM pt_one.pt_edge WHERE 'z' IN (from_key, to_key);
DROP INDEX pt_one.second;
DROP INDEX pt_one.pt_edge_adjacency;
CREATE INDEX pt_edge_adjacency ON pt_one.pt_edge USING adjacency (from_key, to_key, edge_type);
INSERT INTO pt_one.pt_edge (from_key, to_key) VALUES ('fact', 'z') ON CONFLICT DO NOTHING;
SELECT state FROM outcome('SELECT pt_delete_entity(''z'', true, ''pt_one.pt_edge'')');
SELECT count(*) FROM pt_one.pt_edge WHERE 'z' IN (from_key, to_key);
DROP INDEX pt_one.pt_edge_adjacency;
CREATE INDEX pt_edge_adjacency ON pt_one.pt_edge USING adjacency (from_key, to_key, edge_type, confidence);
DELETE FROM pt_one.pt_edge WHERE to_key = 'z';

-- ---------------------------------------------------------------------------
-- Rights are those of schema and tables.
-- ---------------------------------------------------------------------------
CREATE ROLE regress_pt_reader;
CREATE ROLE regress_pt_maker;
GRANT USAGE ON SCHEMA pt_codebase TO regress_pt_reader, regress_pt_maker;
GRANT USAGE ON SCHEMA pt_one TO regress_pt_reader;
GRANT SELECT ON pt_one.pt_edge, pt_one.pt_entity TO regress_pt_reader;
SELECT 'pt_two.pt_edge'::regclass::oid AS two \gset
SET ROLE regress_pt_reader;
SELECT q, o.state FROM unnest(ARRAY[
	'pt_blast_radius(''h'', graph => ''pt_one.pt_edge'')', 'pt_callers(''h'', graph => ''pt_one.pt_edge'')', 'pt_impact(''{h}'', graph => ''pt_one.pt_edge'')', 'pt_graph_status(''pt_one.pt_edge'')',
	'pt_blast_radius(''nobody'', graph => ''pt_one.pt_edge'')',
	'pt_insert_edge(''a'', ''b'', graph => ''pt_one.pt_edge'')', 'pt_insert_entity(''a'', graph => ''pt_one.pt_edge'')', 'pt_delete_entity(''g'', true, graph => ''pt_one.pt_edge'')', 'pt_drop_codebase(''pt_one'')',
	'pt_blast_radius(''c:fn:shared:own.c:3-4'', graph => ''pt_two.pt_edge'')', 'pt_blast_radius(''c:fn:shared:own.c:3-4'', graph => TWO)', 'pt_insert_edge(''a'', ''b'', graph => TWO)', 'pt_drop_codebase(''pt_two'')',
	'pt_blast_radius(''c:fn:shared:own.c:3-4'')', 'pt_create_codebase(''pt_mine'')', 'pt_codebases()']) WITH ORDINALITY q (q, i), LATERAL outcome('SELECT * FROM ' || replace(q, 'TWO', :'two')) o ORDER BY i;
SET parseltongue.graph = 'pt_one.pt_edge';
SELECT state FROM outcome('SELECT pt_blast_radius(''h'')');
SET parseltongue.graph = 'pt_two.pt_edge';
SELECT state FROM outcome('SELECT pt_blast_radius(''h'')');
SELECT state, message FROM outcome('SELECT pt_codebases()');
RESET parseltongue.graph;
RESET ROLE;
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO regress_pt_maker', current_database()); END $$;
-- the right to make schemas is all that it takes: none on the extension's tables
SET ROLE regress_pt_maker;
SELECT pt_create_codebase('pt_mine');
SELECT name, owner FROM pt_codebases() WHERE name = 'pt_mine';
SELECT write_all('mine', 'pt_mine.pt_edge');
SELECT key FROM pt_blast_radius('h', graph => 'pt_mine.pt_edge') ORDER BY key COLLATE "C";
RESET ROLE;
SET ROLE regress_pt_reader;
SELECT state FROM outcome('SELECT pt_blast_radius(''h'', graph => ''pt_mine.pt_edge'')');
RESET ROLE;
SET ROLE regress_pt_maker;
SELECT pt_drop_codebase('pt_mine');
RESET ROLE;
DO $$ BEGIN EXECUTE format('REVOKE CREATE ON DATABASE %I FROM regress_pt_maker', current_database()); END $$;

-- names inside the functions mean what they say, whatever the path
CREATE FUNCTION format(text, text) RETURNS text LANGUAGE sql AS $$ SELECT 'trapped' $$;
CREATE FUNCTION octet_length(text) RETURNS integer LANGUAGE sql AS $$ SELECT 0 $$;
CREATE FUNCTION equal(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT 1 / 0 = 1 $$;
CREATE OPERATOR = (LEFTARG = text, RIGHTARG = text, FUNCTION = equal);
CREATE TABLE pt_entity (LIKE public.pt_entity);
CREATE TABLE pt_edge (LIKE public.pt_edge);
SET search_path = pt_codebase, pg_catalog, public;
SELECT pt_create_codebase('pt_path');
SELECT pt_insert_edge('a', 'b', graph => 'pt_path.pt_edge');
SELECT pt_default_graph() AS "default", _parseltongue.pt_graph_tables() AS edges, pt_entity_table() AS entities;
SELECT pt_drop_codebase('pt_path');
SET search_path = public;
SELECT pt_drop_codebase('pt_one');
SELECT pt_drop_codebase('pt_two');
SELECT name FROM pt_codebases() WHERE name NOT IN ('public', 'pt_codebase');
TRUNCATE pt_entity, pt_edge;
DROP SCHEMA pt_codebase CASCADE;
DROP ROLE regress_pt_reader, regress_pt_maker;
