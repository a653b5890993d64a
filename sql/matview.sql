--
-- A materialized view as a graph. Without contents it is refused as SELECT
-- refuses it, never read as empty.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_matview;
SET search_path = pt_matview, public;

CREATE FUNCTION outcome(command text, OUT state text, OUT message text, OUT hint text)
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE command;
	state := 'ok';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
END $$;

CREATE TABLE link (a text, b text, kind text);
INSERT INTO link VALUES ('1', '2', 'x'), ('2', '3', 'x');
CREATE MATERIALIZED VIEW links AS SELECT * FROM link WITH NO DATA;
CREATE INDEX links_graph ON links USING adjacency (a, b, kind);

-- Every function that reads a graph, by the view and by its index, with
-- missing_ok and without, for keys that would be there and keys that would not.
CREATE TABLE questions (n serial, call text);
INSERT INTO questions (call) VALUES
	('pt_bfs(%G, %K::text, missing_ok => %M)'),
	('pt_multi_source_bfs(%G, ARRAY[%K]::text[], missing_ok => %M)'),
	('pt_multi_source_bfs(%G, ''{}''::text[])'),
	('pt_blast_radius(%K, missing_ok => %M, graph => %G)'),
	('pt_blast_radius(%K, 0, missing_ok => %M, graph => %G)'),
	('pt_blast_radius(%K, max_nodes => 0, missing_ok => %M, graph => %G)'),
	('pt_blast_radius_summary(%K, missing_ok => %M, graph => %G)'),
	('pt_blast_radius_count(%K, missing_ok => %M, graph => %G)'),
	('pt_impact(ARRAY[%K], missing_ok => %M, graph => %G)'),
	('pt_impact(''{}'', missing_ok => %M, graph => %G)'),
	('pt_callers(%K, missing_ok => %M, graph => %G)'),
	('pt_callees(%K, missing_ok => %M, graph => %G)'),
	('pt_path(%K, %K, missing_ok => %M, graph => %G)'),
	('pt_path(''1'', ''3'', missing_ok => %M, graph => %G)'),
	('pt_paths(''1'', ''3'', missing_ok => %M, graph => %G)'),
	('pt_subgraph(%K, missing_ok => %M, graph => %G)'),
	('pt_tree(%K, missing_ok => %M, graph => %G)'),
	('pt_graph_status(%G)');
-- Calls that end otherwise than SELECT does, and how many end so.
CREATE VIEW ends AS
	SELECT o.state, o.message, o.hint, count(*),
		   (SELECT count(*) FROM questions) * 8 AS "of",
		   o::text = outcome('SELECT count(*) FROM links')::text AS as_select
	FROM questions,
		 unnest('{links,links_graph}'::text[]) AS g, unnest('{1,nobody}'::text[]) AS k, unnest('{true,false}'::text[]) AS m,
		 outcome('SELECT * FROM ' || replace(replace(replace(call, '%G', format('%L::regclass', g)), '%K', quote_literal(k)), '%M', m)) AS o
	WHERE k <> 'nobody' OR NOT EXISTS (SELECT FROM pg_class WHERE oid = 'links'::regclass AND relispopulated)
	GROUP BY o, o.state, o.message, o.hint ORDER BY o::text;
SELECT * FROM ends;
-- the setting, too
SET parseltongue.graph = 'pt_matview.links';
SELECT * FROM outcome('SELECT pt_blast_radius(''1'')');
RESET parseltongue.graph;
-- What is stored agrees: nothing on either side.
SELECT * FROM pt_check_index('links_graph');

REFRESH MATERIALIZED VIEW links;
SELECT * FROM ends;
PREPARE reached AS SELECT node, distance FROM pt_bfs('links', '1'::text) ORDER BY distance;
EXECUTE reached;
SELECT edges FROM pt_graph_status('links');
SELECT * FROM pt_check_index('links_graph');

-- Its contents taken away again: images of them, and prepared statements, are
-- no answer.
REFRESH MATERIALIZED VIEW links WITH NO DATA;
SELECT * FROM ends;
EXECUTE reached;
SELECT * FROM pt_check_index('links_graph');
-- within a transaction, and taken back with it
REFRESH MATERIALIZED VIEW links;
BEGIN;
REFRESH MATERIALIZED VIEW links WITH NO DATA;
SAVEPOINT empty;
EXECUTE reached;
ROLLBACK TO empty;
ROLLBACK;
EXECUTE reached;

-- Whoever may not read it is told that first, as SELECT does.
REFRESH MATERIALIZED VIEW links WITH NO DATA;
CREATE ROLE regress_pt_matview;
GRANT USAGE ON SCHEMA pt_matview TO regress_pt_matview;
SET ROLE regress_pt_matview;
SELECT state, message FROM unnest('{SELECT * FROM links,"SELECT pt_bfs(''links'', ''1''::text)"}'::text[]) AS c, outcome(c);
RESET ROLE;

-- A view called pt_entity or pt_edge makes no codebase, populated or not.
CREATE MATERIALIZED VIEW pt_edge AS SELECT * FROM public.pt_edge WITH NO DATA;
CREATE TABLE pt_entity (LIKE public.pt_entity INCLUDING ALL);
SELECT state, message FROM outcome('SELECT pt_statistics(''pt_matview.pt_edge'')');
DROP MATERIALIZED VIEW pt_edge;
DROP TABLE pt_entity;
CREATE TABLE pt_edge (LIKE public.pt_edge INCLUDING ALL);
CREATE MATERIALIZED VIEW pt_entity AS SELECT * FROM public.pt_entity WITH NO DATA;
SELECT state, message FROM outcome('SELECT pt_statistics(''pt_matview.pt_edge'')');
-- walks of such a table know no entities
SELECT * FROM pt_blast_radius('1', missing_ok => true, graph => 'pt_matview.pt_edge');

DROP SCHEMA pt_matview CASCADE;
DROP ROLE regress_pt_matview;
